using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A course.</summary>
internal sealed record Course : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public string? Programme { get; init; }

    public string? Aim { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "course", new("Curso", "Course"), new("Cursos", "Courses"), RecordJson.Default.Course,
        [
            Field.Line("title", "Título", "Title"),
            Field.Reference("programme", "programme", "Programa", "Programme"),
            Field.Lines("aim", "Objetivo", "Aim"),
        ]);
}
