using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>The contract of a project: fee, and who pays which part.</summary>
internal sealed record Contract : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    public required string Consultant { get; init; }

    public required DateOnly SignedOn { get; init; }

    public required Money Fee { get; init; }

    public required Money CompanyShare { get; init; }

    public string? File { get; init; }

    public string? Note { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "contract", new("Contrato", "Contract"), new("Contratos", "Contracts"), RecordJson.Default.Contract,
        [
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Reference("consultant", "consultant", "Consultor", "Consultant"),
            Field.Date("signedOn", "Firmado el", "Signed on"),
            Field.Money("fee", "Honorarios", "Fee"),
            Field.Money("companyShare", "Parte de la empresa", "Share of the company"),
            Field.File("file", "Archivo", "File"),
            Field.Lines("note", "Notas", "Notes"),
        ])
        .With<Contract>(Rules);

    private static void Rules(RecordCheck check, Contract record)
    {
        if (record.CompanyShare.Currency != record.Fee.Currency || record.CompanyShare.Amount > record.Fee.Amount)
        {
            check.Fault("companyShare", "La parte de la empresa va en la moneda de los honorarios y no los rebasa.", "The company's share is in the currency of the fee and not more than it.");
        }

        check.Past(record.SignedOn, "signedOn");
    }
}
