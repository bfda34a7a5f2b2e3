namespace Metering.Cloud.Texts;

/// <summary>Texts of the page of the country pack.</summary>
internal static partial class Words
{
    public static readonly Text ReferenceData = new("Datos de referencia", "Reference data");
    public static readonly Text ReferenceNavigation = new("Referencia", "Reference");
    public static readonly Text ReferenceLead = new(
        "México: factores, límites, tarifas y reglas con fecha. Cada renglón dice desde cuándo está vigente, de dónde viene y qué tan firme es.",
        "Mexico: dated factors, limits, tariffs and rules. Each row says since when it holds, where it comes from and how well it is founded.");
    public static readonly Text ReferenceMarked = new(
        "{0} de {1} renglones son de memoria y están por verificar; cada uno lo dice. Antes de usarlos en un trámite o un informe, consulte el texto oficial.",
        "{0} of {1} rows are from memory and still to be verified; each one says so. Look up the official text before you use them in a filing or a report.");
    public static readonly Text ReferenceOnDay = new(
        "Se muestran solo los {0} renglones vigentes el {1}, de {2} en total.",
        "Only the {0} rows that hold on {1} are shown, of {2} in all.");
    public static readonly Text ReferenceLanguage = new(
        "Los nombres de las fuentes se muestran como están en los datos, en su mayoría en inglés.",
        "The names of sources are shown as they stand in the data.");
    public static readonly Text ReferenceDayLabel = new("Renglones vigentes el día", "Rows that hold on the day");
    public static readonly Text ReferenceFilter = new("Mostrar", "Show");
    public static readonly Text ReferenceToday = new("Los de hoy", "Those of today");
    public static readonly Text ReferenceAllRows = new("Todos los renglones", "All rows");
    public static readonly Text ReferenceContents = new("Contenido", "Contents");
    public static readonly Text ReferenceCount = new("{0} renglones, {1} por verificar", "{0} rows, {1} to verify");
    public static readonly Text ReferenceCountOne = new("{0} renglón, {1} por verificar", "{0} row, {1} to verify");
    public static readonly Text ReferenceNoRows = new("Ningún renglón de esta tabla está vigente ese día.", "No row of this table holds on that day.");
    public static readonly Text ReferenceDownload = new("Descargar esta tabla (CSV)", "Download this table (CSV)");
    public static readonly Text ReferenceToContents = new("Volver al contenido", "Back to the contents");
    public static readonly Text ReferenceConcept = new("Concepto", "Subject");
    public static readonly Text ReferenceValue = new("Valor", "Value");
    public static readonly Text ReferenceRule = new("Regla", "Rule");
    public static readonly Text ReferenceMethod = new("Método", "Method");
    public static readonly Text ReferenceConfidence = new("Confianza", "Confidence");
    public static readonly Text ReferenceSource = new("Fuente y nota", "Source and note");
    public static readonly Text ReferenceNote = new("Nota:", "Note:");
    public static readonly Text ReferenceNoEnd = new("sin fin conocido", "no known end");
    public static readonly Text ReferenceUpTo = new("hasta {0}", "up to {0}");
    public static readonly Text ReferencePayback = new("recuperación en años: {0}", "payback in years: {0}");
    public static readonly Text ConfidenceOfficial = new("texto oficial", "official text");
    public static readonly Text ConfidenceRead = new("leído en un documento", "read in a document");
    public static readonly Text ConfidenceSecondary = new("citado por otra fuente", "quoted by another source");
    public static readonly Text ConfidenceFromMemory = new("de memoria, por verificar", "from memory, to verify");
    public static readonly Text ReferenceBadDayTitle = new("No se entiende la fecha", "The date is not understood");
    public static readonly Text ReferenceBadDay = new(
        "«on» debe ser un solo día que exista, escrito año-mes-día, por ejemplo /es/reference?on=2024-06-01.",
        "“on” must be one day that exists, written year-month-day, for example /en/reference?on=2024-06-01.");
    public static readonly Text ReferenceNoTableTitle = new("No hay tal tabla", "There is no such table");
    public static readonly Text ReferenceNoTable = new(
        "Los datos de referencia no tienen una tabla con ese nombre. La página /es/reference las enumera todas, con su descarga.",
        "The reference data have no table of that name. The page /en/reference lists them all, with their downloads.");

    public static readonly Text TableGridFactors = new("Factores de emisión de la red eléctrica", "Emission factors of the power grid");
    public static readonly Text TableGridFactorsNote = new(
        "Por año del aviso. El año que no está no se sustituye por otro.",
        "By the year of the notice. A year that is not there is not replaced by another.");
    public static readonly Text TableFuels = new("Combustibles", "Fuels");
    public static readonly Text TableFuelsNote = new(
        "Poderes caloríficos netos, factores de emisión y condiciones de referencia.",
        "Net calorific values, emission factors and reference conditions.");
    public static readonly Text TableDischargeLimits = new("Límites de descarga", "Discharge limits");
    public static readonly Text TableDischargeLimitsNote = new(
        "Por norma, cuerpo receptor, parámetro y tipo de muestra; ≤ es un máximo y ≥ un mínimo.",
        "By norm, receiving body, parameter and kind of sample; ≤ is a maximum and ≥ a minimum.");
    public static readonly Text TableCfePeriods = new("Periodos horarios de CFE", "CFE time-of-use periods");
    public static readonly Text TableCfePeriodsNote = new(
        "Estaciones y horas de base, intermedia y punta, en la hora local.",
        "Seasons and hours of base, intermediate and peak, in local time.");
    public static readonly Text TableCfeRules = new("Reglas de facturación de CFE", "CFE billing rules");
    public static readonly Text TableCfeRulesNote = new(
        "Demanda facturable, factor de potencia y medición en baja tensión; no incluye precios.",
        "Billed demand, power factor and low-side metering; prices are not part of it.");
    public static readonly Text TableWaterFees = new("Agua y derechos de descarga", "Water and discharge fees");
    public static readonly Text TableWaterFeesNote = new(
        "Estructura de los cobros; un precio que no se conoce no tiene cifra.",
        "How the fees are built; a price that is not known has no figure.");
    public static readonly Text TableHolidays = new("Días de descanso obligatorio", "Statutory holidays");
    public static readonly Text TableHolidaysNote = new("Reglas con las que se calcula cada año.", "Rules by which each year is worked out.");
    public static readonly Text TableSectorBands = new("Bandas por sector", "Sector bands");
    public static readonly Text TableSectorBandsNote = new(
        "Consumos y cargas específicos de otras plantas: sirven para orientarse, no para dictaminar.",
        "Specific uses and loads of other plants: they give a bearing, not a verdict.");
    public static readonly Text TableMethods = new("Métodos de laboratorio", "Laboratory methods");
    public static readonly Text TableMethodsNote = new("Norma mexicana con la que se determina cada parámetro.", "The Mexican standard by which each parameter is determined.");
    public static readonly Text TableMeasures = new("Medidas de producción más limpia", "Cleaner Production measures");
    public static readonly Text TableMeasuresNote = new(
        "Reducción esperable en por ciento del recurso; los resultados medidos la sustituyen.",
        "Reduction to be expected in percent of the resource; measured results take its place.");

    public static readonly Text RuleFixedDay = new("{0} de {1}", "{0} {1}");
    public static readonly Text RuleWeekday = new("{0} {1} de {2}", "{0} {1} of {2}");
    public static readonly Text RuleEveryYears = new("{0}, cada {1} años desde {2}", "{0}, every {1} years from {2}");
    public static readonly Text RuleSeasonBegins = new("empieza el {0}", "begins on the {0}");
    public static readonly Text ReferenceNone = new(
        "Ningún renglón estaba vigente el {0}: los datos no llegan a esa fecha. Elija otro día, o vea todos los renglones.", "No row was in force on {0}: the data do not reach that day. Choose another day, or see all rows.");
    public static readonly Text OrdinalFirst = new("primer", "first");
    public static readonly Text OrdinalSecond = new("segundo", "second");
    public static readonly Text OrdinalThird = new("tercer", "third");
    public static readonly Text OrdinalFourth = new("cuarto", "fourth");
    public static readonly Text OrdinalFifth = new("quinto", "fifth");
    public static readonly Text OrdinalLast = new("último", "last");
    public static readonly Text OrdinalBeforeEnd = new("{0}.º (desde el final)", "{0}. (from the end)");
}
