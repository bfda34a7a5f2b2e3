using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>What a plant or consultant claims to have saved in a period, as it was printed; never a result.</summary>
internal sealed record SavingClaim : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Project { get; init; }

    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }

    public Quantity? Energy { get; init; }

    public Quantity? Water { get; init; }

    public Quantity? Load { get; init; }

    /// <summary>Tonnes CO2e exactly as printed, since a separator may be the fault that is looked for.</summary>
    public string? EmissionsTonnes { get; init; }

    public Money? Money { get; init; }

    public required string Source { get; init; }

    public string? File { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "saving-claim", new("Ahorro declarado", "Claimed saving"), new("Ahorros declarados", "Claimed savings"), RecordJson.Default.SavingClaim,
        [
            Field.Line("title", "Título", "Title"),
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Date("firstDay", "Primer día", "First day"),
            Field.Date("lastDay", "Último día", "Last day"),
            Field.Amount("energy", ["kWh", "MWh", "GJ"], "Electricidad declarada", "Electricity claimed"),
            Field.Amount("water", ["m3"], "Agua declarada", "Water claimed"),
            Field.Amount("load", ["kg", "t"], "Carga de DQO declarada", "COD load claimed"),
            Field.Line("emissionsTonnes", "Emisiones declaradas, t CO₂e, tal como se imprimieron", "Emissions claimed, t CO₂e, as printed"),
            Field.Money("money", "Dinero declarado", "Money claimed"),
            Field.Line("source", "Documento de origen", "Source document"),
            Field.File("file", "Archivo", "File"),
        ])
        .With<SavingClaim>(Rules);

    private static void Rules(RecordCheck check, SavingClaim record)
    {
        check.InOrder(record.FirstDay, record.LastDay, "lastDay");
    }
}
