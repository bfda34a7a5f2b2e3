using System.Collections.Frozen;
using System.CommandLine;

namespace Metering.Cloud.Hosting;

/// <summary>
/// The Spanish of the commands' descriptions. They are written in English where the command is made, and found here by that sentence; a test refuses a description
/// that is not found.
/// </summary>
internal static partial class CommandSpanish
{
    private static readonly FrozenDictionary<string, string> Sentences =
        Running.Concat(Looking).Concat(Storing).Concat(Influx).Concat(Importing).Concat(Programmes).Concat(Analysing).ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Back =
        Sentences.GroupBy(pair => pair.Value, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => group.First().Key, StringComparer.Ordinal);

    private static Dictionary<string, string> Running => new(StringComparer.Ordinal)
    {
        ["Metering cloud: takes signed batches from gateways, keeps them, shows verified savings"] = "Metering en la nube: recibe lotes firmados de los gateways, los guarda y muestra ahorros verificados",
        ["Run the cloud until SIGTERM; prints one JSON line when ready, logs to the error stream"] = "Hacer funcionar el servicio hasta SIGTERM; imprime un renglón JSON cuando está listo y lleva su diario en la salida de errores",
        ["What this process does: all, ingestion or web"] = "Lo que hace este proceso: all (todo), ingestion (recibir lotes) o web (páginas)",
        ["Anyone at this machine switches among simulated accounts; only for a demonstration"] = "Cualquiera en este equipo cambia entre cuentas simuladas; solo para una demostración",
        ["Make the cloud's signing key and print the path of its public half"] = "Crear la llave con la que firma el servicio e imprimir dónde queda su mitad pública",
        ["File for the private key (mode 0600); the public key goes to FILE.pub"] = "Archivo para la llave privada (permisos 0600); la pública queda en FILE.pub",
        ["Gateways the cloud takes readings from"] = "Gateways de los que el servicio recibe lecturas",
        ["Print a one-time code that enrols a gateway; a new code voids the unused one before it"] = "Imprimir un código de un solo uso que da de alta un gateway; un código nuevo anula el anterior que no se usó",
        ["Gateway identifier, as in its own configuration"] = "Identificador del gateway, como en su propia configuración",
        ["Plant it stands in"] = "Planta en la que está",
        ["How long the code may be used, such as 24h or 7d"] = "Cuánto tiempo sirve el código, por ejemplo 24h o 7d",
        ["Make a gateway's key known; works while the cloud runs"] = "Dar de alta la llave de un gateway; también con el servicio en marcha",
        ["The gateway's public key, as 'gateway key' wrote it"] = "La llave pública del gateway, como la escribió 'gateway key'",
        ["Number of the key: 1, and one more for each new key"] = "Número de la llave: 1, y uno más por cada llave nueva",
        ["Refuse what a key signs from now on; works within 5 s while the cloud runs, and is never undone"] = "Rechazar desde ahora lo que firme una llave; surte efecto en 5 s con el servicio en marcha y no se deshace nunca",
        ["Gateway identifier"] = "Identificador del gateway",
        ["Number of the key; the newest without it"] = "Número de la llave; si falta, la más nueva",
        ["Why, kept for ever"] = "El motivo; se conserva para siempre",
        ["From when on its batches are refused, such as 2026-11-22T18:00:00Z; now without it"] = "Desde cuándo se rechazan sus lotes, por ejemplo 2026-11-22T18:00:00Z; si falta, desde ahora",
        ["List enrolled keys: gateway, key epoch, plant, key fingerprint, origin (gateway: evidence grade B, and of what people enter C beside a photo, else D; import: D), state"] =
            "Listar las llaves dadas de alta: gateway, número de la llave, planta, huella de la llave, origen (gateway: grado de evidencia B, y C lo que capturan personas junto a una foto, si no D; importación: D), estado",
    };

    private static Dictionary<string, string> Looking => new(StringComparer.Ordinal)
    {
        ["Messages that were refused and put aside"] = "Mensajes que se rechazaron y se apartaron",
        ["List them: number, gateway, received, bytes, reason"] = "Listarlos: número, gateway, recibido, bytes, motivo",
        ["Only of this gateway"] = "Solo los de este gateway",
        ["Show one: reason, what it says it is, its first bytes"] = "Mostrar uno: motivo, lo que dice ser, sus primeros bytes",
        ["Number of the message, from 'list'"] = "Número del mensaje, de 'list'",
        ["Write one into a file, as it came"] = "Escribir uno en un archivo, tal como llegó",
        ["File that takes the bytes as they came"] = "Archivo que recibe los bytes tal como llegaron",
        ["Have the running cloud take them once more as if they came now; what is refused again stays"] = "Hacer que el servicio en marcha los reciba otra vez como si llegaran ahora; lo que se rechace de nuevo se queda",
        ["Number of a message, from 'list'"] = "Número de un mensaje, de 'list'",
        ["Take them away for ever; export first what is evidence"] = "Quitarlos para siempre; exporte antes lo que sea evidencia",
        ["Show what the store holds, by gateway"] = "Mostrar lo que tiene el almacén, por gateway",
        ["Take batches or readings out of the store"] = "Sacar lotes o lecturas del almacén",
        ["Write signed batches, as they came, and public keys into a ZIP for 'metering verify'"] = "Escribir los lotes firmados, tal como llegaron, y las llaves públicas en un ZIP para 'metering verify'",
        ["Only this gateway; all without it"] = "Solo este gateway; si falta, todos",
        ["ZIP file to write"] = "Archivo ZIP que se escribe",
        ["Write every channel as CSV: utcMilliseconds,scaledValue,quality"] = "Escribir cada canal como CSV: utcMilliseconds,scaledValue,quality",
        ["Directory to write into, one file a channel"] = "Carpeta donde se escribe, un archivo por canal",
        ["Write the first and last register of baseline and reporting period as one OCMF record, signed by the cloud: it says that the cloud holds these readings, not that the meter signed them"] =
            "Escribir el primer y el último registro del periodo base y del periodo de reporte como un registro OCMF firmado por el servicio: dice que el servicio tiene estas lecturas, no que el medidor las firmó",
        ["The project"] = "El proyecto",
        ["File to write"] = "Archivo que se escribe",
        ["OBIS code of the register"] = "Código OBIS del registro",
        ["Line protocol from Telegraf and other writers"] = "Line protocol de Telegraf y de otros programas que escriben",
        ["Tokens of clients that write"] = "Tokens de los programas que escriben",
        ["Make a token and print it; it is shown only now and kept only as a hash"] = "Crear un token e imprimirlo; se muestra solo ahora y se guarda solo su hash",
        ["Name to list and revoke it by"] = "Nombre con el que se lista y se retira",
        ["The only plant it may write to"] = "La única planta para la que puede escribir",
        ["Days until it expires, 1 to 3650"] = "Días hasta que vence, de 1 a 3650",
        ["List tokens: name, plant, made, expires; never the tokens themselves"] = "Listar los tokens: nombre, planta, creado, vence; nunca los tokens mismos",
        ["Take a token away; works at once, also in a running cloud"] = "Retirar un token; surte efecto de inmediato, también con el servicio en marcha",
        ["Name of the token"] = "Nombre del token",
    };

    private static Dictionary<string, string> Storing => new(StringComparer.Ordinal)
    {
        ["Look after the store: verify, back up, restore, rebuild, prune"] = "Cuidar el almacén: verificarlo, respaldarlo, restaurarlo, rehacerlo, depurarlo",
        ["Show what the store holds and how large it is"] = "Mostrar lo que tiene el almacén y cuánto mide",
        ["Check journal, signatures, chains, chunks and rollups; exit 3 when something differs"] = "Revisar diario, firmas, cadenas, bloques y resúmenes; termina con 3 cuando algo difiere",
        ["Print the version of a range of readings, by which a report pins its data"] = "Imprimir la versión de un intervalo de lecturas, con la que un reporte fija sus datos",
        ["Channel identifier"] = "Identificador del canal",
        ["First instant: 2026-01-31 (UTC) or with time and offset; the beginning without it"] = "Primer instante: 2026-01-31 (UTC), o con hora y desfase; si falta, desde el principio",
        ["First instant not taken; the end without it"] = "Primer instante que ya no se toma; si falta, hasta el final",
        ["Put all readings into chunks now; only when no cloud runs on the store"] = "Pasar ahora todas las lecturas a bloques; solo cuando ningún servicio usa el almacén",
        ["Make all chunks from the journal alone; stop the cloud first"] = "Rehacer todos los bloques a partir del diario; detenga antes el servicio",
        ["Write a complete, verified copy of the store, and of a programme database in a file; works while the cloud runs"] = "Escribir una copia completa y verificada del almacén, y de la base del programa si está en un archivo; también con el servicio en marcha",
        ["Folder of the backups, best on another disk"] = "Carpeta de los respaldos, de preferencia en otro disco",
        ["How many backups stay in the folder; all without it"] = "Cuántos respaldos se quedan en la carpeta; si falta, todos",
        ["Put a backup in the store's place, verified first; stop the cloud first"] = "Poner un respaldo, verificado antes, en lugar del almacén; detenga antes el servicio",
        ["The backup"] = "El respaldo",
        ["The backup of the programme database (accounts, register, log) to put in its place, too"] = "El respaldo de la base del programa (cuentas, registro, bitácora) que también se pone en su lugar",
        ["Replace a store that has batches which the backup does not have"] = "Reemplazar un almacén que tiene lotes que el respaldo no tiene",
        ["Drop old readings that no project's baseline or reporting period needs"] = "Quitar lecturas viejas que no necesita el periodo base ni el de reporte de ningún proyecto",
        ["Drop UTC days that end at or before this day, such as 2024-01-01"] = "Quitar los días UTC que terminan en este día o antes, por ejemplo 2024-01-01",
        ["Also drop the readings of batches in the journal; the signed manifests stay"] = "Quitar también las lecturas de los lotes del diario; los manifiestos firmados se quedan",
        ["Drop; without it only print what would go"] = "Quitar; si falta, solo se imprime lo que se quitaría",
    };

    private static Dictionary<string, string> Influx => new(StringComparer.Ordinal)
    {
        ["The copy of the readings in InfluxDB, and readings that another InfluxDB holds"] = "La copia de las lecturas en InfluxDB, y lecturas que tiene otro InfluxDB",
        ["Bring the history that another InfluxDB holds into the store, as unsigned readings (evidence grade D); may be stopped and started again"] =
            "Traer al almacén la historia que tiene otro InfluxDB, como lecturas sin firma (grado de evidencia D); se puede detener y volver a empezar",
        ["Address of the InfluxDB to read, such as http://127.0.0.1:8086"] = "Dirección del InfluxDB que se lee, por ejemplo http://127.0.0.1:8086",
        ["Database (with 2.x the bucket) to read"] = "Base de datos (con 2.x, el bucket) que se lee",
        ["Measurement (with 3.x the table) to read"] = "Measurement (con 3.x, la tabla) que se lee",
        ["Generation of the server: 1, 2 or 3"] = "Generación del servidor: 1, 2 o 3",
        ["User name there"] = "Nombre de usuario allí",
        ["File that holds the password"] = "Archivo que contiene la contraseña",
        ["File that holds the token"] = "Archivo que contiene el token",
        ["YAML file that says which series becomes which channel"] = "Archivo YAML que dice qué serie se vuelve qué canal",
        ["Unit of series that the map does not name; without it they are left out and listed"] = "Unidad de las series que el mapa no nombra; si falta, se dejan fuera y se listan",
        ["Kind of series that the map does not name: gauge or counter"] = "Tipo de las series que el mapa no nombra: gauge (momentáneo) o counter (contador)",
        ["Decimal places of series that the map does not name; a gauge without keeps its doubles bit by bit"] = "Decimales de las series que el mapa no nombra; sin ellos, un gauge conserva sus valores bit por bit",
        ["Name of the import; its readings stand under gateway import-NAME"] = "Nombre de la importación; sus lecturas quedan bajo el gateway import-NAME",
        ["Plant the readings belong to (not needed with --dry-run)"] = "Planta de las lecturas (no hace falta con --dry-run)",
        ["First instant, such as 2024-01-01 or 2024-01-01T06:00:00Z (UTC); all without it"] = "Primer instante, por ejemplo 2024-01-01 o 2024-01-01T06:00:00Z (UTC); si falta, todo",
        ["First instant not wanted"] = "Primer instante que ya no se quiere",
        ["Only count and list; write nothing"] = "Solo contar y listar, sin escribir nada",
        ["Show how far the copy is"] = "Mostrar hasta dónde va la copia",
        ["Compare the copy with the store: count and sum for each channel and day"] = "Comparar la copia con el almacén: cuenta y suma por canal y día",
        ["Compare the 15-minute intervals, too"] = "Comparar también los intervalos de 15 minutos",
        ["Throw the copy away; the running cloud, or the next start, fills it again from the first batch"] = "Tirar la copia; el servicio en marcha, o el siguiente arranque, la llena de nuevo desde el primer lote",
    };

    /// <summary>Writes the descriptions of a command, its options, arguments and subcommands in a language.</summary>
    public static void Write(Command command, Language language)
    {
        // Some options are made once for the process, and so may stand in the other language.
        FrozenDictionary<string, string> found = language == Language.Spanish ? Sentences : Back;
        Put(command, found);
        foreach (Option option in command.Options)
        {
            Put(option, found);
        }

        foreach (Argument argument in command.Arguments)
        {
            Put(argument, found);
        }

        foreach (Command below in command.Subcommands)
        {
            Write(below, language);
        }
    }

    private static void Put(Symbol symbol, FrozenDictionary<string, string> found)
    {
        if (symbol.Description is string written && found.TryGetValue(written, out string? other))
        {
            symbol.Description = other;
        }
    }
}
