namespace Metering.Gateway.Inputs;

/// <summary>What is said to people who enter something.</summary>
internal static class FieldTexts
{
    internal static readonly Text NoManualChannel = new(
        es: "No hay un canal manual '{0}' en la configuración. Los que hay: {1}. Agréguelo en inputs con manual: (cantidad y unidad).",
        en: "There is no manual channel '{0}' in the configuration. There are: {1}. Add it under inputs with manual: (quantity and unit).");

    internal static readonly Text WrongUnit = new(
        es: "El canal {0} está en {1} y usted escribió {2}. Convierta el valor, o revise si es el canal correcto.",
        en: "Channel {0} is in {1}, and you wrote {2}. Convert the value, or check whether it is the right channel.");

    internal static readonly Text OutOfRange = new(
        es: "{0} {1} está fuera de lo que este canal puede marcar. Revise los dígitos y la unidad.",
        en: "{0} {1} is outside what this channel can show. Check the digits and the unit.");

    internal static readonly Text Comma = new(
        es: "'{0}' se puede leer de dos maneras: la coma puede ser decimal o separar miles. Escriba el número sin comas y con punto decimal, por ejemplo 1234 o 1.234.",
        en: "'{0}' can be read in two ways: the comma may be a decimal mark or separate thousands. Write it without commas and with a decimal point, such as 1234 or 1.234.");

    internal static readonly Text NoNumber = new(
        es: "'{0}' no es un número. Escriba solo dígitos y, si hace falta, un punto decimal.",
        en: "'{0}' is no number. Write digits only and, if needed, a decimal point.");

    internal static readonly Text TooManyDecimals = new(
        es: "'{0}' tiene más decimales que el canal ({1}). No se redondea nada: suba decimals en la configuración o escriba el valor como debe guardarse.",
        en: "'{0}' has more decimals than the channel ({1}). Nothing is rounded: raise decimals in the configuration, or write the value as it is to be kept.");

    internal static readonly Text NoInstant = new(
        es: "'{0}' no es una fecha con hora y zona. Escríbala así: 2026-03-01T08:00-06:00 (o con Z para UTC).",
        en: "'{0}' is no date with time and offset. Write it like this: 2026-03-01T08:00-06:00 (or with Z for UTC).");

    internal static readonly Text Future = new(
        es: "{0} todavía no llega. Revise la fecha, la hora y la zona; revise también el reloj del equipo.",
        en: "{0} has not come yet. Check date, time and offset, and this computer's clock.");

    internal static readonly Text LongAgo = new(
        es: "{0} fue hace más de 400 días. Revise el año; los datos históricos se importan en la nube.",
        en: "{0} was more than 400 days ago. Check the year; history is imported in the cloud.");

    internal static readonly Text ReadingThere = new(
        es: "El canal {0} ya tiene un valor en ese instante: {1} {2} (registro {3}). Para cambiarlo: gateway reading correct --entry {3}.",
        en: "Channel {0} has a value at that instant already: {1} {2} (entry {3}). To change it: gateway reading correct --entry {3}.");

    internal static readonly Text SwapThere = new(
        es: "El cambio de medidor de {0} en {1} ya está registrado. Véalo con: gateway reading list.",
        en: "The change of meter of {0} at {1} is recorded already. See it with: gateway reading list.");

    internal static readonly Text NothingToCorrect = new(
        es: "No hay una lectura vigente con el registro {0}. Vea los números con: gateway reading list.",
        en: "There is no reading in force with entry {0}. See the numbers with: gateway reading list.");

    internal static readonly Text OtherCorrected = new(
        es: "El registro {0} es del canal {1} en {2}. Una corrección lleva el mismo canal y el mismo instante.",
        en: "Entry {0} is of channel {1} at {2}. A correction has the same channel and the same instant.");

    internal static readonly Text NoCounter = new(
        es: "'{0}' no es un medidor con totalizador de esta configuración. Los que hay: {1}.",
        en: "'{0}' is no meter with a counter in this configuration. There are: {1}.");

    internal static readonly Text WhichCounter = new(
        es: "El medidor {0} tiene varios totalizadores: {1}. Registre el cambio de cada uno con --channel.",
        en: "Meter {0} has several counters: {1}. Record the change of each with --channel.");

    internal static readonly Text PulseSwap = new(
        es: "{0} cuenta pulsos: el índice lo lleva este equipo. Ponga la lectura del medidor nuevo en initialIndex de la configuración y reinicie.",
        en: "{0} counts pulses: this computer keeps its index. Write what the new meter shows as initialIndex in the configuration and start again.");

    internal static readonly Text NoOperator = new(
        es: "Falta quién tomó el valor. Escriba --operator con su nombre.",
        en: "Who took the value is missing. Write --operator with your name.");

    internal static readonly Text LongWords = new(
        es: "{0} admite hasta {1} caracteres en una sola línea.",
        en: "{0} takes up to {1} characters on one line.");

    internal static readonly Text NoPhoto = new(
        es: "No existe la foto {0}. Revise el nombre y la carpeta.",
        en: "There is no photo {0}. Check its name and folder.");

    internal static readonly Text LargePhoto = new(
        es: "La foto {0} pesa más de 20 MB. Tómela con menos resolución.",
        en: "The photo {0} is larger than 20 MB. Take it with a lower resolution.");

    internal static readonly Text Kept = new(
        es: "Registro {0} guardado. Sale a la nube, firmado, con el siguiente ciclo del gateway; si está detenido, cuando arranque. La foto se queda aquí, su huella viaja.",
        en: "Entry {0} is kept. It goes to the cloud, signed, with the gateway's next cycle; if that is stopped, when it starts. A photo stays here, its hash travels.");

    internal static readonly Text NotKept = new(
        es: "No se pudo guardar: {0} No quedó nada registrado. Revise el disco y el dueño de la carpeta de estado.",
        en: "It could not be kept: {0} Nothing was recorded. Check the disk and the owner of the state directory.");

    internal static readonly Text NotPermitted = new(
        es: "Sin permiso: {0} Use el mismo usuario que el gateway (sudo -u metering).",
        en: "Not permitted: {0} Use the same user as the gateway (sudo -u metering).");
}
