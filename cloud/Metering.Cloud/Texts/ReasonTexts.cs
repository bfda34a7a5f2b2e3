using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Readings;

namespace Metering.Cloud.Texts;

/// <summary>What analytics found, in the words of the reader.</summary>
internal static class ReasonTexts
{
    /// <summary>A reason in plain words with what to do; the figures stand in the detail beside it.</summary>
    public static Text Of(ReasonKind kind) => kind switch
    {
        ReasonKind.EmptyPeriod => new(
            "Un periodo no tiene ningún día con consumo y variables conocidos. Revise las fechas y los canales del proyecto.",
            "A period has no day with known use and drivers. Check the dates and channels of the project."),
        ReasonKind.TooFewPoints => new(
            "La línea base tiene muy pocos días para este modelo. Amplíela o use menos variables.",
            "The baseline has too few days for this model. Lengthen it, or use fewer drivers."),
        ReasonKind.ConstantDriver => new(
            "Una variable no cambia en la línea base, así que no se puede ver su efecto. Quítela o elija otra línea base.",
            "A driver does not vary in the baseline, so its effect cannot be seen. Leave it out or choose another baseline."),
        ReasonKind.Collinear => new(
            "Dos o más variables se mueven juntas y sus efectos no se pueden separar. Conserve una.",
            "Two or more drivers move together and cannot be told apart. Keep one of them."),
        ReasonKind.Extrapolation => new(
            "En el periodo de reporte hubo condiciones que la línea base nunca vio. Elija una línea base que las incluya.",
            "The reporting period saw conditions that the baseline never saw. Choose a baseline that has them."),
        ReasonKind.PeriodsOverlap => new(
            "La línea base y el periodo de reporte se traslapan o están en el orden equivocado. Corrija las fechas.",
            "Baseline and reporting period overlap or stand in the wrong order. Correct the dates."),
        ReasonKind.NotFinite => new(
            "Hay valores infinitos en los datos. Revise el canal.",
            "There are infinite values in the data. Check the channel."),
        ReasonKind.NegativeUse => new(
            "Hay consumo negativo. Mida por separado lo importado y lo exportado.",
            "There is negative use. Meter import and export separately."),
        ReasonKind.ConflictingRows => new(
            "Hay dos valores distintos para el mismo día. Elimine uno.",
            "There are two different values for the same day. Remove one."),
        ReasonKind.LowCoverage => new(
            "Los días utilizables cubren muy poco del periodo. No se afirma nada sobre el resto.",
            "Usable days cover too little of the period. Nothing is claimed for the rest."),
        ReasonKind.NoCounterfactual => new(
            "El modelo no predice consumo, así que un ahorro en porcentaje no significa nada.",
            "The model predicts no use, so a saving in percent has no meaning."),
        ReasonKind.ConstantUse => new(
            "El consumo no varió nada en la línea base: el medidor estaba detenido o el canal no es el correcto.",
            "Use did not vary at all in the baseline: the meter stood still, or the channel is the wrong one."),
        ReasonKind.UseIsNoCounter => new(
            "El canal del consumo es un valor instantáneo y no un contador: no da consumo. Elija un contador en el plan de medición.",
            "The channel of the use is a momentary value and not a counter: it gives no use. Choose a counter in the measurement plan."),
        ReasonKind.RowsPutInOrder => new(
            "Los datos llegaron en desorden o repetidos; se ordenaron sin pérdida.",
            "Data came out of order or twice; they were put in order without loss."),
        ReasonKind.WideScatter => new(
            "La dispersión del modelo es amplia: probablemente falta una variable.",
            "The scatter of the model is wide: a driver is probably missing."),
        ReasonKind.NotSignificant => new(
            "El ahorro no es mayor que su incertidumbre.",
            "The saving is not larger than its uncertainty."),
        ReasonKind.Indicative => new(
            "La línea base es corta: el intervalo es solo indicativo.",
            "The baseline is short: the interval is indicative only."),
        _ => Later(kind),
    };

    private static Text Later(ReasonKind kind) => kind switch
    {
        ReasonKind.DriverLeftOut => new(
            "Se dejó fuera una variable que no se podía usar.",
            "A driver that could not be used was left out."),
        ReasonKind.ModelsDisagree => new(
            "Los mejores modelos discrepan sobre el ahorro más de lo que varían los datos; compárelos.",
            "The best models disagree about the saving by more than the data scatter; compare them."),
        ReasonKind.EventNotEstimable => new(
            "Un evento no se distingue del modelo: cubre demasiado o muy poco de su periodo. Corrija sus fechas o excluya sus días.",
            "An event cannot be told from the model: it covers too much or too little of its period. Correct its dates, or exclude its days."),
        ReasonKind.AutoregressionRejected => new(
            "Los residuos conservan un patrón, tal vez semanal: puede faltar una variable. El intervalo usa bloques de una semana donde son más anchos.",
            "The residuals keep a pattern, perhaps weekly: a driver may be missing. The interval uses blocks of a week where they are wider."),
        ReasonKind.UnphysicalSign => new(
            "Un coeficiente tiene un signo contrario a la física. Revise esa variable.",
            "A coefficient has a sign against physics. Check that driver."),
        ReasonKind.ModelUnsuitable => new(
            "El modelo pedido no sirve para estos datos. Deje que se elija el modelo o use otras variables.",
            "The model asked for does not suit these data. Let the model be chosen, or use other drivers."),
        ReasonKind.PartYear => new(
            "El periodo es solo parte de un año: no se afirma nada de las temporadas que no vio.",
            "The period is part of a year only: nothing is claimed for seasons it did not see."),
        ReasonKind.OutsidePhysicalRange => new(
            "Un valor está fuera de lo que puede darse en la naturaleza. Revise la unidad de la columna.",
            "A value lies outside what can be in nature. Check the unit of the column."),
        ReasonKind.WrongRowLength => new(
            "Las filas son más largas o más cortas de lo que el modelo necesita. Use otro paso u otro modelo.",
            "The rows are longer or shorter than the model needs. Use another step, or another model."),
        _ => new("Otro motivo; vea el detalle.", "Another reason; see the detail."),
    };

    /// <summary>What was found in a register.</summary>
    public static Text Of(FindingKind kind) => kind switch
    {
        FindingKind.Rollover => new("vuelta del contador", "register rolled over"),
        FindingKind.Reset => new("puesta a cero", "register reset"),
        FindingKind.Replacement => new("medidor reemplazado", "meter replaced"),
        FindingKind.TransientLow => new("lectura baja pasajera, descartada", "transient low reading, dropped"),
        FindingKind.Spike => new("pico, descartado", "spike, dropped"),
        FindingKind.StuckThenCaughtUp => new("detenido y recuperado", "stood still, then caught up"),
        FindingKind.Gap => new("hueco con total conocido", "gap with known total"),
        FindingKind.Duplicate => new("lectura repetida", "duplicate reading"),
        FindingKind.Conflict => new("lecturas en conflicto", "conflicting readings"),
        FindingKind.OutOfOrder => new("lecturas en desorden", "readings out of order"),
        FindingKind.OutOfRange => new("fuera de rango, descartada", "out of range, dropped"),
        FindingKind.Unusable => new("marcada como no utilizable", "marked unusable"),
        FindingKind.Unconfirmed => new("salto no confirmado, descartado", "unconfirmed break, dropped"),
        FindingKind.FastRise => new("alza rápida, conservada", "fast rise, kept"),
        FindingKind.Truncated => new("hay más hallazgos", "there are more findings"),
        FindingKind.RecordedReplacement => new("cambio de medidor registrado", "recorded change of meter"),
        FindingKind.ClockJump => new("reloj ajustado, lecturas descartadas", "clock was set, readings dropped"),
        _ => new("otro hallazgo", "another finding"),
    };

    /// <summary>The class of a reading.</summary>
    public static Text Of(QualityClass quality) => quality switch
    {
        QualityClass.Good => new("buena", "good"),
        QualityClass.Uncertain => new("incierta", "uncertain"),
        QualityClass.Bad => new("mala", "bad"),
        _ => new("sustituida", "substituted"),
    };

    /// <summary>Why a reading is not simply good.</summary>
    public static Text Of(QualityReason reason) => reason switch
    {
        QualityReason.None => new("sin motivo", "no reason"),
        QualityReason.Timeout => new("el medidor no respondió", "the meter did not answer"),
        QualityReason.Crc => new("respuesta dañada en el cable", "answer damaged on the wire"),
        QualityReason.Exception => new("el medidor rechazó la pregunta", "the meter refused the question"),
        QualityReason.Disconnected => new("sin conexión", "disconnected"),
        QualityReason.UnexpectedReply => new("respuesta de otra pregunta", "answer to another question"),
        QualityReason.Sentinel => new("el medidor no tiene el valor", "the meter has no value"),
        QualityReason.OutOfRange => new("fuera de rango", "out of range"),
        QualityReason.Late => new("respuesta tardía", "late answer"),
        QualityReason.Frozen => new("valor congelado", "frozen value"),
        QualityReason.ClockUnsynced => new("reloj sin sincronizar", "clock not synchronised"),
        QualityReason.Rollover => new("vuelta del contador", "register rolled over"),
        QualityReason.Reset => new("puesta a cero", "register reset"),
        QualityReason.Glitch => new("valor imposible aislado", "single impossible value"),
        _ => new("estimada", "estimated"),
    };
}
