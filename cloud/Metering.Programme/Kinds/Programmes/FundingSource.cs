using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>How a source pays.</summary>
[JsonConverter(typeof(WordConverter<FundingForm>))]
internal enum FundingForm
{
    Cash = 0,
    InKind = 1,
}

/// <summary>Who pays for the programme, and how much.</summary>
internal sealed record FundingSource : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Programme { get; init; }

    public required string Name { get; init; }

    public required Money Amount { get; init; }

    public required FundingForm Form { get; init; }

    public string? Note { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "funding-source", new("Fuente de recursos", "Funding source"), new("Fuentes de recursos", "Funding sources"), RecordJson.Default.FundingSource,
        [
            Field.Reference("programme", "programme", "Programa", "Programme"),
            Field.Line("name", "Nombre", "Name"),
            Field.Money("amount", "Importe", "Amount"),
            Field.Choice("form", "En dinero o en especie", "Cash or in kind",
                (FundingForm.Cash, "En dinero", "Cash"),
                (FundingForm.InKind, "En especie", "In kind")),
            Field.Lines("note", "Notas", "Notes"),
        ]);
}
