using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A person in an edition: fee, attendance, certificate.</summary>
internal sealed record Enrolment : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Person { get; init; }

    public required string Edition { get; init; }

    public string? Organisation { get; init; }

    public string? Consultant { get; init; }

    public Money? FeePaid { get; init; }

    public decimal? AttendancePercent { get; init; }

    public string? Certificate { get; init; }

    public DateOnly? CertifiedOn { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "enrolment", new("Inscripción", "Enrolment"), new("Inscripciones", "Enrolments"), RecordJson.Default.Enrolment,
        [
            Field.Line("person", "Persona", "Person"),
            Field.Reference("edition", "edition", "Edición", "Edition"),
            Field.Reference("organisation", "organisation", "Organización", "Organisation"),
            Field.Reference("consultant", "consultant", "Consultor", "Consultant"),
            Field.Money("feePaid", "Cuota pagada", "Fee paid"),
            Field.Number("attendancePercent", "%", "Asistencia", "Attendance") with { Least = 0, Most = 100 },
            Field.Line("certificate", "Número de constancia", "Number of the certificate"),
            Field.Date("certifiedOn", "Constancia del", "Certificate of"),
        ])
        .With<Enrolment>(Rules);

    private static void Rules(RecordCheck check, Enrolment record)
    {
        if ((record.Certificate is null) != (record.CertifiedOn is null))
        {
            check.Fault("certifiedOn", "Número y fecha de la constancia van juntos.", "Number and day of the certificate go together.");
        }

        check.Past(record.CertifiedOn, "certifiedOn");
    }
}
