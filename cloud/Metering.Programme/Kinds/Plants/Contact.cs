using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A person of an organisation, with what they agreed to.</summary>
internal sealed record Contact : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Organisation { get; init; }

    public string? Position { get; init; }

    public string? Email { get; init; }

    public string? Telephone { get; init; }

    public required bool Consents { get; init; }

    public DateOnly? ConsentedOn { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "contact", new("Contacto", "Contact"), new("Contactos", "Contacts"), RecordJson.Default.Contact,
        [
            Field.Line("name", "Nombre", "Name"),
            Field.Reference("organisation", "organisation", "Organización", "Organisation"),
            Field.Line("position", "Puesto", "Position"),
            Field.Line("email", "Correo", "E-mail"),
            Field.Line("telephone", "Teléfono", "Telephone"),
            Field.YesNo("consents", "¿Dio su consentimiento?", "Has consented?") with { Help = new("Para guardar y usar estos datos en el programa.", "To keeping and using these data in the programme.") },
            Field.Date("consentedOn", "Fecha del consentimiento", "Day of the consent"),
        ])
        .With<Contact>(Rules);

    private static void Rules(RecordCheck check, Contact record)
    {
        if (record.Consents && record.ConsentedOn is null)
        {
            check.Fault("consentedOn", "Falta la fecha en que dio su consentimiento.", "The day of the consent is missing.");
        }

        if (!record.Consents && (record.Email ?? record.Telephone) is not null)
        {
            check.Fault("consents", "Sin consentimiento no se guardan correo ni teléfono.", "Without consent no e-mail and no telephone is kept.");
        }

        check.Past(record.ConsentedOn, "consentedOn");
    }
}
