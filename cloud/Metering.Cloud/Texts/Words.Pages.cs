namespace Metering.Cloud.Texts;

/// <summary>Texts of every page, the list and the plants.</summary>
internal static partial class Words
{
    public static readonly Text SkipToContent = new("Ir al contenido", "Skip to content");
    public static readonly Text MainNavigation = new("Navegación principal", "Main navigation");
    public static readonly Text OtherLanguage = new("English", "Español");
    public static readonly Text Footer = new(
        "Cada ahorro lleva su incertidumbre. Los datos vienen de registros de medidores en lotes firmados y cada cifra se puede volver a calcular con las descargas.",
        "Every saving carries its uncertainty. The data come from meter registers in signed batches, and every figure can be worked out again from the downloads.");
    public static readonly Text Projects = new("Proyectos", "Projects");
    public static readonly Text ProjectsLead = new(
        "Ahorros medidos de los proyectos de producción más limpia, con su incertidumbre.",
        "Measured savings of the Cleaner Production projects, with their uncertainty.");
    public static readonly Text ReadingsStored = new("Lecturas guardadas", "Readings stored");
    public static readonly Text LastReading = new("Última lectura", "Last reading");
    public static readonly Text NoneYet = new("todavía ninguna", "none yet");
    public static readonly Text Gateways = new("Gateways", "Gateways");
    public static readonly Text ChannelsWord = new("Canales", "Channels");
    public static readonly Text Quarantined = new("Mensajes en cuarentena", "Messages in quarantine");
    public static readonly Text NoProjects = new(
        "Todavía no hay proyectos con medición que usted pueda ver.",
        "There are no metered projects yet that you may see.");
    public static readonly Text Totals = new("Totales del programa", "Programme totals");
    public static readonly Text OwnTotals = new("Totales", "Totals");
    public static readonly Text ShareOfAdjusted = new("Parte del consumo ajustado", "Part of the adjusted use");
    public static readonly Text TotalsNote = new(
        "Suman todos los proyectos que tienen una cifra, también los que no se distinguen de cero; las incertidumbres (90 % de confianza) se combinan como independientes.",
        "All projects with a number are added, also those that cannot be told from zero; uncertainties (90% confidence) are combined as independent.");
    public static readonly Text OfAdjusted = new("del consumo ajustado", "of the adjusted use");
    public static readonly Text FromProjects = new("{0} de {1} proyectos", "{0} of {1} projects");
    public static readonly Text FromProject = new("{0} de {1} proyecto", "{0} of {1} project");
    public static readonly Text EveryProject = new("Proyecto por proyecto", "Project by project");
    public static readonly Text ProjectWord = new("Proyecto", "Project");
    public static readonly Text VerdictWord = new("Dictamen", "Verdict");
    public static readonly Text ValidData = new("Datos válidos", "Valid data");
    public static readonly Text MeteredAgainstModel = new("Medido y línea base", "Metered and baseline");
    public static readonly Text SparkDescription = new(
        "Consumo semanal medido y línea base ajustada de {0}",
        "Weekly metered use and adjusted baseline of {0}");
    public static readonly Text Simulated = new("simulada", "simulated");
    public static readonly Text Report = new("Informe del ahorro", "Savings report");
    public static readonly Text PortfolioReport = new("Informe anual de la cartera", "Annual report of the portfolio");
    public static readonly Text DownloadProjects = new("Descargar la lista (JSON)", "Download the list (JSON)");
    public static readonly Text Electricity = new("Electricidad", "Electricity");
    public static readonly Text Water = new("Agua", "Water");
    public static readonly Text Gas = new("Gas", "Gas");
    public static readonly Text Effluent = new("Descarga", "Effluent");
    public static readonly Text SectorTannery = new("Curtiduría", "Tannery");
    public static readonly Text SectorAutomotive = new("Automotriz", "Automotive");
    public static readonly Text SectorChemical = new("Química", "Chemical");
    public static readonly Text SectorHospital = new("Hospital", "Hospital");
    public static readonly Text SectorHotel = new("Hotel", "Hotel");
    public static readonly Text PreparingTitle = new("Los proyectos se están analizando", "The projects are being analysed");
    public static readonly Text PreparingMessage = new(
        "Van {0} de {1}. Después de un arranque cada proyecto se calcula una vez; vuelva a cargar esta página en unos segundos. Las páginas de cada proyecto y planta ya se pueden abrir.",
        "{0} of {1} are done. After a start each project is computed once; load this page again in some seconds. The pages of single projects and plants can be opened already.");
    public static readonly Text VerdictSaving = new("Ahorro medido", "Measured saving");
    public static readonly Text VerdictVerified = new("Ahorro verificado", "Verified saving");
    public static readonly Text VerdictNotDistinguishable = new("No se distingue de cero", "Not distinguishable from zero");
    public static readonly Text VerdictMoreUse = new("Consumió más", "Used more");
    public static readonly Text VerdictRefused = new("Sin cifra", "No number");
    public static readonly Text VerdictWaiting = new("En espera de datos", "Waiting for data");
    public static readonly Text NoChannels = new(
        "Todavía no llega ninguna lectura de esta planta. Revise que el gateway esté encendido e inscrito.",
        "No reading of this plant has arrived yet. Check that the gateway is switched on and enrolled.");
    public static readonly Text ChannelsNote = new(
        "Consumo diario de los contadores y promedio diario de los demás canales, del {0} al {1}.",
        "Daily use of the counters and daily means of the other channels, from {0} to {1}.");
    public static readonly Text ChannelWord = new("Canal", "Channel");
    public static readonly Text LatestValue = new("Último valor", "Latest value");
    public static readonly Text NotYetInTheChain = new("todavía no encadenada: faltan lecturas anteriores", "not yet in the chain: earlier readings are still on their way");
    public static readonly Text QualityWord = new("Calidad", "Quality");
    public static readonly Text ReadingsWord = new("Lecturas", "Readings");
    public static readonly Text LastThirtyDays = new("Últimos 30 días", "Last 30 days");
    public static readonly Text DailyRange = new("{0} a {1} {2}", "{0} to {1} {2}");
    public static readonly Text BackToProjects = new("Volver a los proyectos", "Back to the projects");
    public static readonly Text NotFoundTitle = new("No encontramos esta página", "We did not find this page");
    public static readonly Text NotFoundMessage = new(
        "La dirección no corresponde a ningún proyecto ni planta del registro. Puede que el enlace esté incompleto o que el proyecto tenga otro identificador.",
        "The address belongs to no project or plant of the register. The link may be incomplete, or the project may have another identifier.");
    public static readonly Text ErrorTitle = new("Algo falló de nuestro lado", "Something failed on our side");
    public static readonly Text ErrorMessage = new(
        "La página no se pudo preparar. Los datos guardados no se afectan. Vuelva a intentarlo en un momento; si se repite, avise a quien administra el servicio con la hora y la dirección.",
        "The page could not be prepared. Stored data are not affected. Try again in a moment; if it happens again, tell whoever runs the service the time and the address.");
    public static readonly Text SecondsAgo = new("hace {0} s", "{0} s ago");
    public static readonly Text MinutesAgo = new("hace {0} min", "{0} min ago");
    public static readonly Text HoursAgo = new("hace {0} h", "{0} h ago");
    public static readonly Text DayAgo = new("hace {0} día", "{0} day ago");
    public static readonly Text DaysAgo = new("hace {0} días", "{0} days ago");
}
