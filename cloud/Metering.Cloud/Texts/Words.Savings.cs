namespace Metering.Cloud.Texts;

/// <summary>Texts of the deeper sections of the savings page: load, events, waterfall, meters.</summary>
internal static partial class Words
{
    public static readonly Text LoadChart = new("Curva de duración de la carga", "Load duration curve");
    public static readonly Text LoadNote = new(
        "Cuartos de hora de mayor a menor. El extremo derecho es la carga que nunca para: base, la que se rebasa 95 % del tiempo; noche, promedio de 0 a 5 h.",
        "Quarters of an hour from largest to smallest. The right end is the load that never stops: base, exceeded 95 % of the time; night, mean from 0 to 5 h.");
    public static readonly Text LoadAxis = new("% del tiempo en que se rebasa", "% of the time in which it is exceeded");
    public static readonly Text LoadTold = new(
        "{0}: base {1}, noche {2}, promedio {3}, máxima {4} {5}.",
        "{0}: base {1}, night {2}, mean {3}, highest {4} {5}.");
    public static readonly Text LoadBase = new("Carga base", "Base load");
    public static readonly Text LoadNight = new("Carga nocturna", "Night load");
    public static readonly Text LoadMean = new("Promedio", "Mean");
    public static readonly Text LoadHighest = new("Máxima", "Highest");
    public static readonly Text LoadExceeded = new("Rebasada {0} % del tiempo", "Exceeded {0} % of the time");

    public static readonly Text WaterfallChart = new("De la línea base a lo medido", "From the baseline to what was metered");
    public static readonly Text WaterfallNote = new(
        "Cada paso en la misma escala; los pasos suman exactamente. Por los días que no cuentan no se afirma ningún ahorro.",
        "Each step on one scale; the steps add up exactly. No saving is claimed for the days that do not count.");
    public static readonly Text StepBaseline = new("Línea base, mismos días", "Baseline, as many days");
    public static readonly Text StepRoutine = new("Producción, clima y calendario", "Production, weather and calendar");
    public static readonly Text StepEvents = new("Eventos decididos", "Decided events");
    public static readonly Text StepAdjusted = new("Línea base ajustada", "Adjusted baseline");
    public static readonly Text StepMeasure = new("La medida", "The measure");
    public static readonly Text StepMetered = new("Medido, días que cuentan", "Metered, days that count");
    public static readonly Text StepNotCounted = new("Días que no cuentan", "Days that do not count");
    public static readonly Text StepRegister = new("Diferencia del registro", "Difference of the register");
    public static readonly Text StepWord = new("Paso", "Step");

    public static readonly Text EventsTitle = new("Eventos no rutinarios", "Non-routine events");
    public static readonly Text EventsNote = new(
        "Cambios de consumo que ninguna variable explica. El programa los propone; una persona decide qué fueron. Mientras nadie decida, la cifra de arriba no los toca.",
        "Changes in use that no driver explains. The program proposes them; a person decides what they were. Until someone decides, the figure above leaves them alone.");
    public static readonly Text NoEvents = new(
        "No se encontró ningún cambio de consumo sin explicación en la línea base ni en el periodo de reporte.",
        "No unexplained change in use was found in the baseline or the reporting period.");
    public static readonly Text EventWord = new("Evento", "Event");
    public static readonly Text EventSize = new("Tamaño por día", "Size per day");
    public static readonly Text SavingWith = new("Ahorro con ajuste", "Saving with adjustment");
    public static readonly Text SavingWithout = new("Ahorro sin ajuste", "Saving without");
    public static readonly Text DecisionWord = new("Decisión", "Decision");
    public static readonly Text Undecided = new("por decidir", "to be decided");
    public static readonly Text NearInstallation = new("junto a la instalación: puede ser la medida misma", "next to the installation: may be the measure itself");
    public static readonly Text EventStep = new("escalón", "step");
    public static readonly Text EventTemporary = new("pasajero", "temporary");
    public static readonly Text EventDrift = new("deriva", "drift");
    public static readonly Text EventOutlier = new("días atípicos", "outlier days");
    public static readonly Text UntilEnd = new("en adelante", "onwards");
    public static readonly Text DecidedProject = new("efecto del proyecto", "effect of the project");
    public static readonly Text DecidedPermanent = new("no rutinario, permanente", "non-routine, permanent");
    public static readonly Text DecidedTemporary = new("no rutinario, pasajero", "non-routine, temporary");
    public static readonly Text DecidedIgnored = new("se ignora", "ignored");
    public static readonly Text DecidedFault = new("falla de datos", "fault of the data");
    public static readonly Text AllWithout = new("Ahorro sin ningún ajuste: {0}.", "Saving without any adjustment: {0}.");

    public static readonly Text MetersTitle = new("Medidores", "Meters");
    public static readonly Text MetersNote = new(
        "Según lo que dicen los canales. Clase, relación de transformación y calibración se muestran cuando estén registradas.",
        "As the channels say. Class, transformer ratio and calibration are shown once they are on record.");
    public static readonly Text ProfileWord = new("Perfil", "Profile");
    public static readonly Text RoleWord = new("Rol", "Role");
    public static readonly Text RoleUse = new("consumo", "use");
    public static readonly Text ClassWord = new("Clase", "Class");
    public static readonly Text RatioWord = new("Relación TC/TP", "CT/VT ratio");
    public static readonly Text CalibrationWord = new("Última calibración", "Last calibration");
    public static readonly Text GradeWord = new("Resolución", "Resolution");
}
