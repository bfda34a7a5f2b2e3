using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Metering.Gateway.Configuration;
using Metering.Gateway.Diagnosis.Health;
using Metering.Gateway.Inputs;
using Metering.Gateway.Logging;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Gateway.Service;
using Metering.Meters.Yaml;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Commands;

/// <summary>gateway run: polls, stores, signs and sends until told to stop.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);
    private static readonly Text PastOnly = new(es: "--plant, --from, --until y --then-live van con --virtual-clock.", en: "--plant, --from, --until and --then-live belong to --virtual-clock.");
    private static readonly Text DiskFailed = new(
        es: "El disco falló: {0} No se perdió nada de lo confirmado. Revise el disco y vuelva a arrancar.",
        en: "The disk failed: {0} Nothing acknowledged is lost. Check the disk, then start again.");

    /// <param name="language">Language of the status in the service manager.</param>
    internal static Command Create(Language language)
    {
        Option<string> config = new("--config") { Description = new Text(es: "Archivo de configuración.", en: "Configuration file.").In(language), Required = true };
        Option<string?> virtualClock = new("--virtual-clock") { Description = new Text(es: "HOST:PUERTO de control de un campo simulado: recorrer su pasado.", en: "HOST:PORT of a simulated field's control port: walk through its past.").In(language) };
        Option<string?> plant = new("--plant") { Description = new Text(es: "Planta del campo simulado.", en: "Plant of the simulated field.").In(language) };
        Option<string?> from = new("--from") { Description = new Text(es: "Primer instante del pasado, como 2024-11-20T06:00:00Z.", en: "First instant of the past, such as 2024-11-20T06:00:00Z.").In(language) };
        Option<string?> until = new("--until") { Description = new Text(es: "Primer instante que ya no es parte de él.", en: "First instant that is not part of it any more.").In(language) };
        Option<bool> thenLive = new("--then-live") { Description = new Text(es: "Seguir en tiempo real después del pasado.", en: "Go on in real time after the past.").In(language) };
        Option<string?> liveInterval = new("--live-interval") { Description = new Text(es: "Intervalo de la parte en tiempo real si es otro, como 15s.", en: "Interval of the real-time part where it differs, such as 15s.").In(language) };
        Option<bool> verbose = new("--verbose") { Description = new Text(es: "Registrar también información, no solo avisos.", en: "Log information too, not only warnings.").In(language) };
        Option<string> logFormat = new("--log-format") { Description = new Text(es: "text; systemd (cada línea con su nivel, como la lee el journal); json (un objeto por línea); auto: systemd si el journal escucha.", en: "text; systemd (each line with its level as the journal reads it); json (one object a line); auto: systemd when the journal listens.").In(language), DefaultValueFactory = _ => "auto" };
        _ = logFormat.AcceptOnlyFromAmong("auto", "text", "systemd", "json");
        Command command = new("run", new Text(es: "Lee los medidores, guarda, firma y envía hasta que se le detenga.", en: "Poll the meters, store, sign and send, until told to stop.").In(language)) { config, virtualClock, plant, from, until, thenLive, liveInterval, verbose, logFormat };
        command.SetAction((result, _) =>
        {
            GatewayRun run = new();
            string? problem = null;
            if (result.GetValue(virtualClock) is string address)
            {
                problem = TryReadHistory(address, result.GetValue(plant), result.GetValue(from), result.GetValue(until), result.GetValue(thenLive), out run)?.In(language);
            }
            else if (result.GetValue(plant) is not null || result.GetValue(from) is not null || result.GetValue(until) is not null || result.GetValue(thenLive))
            {
                problem = PastOnly.In(language);
            }

            if (problem is null && result.GetValue(liveInterval) is string text)
            {
                problem = ReadLiveInterval(text, ref run)?.In(language);
            }

            return problem is null
                ? RunAsync(result.GetValue(config)!, run, TalkOf(result.GetValue(verbose), result.GetValue(logFormat)!, language))
                : Task.FromResult(Output.Fail(problem, ExitCode.Usage));
        });
        return command;
    }

    private static RunTalk TalkOf(bool verbose, string logFormat, Language language) => new(
        verbose,
        logFormat switch
        {
            "json" => LogForm.Json,
            "systemd" => LogForm.Systemd,
            "auto" when JournalStream.IsStandardError(Environment.GetEnvironmentVariable) => LogForm.Systemd,
            _ => LogForm.Text,
        },
        language);

    private static Text? TryReadHistory(string address, string? plant, string? from, string? until, bool thenLive, out GatewayRun run)
    {
        run = new();
        if (!Output.TryParseAddress(address, out string host, out int port))
        {
            return new(es: $"--virtual-clock '{address}' no es HOST:PUERTO.", en: $"--virtual-clock '{address}' is not HOST:PORT.");
        }

        if (plant is null || from is null || until is null)
        {
            return new(es: "--virtual-clock necesita --plant, --from y --until.", en: "--virtual-clock needs --plant, --from and --until.");
        }

        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParse(from, CultureInfo.InvariantCulture, Styles, out DateTimeOffset first)
            || !DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, Styles, out DateTimeOffset end))
        {
            return new(es: "--from y --until son instantes como 2024-11-20T06:00:00Z.", en: "--from and --until are instants such as 2024-11-20T06:00:00Z.");
        }

        run = new() { History = new(first, end, thenLive), VirtualField = (host, port, plant) };
        return first < end ? null : new(es: "--from debe ser anterior a --until.", en: "--from must lie before --until.");
    }

    private static Text? ReadLiveInterval(string text, ref GatewayRun run)
    {
        if (!Duration.TryParse(text, out TimeSpan interval, out Text what, out Text hint))
        {
            return new(es: $"--live-interval: {what.In(Language.Spanish)}, {hint.In(Language.Spanish)}.", en: $"--live-interval: {what.In(Language.English)}, {hint.In(Language.English)}.");
        }

        if (interval < PollingReader.ShortestInterval || TimeSpan.TicksPerDay % interval.Ticks != 0 || interval.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            return new(es: "--live-interval: elija segundos enteros que dividan un día, como 5s, 15s o 1m.", en: "--live-interval: choose whole seconds that divide a day, such as 5s, 15s or 1m.");
        }

        run = run with { LiveInterval = interval };
        return null;
    }

    private static async Task<int> RunAsync(string configFile, GatewayRun run, RunTalk talk)
    {
        using CancellationTokenSource stopping = new();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }

        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using ILoggerFactory loggers = LogOutput.Open(talk.IsVerbose, talk.Form);
        try
        {
            GatewayConfiguration configuration = ConfigurationFile.Load(configFile);
            foreach (string file in SecretHealth.OpenToAll(configuration.SecretFiles))
            {
                ServiceEvents.OpenSecret(loggers.CreateLogger("service"), file);
            }

            await using GatewayHost host = new(configuration, run, TimeProvider.System, loggers);
            await ServeAsync(host, run, loggers, talk, stopping);
            PrintState("done", host);
            return 0;
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.In(talk.Language), ExitCode.Configuration);
        }
        catch (OutboxException e)
        {
            return Output.Fail(e.Message, e.ExitCode);
        }
        catch (VirtualClockException e)
        {
            return Output.Fail(e.Message, ExitCode.Unavailable);
        }
        catch (IOException e)
        {
            return Output.Fail(DiskFailed.In(talk.Language, e.Message), ExitCode.InputOutput);
        }
    }

    private static async Task ServeAsync(GatewayHost host, GatewayRun run, ILoggerFactory loggers, RunTalk talk, CancellationTokenSource stopping)
    {
        using ServiceNotifier notifier = new(Environment.GetEnvironmentVariable, Environment.ProcessId, TimeProvider.System);
        await using GatewayService service = new(host, notifier, TimeProvider.System, loggers.CreateLogger("service"), talk.Language);

        // On a terminal the signal says that the terminal has gone, and the gateway ends with it as every program does.
        using PosixSignalRegistration? hangUp = notifier.IsManaged || Console.IsInputRedirected
            ? PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                service.RequestReload();
            })
            : null;
        host.Start();
        Task report = ReportAsync(host, run, stopping.Token);
        Task serving = service.RunAsync(stopping.Token);
        Task waiting = host.WaitAsync(stopping.Token);
        try
        {
            await await Task.WhenAny(waiting, serving);
        }
        finally
        {
            await stopping.CancelAsync();
            await report;
        }

        await serving;
        await waiting;
    }

    /// <summary>One JSON line a second while the past is walked, "done" when it is confirmed; "ready" when real time begins.</summary>
    private static async Task ReportAsync(GatewayHost host, GatewayRun run, CancellationToken cancellationToken)
    {
        try
        {
            using PeriodicTimer timer = new(ProgressInterval, TimeProvider.System);
            while (run.History is not null && !host.Live.IsCompleted && await WaitForTickAsync(timer, host.Live, cancellationToken))
            {
                PrintState("progress", host);
            }

            await host.Live.WaitAsync(cancellationToken);
            if (run.History is not null)
            {
                PrintState("done", host);
            }

            Console.Out.WriteLine("{\"ready\":true}");
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    private static async Task<bool> WaitForTickAsync(PeriodicTimer timer, Task live, CancellationToken cancellationToken)
    {
        Task<bool> tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        return await Task.WhenAny(tick, live) == tick && await tick;
    }

    private static void PrintState(string name, GatewayHost host)
    {
        string? slot = host.LastSlot == long.MinValue ? null : FieldNumbers.Instant(host.LastSlot);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject(name);
            json.WriteString("slot", slot);
            json.WriteNumber("readings", host.ReadingCount);
            json.WriteNumber("acked", host.Outbox.AckedThrough);
            json.WriteNumber("batches", host.Outbox.LastBatch);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        Console.Out.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>How the command talks.</summary>
    private sealed record RunTalk(bool IsVerbose, LogForm Form, Language Language);
}
