using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>What was learnt.</summary>
internal sealed record Lesson : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public string? Project { get; init; }

    public required DateOnly WrittenOn { get; init; }

    public required string Content { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "lesson", new("Lección aprendida", "Lesson"), new("Lecciones aprendidas", "Lessons"), RecordJson.Default.Lesson,
        [
            Field.Line("title", "Título", "Title"),
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Date("writtenOn", "Escrita el", "Written on"),
            Field.Lines("content", "Lección", "Lesson"),
        ]);
}
