namespace Metering.Cloud.ProgrammePages;

/// <summary>Texts that several pages of the programme share.</summary>
internal static class ProgrammeWords
{
    public static readonly Text Home = new("Programa", "Programme");
    public static readonly Text HomeLead = new(
        "Lo que el programa planeó, hizo y puede probar. Cada cifra sale de registros y lecturas; ninguna se escribe aquí.",
        "What the programme planned, did and can prove. Every figure comes from records and readings; none is typed in here.");
    public static readonly Text StaffPages = new("Para el personal, los comités y los evaluadores", "For staff, committees and evaluators");
    public static readonly Text PublicPages = new("Abiertas al público", "Open to the public");
    public static readonly Text Add = new("Agregar: {0}", "Add: {0}");
    public static readonly Text Page = new("Página", "Page");
    public static readonly Text About = new("Qué muestra", "What it shows");
    public static readonly Text Project = new("Proyecto", "Project");
    public static readonly Text Plant = new("Planta", "Plant");
    public static readonly Text Sector = new("Sector", "Sector");
    public static readonly Text State = new("Estado", "State");
    public static readonly Text Year = new("Año", "Year");
    public static readonly Text AllYears = new("todos", "all");
    public static readonly Text Show = new("Mostrar", "Show");
    public static readonly Text Day = new("Fecha", "Day");
    public static readonly Text Yes = new("sí", "yes");
    public static readonly Text No = new("no", "no");
    public static readonly Text Resource = new("Recurso", "Resource");
    public static readonly Text Finding = new("Situación", "What was found");
    public static readonly Text Amount = new("Importe", "Amount");
    public static readonly Text Total = new("Total", "Total");
}
