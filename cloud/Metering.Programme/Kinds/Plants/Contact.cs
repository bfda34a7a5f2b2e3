using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Who sees a contact beside the programme's staff.</summary>
[JsonConverter(typeof(WordConverter<ContactAudience>))]
internal enum ContactAudience
{
    /// <summary>Nobody else; the people of a plant see the contacts of their own plant all the same.</summary>
    Staff = 0,

    /// <summary>The people of every plant: somebody they may turn to.</summary>
    Plants = 1,
}

/// <summary>A person of an organisation or of a plant, with what they agreed to.</summary>
internal sealed record Contact : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Organisation { get; init; }

    /// <summary>The plant this person belongs to: its people see and change the contact. Null for people of the company as a whole, and of the programme.</summary>
    public string? Plant { get; init; }

    public string? Position { get; init; }

    public string? Email { get; init; }

    public string? Telephone { get; init; }

    public required bool Consents { get; init; }

    public DateOnly? ConsentedOn { get; init; }

    /// <summary>Who sees it; nobody but the staff when it is not stated.</summary>
    public ContactAudience? Audience { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "contact", new("Contacto", "Contact"), new("Contactos", "Contacts"), RecordJson.Default.Contact,
        [
            Field.Line("name", "Nombre", "Name"),
            Field.Reference("organisation", "organisation", "Organización", "Organisation"),
            Field.Reference("plant", "plant", "Planta", "Plant") with { Help = new("Si trabaja en una planta: su gente ve y cambia este contacto.", "If they work at a plant: its people see and change this contact.") },
            Field.Line("position", "Puesto", "Position"),
            Field.Line("email", "Correo", "E-mail"),
            Field.Line("telephone", "Teléfono", "Telephone"),
            Field.YesNo("consents", "¿Dio su consentimiento?", "Has consented?") with { Help = new("Para guardar y usar estos datos en el programa.", "To keeping and using these data in the programme.") },
            Field.Date("consentedOn", "Fecha del consentimiento", "Day of the consent"),
            Field.Choice("audience", "Quién lo ve", "Who sees it",
                (ContactAudience.Staff, "El programa y su propia planta", "The programme and their own plant"),
                (ContactAudience.Plants, "Todas las plantas: a esta persona pueden acudir", "All plants: they may turn to this person")),
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

        if ((record.Organisation ?? record.Plant) is null)
        {
            check.Fault("organisation", "Falta de quién es el contacto: una organización o una planta.", "It is missing whose contact this is: an organisation or a plant.");
        }

        if (record.Audience == ContactAudience.Plants && !record.Consents)
        {
            check.Fault("audience", "Sin consentimiento nadie más puede ver el contacto.", "Without consent nobody else may see the contact.");
        }

        check.Past(record.ConsentedOn, "consentedOn");
    }
}
