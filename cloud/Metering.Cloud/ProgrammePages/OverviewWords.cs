namespace Metering.Cloud.ProgrammePages;

/// <summary>What one finds on each page of the programme, as the overview says it.</summary>
internal static class OverviewWords
{
    public static readonly Text About = new("Qué se encuentra ahí", "What one finds there");
    public static readonly Text Portfolio = new("Ahorros de todos los proyectos por recurso, sector, estado y año, con su incertidumbre y sus revisiones.", "Savings of all projects by resource, sector, state and year, with their uncertainty and checks.");
    public static readonly Text Logframe = new("Indicadores del marco lógico frente a sus metas, cada uno con los registros de los que sale.", "Indicators of the logframe against their targets, each with the records it comes from.");
    public static readonly Text Ledger = new("Lo que cada contrato debe y ha pagado, lo vencido, y lo que queda de cada fuente de dinero.", "What each contract owes and has paid, what is overdue, and what is left of each source of money.");
    public static readonly Text Selection = new("Proyectos que esperan la decisión del comité, y las decisiones con sus razones.", "Projects that wait for the committee, and its decisions with their reasons.");
    public static readonly Text Training = new("Ediciones de los cursos, personas inscritas, constancias y consultores formados.", "Editions of the courses, people enrolled, certificates and trained consultants.");
    public static readonly Text Events = new("Eventos de difusión con su asistencia y opiniones, y las lecciones aprendidas.", "Outreach events with attendance and opinions, and the lessons learnt.");
    public static readonly Text Years = new("Metas de cada año del programa frente a lo que prueban los registros, y los proyectos atrasados.", "Targets of each programme year against what the records prove, and projects that are late.");
    public static readonly Text Evaluation = new("Una muestra de proyectos al azar que el evaluador puede repetir, sus observaciones y las respuestas.", "A random sample of projects that the evaluator can repeat, the findings and the answers.");
    public static readonly Text FollowUp = new("Visitas a los 6, 12 y 24 meses, y si el ahorro se mantiene según los medidores.", "Visits at 6, 12 and 24 months, and whether the saving lasts by the meters.");
    public static readonly Text Needs = new("Qué medidas siguen sin hacerse, cuánto cuestan y qué tecnología y cursos piden, sin nombrar plantas.", "Which measures are still not done, what they cost, and the technology and courses they ask for; no plant is named.");
    public static readonly Text Plan = new("El plan de trabajo de una planta, hecho con las medidas de su último autodiagnóstico.", "The work plan of a plant, made from the measures of its last self-assessment.");
    public static readonly Text Sharing = new("Enlaces con los que un comprador ve los ahorros verificados de una planta que lo permitió.", "Links by which a buyer sees the verified savings of a plant that consented.");
    public static readonly Text BenchmarkStaff = new("Revisar qué grupos del comparativo anónimo se pueden publicar, y publicarlos.", "Look at which groups of the anonymous benchmark may be published, and publish them.");
    public static readonly Text Benchmark = new("El comparativo que ve el público: consumo por unidad de producción, de cinco plantas o más.", "The benchmark that the public sees: use per unit of output, of five plants or more.");
    public static readonly Text Results = new("Los ahorros verificados que ve el público, sin mostrar a ninguna empresa.", "The verified savings that the public sees, without showing any company.");
    public static readonly Text Cases = new("Historias de proyectos verificados, para que otras plantas los repitan.", "Stories of verified projects, for other plants to repeat.");
    public static readonly Text Measures = new("Medidas de producción más limpia por sector, con su efecto típico y su fuente.", "Cleaner Production measures by sector, with their typical effect and source.");
}
