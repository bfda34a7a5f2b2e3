using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Outcome of a selection.</summary>
[JsonConverter(typeof(WordConverter<SelectionOutcome>))]
internal enum SelectionOutcome
{
    Selected = 0,
    NotSelected = 1,
}

/// <summary>What the committee decided about a project.</summary>
internal sealed record SelectionDecision : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    public required DateOnly DecidedOn { get; init; }

    public required SelectionOutcome Decision { get; init; }

    public required string Committee { get; init; }

    public required string Reasons { get; init; }

    public string? File { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "selection-decision", new("Decisión de selección", "Selection decision"), new("Decisiones de selección", "Selection decisions"), RecordJson.Default.SelectionDecision,
        [
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Date("decidedOn", "Decidido el", "Decided on"),
            Field.Choice("decision", "Decisión", "Decision",
                (SelectionOutcome.Selected, "Seleccionado", "Selected"),
                (SelectionOutcome.NotSelected, "No seleccionado", "Not selected")),
            Field.Line("committee", "Comité", "Committee"),
            Field.Lines("reasons", "Razones", "Reasons"),
            Field.File("file", "Archivo", "File"),
        ])
        .With<SelectionDecision>(Rules);

    private static void Rules(RecordCheck check, SelectionDecision record)
    {
        check.Past(record.DecidedOn, "decidedOn");
    }
}
