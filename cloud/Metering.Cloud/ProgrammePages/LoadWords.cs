using Metering.Analytics.Effluent;

namespace Metering.Cloud.ProgrammePages;

/// <summary>Texts of the COD load.</summary>
internal static class LoadWords
{
    public static readonly Text Title = new("Carga de DQO por proyecto", "COD load by project");
    public static readonly Text Note = new(
        "Carga evitada = DQO media de la línea base × su volumen medio diario × días con caudal del periodo, menos DQO media del periodo × volumen medido. Cada DQO media se pondera por el volumen de los días con muestra compuesta; hacen falta tres antes y tres después, y caudal medido en 90 % de los días. Las muestras instantáneas no cuentan; por debajo del límite de detección se toma la mitad.",
        "Load avoided = mean COD of the baseline × its mean daily volume × days with flow in the period, less mean COD of the period × metered volume. Each mean COD is weighted by the volume of the days with a composite sample; three are needed before and three after, and metered flow on 90 % of the days. Grab samples do not count; below the limit of detection, half of it is taken.");
    public static readonly Text Error = new(
        "± al 90 %: la dispersión de las muestras (que ya trae la del laboratorio) y el error del medidor de caudal según su clase, sumados en cuadratura. El error del medidor se toma igual en todos los días de un periodo e independiente entre los dos periodos, que es lo más cauto. Donde no se conoce la clase, ± trae solo la de las muestras. Los cambios de producción no están incluidos.",
        "± at 90 %: the scatter of the samples (which holds the laboratory's) and the flow meter's error by its class, added in quadrature. The meter's error is taken as the same on all days of a period and independent between the two periods, which is the most cautious. Where the class is not known, ± holds that of the samples alone. Changes of production are not in it.");
    public static readonly Text FlowMeter = new("Error máximo del medidor de caudal", "Largest error of the flow meter");
    public static readonly Text NoClass = new("clase no registrada", "class not on record");
    public static readonly Text Before = new("Antes", "Before");
    public static readonly Text After = new("Después", "After");
    public static readonly Text SamplesBefore = new("Muestras antes", "Samples before");
    public static readonly Text SamplesAfter = new("Muestras después", "Samples after");
    public static readonly Text Avoided = new("Carga de DQO evitada", "COD load avoided");
    public static readonly Text Standing = new("Estado", "Standing");
    public static readonly Text Verified = new("verificada", "verified");
    public static readonly Text Measured = new("medida, sin firmas", "measured, not signed");
    public static readonly Text Total = new("Total verificado", "Verified total");
    public static readonly Text None = new("Ningún proyecto con medición es de descarga de agua.", "No metered project is of effluent.");
    public static readonly Text NoVolume = new("sin cifra: el medidor de la descarga no da m³", "no figure: the meter of the discharge does not give m³");
    public static readonly Text NoDays = new("sin cifra: ningún día con caudal en el periodo", "no figure: no day with flow in the period");
    public static readonly Text SeveralDischarges = new(
        "sin cifra: la planta tiene varias descargas y los resultados no dicen de cuál son", "no figure: the plant has several discharges and the results do not say of which they are");

    /// <summary>A reason in words.</summary>
    public static Text Of(LoadSavingReason reason) => reason switch
    {
        LoadSavingReason.FlowIncomplete => new("sin cifra: falta el caudal de más de 10 % de los días", "no figure: the flow of more than 10 % of the days is missing"),
        LoadSavingReason.FewSamplesBefore => new("sin cifra: menos de tres muestras compuestas en la línea base", "no figure: fewer than three composite samples in the baseline"),
        LoadSavingReason.FewSamplesAfter => new("sin cifra: menos de tres muestras compuestas en el periodo de reporte", "no figure: fewer than three composite samples in the reporting period"),
        _ => new("sin cifra: hay resultados de laboratorio que no se pueden usar juntos", "no figure: there are lab results that cannot be used together"),
    };
}
