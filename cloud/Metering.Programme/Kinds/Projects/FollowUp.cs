using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>When a follow-up is due.</summary>
[JsonConverter(typeof(WordConverter<FollowUpMonth>))]
internal enum FollowUpMonth
{
    SixMonths = 0,
    TwelveMonths = 1,
    TwentyFourMonths = 2,
}

/// <summary>A visit after 6, 12 or 24 months: does the saving last?</summary>
internal sealed record FollowUp : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    public required FollowUpMonth After { get; init; }

    public required DateOnly VisitedOn { get; init; }

    public required bool Persists { get; init; }

    public required string Observation { get; init; }

    public string? File { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "follow-up", new("Seguimiento", "Follow-up"), new("Seguimientos", "Follow-ups"), RecordJson.Default.FollowUp,
        [
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Choice("after", "Plazo", "After",
                (FollowUpMonth.SixMonths, "6 meses", "6 months"),
                (FollowUpMonth.TwelveMonths, "12 meses", "12 months"),
                (FollowUpMonth.TwentyFourMonths, "24 meses", "24 months")),
            Field.Date("visitedOn", "Visita", "Visited on"),
            Field.YesNo("persists", "¿Se mantiene el ahorro?", "Does the saving last?"),
            Field.Lines("observation", "Lo observado", "What was seen"),
            Field.File("file", "Archivo", "File"),
        ])
        .With<FollowUp>(Rules);

    private static void Rules(RecordCheck check, FollowUp record)
    {
        check.Past(record.VisitedOn, "visitedOn");
    }
}
