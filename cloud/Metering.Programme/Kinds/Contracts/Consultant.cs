using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A consultant who works on projects.</summary>
internal sealed record Consultant : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Email { get; init; }

    public string? Organisation { get; init; }

    public string? Sectors { get; init; }

    public required bool IsTrained { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "consultant", new("Consultor", "Consultant"), new("Consultores", "Consultants"), RecordJson.Default.Consultant,
        [
            Field.Line("name", "Nombre", "Name"),
            Field.Line("email", "Correo", "E-mail"),
            Field.Reference("organisation", "organisation", "Organización", "Organisation"),
            Field.Line("sectors", "Sectores", "Sectors"),
            Field.YesNo("isTrained", "¿Capacitado en el programa?", "Trained by the programme?"),
        ]);
}
