using Metering.Analytics.Intervals;
using Metering.Analytics.Validation;

namespace Metering.Cloud.Texts;

/// <summary>Intervals of a register, and what was found in it, in Spanish. Files and JSON have the English names and sentences.</summary>
internal static class IntervalTexts
{
    private static readonly SentenceTable Table = new(Details, found => found == "unknown" ? "desconocido" : found);

    /// <summary>Each sentence that analytics writes beside a finding: English with its places, and Spanish with the same places.</summary>
    public static IReadOnlyList<Text> Details =>
    [
        new("{0} lecturas con la misma hora difieren: {1} y {2}; no se usa ninguna.", "{0} readings with the same time differ: {1} and {2}; none is used."),
        new("La lectura {0} vino {1} veces; cuenta una.", "The reading {0} came {1} times; it counts once."),
        new("Se descartó una lectura anterior a 1970 o posterior a 2199.", "A reading before 1970 or after 2199 was dropped."),
        new("El registro {0} está fuera de 0 a {1}; descartada.", "The register {0} is outside 0 to {1}; dropped."),
        new("{0} lecturas están marcadas como no utilizables; descartadas.", "{0} readings are marked unusable; dropped."),
        new("{0} lecturas estaban después de una posterior; se ordenaron por hora.", "{0} readings stood after a later one; sorted by time."),
        new("El medidor se cambió; el anterior terminó en {0} y el nuevo empezó en {1}.", "The meter was replaced; the old one ended at {0}, the new one began at {1}."),
        new("No se usa ninguna lectura durante {0}; de ese tiempo se sabe el total, {1}.", "No reading is used for {0}; {1} over that time is known in total."),
        new("El registro mostró {0} después de {1} y volvió a {2}; {3} lecturas descartadas.", "The register showed {0} after {1} and returned to {2}; {3} readings dropped."),
        new("El registro pasó por {0}: de {1} a {2}.", "The register passed {0}: from {1} to {2}."),
        new("El registro mostró {0} entre {1} y {2}; {3} lecturas descartadas.", "The register showed {0} between {1} and {2}; {3} readings dropped."),
        new("El registro se quedó en {0} durante {1} lecturas y luego mostró {2}; la diferencia se reparte en ese tiempo.",
            "The register stood at {0} for {1} readings, then showed {2}; the difference is laid out over that time."),
        new("De {0} a {1} es mucho más rápido de lo usual; se conserva, porque no se configuró un máximo.", "From {0} to {1} is far faster than usual; kept, because no maximum rate is configured."),
        new("El registro mostró {0} después de {1}, y las lecturas siguientes no continúan desde ahí; descartada.",
            "The register showed {0} after {1}, and the readings after it do not go on from there; dropped."),
        new("El registro fue de {0} a {1} y cuenta desde ahí; no se sabe qué se consumió entre ambos.", "The register went from {0} to {1} and counts on from there; what was used in between is unknown."),
        new("El registro siguió mientras las fechas retrocedieron {0}: se ajustó el reloj; se descartaron {1} lecturas que dicen ser de la misma hora.",
            "The register went on while the stamps went back by {0}: the clock was set; {1} readings that claim the same time were dropped."),
        new("{0} hallazgos más no se listan.", "{0} more findings are not listed."),
    ];

    /// <summary>The sentence of a finding in Spanish; as it is when it is not in the table.</summary>
    public static string Detail(IntervalFinding finding) => Table.Spanish(finding.Detail) ?? finding.Detail;

    /// <summary>How an interval is known.</summary>
    public static string Of(IntervalCode code) => code switch
    {
        IntervalCode.Measured => "medidos",
        IntervalCode.Allocated => "repartidos",
        IntervalCode.Estimated => "estimados",
        IntervalCode.Edited => "corregidos",
        IntervalCode.Rejected => "rechazados",
        _ => "faltantes",
    };

    /// <summary>Why a stretch of a register begins.</summary>
    public static string Of(SegmentReason reason) => reason switch
    {
        SegmentReason.Reset => "puesta a cero",
        SegmentReason.Replacement => "medidor reemplazado",
        _ => "primero",
    };

    /// <summary>What a check looks for.</summary>
    public static string Of(ValidationRule rule) => rule switch
    {
        ValidationRule.Spike => "picos",
        ValidationRule.SumCheck => "suma que no cuadra",
        ValidationRule.Stuck => "detenido",
        ValidationRule.HighUse => "consumo alto",
        ValidationRule.LowUse => "consumo bajo",
        ValidationRule.UnusualZero => "cero inusual",
        ValidationRule.PowerFactor => "factor de potencia",
        ValidationRule.Siblings => "falta entre canales hermanos",
        ValidationRule.MainAndSubs => "medidor general y submedidores",
        ValidationRule.Gap => "huecos",
        ValidationRule.Duplicate => "fechas repetidas",
        ValidationRule.Negative => "consumo negativo",
        ValidationRule.UnitSlip => "cambio de unidad",
        ValidationRule.ProlongedEstimation => "estimación prolongada",
        ValidationRule.TimeSync => "relojes que difieren",
        _ => "en desorden",
    };
}
