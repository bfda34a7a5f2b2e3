using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>That a person has seen an alarm and says why it may stand. The alarm itself is computed from the data and stored nowhere.</summary>
internal sealed record AlarmAcknowledgement : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Plant { get; init; }

    public required string Alarm { get; init; }

    public required string Reason { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "alarm-acknowledgement", new("Alarma atendida", "Acknowledged alarm"), new("Alarmas atendidas", "Acknowledged alarms"), RecordJson.Default.AlarmAcknowledgement,
        [
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Line("alarm", "Alarma", "Alarm") with { Help = new("Tipo, asunto e inicio.", "Kind, subject and beginning.") },
            Field.Line("reason", "Motivo", "Reason"),
        ])
        .ByProgram();
}
