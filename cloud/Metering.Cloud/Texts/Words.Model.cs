namespace Metering.Cloud.Texts;

/// <summary>Texts of the model card and of where the data come from.</summary>
internal static partial class Words
{
    public static readonly Text Model = new("Modelo", "Model");
    public static readonly Text ScatterChart = new("Consumo contra {0}", "Use against {0}");
    public static readonly Text ScatterDescription = new(
        "Cada punto es un día. La pendiente del modelo es {0} {1} por unidad.",
        "Each point is a day. The slope of the model is {0} {1} per unit.");
    public static readonly Text ScatterNote = new(
        "Los demás factores se llevan a su promedio de la línea base con el modelo.",
        "The other drivers are brought to their baseline mean by the model.");
    public static readonly Text ResidualChart = new("Residuos de la línea base", "Residuals of the baseline");
    public static readonly Text ResidualDescription = new(
        "Medido menos modelo en cada día de la línea base. La dispersión s es {0} por día.",
        "Metered less model on each day of the baseline. The scatter s is {0} a day.");
    public static readonly Text ResidualNote = new(
        "Un buen modelo deja una nube pareja. Correlación de un día con el anterior: {0}.",
        "A good model leaves a level cloud. Correlation of a day with the one before: {0}.");
    public static readonly Text Equation = new("Ecuación de la línea base", "Baseline equation");
    public static readonly Text Term = new("Término", "Term");
    public static readonly Text Coefficient = new("Coeficiente ± intervalo", "Coefficient ± interval");
    public static readonly Text UnitWord = new("Unidad", "Unit");
    public static readonly Text BaselineRange = new("Rango en línea base", "Range in baseline");
    public static readonly Text ReportingRange = new("Rango en reporte", "Range in reporting");
    public static readonly Text BaseLoad = new("carga base", "base load");
    public static readonly Text ModelFigures = new(
        "n = {0} días, p = {1} parámetros, R² = {2}, CV(RMSE) = {3}, NMBE = {4}. La incertidumbre toma en cuenta la autocorrelación (ρ = {5}; {6} grados de libertad efectivos).",
        "n = {0} days, p = {1} parameters, R² = {2}, CV(RMSE) = {3}, NMBE = {4}. The uncertainty allows for autocorrelation (ρ = {5}; {6} effective degrees of freedom).");
    public static readonly Text Criteria = new("Criterios de aceptación", "Acceptance criteria");
    public static readonly Text Criterion = new("Criterio", "Criterion");
    public static readonly Text ValueWord = new("Valor", "Value");
    public static readonly Text Limit = new("Límite", "Limit");
    public static readonly Text SourceWord = new("Fuente", "Source");
    public static readonly Text Outcome = new("Resultado", "Outcome");
    public static readonly Text Passes = new("cumple", "met");
    public static readonly Text Fails = new("no cumple", "not met");
    public static readonly Text ToNote = new("A tomar en cuenta", "To note");
    public static readonly Text RuleCvRmse = new("Dispersión del modelo, CV(RMSE)", "Scatter of the model, CV(RMSE)");
    public static readonly Text RuleNmbe = new("Sesgo del modelo, NMBE", "Bias of the model, NMBE");
    public static readonly Text RuleR2 = new("Varianza explicada, R²", "Variance explained, R²");
    public static readonly Text RuleF = new("Modelo completo, p de la prueba F", "Whole model, p of the F test");
    public static readonly Text RuleEveryP = new("Factor menos significativo, p", "Least significant driver, p");
    public static readonly Text RuleInflation = new("Inflación de varianza mayor", "Largest variance inflation");
    public static readonly Text RuleBaselineCoverage = new("Cobertura de la línea base", "Coverage of the baseline");
    public static readonly Text RuleReportingCoverage = new("Cobertura del periodo de reporte", "Coverage of the reporting period");
    public static readonly Text RuleRange = new("Días fuera del rango de la línea base (±10 %)", "Days outside the baseline range (±10 %)");
    public static readonly Text RuleUncertainty = new("Incertidumbre relativa del ahorro (68 %)", "Relative uncertainty of the saving (68 %)");
    public static readonly Text Provenance = new("De dónde vienen los datos", "Where the data come from");
    public static readonly Text ProvenanceNote = new(
        "Consumo = último registro menos primero, sin pasar por conversiones. La versión es una huella SHA-256 de las lecturas: mismas lecturas, misma huella.",
        "Use = last register less first, without conversions on the way. The version is a SHA-256 of the readings: same readings, same hash.");
    public static readonly Text GatewayWord = new("Pasarela", "Gateway");
    public static readonly Text MeterWord = new("Medidor", "Meter");
    public static readonly Text Resolution = new("resolución {0}", "resolution {0}");
    public static readonly Text UsableReadings = new("{0} utilizables", "{0} usable");
    public static readonly Text BaselineFirstRegister = new("Primer registro, línea base", "First register, baseline");
    public static readonly Text BaselineLastRegister = new("Último registro, línea base", "Last register, baseline");
    public static readonly Text ReportingFirstRegister = new("Primer registro, reporte", "First register, reporting");
    public static readonly Text ReportingLastRegister = new("Último registro, reporte", "Last register, reporting");
    public static readonly Text SignedBatches = new("Lotes firmados", "Signed batches");
    public static readonly Text ThroughBatch = new("completos hasta el {0}", "complete through {0}");
    public static readonly Text FindingsWord = new("Hallazgos", "Findings");
    public static readonly Text DataVersion = new("Versión de los datos", "Data version");
    public static readonly Text ResultVersion = new("Versión de este resultado (proyecto y datos):", "Version of this result (project and data):");
    public static readonly Text Downloads = new("Descargas", "Downloads");
    public static readonly Text DownloadJson = new("Todo el resultado (JSON)", "The whole result (JSON)");
    public static readonly Text DownloadDaily = new("Días (CSV)", "Days (CSV)");
    public static readonly Text DownloadMonthly = new("Meses (CSV)", "Months (CSV)");
    public static readonly Text DownloadIntervals = new("Consumo de 15 minutos (CSV)", "15-minute use (CSV)");
}
