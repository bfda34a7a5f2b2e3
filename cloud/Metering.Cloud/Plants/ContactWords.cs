namespace Metering.Cloud.Plants;

/// <summary>Words of the list of people a plant may turn to.</summary>
internal static class ContactWords
{
    public static readonly Text Title = new("A quién acudir", "Whom to turn to");
    public static readonly Text None = new(
        "El programa todavía no registra a nadie. Mientras tanto, acuda a quien le dio su cuenta.", "The programme has nobody on record yet. Until then, turn to whoever gave you your account.");
    public static readonly Text Name = new("Persona", "Person");
    public static readonly Text For = new("Para qué", "What for");
    public static readonly Text Reach = new("Correo y teléfono", "E-mail and telephone");
    public static readonly Text OfProgramme = new("Programa: cuentas, gateways, dudas", "Programme: accounts, gateways, questions");
    public static readonly Text OfProjects = new("Consultor de los proyectos", "Consultant of the projects");
    public static readonly Text OfPlant = new("Gente de la planta", "People of the plant");
    public static readonly Text Change = new("Agregar o cambiar contactos de la planta", "Add or change contacts of the plant");
}
