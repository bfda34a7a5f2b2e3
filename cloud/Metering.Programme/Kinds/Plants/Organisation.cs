using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Size of a company.</summary>
[JsonConverter(typeof(WordConverter<SizeClass>))]
internal enum SizeClass
{
    Micro = 0,
    Small = 1,
    Medium = 2,
    Large = 3,
}

/// <summary>A company, chamber, authority or buyer.</summary>
internal sealed record Organisation : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public SizeClass? Size { get; init; }

    public string? Sector { get; init; }

    public string? State { get; init; }

    public string? Municipality { get; init; }

    public string? TaxId { get; init; }

    public string? Note { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "organisation", new("Organización", "Organisation"), new("Organizaciones", "Organisations"), RecordJson.Default.Organisation,
        [
            Field.Line("name", "Nombre", "Name"),
            Field.Choice("size", "Tamaño", "Size",
                (SizeClass.Micro, "Micro (hasta 10 personas)", "Micro (up to 10 people)"),
                (SizeClass.Small, "Pequeña (11 a 50)", "Small (11 to 50)"),
                (SizeClass.Medium, "Mediana (51 a 250)", "Medium (51 to 250)"),
                (SizeClass.Large, "Grande (más de 250)", "Large (more than 250)")),
            Field.Identifier("sector", "Sector", "Sector"),
            Field.Line("state", "Estado", "State"),
            Field.Line("municipality", "Municipio", "Municipality"),
            Field.Line("taxId", "RFC", "Tax identifier (RFC)") with { Help = new("Opcional.", "Optional.") },
            Field.Lines("note", "Notas", "Notes"),
        ]);
}
