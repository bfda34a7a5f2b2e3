namespace Metering.Cloud.Api;

/// <summary>Words of the page of the API.</summary>
internal static class ApiWords
{
    /// <summary>The page after the language.</summary>
    public const string Address = "/api";

    public static readonly Text Footer = new("Para programas: la API", "For programs: the API");
    public static readonly Text Title = new("La API para programas", "The API for programs");
    public static readonly Text Lead = new(
        "Todo lo que muestran las páginas, y las capturas, están en /api/v1 como JSON o CSV. Un programa se identifica con una llave; una persona, con su sesión.",
        "All that the pages show, and entries, stand at /api/v1 as JSON or CSV. A program shows a key; a person, the session.");
    public static readonly Text Description = new("Descripción completa (OpenAPI 3.1)", "Full description (OpenAPI 3.1)");
    public static readonly Text KeyTitle = new("Antes de empezar", "Before you begin");
    public static readonly Text KeyText = new(
        "Quien administra el servicio hace una llave en la página de llaves o con «cloud keys create», para una planta, un proyecto o todo el programa, con permiso de leer o también de capturar; la de un proyecto que captura decide también sus eventos. Guárdela en una variable:",
        "The administrator makes a key on the page of keys or with “cloud keys create”, for a plant, a project or the whole programme, to read or also to enter records; one of a project that enters records also decides its events. Keep it in a variable:");
    public static readonly Text ExamplesTitle = new("Ejemplos", "Examples");
    public static readonly Text RulesTitle = new("Cómo contesta", "How it answers");
    public static readonly Text FaultsTitle = new("Códigos de error", "Codes of faults");
    public static readonly Text CodeColumn = new("Código", "Code");
    public static readonly Text StatusColumn = new("Estado HTTP", "HTTP status");
    public static readonly Text HintColumn = new("Qué hacer", "What to do");

    /// <summary>The rules that hold for every address.</summary>
    public static IReadOnlyList<Text> Rules { get; } =
    [
        new("Las listas llegan por partes de 100 (limit, hasta 1000). «next» y el encabezado Link con rel=next llevan a la siguiente; lo que se agregue mientras tanto no repite ni salta nada.",
            "Lists come in parts of 100 (limit, up to 1000). “next” and the header Link with rel=next lead to the next part; what is added meanwhile neither repeats nor skips anything."),
        new("Cada lectura trae un ETag. Envíelo en If-None-Match y, si nada cambió, la respuesta es 304 y vacía.",
            "Each read carries an ETag. Send it in If-None-Match and, when nothing has changed, the answer is 304 and empty."),
        new("Un cambio lleva If-Match con el ETag de lo que leyó: si alguien cambió el registro antes, la respuesta es 412 y no se pierde nada. Sin él, es 428.",
            "A change carries If-Match with the ETag of what was read: when somebody changed the record before, the answer is 412 and nothing is lost. Without it, 428."),
        new("Una captura lleva Idempotency-Key: si la red falla y la envía otra vez, se guarda una sola.",
            "An entry carries Idempotency-Key: when the network fails and it is sent again, one is stored."),
        new("Las series vienen en columnas {t0, step, unit, ucum, values, q}, la unidad también como código UCUM; lo que no se sabe es null, nunca 0. Con «Accept: text/csv», como tabla.",
            "Series come in columns {t0, step, unit, ucum, values, q}, the unit also as a UCUM code; what is not known is null, never 0. With “Accept: text/csv”, as a table."),
        new("Los errores son application/problem+json con code, detail y detailEs (qué pasó), hint y hintEs (qué hacer), en inglés y español, docs y, si son de campos, «errors» con cada uno. Lo ajeno contesta igual que lo que no existe: 404.",
            "Faults are application/problem+json with code, detail and detailEs (what happened), hint and hintEs (what to do), in English and Spanish, docs and, when fields are at fault, “errors” with each of them. What is not yours answers as if it were not there: 404."),
    ];
}

/// <summary>An example of the page; a test sends each of them.</summary>
/// <param name="Title">What it does.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Address after the service's.</param>
/// <param name="Headers">Headers beside the key's.</param>
/// <param name="Body">JSON body; null for none.</param>
internal sealed record ApiExample(Text Title, string Method, string Path, IReadOnlyList<string> Headers, string? Body)
{
    /// <summary>The examples, for a plant, a gateway and a project that stand for the reader's own.</summary>
    public static IReadOnlyList<ApiExample> All(string plant, string gateway, string channel, string project) =>
    [
        new(new("Las plantas que puedo ver", "Plants I may see"), "GET", "/api/v1/plants", [], null),
        new(new("Los canales de una planta", "Channels of a plant"), "GET", $"/api/v1/channels?plant={plant}&limit=50", [], null),
        new(new("El consumo de cada día de enero, en columnas", "Use of each day of January, in columns"), "GET", $"/api/v1/channels/{gateway}/{channel}/series?from=2026-01-01&to=2026-02-01&step=1d", [], null),
        new(new("Lo mismo, cada 15 minutos, como tabla", "The same, each 15 minutes, as a table"), "GET", $"/api/v1/channels/{gateway}/{channel}/series?from=2026-01-01&to=2026-02-01&step=15m", ["Accept: text/csv"], null),
        new(new("El ahorro de un proyecto", "The saving of a project"), "GET", $"/api/v1/projects/{project}", [], null),
        new(new("Capturar la producción de un mes", "Enter the production of a month"), "POST", $"/api/v1/plants/{plant}/entries/production-record",
            ["Content-Type: application/json", "Idempotency-Key: produccion-2026-01"],
            """{"product":"Cuero terminado","firstDay":"2026-01-01","lastDay":"2026-01-31","output":{"amount":18250,"unit":"m2"},"source":"Reporte de producción 2026-01"}"""),
        new(new("Capturar un resultado de laboratorio", "Enter a lab result"), "POST", $"/api/v1/plants/{plant}/entries/lab-result",
            ["Content-Type: application/json", "Idempotency-Key: laboratorio-2026-0117"],
            """{"parameter":"DQO","sampledOn":"2026-01-17","sample":"composite","value":{"amount":412,"unit":"mg/L"},"isBelowLimit":false,"method":"NMX-AA-030/2","laboratory":"Laboratorio de aguas"}"""),
    ];

    /// <summary>The example as a command.</summary>
    public string Command()
    {
        string method = Method == "GET" ? "" : $" -X {Method}";
        string headers = string.Concat(Headers.Select(header => $" \\\n  -H '{header}'"));
        string body = Body is null ? "" : $" \\\n  -d '{Body}'";
        return $"curl -s{method} -H \"Authorization: Bearer $METERING_KEY\"{headers}{body} \\\n  \"$METERING{Path}\"";
    }
}
