using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A course as it is held once.</summary>
internal sealed record CourseEdition : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Course { get; init; }

    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }

    public string? Place { get; init; }

    public int? Seats { get; init; }

    public Money? Fee { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "edition", new("Edición", "Edition"), new("Ediciones", "Editions"), RecordJson.Default.CourseEdition,
        [
            Field.Line("title", "Título", "Title"),
            Field.Reference("course", "course", "Curso", "Course"),
            Field.Date("firstDay", "Primer día", "First day"),
            Field.Date("lastDay", "Último día", "Last day"),
            Field.Line("place", "Lugar", "Place"),
            Field.Whole("seats", "Lugares", "Seats") with { Least = 0 },
            Field.Money("fee", "Cuota", "Fee"),
        ])
        .With<CourseEdition>(Rules);

    private static void Rules(RecordCheck check, CourseEdition record)
    {
        check.InOrder(record.FirstDay, record.LastDay, "lastDay");
    }
}
