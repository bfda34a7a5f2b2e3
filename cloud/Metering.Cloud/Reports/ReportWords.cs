namespace Metering.Cloud.Reports;

/// <summary>Texts of reports.</summary>
internal static class ReportWords
{
    public static readonly Text RateOf = new("tipo de cambio del {0}", "rate of {0}");
    public static readonly Text SavingsTitle = new("Informe de verificación de ahorros", "Savings verification report");
    public static readonly Text HalfYearTitle = new("Informe semestral del programa", "Half-yearly programme report");
    public static readonly Text HalfYear = new("{0}.º semestre de {1}", "Half-year {0} of {1}");
    public static readonly Text AnnualTitle = new("Informe anual del programa", "Annual programme report");
    public static readonly Text PreAssessmentTitle = new("Informe de prediagnóstico", "Pre-assessment report");
    public static readonly Text CaseTitle = new("Ficha de caso", "Case sheet");
    public static readonly Text PlacTitle = new("Resultados por empresa y grupo", "Results by firm and group");
    public static readonly Text Result = new("Resultado", "Result");
    public static readonly Text MeasuredSentence = new("Ahorro medido {0} ({1} % de confianza)", "Measured saving {0} ({1} % confidence)");
    public static readonly Text MoreUseSentence = new("Consumo mayor que la línea base: {0} ({1} % de confianza)", "Use above the baseline: {0} ({1} % confidence)");
    public static readonly Text NoClaimSentence = new("No se puede afirmar un ahorro", "No saving can be claimed");
    public static readonly Text ZeroInside = new(
        "El cálculo da {0}; el intervalo de {1} % de confianza contiene el cero.", "The calculation gives {0}; the {1} % interval contains zero.");
    public static readonly Text RefusedSentence = new("No damos cifra: los datos no la sostienen.", "We give no number: the data cannot carry one.");
    public static readonly Text WaitingSentence = new("Todavía sin cifra: falta historia para calcular el ahorro.", "No number yet: more history is needed.");
    public static readonly Text ProvisionalSentence = new(
        "Cifra provisional: hay datos hasta el {0} y el periodo de reporte termina el {1}.", "Provisional: data have arrived up to {0} and the reporting period ends on {1}.");
    public static readonly Text OfAdjusted = new("Ahorro en relación con la línea base ajustada", "Saving relative to the adjusted baseline");
    public static readonly Text ValidDays = new("Días con datos válidos", "Days with valid data");
    public static readonly Text ProjectData = new("El proyecto", "The project");
    public static readonly Text PlantWord = new("Planta", "Plant");
    public static readonly Text SectorWord = new("Sector", "Sector");
    public static readonly Text StateWord = new("Estado", "State");
    public static readonly Text MeasureWord = new("Medida", "Measure");
    public static readonly Text ResourceWord = new("Recurso", "Resource");
    public static readonly Text ZoneWord = new("Zona horaria", "Time zone");
    public static readonly Text Confidence = new("Confianza del intervalo", "Confidence of the interval");
    public static readonly Text BaselineFirst = new("Línea base, primer día", "Baseline, first day");
    public static readonly Text BaselineLast = new("Línea base, último día", "Baseline, last day");
    public static readonly Text InstallationFirst = new("Instalación, primer día", "Installation, first day");
    public static readonly Text InstallationLast = new("Instalación, último día", "Installation, last day");
    public static readonly Text ReportingFirst = new("Reporte, primer día", "Reporting, first day");
    public static readonly Text ReportingLast = new("Reporte, último día", "Reporting, last day");
    public static readonly Text PossibleDays = new("Días posibles", "Possible days");
    public static readonly Text Rows = new("Días del ajuste", "Days fitted");
    public static readonly Text Parameters = new("Parámetros del modelo", "Parameters of the model");
    public static readonly Text Explained = new("Varianza explicada, R²", "Variance explained, R²");
    public static readonly Text Scatter = new("Dispersión, CV(RMSE)", "Scatter, CV(RMSE)");
    public static readonly Text Bias = new("Sesgo, NMBE", "Bias, NMBE");
    public static readonly Text Autocorrelation = new("Autocorrelación a un día", "Lag-1 autocorrelation");
    public static readonly Text Coefficient = new("Coeficiente", "Coefficient");
    public static readonly Text StandardError = new("Error estándar", "Standard error");
    public static readonly Text AtLeastOrMost = new("Sentido", "Direction");
    public static readonly Text AtLeast = new("al menos", "at least");
    public static readonly Text AtMost = new("a lo más", "at most");
    public static readonly Text Coverage = new("Días y datos", "Days and data");
    public static readonly Text Usable = new("Lecturas utilizables", "Usable readings");
    public static readonly Text Registers = new("Registros del medidor", "Meter registers");
    public static readonly Text PointWord = new("Momento", "Point");
    public static readonly Text RegisterWord = new("Registro", "Register");
    public static readonly Text DailyTitle = new("Día por día", "Day by day");
    public static readonly Text ReasonWord = new("Motivo", "Reason");
    public static readonly Text DetailWord = new("Detalle", "Detail");
    public static readonly Text Kind = new("Tipo", "Kind");
    public static readonly Text Reasons = new("Motivos y advertencias", "Reasons and warnings");
    public static readonly Text WarningWord = new("advertencia", "warning");
    public static readonly Text RefusalWord = new("motivo", "reason");
    public static readonly Text UndecidedEvents = new("Eventos propuestos sin decisión", "Proposed events without a decision");
    public static readonly Text UndecidedStatement = new(
        "El ahorro no se ajusta por ellos. Quien firma este informe declara que los vio y que decidió que ninguno de ellos cambia el resultado.",
        "The saving is not adjusted for them. Whoever signs this report states by it to have seen them and to have decided that none of them changes the result.");
    public static readonly Text SignOffs = new("Firmas", "Sign-offs");
    public static readonly Text NoSignOff = new("Este informe todavía no tiene firmas.", "This report has not been signed off yet.");
    public static readonly Text Role = new("Rol", "Role");
    public static readonly Text Name = new("Nombre", "Name");
    public static readonly Text DayWord = new("Fecha", "Date");
    public static readonly Text Versions = new("Versiones", "Versions");
    public static readonly Text Software = new("Programa", "Software");
    public static readonly Text ReferenceData = new("Datos de referencia (México), SHA-256", "Reference data (Mexico), SHA-256");
    public static readonly Text ResultVersion = new("Proyecto y datos, SHA-256", "Project and data, SHA-256");
    public static readonly Text SimulatedNote = new("Los medidores de este informe son simulados.", "The meters of this report are simulated.");
    public static readonly Text Portfolio = new("Todos los proyectos", "All projects");
    public static readonly Text TotalsTitle = new("Total por recurso", "Total by resource");
    public static readonly Text Measured = new("Ahorro medido", "Measured saving");
    public static readonly Text ExpectedToBe = new("Al menos, con 90 % de probabilidad", "At least, with 90 % probability");
    public static readonly Text Meets = new("¿Cumple 90/10?", "Meets 90/10?");
    public static readonly Text Yes = new("sí", "yes");
    public static readonly Text No = new("no", "no");
    public static readonly Text OutsidePeriod = new("Sin días de reporte en el periodo del informe", "No reporting days in the report's period");
    public static readonly Text Claimed = new("Ahorro declarado", "Claimed saving");
    public static readonly Text Estimated = new("Ahorro estimado", "Estimated saving");
    public static readonly Text WithNumber = new("Proyectos con cifra", "Projects with a number");
    public static readonly Text AllProjects = new("Proyectos", "Projects");
    public static readonly Text BySector = new("Por sector", "By sector");
    public static readonly Text ByState = new("Por estado", "By state");
    public static readonly Text ByYear = new("Por año", "By year");
    public static readonly Text YearWord = new("Año", "Year");
    public static readonly Text ByProject = new("Por proyecto", "By project");
    public static readonly Text WhyMissing = new("Por qué falta", "Why missing");
    public static readonly Text NotAdded = new("Proyectos sin cifra en el periodo", "Projects without a number in the period");
    public static readonly Text DoubleCounting = new("Posible doble conteo", "Possible double counting");
    public static readonly Text NoDoubleCounting = new("No se halló ningún ahorro contado dos veces.", "No saving was found to be counted twice.");
    public static readonly Text First = new("Primero", "First");
    public static readonly Text Second = new("Segundo", "Second");
    public static readonly Text Logframe = new("Marco lógico", "Logframe");
    public static readonly Text Code = new("Clave", "Code");
    public static readonly Text Indicator = new("Indicador", "Indicator");
    public static readonly Text Start = new("Valor inicial", "Start");
    public static readonly Text Target = new("Meta", "Target");
    public static readonly Text YearTarget = new("Meta del año", "Target of the year");
    public static readonly Text TargetOfYear = new(
        "Los días del informe son parte del año {0} del programa ({1} a {2}). La meta es la de ese año completo, sin repartir entre sus meses; lo logrado es solo de los días del informe.",
        "The days of the report are part of year {0} of the programme ({1} to {2}). The target is that of the whole year, not divided among its months; what was achieved is of the report's days only.");
    public static readonly Text NoTargetYear = new(
        "Los días del informe no caen en un solo año del programa, así que no se les pone una meta.", "The days of the report do not lie in one year of the programme, so no target is put to them.");
    public static readonly Text Actual = new("Logrado", "Achieved");
    public static readonly Text Means = new("Medio de verificación", "Means of verification");
    public static readonly Text DataHealth = new("Salud de los datos", "Data health");
    public static readonly Text TotalsNote = new(
        "Los errores de los proyectos se combinan como independientes; un ahorro que no se distingue de cero cuenta con su valor, y lo que no tiene cifra no cuenta como cero.",
        "The errors of the projects are combined as independent; a saving that cannot be told from zero counts with its value, and what has no number does not count as zero.");
    public static readonly Text ExpertWord = new("Especialista", "Expert");
    public static readonly Text Findings = new("Hallazgos", "Findings");
    public static readonly Text Opportunities = new("Oportunidades", "Opportunities");
    public static readonly Text SavingFrom = new("Ahorro estimado, de", "Estimated saving, from");
    public static readonly Text SavingTo = new("a", "to");
    public static readonly Text Investment = new("Inversión", "Investment");
    public static readonly Text MoneySaved = new("Ahorro al año", "Saved a year");
    public static readonly Text Payback = new("Recuperación simple", "Simple payback");
    public static readonly Text Recommendation = new("Recomendación", "Recommendation");
    public static readonly Text EstimateNote = new(
        "Las cifras de un prediagnóstico son estimaciones, no ahorros verificados.", "The figures of a pre-assessment are estimates, not verified savings.");
    public static readonly Text Group = new("Grupo", "Group");
    public static readonly Text Firm = new("Empresa", "Firm");
    public static readonly Text Emissions = new("Emisiones evitadas", "Emissions avoided");
    public static readonly Text Waste = new("Residuos evitados", "Waste avoided");
    public static readonly Text TotalOfGiven = new(
        "Los totales suman solo las empresas que dan la cifra: {0} dan agua, {1} electricidad, {2} emisiones, {3} residuos; {4} en total.",
        "Totals add up only the firms that give the figure: {0} give water, {1} electricity, {2} emissions, {3} waste; {4} in all.");
    public static readonly Text Anonymous = new("Planta sin nombre", "Unnamed plant");
    public static readonly Text LogNote = new(
        "Este resultado está en un registro al que solo se agrega. Quien guarde este papel guarda con él la raíz del registro: un registro con otro pasado tiene otra.",
        "This result stands in a log that is only ever added to. Whoever keeps this paper keeps the log's root with it: a log with another past has another one.");

    public static readonly Text LogName = new("Registro:", "Log:");
    public static readonly Text LogSize = new("Entradas hasta este resultado:", "Entries up to this result:");
    public static readonly Text LogRoot = new("Raíz (RFC 6962, SHA-256):", "Root (RFC 6962, SHA-256):");
    public static readonly Text LogCode = new("Código QR con el nombre, el tamaño y la raíz del registro", "QR code with the log's name, size and root");
    public static readonly Text FooterHash = new("SHA-256 de report.json:", "SHA-256 of report.json:");
    public static readonly Text FooterCheck = new("Para volver a calcularlo:", "To compute it again:");
    public static readonly Text NoCommand = new("report.json acompaña a este informe: sha256sum report.json", "report.json comes with this report: sha256sum report.json");
    public static readonly Text Value = new("Valor", "Value");
    public static readonly Text Unit = new("Unidad", "Unit");
    public static readonly Text PlusMinus = new("±", "±");
    public static readonly Text SummarySheet = new("Resumen", "Summary");
    public static readonly Text DataSheet = new("Datos", "Data");
    public static readonly Text SourcesSheet = new("Fuentes", "Sources");
    public static readonly Text Concept = new("Concepto", "Item");
    public static readonly Text Part = new("Parte", "Part");
}
