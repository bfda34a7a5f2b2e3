using Metering.Analytics.Effluent;
using Metering.Programme.Kinds;
using Verdict = Metering.Analytics.Effluent.Verdict;

namespace Metering.Cloud.Plants;

/// <summary>Words of the discharge against its limits.</summary>
internal static class DischargeWords
{
    public static readonly Text Title = new("Descarga contra límites", "Discharge against limits");
    public static readonly Text Empty = new("Todavía no hay resultados de laboratorio. Captúrelos: con ellos y el caudal se calculan cargas y límites.", "There are no lab results yet. Enter them: loads and limits are worked out from them and the flow.");
    public static readonly Text EmptyLink = new("Capturar resultados de laboratorio", "Enter lab results");
    public static readonly Text NoDischarge = new("El registro no dice a dónde va la descarga de esta planta, así que no hay límites que aplicar.", "The register does not say where the effluent of this plant goes, so there are no limits to apply.");
    public static readonly Text NoLimits = new("El país no trae límites para este destino de la descarga.", "The country's tables hold no limits for this kind of discharge.");
    public static readonly Text Lead = new("Destino: {0}. Los límites vienen de la tabla del país, por verificar contra el texto oficial y el permiso de la planta.", "Discharge to: {0}. The limits come from the country's table, to be verified against the official text and the plant's permit.");
    public static readonly Text Parameter = new("Parámetro", "Parameter");
    public static readonly Text NewestResult = new("Último resultado", "Newest result");
    public static readonly Text LoadOfMonth = new("Carga de {0}", "Load of {0}");
    public static readonly Text Load = new("Carga del mes de la muestra", "Load of the sample's month");
    public static readonly Text OfVolume = new("{0} de {1} m³ con muestra", "{0} of {1} m³ with a sample");
    public static readonly Text Limits = new("Límites", "Limits");
    public static readonly Text NoLimit = new("sin límite en la tabla", "no limit in the table");
    public static readonly Text Complies = new("cumple", "complies");
    public static readonly Text Exceeds = new("rebasa el límite", "exceeds the limit");
    public static readonly Text Open = new("no se puede juzgar", "cannot be judged");
    public static readonly Text Below = new("menos de {0}", "less than {0}");

    /// <summary>A kind of limit in words.</summary>
    public static Text KindOf(LimitKind kind) => kind switch
    {
        LimitKind.Instant => new("Instantáneo", "Instant"),
        LimitKind.Daily => new("Promedio diario", "Daily mean"),
        _ => new("Promedio mensual", "Monthly mean"),
    };

    /// <summary>A unit of limits as it is printed, the same in both languages.</summary>
    public static string UnitOf(ConcentrationUnit unit) => unit switch
    {
        ConcentrationUnit.MilligramPerLitre => "mg/L",
        ConcentrationUnit.MillilitrePerLitre => "mL/L",
        ConcentrationUnit.Ph => "pH",
        ConcentrationUnit.DegreeCelsius => "°C",
        ConcentrationUnit.CountPerHundredMillilitres => "/100 mL",
        ConcentrationUnit.ToxicityUnit => "UT",
        _ => "",
    };

    /// <summary>A verdict in words.</summary>
    public static Text VerdictOf(Verdict verdict) => verdict switch
    {
        Verdict.Complies => Complies,
        Verdict.Exceeds => Exceeds,
        _ => Open,
    };

    /// <summary>Where the effluent goes.</summary>
    public static Text DischargeOf(DischargeKind discharge) => discharge switch
    {
        DischargeKind.Sewer => new("alcantarillado municipal (NOM-002-SEMARNAT-1996)", "municipal sewer (NOM-002-SEMARNAT-1996)"),
        DischargeKind.NationalWater => new("ríos y aguas nacionales (NOM-001-SEMARNAT-2021)", "rivers and national waters (NOM-001-SEMARNAT-2021)"),
        DischargeKind.Soil => new("suelo", "soil"),
        _ => new("sin descarga", "no discharge"),
    };

    /// <summary>How a sample was taken.</summary>
    public static Text SampleOf(SampleKind sample) => sample == SampleKind.Instant ? new("muestra instantánea", "grab sample") : new("muestra compuesta", "composite sample");

    /// <summary>Why nothing could be judged, with what to do.</summary>
    public static Text ReasonOf(NotJudgedReason reason) => reason switch
    {
        NotJudgedReason.SampleType => new("la muestra es de otro tipo: instantánea para el límite instantáneo, compuesta de un día para los promedios", "the sample is of another kind: a grab for the instant limit, a composite of a day for means"),
        NotJudgedReason.NoLimitInForce => new("no hay límite vigente ese día", "no limit is in force on that day"),
        NotJudgedReason.SeveralLimits => new("hay varios límites vigentes a la vez", "several limits are in force at once"),
        NotJudgedReason.NotSensitiveEnough => new("el límite de detección queda arriba del límite", "the limit of detection lies above the limit"),
        NotJudgedReason.Unit => new("el resultado y el límite tienen unidades distintas", "result and limit have different units"),
        NotJudgedReason.FlowMissing => new("falta el caudal de los días de muestra", "the flow of the days sampled is missing"),
        NotJudgedReason.TooFewSamples => new("el mes necesita al menos dos muestras compuestas", "the month needs at least two composites"),
        NotJudgedReason.NoMean => new("de este parámetro no se hace promedio", "no mean is made of this parameter"),
        NotJudgedReason.ResultsConflict => new("dos resultados son de la misma agua: retire el que no sea válido", "two results stand for the same water: withdraw the one that does not hold"),
        _ => new("el resultado no se puede usar", "the result cannot be used"),
    };

    /// <summary>Why a load has no ±; null when it has one.</summary>
    public static Text? NoMarginOf(LoadResult load) => (load.FlowUncertaintyKilograms, load.ConcentrationUncertaintyKilograms) switch
    {
        (null, _) => new("sin ±: el registro no dice la clase del medidor de caudal", "no ±: the register does not say the flow meter's class"),
        (_, null) => new("sin ±: el informe del laboratorio no da su incertidumbre", "no ±: the laboratory's report states no uncertainty"),
        _ => null,
    };

    /// <summary>Why there is no load.</summary>
    public static Text NoLoadOf(EffluentReasonKind? reason) => reason switch
    {
        EffluentReasonKind.NoFlow => new("falta el caudal de la descarga", "the flow of the discharge is missing"),
        EffluentReasonKind.UnitIsNoConcentration => new("no es una concentración", "not a concentration"),
        EffluentReasonKind.NothingCovered => new("ningún día con caudal y muestra", "no day with flow and sample"),
        EffluentReasonKind.ResultsConflict => new("dos resultados son de la misma agua", "two results stand for the same water"),
        _ => new("sin dato", "no data"),
    };
}
