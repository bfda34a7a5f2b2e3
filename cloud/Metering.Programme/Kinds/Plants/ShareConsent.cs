using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>That a plant lets a buyer see its results, until a day.</summary>
internal sealed record ShareConsent : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Plant { get; init; }

    public required string Buyer { get; init; }

    public required string Contact { get; init; }

    public required DateOnly GivenOn { get; init; }

    public required DateOnly EndsOn { get; init; }

    public required string Scope { get; init; }

    /// <summary>SHA-256 of the link's secret; null while there is no link. The secret itself is kept nowhere.</summary>
    public string? LinkHash { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "share-consent", new("Permiso para compradores", "Buyer share consent"), new("Permisos para compradores", "Buyer share consents"), RecordJson.Default.ShareConsent,
        [
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Reference("buyer", "organisation", "Comprador", "Buyer"),
            Field.Reference("contact", "contact", "Quién lo dio", "Given by"),
            Field.Date("givenOn", "Dado el", "Given on"),
            Field.Date("endsOn", "Vence el", "Ends on"),
            Field.Lines("scope", "Qué puede ver", "What may be seen"),
            Field.Line("linkHash", "Huella del enlace (SHA-256)", "Hash of the link (SHA-256)") with { Help = new("La escribe el programa al hacer el enlace.", "Written by the program when the link is made.") },
        ])
        .With<ShareConsent>(Rules);

    private static void Rules(RecordCheck check, ShareConsent record)
    {
        check.InOrder(record.GivenOn, record.EndsOn, "endsOn");
        check.Past(record.GivenOn, "givenOn");
    }
}
