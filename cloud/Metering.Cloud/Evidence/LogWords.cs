namespace Metering.Cloud.Evidence;

/// <summary>Texts of the log's page and command.</summary>
internal static class LogWords
{
    public static readonly Text Title = new("Registro de transparencia", "Transparency log");
    public static readonly Text Lead = new(
        "Todo aquello en que se apoya un ahorro, en un solo orden: llaves, lotes de lecturas, planes, decisiones, resultados y firmas. Solo se agrega; quien guarda el número de entradas y la raíz puede comprobar después que nada anterior cambió.",
        "Everything a saving stands on, in one order: keys, batches of readings, plans, decisions, results and signatures. It is only added to; whoever keeps the number of entries and the root can check later that nothing before changed.");
    public static readonly Text Size = new("Entradas", "Entries");
    public static readonly Text Root = new("Raíz", "Root");
    public static readonly Text Checkpoint = new("Último punto de control firmado", "Newest signed checkpoint");
    public static readonly Text NoCheckpoint = new("Todavía no se ha firmado ninguno.", "None is signed yet.");
    public static readonly Text Signed = new("{0} entradas, {1}", "{0} entries, {1}");
    public static readonly Text Download = new("Descargar la nota firmada", "Download the signed note");
    public static readonly Text Key = new("Llave pública del registro", "Public key of the log");
    public static readonly Text KeyDownload = new("Descargar cloud.pub.pem", "Download cloud.pub.pem");
    public static readonly Text KeyFingerprint = new("Huella SHA-256:", "SHA-256 fingerprint:");
    public static readonly Text KeyNote = new(
        "Sirve para verificar un paquete de evidencia sin depender de nosotros: «metering verify ARCHIVO.mevb --trust cloud.pub.pem». Antes de confiar en ella, compare la huella con la que el programa le dio por otro medio (contrato, correo o teléfono): una página falsa mostraría su propia llave.",
        "It verifies an evidence bundle without depending on us: “metering verify FILE.mevb --trust cloud.pub.pem”. Before you trust it, compare the fingerprint with the one the programme gave you by another way (contract, e-mail or telephone): a false page would show its own key.");
    public static readonly Text Newest = new("Entradas más nuevas", "Newest entries");
    public static readonly Text SubjectNote = new(
        "El asunto dice de qué clase es la entrada, de quién (gateway, planta, proyecto o programa) y su número, que empieza en 1 y no se salta ninguno. De los cuerpos solo se ve la huella.",
        "The subject says of which kind an entry is, whose (gateway, plant, project or programme) and its number, which begins with 1 and skips none. Of bodies only the hash is shown.");
    public static readonly Text Older = new("Anteriores", "Older");
    public static readonly Text NewestFirst = new("Las más nuevas", "The newest");
    public static readonly Text Number = new("N.º", "No.");
    public static readonly Text At = new("Asentada (UTC)", "Logged (UTC)");
    public static readonly Text Subject = new("Asunto", "Subject");
    public static readonly Text Body = new("Huella del cuerpo", "Hash of the body");
    public static readonly Text Erased = new("cuerpo borrado", "body erased");
    public static readonly Text Empty = new("El registro no tiene entradas todavía.", "The log has no entries yet.");

    public static readonly Text Log = new("El registro de transparencia: en qué se apoya cada ahorro, en un solo orden", "The transparency log: what every saving stands on, in one order");
    public static readonly Text Status = new("Mostrar cuántas entradas tiene, su raíz y el último punto de control", "Show how many entries it has, its root and the newest checkpoint");
    public static readonly Text Verify = new(
        "Comprobar cada entrada, número, huella y punto de control, y los lotes con el almacén; sale con 3 si algo no coincide",
        "Check every entry, number, hash and checkpoint, and the batches against the store; exits with 3 when something differs");
    public static readonly Text CheckpointCommand = new("Poner el registro al día, firmar un punto de control y mostrarlo", "Bring the log up to date, sign a checkpoint and print it");
    public static readonly Text EarlierKeys = new(
        "{0} de los puntos de control los firmó una llave anterior del registro; el cambio está asentado.", "{0} of the checkpoints were signed by an earlier key of the log; the change is logged.");
    public static readonly Text TimeStampCommand = new(
        "Pedir a la autoridad de sellado de tiempo (log.timeStampAuthority) un sello sobre el punto de control más nuevo", "Ask the time-stamp authority (log.timeStampAuthority) for a stamp over the newest checkpoint");
    public static readonly Text NoAuthority = new(
        "La configuración no nombra ninguna autoridad. Agregue, por ejemplo: log: { timeStampAuthority: http://tsa.example.org/tsr }",
        "The configuration names no authority. Add, for example: log: { timeStampAuthority: http://tsa.example.org/tsr }");
    public static readonly Text Stamped = new("Sello de tiempo sobre {0} entradas: {1}", "Time stamp over {0} entries: {1}");
    public static readonly Text NotStamped = new(
        "La autoridad no dio ningún sello de tiempo: {0}. Nada cambió; repita más tarde o corrija la dirección.", "The authority gave no time stamp: {0}. Nothing changed; repeat later, or correct the address.");
    public static readonly Text Erase = new(
        "Borrar para siempre el cuerpo de una entrada (datos de una persona); la entrada y la raíz quedan", "Erase the body of an entry for ever (a person's data); the entry and the root stay");
    public static readonly Text Index = new("Número de la entrada, desde 0", "Number of the entry, from 0");
    public static readonly Text Reason = new("El motivo: queda para siempre y lo ve todo el que vea el registro, así que no nombre a nadie", "Why: stays for ever and is seen by all who see the log, so name nobody");
    public static readonly Text Sound = new(
        "{0} entradas sin fallas: lugares, números, huellas, {1} puntos de control y los lotes del almacén coinciden; {2} cuerpos borrados. Raíz {3}",
        "{0} entries without fault: places, numbers, hashes, {1} checkpoints and the store's batches agree; {2} bodies erased. Root {3}");
    public static readonly Text Faults = new("{0} fallas en {1} entradas:", "{0} faults in {1} entries:");
    public static readonly Text Entry = new("entrada {0}: {1}", "entry {0}: {1}");
    public static readonly Text BatchMissing = new("falta el lote {0} que está en el almacén", "batch {0} of the store is missing");
    public static readonly Text BatchDiffers = new("el lote {0} del almacén tiene otra huella", "batch {0} of the store has another hash");
    public static readonly Text ErasedNow = new("El cuerpo de la entrada {0} está borrado; lo dice la entrada {1}.", "The body of entry {0} is erased; entry {1} says so.");
    public static readonly Text IndexWrong = new("--index: escriba el número de la entrada, desde 0.", "--index: write the number of the entry, from 0.");
    public static readonly Text ReasonMissing = new("--reason: falta el motivo; quedará en el registro.", "--reason is empty: say why; it stays in the log.");
    public static readonly Text None = new("ninguno", "none");
    public static readonly Text Behind = new("{0} lotes y {1} cambios del registro por asentar", "{0} batches and {1} changes of the register to be logged");
    public static readonly Text UpToDate = new("al día", "up to date");
    public static readonly Text Following = new("Seguimiento", "Following");
}
