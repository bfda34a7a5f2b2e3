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
    public static readonly Text BatchHash = new("Huella del lote (SHA-256)", "Hash of the batch (SHA-256)");
    public static readonly Text PreviousHash = new("Huella del lote anterior", "Hash of the batch before");
    public static readonly Text SegmentHash = new("Huella del segmento del canal", "Hash of the channel's segment");
    public static readonly Text ConfigHash = new("Huella de la configuración de la pasarela", "Hash of the gateway's configuration");
    public static readonly Text SegmentLine = new("Renglón firmado, byte por byte", "The signed line, byte for byte");
    public static readonly Text SegmentHeader = new("Encabezado del segmento", "Header of the segment");
    public static readonly Text ManifestText = new("Manifiesto firmado", "Signed manifest");
    public static readonly Text DownloadBatch = new("Descargar el lote como llegó", "Download the batch as it came");
    public static readonly Text BatchGone = new(
        "Los bytes del lote ya no están en este almacén: se depuraron, o la lectura viene de un lote retirado.",
        "The bytes of the batch are no longer in this store: they were pruned, or the reading comes from a batch that was removed.");
    public static readonly Text SignatureGood = new("Firma comprobada ahora: es de la llave registrada de la pasarela", "Signature checked just now: made by the gateway's enrolled key");
    public static readonly Text SignatureBad = new("La firma no corresponde a la llave registrada de la pasarela", "The signature does not fit the gateway's enrolled key");
    public static readonly Text SignatureUnknown = new("La llave de la pasarela no está registrada aquí; la firma no se pudo comprobar", "The gateway's key is not enrolled here; the signature could not be checked");
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
