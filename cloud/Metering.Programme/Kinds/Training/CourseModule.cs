using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A module of a course.</summary>
internal sealed record CourseModule : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Course { get; init; }

    public required int Number { get; init; }

    public decimal? Days { get; init; }

    public string? Content { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "module", new("Módulo", "Module"), new("Módulos", "Modules"), RecordJson.Default.CourseModule,
        [
            Field.Line("title", "Título", "Title"),
            Field.Reference("course", "course", "Curso", "Course"),
            Field.Whole("number", "Número", "Number") with { Least = 1, Most = 100 },
            Field.Number("days", "d", "Días", "Days") with { Least = 0, Most = 60 },
            Field.Lines("content", "Contenido", "Content"),
        ]);
}
