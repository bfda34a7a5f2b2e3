using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Metering.Store;
using Metering.Store.Influx;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud influx status|verify|rebuild|import`: the copy of the readings in InfluxDB, and readings another one holds.</summary>
internal static class InfluxCommand
{
    private const int ShownDifferences = 20;
    private const int DoesNotMatch = 3;

    public static Command Create(TextWriter output, TextWriter error, Language help) => new("influx", new Text("La copia de las lecturas en InfluxDB, y lecturas que tiene otro InfluxDB", "The copy of the readings in InfluxDB, and readings that another InfluxDB holds").In(help))
    {
        InfluxImportCommand.Create(output, error, help),
        Of(help, "status", new Text("Mostrar hasta dónde va la copia", "Show how far the copy is").In(help), (copy, json, _) => Task.FromResult(Status(copy, (json, help), output))),
        Verify(output, help),
        Of(help, "rebuild", new Text("Tirar la copia; el servicio en marcha, o el siguiente arranque, la llena de nuevo desde el primer lote", "Throw the copy away; the running cloud, or the next start, fills it again from the first batch").In(help), (copy, json, stop) => RebuildAsync(copy, (json, help), output, stop)),
    };

    /// <summary>A mirror of the store's 15-minute intervals as the configuration says.</summary>
    public static InfluxIntervalMirror IntervalMirrorOf(InfluxConfig config, IReadingStore store, HttpClient http) =>
        new(store, StoredIntervals.Of(store), OptionsOf(config), http, TimeProvider.System);

    /// <summary>A mirror of the store as the configuration says; the client's limits are the mirror's.</summary>
    public static InfluxMirror MirrorOf(InfluxConfig config, IReadingStore store, HttpClient http)
    {
        try
        {
            return new(store, OptionsOf(config), http, TimeProvider.System);
        }
        catch (ArgumentException e)
        {
            throw new CloudFault(ExitCode.Configuration, $"influx: {Sentence(e)}");
        }
    }

    /// <summary>The client the mirror speaks through. The mirror times requests itself; a redirected write would become a read.</summary>
    public static HttpClient CreateClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>What is wrong with an argument, without the program's name for it.</summary>
    public static string Sentence(ArgumentException fault) => fault.Message.Split(" (Parameter '")[0] + ".";

    private static InfluxOptions OptionsOf(InfluxConfig config) => new()
    {
        Url = config.Url,
        Database = config.Database,
        Version = (InfluxVersion)config.Version,
        UserName = config.UserName,
        PasswordFile = config.PasswordFile,
        TokenFile = config.TokenFile,
    };

    private static Command Verify(TextWriter output, Language help)
    {
        Option<bool> intervals = new("--intervals") { Description = new Text("Comparar también los intervalos de 15 minutos", "Compare the 15-minute intervals, too").In(help) };
        return Of(
            help,
            "verify",
            new Text("Comparar la copia con el almacén: cuenta y suma por canal y día", "Compare the copy with the store: count and sum for each channel and day").In(help),
            (copy, json, stop) => VerifyAsync(copy, (json, help), output, stop),
            intervals);
    }

    private static Command Of(Language help, string name, string description, Func<Copy, bool, CancellationToken, Task<int>> act, Option<bool>? withIntervals = null)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<bool> json = CommonOptions.Json(help);
        Command command = new(name, description) { config, json };
        if (withIntervals is not null)
        {
            command.Options.Add(withIntervals);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            (CloudConfig settings, IReadingStore store) = CommonOptions.OpenStore(parsed, config);
            using (store)
            {
                InfluxConfig influx = settings.Influx
                    ?? throw new CloudFault(ExitCode.Configuration, new Text("{0} no tiene la sección 'influx', así que no hay copia. Agregue '{1}'.", "{0} has no section 'influx', so there is no copy. Add '{1}'.").In(help, settings.File, "influx: { url: \"http://127.0.0.1:8086\", database: metering }"));
                using HttpClient http = CreateClient();
                Copy copy = new(MirrorOf(influx, store, http), IntervalMirrorOf(influx, store, http), withIntervals is not null && parsed.GetValue(withIntervals));
                return await act(copy, parsed.GetValue(json), cancellationToken);
            }
        });
        return command;
    }

    private static int Status(Copy copy, (bool Json, Language Help) form, TextWriter output)
    {
        (InfluxMirror mirror, InfluxIntervalMirror intervals, _) = copy;
        output.WriteLine(form.Json
            ? JsonSerializer.Serialize(new { watermark = mirror.Watermark, behind = mirror.Behind, deadLetters = mirror.DeadLetterCount, intervalsBehind = intervals.Behind, intervalDeadLetters = intervals.DeadLetterCount }, JsonSerializerOptions.Web)
            : new Text(
                "copiado hasta el lote {0} del diario, {1} por copiar, {2} renglones rechazados por InfluxDB; intervalos con {3} lotes por copiar, {4} renglones rechazados",
                "copied through batch {0} of the journal, {1} behind, {2} lines refused by InfluxDB; intervals {3} batches behind, {4} lines refused").In(form.Help, mirror.Watermark, mirror.Behind, mirror.DeadLetterCount, intervals.Behind, intervals.DeadLetterCount));
        return ExitCode.Ok;
    }

    private static async Task<int> VerifyAsync(Copy copy, (bool Json, Language Help) form, TextWriter output, CancellationToken cancellationToken)
    {
        InfluxVerification readings = await copy.Mirror.VerifyAsync(cancellationToken);
        int exitCode = await TellAsync(readings, new("valores", "values"), form, output);
        if (copy.WithIntervals)
        {
            InfluxVerification intervals = await copy.Intervals.VerifyAsync(cancellationToken);
            exitCode = Math.Max(exitCode, await TellAsync(intervals, new("intervalos de 15 minutos", "intervals of 15 minutes"), form, output));
        }

        return exitCode;
    }

    private static async Task<int> TellAsync(InfluxVerification result, Text what, (bool Json, Language Help) form, TextWriter output)
    {
        if (form.Json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
            return result.Matches ? ExitCode.Ok : DoesNotMatch;
        }

        await output.WriteLineAsync(new Text("{0}: {1} canales, {2} días, {3} {4}, {5} lotes por copiar, {6} renglones rechazados", "{0}: {1} channels, {2} days, {3} {4}, {5} batches behind, {6} lines refused").In(
            form.Help,
            (result.Matches ? new Text("COINCIDE", "MATCHES") : new Text("NO COINCIDE", "DOES NOT MATCH")).In(form.Help), result.Channels, result.Days, result.Values, what.In(form.Help), result.Behind, result.DeadLetters));
        foreach (InfluxDifference difference in result.Differences.Take(ShownDifferences))
        {
            DateTimeOffset day = DateTimeOffset.FromUnixTimeMilliseconds(difference.DayUtcMilliseconds);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {difference.Gateway} {difference.Channel} {day:yyyy-MM-dd}: {difference.Text}"));
        }

        return result.Matches ? ExitCode.Ok : DoesNotMatch;
    }

    private static async Task<int> RebuildAsync(Copy copy, (bool Json, Language Help) form, TextWriter output, CancellationToken cancellationToken)
    {
        await copy.Mirror.RebuildAsync(cancellationToken);
        await copy.Intervals.RebuildAsync(cancellationToken);
        return Status(copy, form, output);
    }

    private sealed record Copy(InfluxMirror Mirror, InfluxIntervalMirror Intervals, bool WithIntervals);
}
