using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Level of a logframe.</summary>
[JsonConverter(typeof(WordConverter<LogframeLevel>))]
internal enum LogframeLevel
{
    Goal = 0,
    Purpose = 1,
    Component = 2,
    Activity = 3,
}

/// <summary>A row of the logframe.</summary>
internal sealed record LogframeIndicator : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Programme { get; init; }

    public required string Name { get; init; }

    public required LogframeLevel Level { get; init; }

    public required string Definition { get; init; }

    public string? Unit { get; init; }

    public decimal? Baseline { get; init; }

    public decimal? Target { get; init; }

    public DateOnly? TargetDay { get; init; }

    public string? MeansOfVerification { get; init; }

    public string? Assumption { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "logframe-indicator", new("Indicador del marco lógico", "Logframe indicator"), new("Indicadores del marco lógico", "Logframe indicators"), RecordJson.Default.LogframeIndicator,
        [
            Field.Reference("programme", "programme", "Programa", "Programme"),
            Field.Line("name", "Nombre", "Name"),
            Field.Choice("level", "Nivel", "Level",
                (LogframeLevel.Goal, "Fin", "Goal"),
                (LogframeLevel.Purpose, "Propósito", "Purpose"),
                (LogframeLevel.Component, "Componente", "Component"),
                (LogframeLevel.Activity, "Actividad", "Activity")),
            Field.Lines("definition", "Definición", "Definition"),
            Field.Line("unit", "Unidad", "Unit"),
            Field.Number("baseline", "", "Línea base", "Baseline"),
            Field.Number("target", "", "Meta", "Target"),
            Field.Date("targetDay", "Fecha de la meta", "Day of the target"),
            Field.Lines("meansOfVerification", "Medios de verificación", "Means of verification"),
            Field.Lines("assumption", "Supuestos", "Assumptions"),
        ]);
}
