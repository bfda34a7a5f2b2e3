using System.Text.Json;
using Metering.Evidence.Bundle;

namespace Metering.Verifier.Bundles;

/// <summary>Step, code and words of every fault.</summary>
internal static class FaultTexts
{
    /// <summary>Steps of the check, in their order.</summary>
    public static IReadOnlyList<Text> Steps { get; } =
    [
        new("forma y sello", "form and seal"),
        new("registro de transparencia", "log"),
        new("llaves", "keys"),
        new("lotes", "batches"),
        new("lecturas", "readings"),
        new("plan", "plan"),
        new("recálculo", "recomputation"),
        new("reportes", "reports"),
        new("confianza", "trust"),
    ];

    private static readonly Dictionary<FaultCode, (int Step, Text Text)> Table = new()
    {
        [FaultCode.Form] = (1, new("no tiene la forma de un paquete de evidencia ({0})", "it has not the form of an evidence bundle ({0})")),
        [FaultCode.ZipAppended] = (1, new("detrás del fin del archivo hay bytes agregados ({0})", "bytes were added behind the end of the file ({0})")),
        [FaultCode.ZipCutOff] = (1, new("no es un archivo ZIP, o le falta el final ({0})", "it is no ZIP file, or its end is missing ({0})")),
        [FaultCode.ZipInFront] = (1, new("delante del paquete hay bytes ajenos, como un programa ({0})", "foreign bytes, such as a program, stand in front of the bundle ({0})")),
        [FaultCode.ZipHidden] = (1, new("entre los archivos del ZIP hay bytes escondidos ({0})", "bytes are hidden between the files of the ZIP ({0})")),
        [FaultCode.ZipTwice] = (1, new("dos archivos del ZIP tienen el mismo nombre ({0})", "two files of the ZIP have one name ({0})")),
        [FaultCode.ZipBomb] = (1, new("un archivo del ZIP se expandiría sin fin ({0})", "a file of the ZIP would expand without end ({0})")),
        [FaultCode.ZipName] = (1, new("el ZIP tiene un archivo con un nombre que ningún paquete tiene ({0})", "the ZIP has a file of a name that no bundle has ({0})")),
        [FaultCode.ZipHeaders] = (1, new("los dos encabezados de un archivo del ZIP no concuerdan ({0})", "the two headers of a file of the ZIP do not agree ({0})")),
        [FaultCode.SealLength] = (1, new("el sello habla de {0} bytes y el archivo tiene {1}: se quitaron o agregaron bytes", "the seal speaks of {0} bytes and the file has {1}: bytes were taken away or added")),
        [FaultCode.SealHash] = (1, new("los bytes no son los que se sellaron: el archivo se alteró después", "the bytes are not those that were sealed: the file was altered afterwards")),
        [FaultCode.SealSignature] = (1, new("el sello no está firmado por la llave del registro de transparencia {0} ({1})", "the seal is not signed by the key of the log {0} ({1})")),
        [FaultCode.MissingFile] = (1, new("falta el archivo {0}", "the file {0} is missing")),
        [FaultCode.StrayFile] = (1, new("el archivo {0} sobra: nada en el paquete habla de él", "the file {0} does not belong: nothing in the bundle speaks of it")),
        [FaultCode.Description] = (1, new("bundle.json no dice de qué trata el paquete ({0})", "bundle.json does not say what the bundle is about ({0})")),
        [FaultCode.LogName] = (1, new("sello, punto de control y descripción nombran registros de transparencia distintos: {0}, {1}", "seal, checkpoint and description name different logs: {0}, {1}")),
        [FaultCode.LogKeyForm] = (1, new("keys/log.pem no es una llave P-256", "keys/log.pem is no P-256 key")),
        [FaultCode.CheckpointForm] = (2, new("el punto de control no tiene su forma ({0})", "the checkpoint has not its form ({0})")),
        [FaultCode.CheckpointSignature] = (2, new("el punto de control no está firmado por la llave del registro de transparencia ({0})", "the checkpoint is not signed by the log's key ({0})")),
        [FaultCode.EntryForm] = (2, new("la línea {0} de log/entries.txt no es una entrada ({1})", "line {0} of log/entries.txt is no entry ({1})")),
        [FaultCode.EntryOrder] = (2, new("la entrada {0} viene después de la {1}", "entry {0} comes after entry {1}")),
        [FaultCode.EntryTime] = (2, new("la entrada {0} dice una hora anterior a la de la entrada que la precede, o posterior al punto de control", "entry {0} states a time before that of the entry ahead of it, or after the checkpoint")),
        [FaultCode.EntryBeyond] = (2, new("la entrada {0} no está bajo el punto de control, que abarca {1}", "entry {0} is not under the checkpoint, which covers {1}")),
        [FaultCode.EntryHole] = (2, new("de {0} se esperaba el número {1} y viene {2}: falta una entrada, o está repetida", "of {0} number {1} was expected and {2} comes: an entry was left out, or is there twice")),
        [FaultCode.LogInclusion] = (2, new("las entradas no son las que están bajo la raíz del punto de control", "the entries are not those under the root of the checkpoint")),
        [FaultCode.BodyMissing] = (2, new("falta el contenido de la entrada {0} ({1}) y ninguna entrada dice que se borró", "the body of entry {0} ({1}) is missing and no entry says that it was erased")),
        [FaultCode.BodyHash] = (2, new("el contenido de la entrada {0} ({1}) no tiene la huella que está en el registro de transparencia", "the body of entry {0} ({1}) has not the hash that stands in the log")),
        [FaultCode.BodyForm] = (2, new("el contenido de la entrada {0} no tiene su forma ({1})", "the body of entry {0} has not its form ({1})")),
        [FaultCode.BodyErased] = (6, new("la entrada {0}, con la que se calculó el resultado, se borró: no se puede recalcular", "entry {0}, from which the result was computed, was erased: it cannot be recomputed")),
        [FaultCode.EarlierMissing] = (2, new("de los paquetes anteriores del proyecto se esperaba el {0} y viene {1}: se quitó un punto de control", "of the project's earlier bundles number {0} was expected and {1} comes: a checkpoint was left out")),
        [FaultCode.EarlierForm] = (2, new("el punto de control anterior {0} no tiene su forma ({1})", "the earlier checkpoint {0} has not its form ({1})")),
        [FaultCode.EarlierSignature] = (2, new("el punto de control anterior {0} no lo firmó la llave que el registro de transparencia tenía entonces ({1})", "the earlier checkpoint {0} is not signed by the key that the log had then ({1})")),
        [FaultCode.EarlierOrder] = (2, new("el punto de control anterior {0} abarca {1} entradas, que no es posible en su lugar", "the earlier checkpoint {0} covers {1} entries, which cannot be in its place")),
        [FaultCode.ConsistencyProof] = (2, new("la prueba de que el registro de transparencia solo creció desde el punto de control {0} no lleva a la raíz de este paquete: se alteró", "the proof that the log only grew since checkpoint {0} does not lead to this bundle's root: it was altered")),
        [FaultCode.LogRewritten] = (2, new("el punto de control anterior {0} no es el principio de este registro de transparencia: es falso, o el registro se reescribió", "the earlier checkpoint {0} is not the beginning of this log: it is false, or the log was rewritten")),
        [FaultCode.TimeStampForm] = (2, new("log/timestamp.tsr no es un sello de tiempo ({0})", "log/timestamp.tsr is no time stamp ({0})")),
        [FaultCode.TimeStampImprint] = (2, new("el sello de tiempo no es sobre log/timestamp.note", "the time stamp is not over log/timestamp.note")),
        [FaultCode.TimeStampSignature] = (2, new("la firma del sello de tiempo no es válida, o su certificado no es para sellos de tiempo", "the signature of the time stamp does not hold, or its certificate is not one for time stamps")),
        [FaultCode.KeyForm] = (3, new("{0} no es una llave P-256", "{0} is no P-256 key")),
        [FaultCode.KeyMissing] = (3, new("no hay llave, o no está en el registro de transparencia, para {0}, época {1}", "there is no key, or none in the log, for {0}, epoch {1}")),
        [FaultCode.KeyDiffers] = (3, new("la llave de {0}, época {1}, no es la que está en el registro de transparencia", "the key of {0}, epoch {1}, is not the one in the log")),
        [FaultCode.KeyLate] = (3, new("el lote {2} de {0}, época {1}, está en el registro de transparencia antes que su llave", "batch {2} of {0}, epoch {1}, stands in the log before its key")),
        [FaultCode.KeyEnded] = (3, new("el lote {2} de {0}, época {1}, es posterior al fin de la llave", "batch {2} of {0}, epoch {1}, comes after the end of its key")),
        [FaultCode.NoteForm] = (4, new("un manifiesto de {0} después del lote {1} no tiene su forma ({2})", "a manifest of {0} after batch {1} has not its form ({2})")),
        [FaultCode.NoteSignature] = (4, new("la firma del lote {1} de {0} no es válida: se alteró después de firmarse", "the signature of batch {1} of {0} does not hold: it was altered after signing")),
        [FaultCode.NoteCanonical] = (4, new("la firma del lote {1} de {0} no está en su única forma", "the signature of batch {1} of {0} is not in its one form")),
        [FaultCode.NoteKey] = (4, new("el lote {1} de {0} lo firmó otra llave", "batch {1} of {0} was signed by another key")),
        [FaultCode.NotePlace] = (4, new("entre los lotes de {0} está uno de {1}", "among the batches of {0} stands one of {1}")),
        [FaultCode.NoteMissing] = (4, new("el lote {1} de {0} está en el registro de transparencia, pero falta su manifiesto", "batch {1} of {0} stands in the log, but its manifest is missing")),
        [FaultCode.BatchTwice] = (4, new("el lote {1} de {0} está dos veces", "batch {1} of {0} is there twice")),
        [FaultCode.BatchOrder] = (4, new("el lote {1} de {0} viene después del {2}", "batch {1} of {0} comes after batch {2}")),
        [FaultCode.BatchMissing] = (4, new("de {0} faltan los lotes {1} a {2}", "of {0} batches {1} to {2} are missing")),
        [FaultCode.BatchLink] = (4, new("el lote {1} de {0} no nombra la huella del anterior", "batch {1} of {0} does not name the hash of the one before")),
        [FaultCode.BatchNotLogged] = (4, new("el lote {1} de {0} no está en el registro de transparencia", "batch {1} of {0} does not stand in the log")),
        [FaultCode.BatchLogOrder] = (4, new("el lote {1} de {0} está en el registro de transparencia antes que el anterior", "batch {1} of {0} stands in the log before the one ahead of it")),
        [FaultCode.EpochCut] = (4, new("la época {1} de {0} acaba en el lote {2}, y el paquete no los trae hasta ahí", "epoch {1} of {0} ends with batch {2}, and the bundle does not carry them up to it")),
        [FaultCode.LossForm] = (4, new("la declaración de lotes perdidos de {0} no es del gateway ({1})", "the statement of lost batches of {0} is not the gateway's ({1})")),
        [FaultCode.LossDiffers] = (4, new("{0} declara perdidos los lotes {1} a {2}, que no son los que faltan", "{0} states batches {1} to {2} as lost, which are not the missing ones")),
        [FaultCode.RecordForm] = (4, new("la anotación de la entrada {0} no tiene su forma ({1})", "the record of entry {0} has not its form ({1})")),
        [FaultCode.RecordPlace] = (4, new("la entrada {0} ({1}) trae una anotación de {2}", "entry {0} ({1}) holds a record of {2}")),
        [FaultCode.RecordKey] = (4, new("la anotación de la entrada {0} no la firmó ninguna llave de {1} que esté en el registro de transparencia, o no la de su época", "the record of entry {0} was signed by no key of {1} that is in the log, or not by that of its epoch")),
        [FaultCode.RecordSignature] = (4, new("la firma de {1} en la anotación de la entrada {0} no es válida ({2}): se alteró después de firmarse", "the signature of {1} on the record of entry {0} does not hold ({2}): it was altered after signing")),
        [FaultCode.RecordTime] = (4, new("la anotación de la entrada {0} está en el registro de transparencia antes que la llave de {1}, época {2}, o después de su revocación", "the record of entry {0} stands in the log before the key of {1}, epoch {2}, or after it was revoked")),
        [FaultCode.SegmentMissing] = (5, new("faltan lecturas de {0}, lote {1}, que su manifiesto nombra", "readings of {0}, batch {1}, that its manifest names are missing")),
        [FaultCode.SegmentStray] = (5, new("sobran lecturas de {0} que ningún manifiesto nombra", "there are readings of {0} that no manifest names")),
        [FaultCode.SegmentHash] = (5, new("las lecturas de {0}, lote {1}, no tienen la huella que su manifiesto firma", "the readings of {0}, batch {1}, have not the hash that their manifest signs")),
        [FaultCode.SegmentForm] = (5, new("las lecturas de {0}, lote {1}, no tienen su forma ({2})", "the readings of {0}, batch {1}, have not their form ({2})")),
        [FaultCode.PlanMissing] = (6, new("no hay ningún plan del proyecto {0} antes del resultado", "there is no plan of the project {0} before the result")),
        [FaultCode.PlanNotNewest] = (6, new("el resultado se apoya en el plan de la entrada {0}; el vigente es el de la {1}", "the result stands on the plan of entry {0}; the one in force is that of entry {1}")),
        [FaultCode.PlanOther] = (6, new("la entrada {0} es de {1}, no de {2}", "entry {0} is about {1}, not about {2}")),
        [FaultCode.ResultForm] = (6, new("result.json no es un resultado ({0})", "result.json is no result ({0})")),
        [FaultCode.ResultOther] = (6, new("el resultado es de {0}, el paquete dice tratar de {1}", "the result is of {0}, the bundle claims to be about {1}")),
        [FaultCode.DecisionsDiffer] = (6, new("el resultado nombra las decisiones {0}; las que valían son {1}", "the result names the decisions {0}; those in force were {1}")),
        [FaultCode.ProductionDiffers] = (6, new("el resultado nombra la producción {0}; la que valía es {1}", "the result names the production {0}; what was in force is {1}")),
        [FaultCode.ValidationMissing] = (6, new("el resultado nombra la validación de la entrada {0}, que no está antes de él entre las de {1}", "the result names the validation of entry {0}, which does not stand ahead of it among those of {1}")),
        [FaultCode.ValidationOther] = (6, new("la validación de la entrada {0} es de otras lecturas que las del resultado ({1})", "the validation of entry {0} is of other readings than the result's ({1})")),
        [FaultCode.ValidationParameters] = (7, new("la validación dice que la regla {0} fue {1}; este programa valida con {2}", "the validation says that the rule {0} was {1}; this program validates with {2}")),
        [FaultCode.ValidationDiffers] = (7, new("al validar de nuevo, {0} es {2} y no {1}", "validated anew, {0} is {2} and not {1}")),
        [FaultCode.CodeDiffers] = (7, new("code.json no es el que nombra el resultado", "code.json is not the one that the result names")),
        [FaultCode.PartsDiffer] = (7, new("sbom.cdx.json no es la que nombra el resultado", "sbom.cdx.json is not the one that the result names")),
        [FaultCode.ResultDiffers] = (7, new("al recalcular, {0} es {2} y no {1}", "computed anew, {0} is {2} and not {1}")),
        [FaultCode.RecomputationFailed] = (7, new("no se pudo recalcular ({0})", "it could not be recomputed ({0})")),
        [FaultCode.ReportMissing] = (8, new("falta la entrada del reporte {0}, o el reporte", "the entry of the report {0}, or the report, is missing")),
        [FaultCode.ReportHash] = (8, new("el reporte {0} no tiene la huella que está en el registro de transparencia", "the report {0} has not the hash that stands in the log")),
        [FaultCode.ReportLanguage] = (8, new("el reporte {0} está registrado como {1}", "the report {0} is logged as {1}")),
        [FaultCode.ReportResult] = (8, new("el reporte {0} es del resultado de la entrada {1}, no de la {2}", "the report {0} is of the result of entry {1}, not {2}")),
        [FaultCode.Untrusted] = (9, new("la llave de {0} ({1}) no es ninguna de las que usted indicó con --trust", "the key of {0} ({1}) is none of those you gave with --trust")),
        [FaultCode.LogKeyChanged] = (9, new("el registro de transparencia {0} firmaba antes con otra llave ({1})", "the log {0} signed with another key before ({1})")),
        [FaultCode.LogWentBack] = (9, new("el registro de transparencia {0} tenía ya {1} entradas y ahora dice tener {2}", "the log {0} had {1} entries already and now claims {2}")),
        [FaultCode.LogForked] = (9, new("el registro de transparencia {0} muestra otra historia que antes ({1}): hay dos versiones de él", "the log {0} shows another past than before ({1}): there are two versions of it")),
        [FaultCode.TimeStampAuthority] = (9, new("el certificado del sello de tiempo ({0}) no viene de la autoridad que usted indicó con --time-authority ({1})", "the certificate of the time stamp ({0}) does not come from the authority you gave with --time-authority ({1})")),
        [FaultCode.RemarkStrict] = (9, new("con --strict cuenta como fallo: {0}", "with --strict this counts as a fault: {0}")),
    };

    /// <summary>Number of the step that finds it, from 1.</summary>
    public static int StepOf(FaultCode code) => Table[code].Step;

    /// <summary>The fault of a file that has not the form of a bundle.</summary>
    public static Fault Of(BundleFormatException exception) => new(
        exception.Fault switch
        {
            BundleFormFault.Appended => FaultCode.ZipAppended,
            BundleFormFault.CutOff => FaultCode.ZipCutOff,
            BundleFormFault.InFront => FaultCode.ZipInFront,
            BundleFormFault.Hidden => FaultCode.ZipHidden,
            BundleFormFault.Twice => FaultCode.ZipTwice,
            BundleFormFault.Bomb => FaultCode.ZipBomb,
            BundleFormFault.Name => FaultCode.ZipName,
            BundleFormFault.Headers => FaultCode.ZipHeaders,
            _ => FaultCode.Form,
        },
        exception.Message);

    /// <summary>The code that programs read.</summary>
    public static string CodeOf(FaultCode code) => JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString());

    /// <summary>The sentence for people, without a full stop.</summary>
    public static string In(this Fault fault, Language language) => Table[fault.Code].Text.In(language, [.. fault.Values]);

    /// <summary>Every code with its sentence, places not filled.</summary>
    public static IEnumerable<(FaultCode Code, int Step, Text Text)> All => Table.Select(row => (row.Key, row.Value.Step, row.Value.Text));
}
