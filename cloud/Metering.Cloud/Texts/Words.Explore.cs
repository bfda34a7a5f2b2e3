namespace Metering.Cloud.Texts;

/// <summary>Texts of the way down from a saving to a signed reading.</summary>
internal static partial class Words
{
    public static readonly Text ReadingTitle = new("Lectura de {0}", "Reading of {0}");
    public static readonly Text NoValue = new("sin valor", "no value");
    public static readonly Text ExactRegister = new("Registro exacto", "Exact register");
    public static readonly Text EvidenceGrade = new("Grado de evidencia", "Evidence grade");
    public static readonly Text EarlierReading = new("lectura anterior", "earlier reading");
    public static readonly Text LaterReading = new("lectura siguiente", "later reading");
    public static readonly Text BatchTitle = new("Lote firmado que la trajo", "The signed batch that carried it");
    public static readonly Text BatchNumber = new("Número de lote", "Batch number");
    public static readonly Text KeyEpoch = new("Llave número", "Key number");
    public static readonly Text JournalPlace = new("Lugar en el diario, por orden de llegada", "Place in the journal, by arrival");
    public static readonly Text ReceivedAt = new("La nube lo recibió", "Received by the cloud");
    public static readonly Text ReceivedUnknown = new("no se anotaba todavía", "not noted at that time");
    public static readonly Text SourceTitle = new("De qué registros salió", "The registers it came from");
    public static readonly Text SourceNote = new(
        "Como lo dijo el gateway al arrancar con la configuración que nombra el lote; lo anotamos por primera vez el {0}. Este aviso no va firmado.",
        "As the gateway said when it began with the configuration that the batch names; noted first on {0}. That message is not signed.");
    public static readonly Text SourceUnknown = new(
        "El gateway no dijo de qué registros sale este canal: es de otra fuente, o de un programa anterior.",
        "The gateway did not say which registers this channel comes from: another kind of source, or an earlier program.");
    public static readonly Text BusWord = new("Línea", "Bus");
    public static readonly Text UnitIdWord = new("Dirección Modbus", "Modbus unit id");
    public static readonly Text RegisterWord = new("Registro, contado desde 0", "Register, counted from 0");
    public static readonly Text HoldingTable = new("de retención (función 3)", "holding (function 3)");
    public static readonly Text InputTable = new("de entrada (función 4)", "input (function 4)");
    public static readonly Text FormatWord = new("Formato y orden de bytes", "Format and order of bytes");
    public static readonly Text FactorWord = new("Factor, con relación de transformadores", "Factor, transformer ratio included");
    public static readonly Text RawWords = new("Palabras del registro, derivadas del valor y del formato", "Register words, derived from value and format");
    public static readonly Text RawWordsUnknown = new("no se pueden derivar de este valor", "cannot be derived from this value");
    public static readonly Text BatchHash = new("Huella del lote (SHA-256)", "Hash of the batch (SHA-256)");
    public static readonly Text PreviousHash = new("Huella del lote anterior", "Hash of the batch before");
    public static readonly Text SegmentHash = new("Huella del segmento del canal", "Hash of the channel's segment");
    public static readonly Text ConfigHash = new("Huella de la configuración del gateway", "Hash of the gateway's configuration");
    public static readonly Text SegmentLine = new("Renglón firmado, byte por byte", "The signed line, byte for byte");
    public static readonly Text SegmentHeader = new("Encabezado del segmento", "Header of the segment");
    public static readonly Text ManifestText = new("Manifiesto firmado", "Signed manifest");
    public static readonly Text DownloadBatch = new("Descargar el lote como llegó", "Download the batch as it came");
    public static readonly Text BatchGone = new(
        "Los bytes del lote ya no están en este almacén: se depuraron, o la lectura viene de un lote retirado.",
        "The bytes of the batch are no longer in this store: they were pruned, or the reading comes from a batch that was removed.");
    public static readonly Text SignatureGood = new("Firma comprobada ahora: es de la llave registrada del gateway", "Signature checked just now: made by the gateway's enrolled key");
    public static readonly Text SignatureBad = new("La firma no corresponde a la llave registrada del gateway", "The signature does not fit the gateway's enrolled key");
    public static readonly Text SignatureUnknown = new("La llave del gateway no está registrada aquí; la firma no se pudo comprobar", "The gateway's key is not enrolled here; the signature could not be checked");
    public static readonly Text UsedBy = new("Resultados que la usan", "Results that use it");
    public static readonly Text UsedByNone = new("Ningún proyecto usa esta lectura.", "No project uses this reading.");
    public static readonly Text ChannelsOfDay = new("Canales del día", "Channels of the day");
    public static readonly Text FirstReading = new("Primera lectura", "First reading");
    public static readonly Text FinalReading = new("Última lectura", "Last reading");
    public static readonly Text InstantWord = new("Hora", "Time");
    public static readonly Text ReadingsOfHour = new("Lecturas de la hora {0}", "Readings of hour {0}");
    public static readonly Text IntervalsOfDay = new("Cuartos de hora", "Quarters of an hour");
    public static readonly Text IntervalsNote = new("Suman {0}. El número de lecturas lleva a las lecturas de esa hora.", "They add up to {0}. The number of readings leads to the readings of that hour.");
    public static readonly Text DaysOfMonth = new("Días de {0}:", "Days of {0}:");
}
