using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>What a line of the ledger states.</summary>
[JsonConverter(typeof(WordConverter<LedgerEntry>))]
internal enum LedgerEntry
{
    Due = 0,
    Paid = 1,
}

/// <summary>Who pays.</summary>
[JsonConverter(typeof(WordConverter<Payer>))]
internal enum Payer
{
    Company = 0,
    Programme = 1,
}

/// <summary>A line of the ledger of a contract: due or paid, by whom.</summary>
internal sealed record CostShareEntry : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Contract { get; init; }

    public required string Project { get; init; }

    public required LedgerEntry Entry { get; init; }

    public required Payer Payer { get; init; }

    public required DateOnly Day { get; init; }

    public required Money Amount { get; init; }

    /// <summary>The programme's source of money that this payment is charged to; null when it is not said, and for the company's own payments.</summary>
    public string? FundingSource { get; init; }

    public string? Invoice { get; init; }

    public string? File { get; init; }

    public string? Note { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "cost-share-entry", new("Movimiento de pago", "Cost-share entry"), new("Movimientos de pago", "Cost-share entries"), RecordJson.Default.CostShareEntry,
        [
            Field.Reference("contract", "contract", "Contrato", "Contract"),
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Choice("entry", "Movimiento", "Entry",
                (LedgerEntry.Due, "Por pagar", "Due"),
                (LedgerEntry.Paid, "Pagado", "Paid")),
            Field.Choice("payer", "Quién paga", "Payer",
                (Payer.Company, "Empresa", "Company"),
                (Payer.Programme, "Programa", "Programme")),
            Field.Date("day", "Fecha", "Day"),
            Field.Money("amount", "Importe", "Amount"),
            Field.Reference("fundingSource", "funding-source", "Fuente de recursos", "Funding source") with
            {
                Help = new("De qué fuente del programa sale un pago; vacío en lo que paga la empresa.", "Which source of the programme a payment comes from; empty for what the company pays."),
            },
            Field.Line("invoice", "Factura", "Invoice"),
            Field.File("file", "Archivo", "File"),
            Field.Lines("note", "Notas", "Notes"),
        ])
        .With<CostShareEntry>(Rules);

    private static void Rules(RecordCheck check, CostShareEntry record)
    {
        if (record.Entry == LedgerEntry.Paid)
        {
            check.Past(record.Day, "day");
        }

        if (record.FundingSource is not null && record.Payer == Payer.Company)
        {
            check.Fault("fundingSource", "Lo que paga la empresa no sale de una fuente del programa: deje vacía la fuente.", "What the company pays comes from no source of the programme: leave the source empty.");
        }

        if (check.After.Find<Contract>(record.Contract) is { } contract && contract.Project != record.Project)
        {
            check.Fault("contract", "El contrato es de otro proyecto.", "The contract is of another project.");
        }
    }
}
