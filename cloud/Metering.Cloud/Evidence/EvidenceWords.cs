namespace Metering.Cloud.Evidence;

/// <summary>What pages and commands say of evidence.</summary>
internal static class EvidenceWords
{
    public static readonly Text Download = new("Descargar evidencia", "Download evidence");
    public static readonly Text DownloadNote = new(
        "Un archivo con todo lo que hace falta para verificar este ahorro sin la nube: lecturas firmadas, registro, plan, decisiones, resultado e informe. Se comprueba con «metering verify» o con openssl.",
        "One file with all it takes to verify this saving without the cloud: signed readings, log, plan, decisions, result and report. Check it with “metering verify” or with openssl.");

    public static readonly Text NoBundleTitle = new("No se puede preparar la evidencia", "The evidence cannot be prepared");
    public static readonly Text TooLarge = new(
        "El paquete de evidencia sería mayor que 4 GB. Divida el proyecto en periodos más cortos.", "The evidence bundle would be larger than 4 GB. Split the project into shorter periods.");

    public static readonly Text Command = new("Escribe el paquete de evidencia de un proyecto, para 'metering verify'", "Write the evidence bundle of a project, for 'metering verify'");
    public static readonly Text Project = new("Identificador del proyecto", "Id of the project");
    public static readonly Text Out = new("Archivo que se escribe; aparece cuando está completo", "File to write; it appears when it is whole");
    public static readonly Text StepLog = new("registro al día", "log brought up to date");
    public static readonly Text StepResult = new("resultado", "result");
    public static readonly Text StepBatches = new("lotes {0} de {1}", "batches {0} of {1}");
    public static readonly Text StepSeal = new("sello", "seal");
    public static readonly Text Done = new(
        "{0}: resultado {1}, {2} lotes, {3} lecturas, registro {4} con {5} entradas, raíz {6}", "{0}: result {1}, {2} batches, {3} readings, log {4} with {5} entries, root {6}");
    public static readonly Text NoTimeStamp = new(
        "El paquete se hizo sin sello de tiempo propio: {0}. Repita más tarde, o con 'cloud log timestamp'.", "The bundle was made without a time stamp of its own: {0}. Repeat later, or with 'cloud log timestamp'.");
    public static readonly Text NoTimeStampTitle = new("El último paquete no lleva sello de tiempo propio", "The last bundle has no time stamp of its own");
    public static readonly Text NoTimeStampPage = new(
        "El paquete de evidencia que se hizo el {0} UTC pidió un sello de tiempo a la autoridad y no lo obtuvo ({1}). Lo demás está completo y se puede verificar; para que lleve el sello, descárguelo otra vez más tarde.",
        "The evidence bundle made at {0} UTC asked the authority for a time stamp and got none ({1}). All else is complete and can be verified; for it to have the stamp, download it again later.");
    public static readonly Text CannotWrite = new(
        "No se puede escribir {0}: {1} ¿Existe la carpeta, puede escribir en ella este usuario, hay espacio?", "Cannot write {0}: {1} Does the directory exist, may this user write in it, is there room?");
}
