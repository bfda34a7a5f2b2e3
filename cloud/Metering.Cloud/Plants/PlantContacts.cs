using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Plants;

/// <summary>Somebody the people of a plant may turn to.</summary>
/// <param name="Name">Name.</param>
/// <param name="Position">What the person does; null when it is not on record.</param>
/// <param name="For">What to turn to the person for.</param>
/// <param name="Email">E-mail; null without one.</param>
/// <param name="Telephone">Telephone; null without one.</param>
internal sealed record PlantContact(string Name, string? Position, Text For, string? Email, string? Telephone);

/// <summary>
/// Whom a plant's people may turn to: the programme's people that are open to all plants, the consultants of the plant's projects, and the plant's own. Only people
/// who consented are shown, and of other plants nobody.
/// </summary>
internal sealed class PlantContacts(RecordStore? records)
{
    /// <summary>The people of a plant's list, the programme's first; empty where no records are kept.</summary>
    /// <param name="plant">Plant identifier.</param>
    public IReadOnlyList<PlantContact> Of(string plant) => records is null ? [] : Of(records.Snapshot, plant);

    /// <summary>The same from a state of the register.</summary>
    /// <param name="register">The register.</param>
    /// <param name="plant">Plant identifier.</param>
    public static IReadOnlyList<PlantContact> Of(RegisterSnapshot register, string plant)
    {
        Contact[] agreed = [.. register.All<Contact>().Where(contact => contact.Consents)];
        HashSet<string> consultants = [.. register.All<ProjectRecord>().Where(project => project.Plant == plant).Select(project => project.Consultant).OfType<string>()];
        return
        [
            .. agreed.Where(contact => contact.Audience == ContactAudience.Plants && contact.Plant != plant).Select(contact => Told(contact, ContactWords.OfProgramme)),
            .. register.All<Consultant>().Where(consultant => consultants.Contains(consultant.Id)).Select(consultant => new PlantContact(consultant.Name, null, ContactWords.OfProjects, consultant.Email, null)),
            .. agreed.Where(contact => contact.Plant == plant).Select(contact => Told(contact, ContactWords.OfPlant)),
        ];
    }

    private static PlantContact Told(Contact contact, Text use) => new(contact.Name, contact.Position, use, contact.Email, contact.Telephone);
}
