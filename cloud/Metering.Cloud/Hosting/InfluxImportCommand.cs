using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Metering.Cloud.Imports;
using Metering.Ingestion.Import;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Influx;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud influx import`: the history that another InfluxDB holds, into the store.</summary>
/// <param name="help">Language of the descriptions, and of what is printed.</param>
internal sealed class InfluxImportCommand(Language help)
{
    private const int CountsDiffer = 3;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(2);

    private readonly Option<string> _config = CommonOptions.Config(help);
    private readonly Option<string> _url = new("--from-url") { Description = new Text("Dirección del InfluxDB que se lee, por ejemplo http://127.0.0.1:8086", "Address of the InfluxDB to read, such as http://127.0.0.1:8086").In(help), Required = true, HelpName = "URL" };
    private readonly Option<string> _database = new("--database") { Description = new Text("Base de datos (con 2.x, el bucket) que se lee", "Database (with 2.x the bucket) to read").In(help), Required = true, HelpName = "NAME" };
    private readonly Option<string> _measurement = new("--measurement") { Description = new Text("Measurement (con 3.x, la tabla) que se lee", "Measurement (with 3.x the table) to read").In(help), Required = true, HelpName = "NAME" };
    private readonly Option<int> _version = new("--server-version") { Description = new Text("Generación del servidor: 1, 2 o 3", "Generation of the server: 1, 2 or 3").In(help), DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<string?> _user = new("--user") { Description = new Text("Nombre de usuario allí", "User name there").In(help), HelpName = "NAME" };
    private readonly Option<string?> _passwordFile = new("--password-file") { Description = new Text("Archivo que contiene la contraseña", "File that holds the password").In(help), HelpName = "FILE" };
    private readonly Option<string?> _tokenFile = new("--token-file") { Description = new Text("Archivo que contiene el token", "File that holds the token").In(help), HelpName = "FILE" };
    private readonly Option<string?> _map = new("--map") { Description = new Text("Archivo YAML que dice qué serie se vuelve qué canal", "YAML file that says which series becomes which channel").In(help), HelpName = "FILE" };
    private readonly Option<string?> _unit = new("--unit") { Description = new Text("Unidad de las series que el mapa no nombra; si falta, se dejan fuera y se listan", "Unit of series that the map does not name; without it they are left out and listed").In(help), HelpName = "UNIT" };
    private readonly Option<string> _kind = new("--kind") { Description = new Text("Tipo de las series que el mapa no nombra: gauge (momentáneo) o counter (contador)", "Kind of series that the map does not name: gauge or counter").In(help), DefaultValueFactory = _ => "gauge", HelpName = "KIND" };
    private readonly Option<int?> _decimals = new("--decimals") { Description = new Text("Decimales de las series que el mapa no nombra; sin ellos, un gauge conserva sus valores bit por bit", "Decimal places of series that the map does not name; a gauge without keeps its doubles bit by bit").In(help), HelpName = "N" };
    private readonly Option<string> _name = new("--name") { Description = new Text("Nombre de la importación; sus lecturas quedan bajo el gateway import-NAME", "Name of the import; its readings stand under gateway import-NAME").In(help), DefaultValueFactory = _ => "influx", HelpName = "NAME" };
    private readonly Option<string?> _plant = new("--plant") { Description = new Text("Planta de las lecturas (no hace falta con --dry-run)", "Plant the readings belong to (not needed with --dry-run)").In(help), HelpName = "PLANT" };
    private readonly Option<string?> _from = new("--from") { Description = new Text("Primer instante, por ejemplo 2024-01-01 o 2024-01-01T06:00:00Z (UTC); si falta, todo", "First instant, such as 2024-01-01 or 2024-01-01T06:00:00Z (UTC); all without it").In(help), HelpName = "TIME" };
    private readonly Option<string?> _to = new("--to") { Description = new Text("Primer instante que ya no se quiere", "First instant not wanted").In(help), HelpName = "TIME" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = new Text("Solo contar y listar, sin escribir nada", "Only count and list; write nothing").In(help) };
    private readonly Option<bool> _json = CommonOptions.Json(help);

    public static Command Create(TextWriter output, TextWriter error, Language help)
    {
        InfluxImportCommand options = new(help);
        _ = options._kind.AcceptOnlyFromAmong("gauge", "counter");
        Command command = new("import", new Text("Traer al almacén la historia que tiene otro InfluxDB, como lecturas sin firma (grado de evidencia D); se puede detener y volver a empezar", "Bring the history that another InfluxDB holds into the store, as unsigned readings (evidence grade D); may be stopped and started again").In(help))
        {
            options._config, options._url, options._database, options._measurement, options._version, options._user, options._passwordFile, options._tokenFile, options._map,
            options._unit, options._kind, options._decimals, options._name, options._plant, options._from, options._to, options._dryRun, options._json,
        };
        command.SetAction((parsed, cancellationToken) => options.RunAsync(parsed, output, error, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        InfluxImportMap map = InfluxImportMap.Read(
            parsed.GetValue(_map),
            new(parsed.GetValue(_unit), parsed.GetRequiredValue(_kind) == "counter" ? ChannelKind.Counter : ChannelKind.Gauge, DecimalsOf(parsed)));
        (CloudConfig settings, IReadingStore store) = CommonOptions.OpenStore(parsed, _config);
        using (store)
        {
            using HttpClient http = InfluxCommand.CreateClient();
            CheckIsNoCopy(parsed, settings);
            InfluxHistory history = HistoryOf(parsed, http);
            (long from, long to) = await RangeAsync(parsed, history, cancellationToken);
            bool isDry = parsed.GetValue(_dryRun);
            using ECDsa? key = isDry ? null : LoadKey(settings);
            using ImportWriter? writer = key is null ? null : OpenWriter(parsed, store, key);
            InfluxImport import = new(history, map, store, ImportOptions.Prefix + parsed.GetRequiredValue(_name));
            InfluxImportResult result;
            try
            {
                result = await import.RunAsync(from, to, writer, Progress(error, from, to), cancellationToken);
            }
            catch (ImportException e)
            {
                throw new CloudFault(ExitCode.Data, e.In(help));
            }

            await output.WriteLineAsync(parsed.GetValue(_json) ? JsonSerializer.Serialize(result, JsonSerializerOptions.Web) : Told(result, isDry));
            return isDry || result.Matches ? ExitCode.Ok : CountsDiffer;
        }
    }

    // The copy of this very store, read back, would stand there a second time as an import.
    private void CheckIsNoCopy(ParseResult parsed, CloudConfig settings)
    {
        if (settings.Influx is InfluxConfig copy && copy.Database == parsed.GetValue(_database) && parsed.GetValue(_measurement) is ("reading" or "interval_15m")
            && Uri.TryCreate(parsed.GetValue(_url), UriKind.Absolute, out Uri? address) && address.Authority == copy.Url.Authority)
        {
            throw new CloudFault(ExitCode.Usage, new Text("la measurement '{0}' de {1} es la copia que escribe este mismo servicio. Sus lecturas ya están en el almacén; dé la measurement que escribió alguien más.", "measurement '{0}' of {1} is the copy that this cloud writes itself. Its readings are in the store already; give the measurement that somebody else has written.").In(help, parsed.GetValue(_measurement)!, copy.Database));
        }
    }

    private ECDsa LoadKey(CloudConfig settings)
    {
        try
        {
            return ImportKey.LoadOrCreate(ImportKey.FileBeside(settings.KeyFile));
        }
        catch (ImportException e)
        {
            throw new CloudFault(ExitCode.Configuration, e.In(help));
        }
    }

    private ImportWriter OpenWriter(ParseResult parsed, IReadingStore store, ECDsa key)
    {
        string plant = parsed.GetValue(_plant) ?? throw new CloudFault(ExitCode.Usage, new Text("falta --plant: diga de qué planta son las lecturas, o mire antes con --dry-run.", "--plant is missing: say which plant the readings belong to, or look first with --dry-run.").In(help));
        string source = $"influx {parsed.GetValue(_url)} {parsed.GetValue(_database)} {parsed.GetValue(_measurement)}";
        try
        {
            return ImportWriter.Open(
                store,
                new() { Name = parsed.GetRequiredValue(_name), Plant = plant, Key = key, SourceHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source))) },
                TimeProvider.System);
        }
        catch (ArgumentException e)
        {
            throw new CloudFault(ExitCode.Usage, $"--name or --plant: {InfluxCommand.Sentence(e)}");
        }
        catch (ImportException e)
        {
            throw new CloudFault(ExitCode.Data, e.In(help));
        }
    }

    private InfluxHistory HistoryOf(ParseResult parsed, HttpClient http)
    {
        string url = parsed.GetRequiredValue(_url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address))
        {
            throw new CloudFault(ExitCode.Usage, new Text("--from-url '{0}' no es una dirección como http://127.0.0.1:8086.", "--from-url '{0}' is no address such as http://127.0.0.1:8086.").In(help, url));
        }

        try
        {
            return new(
                new()
                {
                    Url = address,
                    Database = parsed.GetRequiredValue(_database),
                    Version = (InfluxVersion)parsed.GetValue(_version),
                    UserName = parsed.GetValue(_user),
                    PasswordFile = parsed.GetValue(_passwordFile),
                    TokenFile = parsed.GetValue(_tokenFile),
                    IsSource = true,
                },
                parsed.GetRequiredValue(_measurement),
                http,
                TimeProvider.System);
        }
        catch (ArgumentException e)
        {
            throw new CloudFault(ExitCode.Usage, $"--from-url, --database, --measurement, --server-version or the login: {InfluxCommand.Sentence(e)}");
        }
    }

    private async Task<(long From, long To)> RangeAsync(ParseResult parsed, InfluxHistory history, CancellationToken cancellationToken)
    {
        long? from = InstantOf("--from", parsed.GetValue(_from));
        long? to = InstantOf("--to", parsed.GetValue(_to));
        if (from is null || to is null)
        {
            (long From, long To) whole = await history.RangeAsync(cancellationToken)
                ?? throw new CloudFault(ExitCode.Data, new Text("la measurement '{0}' no tiene nada. ¿Está escrita como en la base de datos? Las mayúsculas importan.", "measurement '{0}' holds nothing. Is it spelt as the database spells it? Capitals matter.").In(help, parsed.GetValue(_measurement)!));
            (from, to) = (from ?? whole.From, to ?? whole.To);
        }

        return from < to ? (from.Value, to.Value) : throw new CloudFault(ExitCode.Usage, new Text("--from debe ser anterior a --to.", "--from must lie before --to.").In(help));
    }

    private int? DecimalsOf(ParseResult parsed) => parsed.GetValue(_decimals) is int decimals && decimals is < 0 or > Channel.MaximumDecimalPlaces
        ? throw new CloudFault(ExitCode.Usage, new Text("--decimals es un número entero de 0 a {0}.", "--decimals must be a whole number from 0 to {0}.").In(help, Channel.MaximumDecimalPlaces))
        : parsed.GetValue(_decimals);

    private long? InstantOf(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        bool isInstant = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant) && instant.ToUnixTimeMilliseconds() >= 0;
        return isInstant ? instant.ToUnixTimeMilliseconds() : throw new CloudFault(ExitCode.Usage, new Text("{0} '{1}' no es un instante como 2024-01-01 o 2024-01-01T06:00:00Z, desde 1970.", "{0} '{1}' is no instant such as 2024-01-01 or 2024-01-01T06:00:00Z, from 1970 on.").In(help, option, text));
    }

    private Action<long> Progress(TextWriter error, long from, long to)
    {
        long told = TimeProvider.System.GetTimestamp();
        return end =>
        {
            if (TimeProvider.System.GetElapsedTime(told) >= ProgressInterval)
            {
                told = TimeProvider.System.GetTimestamp();
                error.WriteLine(new Text("hasta {0:yyyy-MM-dd}, {1:0} %", "through {0:yyyy-MM-dd}, {1:0} %").In(help, DateTimeOffset.FromUnixTimeMilliseconds(end), 100.0 * (end - from) / (to - from)));
            }
        };
    }

    private string Told(InfluxImportResult result, bool isDry)
    {
        StringBuilder text = new();
        Text outcome = isDry ? new("NO SE ESCRIBIÓ NADA", "NOTHING WRITTEN") : result.Matches ? new("COMPLETO", "COMPLETE") : new("LAS CUENTAS DIFIEREN", "COUNTS DIFFER");
        _ = text.Append(new Text("{0}: {1} lecturas agregadas, {2} reemplazadas, {3} tramos ya estaban", "{0}: {1} readings added, {2} replaced, {3} ranges were there already").In(
            help, outcome.In(help), result.New, result.Changed, result.WindowsSkipped));
        if (result.NotNumbers > 0)
        {
            _ = text.Append(new Text(", {0} valores no son números", ", {0} values are no numbers").In(help, result.NotNumbers));
        }

        foreach (InfluxImportLine line in result.Series)
        {
            string what = line.Channel is null
                ? new Text("FUERA: nómbrela en --map o dé --unit", "LEFT OUT: name it in --map or give --unit").In(help)
                : new Text("{0}, {1} en el almacén", "{0}, {1} in the store").In(help, line.Channel, line.InStore);
            _ = text.Append('\n').Append(new Text("  {0}: {1} valores -> {2}", "  {0}: {1} values -> {2}").In(help, line.Series, line.InSource, what));
        }

        return result.Matches || isDry
            ? text.ToString()
            : text.Append(new Text("\nMenos en el almacén: valores que no son números, o varios en un milisegundo, de los que vale el último. Más: alguien los quitó allá.", "\nFewer in the store: values that are no numbers, or several within one millisecond, where the last stands. More: somebody has removed them there.").In(help)).ToString();
    }
}
