using System.Collections.Frozen;

namespace Metering.Cloud.Api;

/// <summary>One field, parameter or header at fault.</summary>
/// <param name="Field">Its name as it is written in the request.</param>
/// <param name="Message">What is wrong with it.</param>
internal sealed record ApiFieldFault(string Field, ApiText Message);

/// <summary>What each code of a fault means to the one who gets it. The page of the API lists them.</summary>
internal static class ApiCodes
{
    /// <summary>Codes that need no list: their sentence says everything.</summary>
    private static readonly Text Plain = new("Lea «detail».", "Read “detail”.");

    /// <summary>Code and what to do, in the order of the page.</summary>
    public static IReadOnlyList<(string Code, int Status, Text Hint)> All { get; } =
    [
        ("no-key", 401, new("Envíe «Authorization: Bearer mtr_...» con una llave vigente.", "Send “Authorization: Bearer mtr_...” with a key that holds.")),
        ("not-permitted", 403, new("Pida a quien administra el servicio una llave o un rol que lo permita.", "Ask the administrator for a key or a role that allows it.")),
        ("written-by-program", 403, new("Este tipo de registro lo escribe el programa; use otro tipo.", "The program itself writes records of this kind; use another kind.")),
        ("unknown-address", 404, new("Revise la dirección con la lista de esta página.", "Compare the address with the list on this page.")),
        ("unknown-plant", 404, new("/api/v1/plants dice cuáles hay.", "/api/v1/plants lists those there are.")),
        ("unknown-meter", 404, new("/api/v1/meters dice cuáles hay.", "/api/v1/meters lists those there are.")),
        ("unknown-channel", 404, new("/api/v1/channels dice cuáles hay.", "/api/v1/channels lists those there are.")),
        ("unknown-project", 404, new("/api/v1/projects dice cuáles hay.", "/api/v1/projects lists those there are.")),
        ("unknown-event", 404, new("Los eventos de un proyecto están en /api/v1/projects/{id}/events.", "The events of a project stand at /api/v1/projects/{id}/events.")),
        ("unknown-kind", 404, new("/api/v1/records dice qué tipos hay y qué campos tienen.", "/api/v1/records lists the kinds and their fields.")),
        ("unknown-record", 404, new("Revise tipo e identificador; lo ajeno también contesta así.", "Check kind and identifier; what is not yours answers the same.")),
        ("unknown-reading", 404, new("Pida el instante exacto de una lectura, en milisegundos UTC.", "Ask for the exact instant of a reading, in UTC milliseconds.")),
        ("unknown-report", 404, new("/api/v1/reports dice cuáles hay y en qué formatos.", "/api/v1/reports lists them and their formats.")),
        ("unknown-chart", 404, Plain),
        ("no-checkpoint", 404, new("Espere un minuto: el primero se firma cuando hay algo asentado.", "Wait a minute: the first one is signed when something is logged.")),
        ("bad-limit", 400, new("limit va de 1 a 1000.", "limit goes from 1 to 1000.")),
        ("bad-cursor", 400, new("Siga el enlace rel=next tal como vino.", "Follow the link rel=next just as it came.")),
        ("bad-step", 400, new("step es 15m, 1h, 1d o 1mo.", "step is one of 15m, 1h, 1d, 1mo.")),
        ("bad-time", 400, new("Escriba un día de la planta, 2026-01-31, o un instante, 2026-01-31T00:00:00Z.", "Write a day of the plant, 2026-01-31, or an instant, 2026-01-31T00:00:00Z.")),
        ("bad-range", 400, new("Pida un tramo más corto, o pasos más largos.", "Ask for a shorter range, or longer steps.")),
        ("bad-kind", 400, Plain),
        ("bad-filter", 400, Plain),
        ("bad-tag", 400, new("Envíe en If-Match el ETag que vino con el registro, con sus comillas.", "Send in If-Match the ETag that came with the record, quotes included.")),
        ("invalid-json", 400, new("El cuerpo es un objeto JSON en UTF-8, con cada campo una sola vez.", "The body is one JSON object in UTF-8, each field once.")),
        ("invalid-fields", 400, new("«errors» nombra cada campo y lo que le falta.", "“errors” names each field and what is wrong with it.")),
        ("no-idempotency-key", 400, new("Envíe Idempotency-Key con un texto propio de cada captura, como un UUID.", "Send Idempotency-Key with a text of its own for each entry, such as a UUID.")),
        ("no-form-token", 400, new("Con sesión de navegador, envíe el encabezado RequestVerificationToken; con llave no hace falta.", "With a browser's session, send the header RequestVerificationToken; a key needs none.")),
        ("not-acceptable", 406, new("Pida application/json o text/csv.", "Ask for application/json or text/csv.")),
        ("link-expired", 410, Plain),
        ("batch-pruned", 409, new("Restaure una copia de seguridad que tenga el lote.", "Restore a backup that has the batch.")),
        ("bundle-too-large", 409, new("Divida el proyecto en periodos más cortos.", "Split the project into shorter periods.")),
        ("changed-meanwhile", 412, new("Lea el registro otra vez y haga su cambio sobre esa versión.", "Read the record again and make your change from that version.")),
        ("already-there", 412, new("Para cambiarlo, lea el registro y envíe If-Match.", "To change it, read the record and send If-Match.")),
        ("too-large", 413, new("Un registro cabe en 256 kB.", "A record fits into 256 kB.")),
        ("form-too-large", 413, Plain),
        ("not-json", 415, new("Envíe Content-Type: application/json.", "Send Content-Type: application/json.")),
        ("key-reused", 422, new("Otra captura lleva ya esa Idempotency-Key; use una nueva.", "Another entry has that Idempotency-Key already; use a new one.")),
        ("no-precondition", 428, new("Envíe If-Match con el ETag leído; para uno nuevo, If-None-Match: *.", "Send If-Match with the ETag you read; for a new one, If-None-Match: *.")),
        ("too-many-streams", 429, new("Cierre otra página con valores en vivo de la misma cuenta, o pida los valores por /api/v1.", "Close another page with live values of the same account, or ask for the values by /api/v1.")),
        ("too-many-requests", 429, new("Espere los segundos que dice Retry-After.", "Wait the seconds that Retry-After says.")),
        ("failed", 500, new("Intente de nuevo en un momento.", "Try again in a moment.")),
        ("bundle-busy", 503, new("Espere los segundos que dice Retry-After.", "Wait the seconds that Retry-After says.")),
        ("data-change", 503, new("Espere los segundos que dice Retry-After.", "Wait the seconds that Retry-After says.")),
        ("no-pdf", 503, new("Pida el informe en html, xlsx, csv o json.", "Ask for the report as html, xlsx, csv or json.")),
    ];

    private static readonly FrozenDictionary<string, Text> Hints = All.ToFrozenDictionary(code => code.Code, code => code.Hint, StringComparer.Ordinal);

    /// <summary>What to do about a code.</summary>
    public static Text HintOf(string code) => Hints.GetValueOrDefault(code, Plain);

    /// <summary>Where a code is explained; without a language, for the reader's own.</summary>
    public static string AddressOf(string code) => $"/en/api#{code}";
}
