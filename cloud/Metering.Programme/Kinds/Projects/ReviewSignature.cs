using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>As what a person signs.</summary>
[JsonConverter(typeof(WordConverter<SignatureRole>))]
internal enum SignatureRole
{
    Author = 0,
    Reviewer = 1,
}

/// <summary>One signature under a verified result; two different people sign.</summary>
internal sealed record ReviewSignature : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    public required SignatureRole Role { get; init; }

    public required string PersonId { get; init; }

    public required string Person { get; init; }

    public required DateOnly SignedOn { get; init; }

    public required string ResultHash { get; init; }

    public required bool IsApproved { get; init; }

    public string? Findings { get; init; }

    public DateOnly? Through { get; init; }

    public Quantity? Saving { get; init; }

    public Quantity? HalfWidth { get; init; }

    public int? UndecidedEvents { get; init; }

    public string? EventsSeen { get; init; }

    public string? ReportJson { get; init; }

    public string? ReportSpanish { get; init; }

    public string? ReportEnglish { get; init; }

    private static readonly string[] Units = [.. Metering.Readings.Units.All];

    public static RecordKind Kind { get; } = RecordKind.Of(
        "review-signature", new("Firma de revisión", "Review signature"), new("Firmas de revisión", "Review signatures"), RecordJson.Default.ReviewSignature,
        [
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Choice("role", "Rol", "Role",
                (SignatureRole.Author, "Quien lo elaboró", "Author"),
                (SignatureRole.Reviewer, "Quien lo revisó", "Reviewer")),
            Field.Identifier("personId", "Identificador de la persona", "Identifier of the person"),
            Field.Line("person", "Nombre de la persona", "Name of the person"),
            Field.Date("signedOn", "Firmado el", "Signed on"),
            Field.Line("resultHash", "Huella del resultado (SHA-256)", "Hash of the result (SHA-256)"),
            Field.YesNo("isApproved", "¿Aprueba?", "Approves?"),
            Field.Lines("findings", "Observaciones", "Findings"),
            Field.Date("through", "Firmado con datos hasta", "Signed with data through"),
            Field.Amount("saving", Units, "Ahorro firmado", "Saving signed"),
            Field.Amount("halfWidth", Units, "± del ahorro firmado", "± of the saving signed"),
            Field.Whole("undecidedEvents", "Eventos propuestos que vio y que no cambian el resultado", "Proposed events seen that do not change the result"),
            Field.Lines("eventsSeen", "Esos eventos, como se leían", "Those events, as they were read"),
            Field.File("reportJson", "Reporte firmado, JSON", "Report signed, JSON"),
            Field.File("reportSpanish", "Reporte firmado, HTML en español", "Report signed, HTML in Spanish"),
            Field.File("reportEnglish", "Reporte firmado, HTML en inglés", "Report signed, HTML in English"),
        ])
        .With<ReviewSignature>(Rules)
        .ByProgram(); // a signature is made by the person who is signed in, never typed in for somebody

    private static void Rules(RecordCheck check, ReviewSignature record)
    {
        check.Past(record.SignedOn, "signedOn");
    }
}
