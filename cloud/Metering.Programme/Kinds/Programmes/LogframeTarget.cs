using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Target of a row of the logframe for one year of the programme.</summary>
internal sealed record LogframeTarget : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Indicator { get; init; }

    public required string Year { get; init; }

    public required decimal Target { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "logframe-target", new("Meta anual del marco lógico", "Yearly logframe target"), new("Metas anuales del marco lógico", "Yearly logframe targets"), RecordJson.Default.LogframeTarget,
        [
            Field.Reference("indicator", "logframe-indicator", "Indicador", "Indicator"),
            Field.Reference("year", "programme-year", "Año del programa", "Programme year"),
            Field.Number("target", "", "Meta", "Target"),
        ])
        .With<LogframeTarget>(Rules);

    private static void Rules(RecordCheck check, LogframeTarget record)
    {
        if (!check.IsWithdrawn && check.After.All<LogframeTarget>().Any(other => other.Id != record.Id && other.Indicator == record.Indicator && other.Year == record.Year))
        {
            check.Fault("year", "Este indicador ya tiene meta en ese año.", "This indicator has a target for this year already.");
        }
    }
}
