using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Metering.Gateway.Configuration;
using Metering.Gateway.Polling;
using Metering.Gateway.Status;
using Metering.Gateway.Witness;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway live: the meters of the running gateway, once a second on a terminal, once as TSV into a pipe.</summary>
internal static class LiveCommand
{
    private const string Home = "\u001b[H";
    private const string ClearLine = "\u001b[K\n";
    private const string ClearBelow = "\u001b[J";
    private const string HideCursor = "\u001b[?25l";
    private const string ShowCursor = "\u001b[?25h";
    private const string ClearAll = "\u001b[2J";
    private static readonly TimeSpan Repaint = TimeSpan.FromSeconds(1);

    private static readonly Text About = new(es: "Muestra los medidores del gateway en marcha: valor, edad, fallas y tiempos.", en: "Show the meters of the running gateway: value, age, failures and times.");
    private static readonly Text Config = new(es: "Archivo de configuración.", en: "Configuration file.");
    private static readonly Text Raw = new(es: "Todos los canales con su entero y su calidad, sin formato.", en: "Every channel with its integer and quality, as they are.");
    private static readonly Text NotRunning = new(
        es: "Ningún gateway en marcha responde para {0}. Arránquelo (systemctl start metering-gateway, o: gateway run --config {0}) y mire por qué se detuvo: journalctl -u metering-gateway. Si statusPage dice off, quite esa línea.",
        en: "No running gateway answers for {0}. Start it (systemctl start metering-gateway, or: gateway run --config {0}) and see why it stopped: journalctl -u metering-gateway. If statusPage says off, remove that line.");
    private static readonly Text WrongToken = new(
        es: "El gateway en marcha pide otra clave: statusPage.tokenFile cambió desde que arrancó. Recargue: systemctl reload metering-gateway.",
        en: "The running gateway wants another token: statusPage.tokenFile has changed since it started. Reload it: systemctl reload metering-gateway.");
    private static readonly Text NotYet = new(es: "Todavía no hay ninguna lectura.", en: "There is no reading yet.");

    internal static Command Create(Language language)
    {
        Option<string> config = new("--config") { Description = Config.In(language), DefaultValueFactory = _ => "/etc/metering/gateway.yaml" };
        Option<bool> raw = new("--raw") { Description = Raw.In(language) };
        Command command = new("live", About.In(language)) { config, raw };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(config)!, result.GetValue(raw), language, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, bool isRaw, Language language, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            using StatusClient client = new(ConfigurationFile.Load(path));
            return Console.IsOutputRedirected ? await PrintAsync(client, path, isRaw, language, stopping.Token) : await WatchAsync(client, path, isRaw, language, stopping.Token);
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.In(language), ExitCode.Configuration);
        }
        catch (UnauthorizedAccessException)
        {
            return Output.Fail(WrongToken.In(language), ExitCode.Permission);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    private static async Task<int> PrintAsync(StatusClient client, string path, bool isRaw, Language language, CancellationToken cancellationToken)
    {
        if (await client.AskAsync(cancellationToken) is not JsonElement status)
        {
            return Output.Fail(NotRunning.In(language, path), ExitCode.Unavailable);
        }

        if (AlarmOf(status, language) is string alarm)
        {
            Console.Error.WriteLine(alarm);
        }

        foreach (string[] row in Rows(status, isRaw, language))
        {
            Console.Out.WriteLine(string.Join('\t', row));
        }

        return 0;
    }

    // Each line is written over the old one and cleared behind it, so nothing flickers.
    private static async Task<int> WatchAsync(StatusClient client, string path, bool isRaw, Language language, CancellationToken cancellationToken)
    {
        bool isFirst = true;
        try
        {
            using PeriodicTimer timer = new(Repaint, TimeProvider.System);
            do
            {
                if (await client.AskAsync(cancellationToken) is not JsonElement status)
                {
                    return Output.Fail(NotRunning.In(language, path), ExitCode.Unavailable);
                }

                StringBuilder screen = new(isFirst ? HideCursor + ClearAll + Home : Home);
                isFirst = false;
                foreach (string line in (AlarmOf(status, language) is string alarm ? new[] { alarm } : []).Concat(Lines(Rows(status, isRaw, language))))
                {
                    _ = screen.Append(line).Append(ClearLine);
                }

                Console.Out.Write(screen.Append(ClearBelow).ToString());
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
            return 0;
        }
        finally
        {
            if (!isFirst)
            {
                Console.Out.Write(ShowCursor);
            }
        }
    }

    /// <summary>Why the cloud's log is not to be trusted; null while nothing is wrong with it.</summary>
    internal static string? AlarmOf(JsonElement status, Language language) =>
        status.TryGetProperty("log", out JsonElement log) && log.TryGetProperty("alarm", out JsonElement kind) && kind.GetString() is string word
            && log.GetProperty("keptSize").TryGetInt64(out long kept) && log.GetProperty("seenSize").TryGetInt64(out long seen)
            ? "✖ " + new LogAlarm(1, 0, word, kept, seen, "").What.In(language)
            : null;

    /// <summary>The table, its head first.</summary>
    internal static IReadOnlyList<string[]> Rows(JsonElement status, bool isRaw, Language language)
    {
        if (!status.TryGetProperty("polling", out JsonElement part) || part.ValueKind == JsonValueKind.Null)
        {
            return [[NotYet.In(language)]];
        }

        PollingSnapshot polling = PollingSnapshotJson.Read(part);
        List<string[]> rows = [isRaw ? ["channel", "slot", "integer", "decimals", "unit", "quality"] : Head(language)];
        foreach (BusSnapshot bus in polling.Buses)
        {
            foreach (MeterSnapshot meter in bus.Meters)
            {
                rows.AddRange(isRaw ? meter.Channels.Select(RawRow) : [Row(polling, bus, meter, language)]);
            }
        }

        if (isRaw)
        {
            rows.AddRange(polling.Inputs.SelectMany(input => input.Channels).Select(RawRow));
        }

        return rows;
    }

    private static string[] Head(Language language) => language == Language.Spanish
        ? ["medidor", "línea", "estado", "canal", "valor", "unidad", "edad", "reintentos", "fallas", "respuesta"]
        : ["meter", "bus", "state", "channel", "value", "unit", "age", "retries", "failures", "turnaround"];

    private static string[] Row(PollingSnapshot polling, BusSnapshot bus, MeterSnapshot meter, Language language)
    {
        ChannelSnapshot? shown = meter.Channels.FirstOrDefault(channel => channel.ScaledValue is not null) ?? (meter.Channels.Count > 0 ? meter.Channels[0] : null);
        return
        [
            meter.Id, bus.Id, StatusTexts.Of(meter.State).Word.In(language), shown?.Id ?? "-", shown is null ? "-" : MeterCard.ValueOf(shown), shown?.Unit ?? "-",
            meter.LastGoodUtcMilliseconds is long at ? StatusTexts.Age(TimeSpan.FromMilliseconds(polling.AtUtcMilliseconds - at)) : "-",
            meter.Retries.ToString(CultureInfo.InvariantCulture), StatusTexts.Percent(meter.Outcomes.FailureShare), StatusTexts.Short(meter.Turnaround.P50),
        ];
    }

    private static string[] RawRow(ChannelSnapshot channel) =>
    [
        channel.Id, channel.SlotUtcMilliseconds?.ToString(CultureInfo.InvariantCulture) ?? "", channel.ScaledValue?.ToString(CultureInfo.InvariantCulture) ?? "",
        channel.DecimalPlaces.ToString(CultureInfo.InvariantCulture), channel.Unit, channel.Quality ?? "",
    ];

    private static IEnumerable<string> Lines(IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
