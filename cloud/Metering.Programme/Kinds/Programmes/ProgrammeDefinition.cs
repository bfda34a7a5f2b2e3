using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A Cleaner Production programme: its terms as data.</summary>
internal sealed record ProgrammeDefinition : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }

    public Money? ProjectFee { get; init; }

    public decimal? CompanyShareMostPercent { get; init; }

    public string? Description { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "programme", new("Programa", "Programme"), new("Programas", "Programmes"), RecordJson.Default.ProgrammeDefinition,
        [
            Field.Line("name", "Nombre", "Name"),
            Field.Date("firstDay", "Primer día", "First day"),
            Field.Date("lastDay", "Último día", "Last day"),
            Field.Money("projectFee", "Costo del servicio por proyecto", "Fee of a project"),
            Field.Number("companyShareMostPercent", "%", "Parte máxima de la empresa, en %", "Greatest share of the company, in %") with { Least = 0, Most = 100 },
            Field.Lines("description", "Descripción", "Description"),
        ])
        .With<ProgrammeDefinition>(Rules);

    private static void Rules(RecordCheck check, ProgrammeDefinition record)
    {
        check.InOrder(record.FirstDay, record.LastDay, "lastDay");
    }
}
