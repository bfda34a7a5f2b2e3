using System.Globalization;
using Metering.Gateway.Configuration;
using Metering.Gateway.Outbox;
using Metering.Gateway.Status;
using Metering.Gateway.Uplink;
using Metering.Meters.Yaml;
using Metering.Mqtt;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Service;

/// <summary>
/// Looks after a running gateway: tells the service manager how it stands, feeds its watchdog while there is progress, and takes a
/// changed configuration on request. The new one is read and checked whole before anything is touched.
/// </summary>
internal sealed class GatewayService(GatewayHost host, ServiceNotifier notifier, TimeProvider clock, ILogger logger, Language language) : IAsyncDisposable
{
    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(5);
    private static readonly Text Standing = new(
        es: "{0} lecturas; {1} lotes por confirmar; {2}", en: "{0} readings; {1} batches to be confirmed; {2}");

    private readonly ProgressWatch _watch = new(clock);
    private readonly AsyncSignal _reload = new();
    private Text? _keptBecause;
    private Text? _noProgress;
    private bool _isStuck;
    private StatusServer? _page;
    private StatusPageOptions? _shown;

    /// <summary>Why the last changed configuration was not taken; null when there was none or it was.</summary>
    internal Text? KeptBecause => Volatile.Read(ref _keptBecause);

    /// <summary>What stands still; null while there is progress.</summary>
    internal Text? NoProgress => Volatile.Read(ref _noProgress);

    /// <summary>Asks for the configuration to be read anew; returns at once. Asking again meanwhile is one more reading at most.</summary>
    internal void RequestReload() => _reload.Set();

    /// <summary>Serves until cancelled.</summary>
    /// <exception cref="IOException">The disk failed while the configuration was changed: the gateway must end.</exception>
    internal async Task RunAsync(CancellationToken stopping)
    {
        Task reload = _reload.Next;
        try
        {
            await host.Live.WaitAsync(stopping);
            await ShowPageAsync();
            notifier.Ready(StatusText());
            using PeriodicTimer timer = new(TickOf(notifier.WatchdogTimeout), clock);
            Task<bool> tick = timer.WaitForNextTickAsync(stopping).AsTask();
            while (true)
            {
                Look();
                _ = await Task.WhenAny(tick, reload);
                stopping.ThrowIfCancellationRequested();
                if (reload.IsCompleted)
                {
                    reload = _reload.Next;
                    await ReloadAsync(stopping);
                }

                if (tick.IsCompleted)
                {
                    _ = await tick;
                    tick = timer.WaitForNextTickAsync(stopping).AsTask();
                }
            }
        }
        catch (OperationCanceledException)
        {
            notifier.Stopping();
        }
    }

    /// <summary>Takes the status page away.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_page is not null)
        {
            await _page.DisposeAsync();
        }
    }

    // Anew only when its own part of the configuration has changed: visitors and the last hour stay.
    private async Task ShowPageAsync()
    {
        if (_page is not null && _shown == host.Configuration.StatusPage)
        {
            return;
        }

        if (_page is not null)
        {
            await _page.DisposeAsync();
        }

        _shown = host.Configuration.StatusPage;
        _page = new StatusServer(host, this, clock, logger);
    }

    private static TimeSpan TickOf(TimeSpan? watchdog) => watchdog is TimeSpan timeout && timeout / 3 < LongestTick ? timeout / 3 : LongestTick;

    private void Look()
    {
        OutboxStanding outbox = host.Outbox.Standing();
        ProgressSample sample = new(
            host.LastSlot == long.MinValue ? null : host.LastSlot, host.LiveInterval, outbox.PendingReadings, outbox.DurableReadings + outbox.RefusedReadings);
        Text? problem = _watch.Look(sample);
        Volatile.Write(ref _noProgress, problem);
        if (problem is null)
        {
            _isStuck = false;
            notifier.Alive();
        }
        else if (!_isStuck)
        {
            _isStuck = true;
            string words = problem.In(Language.English);
            ServiceEvents.NoProgress(logger, words);
        }

        notifier.Status(problem?.In(language) ?? StatusText());
    }

    private async Task ReloadAsync(CancellationToken stopping)
    {
        notifier.Reloading();
        Text? problem;
        try
        {
            GatewayConfiguration next = ConfigurationFile.Load(host.Configuration.File);
            problem = await host.ReloadAsync(next, stopping);
        }
        catch (YamlFaultException e)
        {
            problem = new(es: e.In(Language.Spanish), en: e.Message);
        }

        Volatile.Write(ref _keptBecause, problem);
        if (problem is null)
        {
            string hash = host.Configuration.Hash;
            ServiceEvents.Reloaded(logger, hash);
            await ShowPageAsync();
        }
        else
        {
            string words = problem.In(Language.English);
            ServiceEvents.NotReloaded(logger, words);
        }

        notifier.Ready(StatusText());
    }

    private string StatusText()
    {
        if (KeptBecause is Text problem)
        {
            return KeptText.In(language, problem.In(language));
        }

        UplinkStanding uplink = host.Uplink();
        string way = (uplink.State == MqttSessionState.Connected ? Connected : uplink.IsRefused ? Refused : Away).In(language);
        return Standing.In(
            language,
            host.ReadingCount.ToString("N0", CultureInfo.InvariantCulture),
            host.Outbox.Standing().WaitingBatches.ToString(CultureInfo.InvariantCulture),
            way);
    }

    private static readonly Text Connected = new(es: "con conexión al servidor", en: "connected to the broker");
    private static readonly Text Away = new(es: "sin conexión al servidor; las lecturas se guardan", en: "not connected to the broker; readings are kept");
    private static readonly Text Refused = new(es: "el servidor rechaza la contraseña o el certificado", en: "the broker refuses the password or certificate");
    private static readonly Text KeptText = new(es: "La configuración nueva tiene errores; sigue la anterior: {0}", en: "The new configuration is faulty; the old one goes on: {0}");
}
