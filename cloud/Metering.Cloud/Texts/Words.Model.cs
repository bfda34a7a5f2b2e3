namespace Metering.Cloud.Texts;

/// <summary>Texts of the model card and of where the data come from.</summary>
internal static partial class Words
{
    public static readonly Text Model = new("Modelo", "Model");
    public static readonly Text ScatterChart = new("Consumo contra {0}", "Use against {0}");
    public static readonly Text ScatterDescription = new(
        "Cada punto es un día: círculo, línea base; cruz, reporte. La línea es el modelo, de {0} a {1}.",
        "Each point is a day: circle, baseline; cross, reporting. The line is the model, from {0} to {1}.");
    public static readonly Text ScatterNote = new(
        "Las demás variables se llevan a su promedio de la línea base con el modelo.",
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
    public static readonly Text DoesNotApply = new("No aplican a datos diarios de un proyecto: {0}.", "Do not apply to daily data of one project: {0}.");
    public static readonly Text Candidates = new("Modelos comparados", "Models compared");
    public static readonly Text CandidatesNote = new(
        "El modelo se elige por BIC con los días independientes a los que equivalen los datos autocorrelacionados, nunca por R² ni por el ahorro. A menos de 2 de BIC gana el de menos parámetros; se descarta el que en los meses que no vio tiene errores más de 5 % mayores que el mejor.",
        "The model is chosen by BIC with the days that autocorrelated data are worth, never by R² nor by the saving. Within 2 of BIC the one with fewer parameters wins; one whose errors in months it did not see are more than 5 % larger than the best one's is passed over.");
    public static readonly Text CandidateTerms = new("Variables", "Drivers");
    public static readonly Text CandidateBlocked = new("CV en meses no vistos", "CV in months not seen");
    public static readonly Text CandidateSaving = new("Ahorro que daría", "Saving it would give");
    public static readonly Text CandidateWhy = new("Por qué", "Why");
    public static readonly Text CandidateChosen = new("elegido", "chosen");
    public static readonly Text CandidateWorseBlocks = new("falla más en meses no vistos", "larger errors in months not seen");
    public static readonly Text CandidateHigherBic = new("BIC mayor por {0}", "BIC higher by {0}");
    public static readonly Text CandidateMoreParameters = new("igual de bueno, más parámetros", "as good, more parameters");
    public static readonly Text KindMean = new("promedio", "mean");
    public static readonly Text KindLinear = new("lineal", "linear");
    public static readonly Text KindChangePoint = new("con punto de cambio", "change point");
    public static readonly Text AboveTerm = new("{0} arriba de {1}", "{0} above {1}");
    public static readonly Text BelowTerm = new("{0} abajo de {1}", "{0} below {1}");
    public static readonly Text EventTerm = new("evento {0}", "event {0}");
    public static readonly Text ResidualsTitle = new("Residuos a fondo", "Residuals in depth");
    public static readonly Text ResidualsNote = new(
        "Si el modelo está completo, los residuos no siguen a ninguna variable, no se parecen a los de días cercanos y se distribuyen como una normal.",
        "If the model is complete, residuals follow no driver, are not like those of nearby days and are distributed as a normal.");
    public static readonly Text AutocorrelationChart = new("Autocorrelación de los residuos", "Autocorrelation of the residuals");
    public static readonly Text AutocorrelationDescription = new(
        "Correlación entre residuos separados de 1 a {0} días; la franja de ±{1} es la de residuos sin correlación. A un día: {2}; a siete: {3}.",
        "Correlation of residuals 1 to {0} days apart; the band of ±{1} is that of uncorrelated residuals. At one day: {2}; at seven: {3}.");
    public static readonly Text AutocorrelationAxis = new("días de separación", "days apart");
    public static readonly Text QuantileChart = new("Residuos contra la normal (Q-Q)", "Residuals against the normal (Q-Q)");
    public static readonly Text QuantileDescription = new(
        "Residuos ordenados, en desviaciones estándar, contra los cuantiles de una normal; sobre la recta si son normales. Del menor {0} al mayor {1}.",
        "Residuals in order, in standard deviations, against the quantiles of a normal; on the line if they are normal. From the smallest {0} to the largest {1}.");
    public static readonly Text QuantileAxis = new("cuantil normal", "normal quantile");
    public static readonly Text ResidualByDriverChart = new("Residuos contra {0}", "Residuals against {0}");
    public static readonly Text ResidualByDriverDescription = new(
        "Residuo de cada día de la línea base según la variable. La línea quebrada une los promedios por tramo; pareja en cero si la forma del modelo es correcta.",
        "Residual of each day of the baseline by the driver. The broken line joins the means of stretches; level at zero if the form of the model is right.");
    public static readonly Text BlockWord = new("Tramo", "Stretch");
    public static readonly Text MeanResidual = new("Residuo medio", "Mean residual");
    public static readonly Text LagWord = new("Días", "Days");
    public static readonly Text CorrelationWord = new("Correlación", "Correlation");
    public static readonly Text Yes = new("sí", "yes");
    public static readonly Text No = new("no", "no");
    public static readonly Text Provenance = new("De dónde vienen los datos", "Where the data come from");
    public static readonly Text ProvenanceNote = new(
        "Consumo = último registro menos primero, sin pasar por conversiones. La versión es una huella SHA-256 de las lecturas: mismas lecturas, misma huella.",
        "Use = last register less first, without conversions on the way. The version is a SHA-256 of the readings: same readings, same hash.");
    public static readonly Text GatewayWord = new("Gateway", "Gateway");
    public static readonly Text MeterWord = new("Medidor", "Meter");
    public static readonly Text Resolution = new("resolución {0}", "resolution {0}");
    public static readonly Text UsableReadings = new("{0} utilizables", "{0} usable");
    public static readonly Text BaselineFirstRegister = new("Primer registro, línea base", "First register, baseline");
    public static readonly Text BaselineLastRegister = new("Último registro, línea base", "Last register, baseline");
    public static readonly Text ReportingFirstRegister = new("Primer registro, reporte", "First register, reporting");
    public static readonly Text ReportingLastRegister = new("Último registro, reporte", "Last register, reporting");
    public static readonly Text ProductionOf = new("Producción capturada: {0}", "Production records: {0}");
    public static readonly Text ProductionRecords = new("Registros de producción", "Production records");
    public static readonly Text ProductionNote = new(
        "La capturan personas de la planta y nadie la firma. Cada registro se reparte por igual entre sus días, siete a lo más; un día sin registro no se conoce.",
        "Entered by people of the plant and signed by nobody. Each record is spread evenly over its days, seven at most; a day without a record is not known.");
    public static readonly Text ProductWord = new("Producto", "Product");
    public static readonly Text FirstDayWord = new("Primer día", "First day");
    public static readonly Text LastDayWord = new("Último día", "Last day");
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
