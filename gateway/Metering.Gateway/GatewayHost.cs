using System.Security.Cryptography;
using Metering.Gateway.Configuration;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Gateway.Uplink;
using Metering.Mqtt;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway;

/// <summary>How a gateway runs, beyond its configuration.</summary>
internal sealed record GatewayRun
{
    /// <summary>A virtual past to walk first; null for none.</summary>
    public HistoryWalk? History { get; init; }

    /// <summary>Control port of the simulated field; with <see cref="History"/> only.</summary>
    public (string Host, int Port, string Plant)? VirtualField { get; init; }

    /// <summary>Interval of the live part where it differs from the configuration's.</summary>
    public TimeSpan? LiveInterval { get; init; }
}

/// <summary>A running gateway: outbox, poll thread and uplink.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    internal const string Software = "metering-gateway/0.1.0";
    private const int BootLength = 8;

    private readonly GatewayConfiguration _configuration;
    private readonly KeyChain _keys;
    private readonly GatewayRun _run;
    private readonly TimeProvider _clock;
    private readonly PollCycle _cycle;
    private readonly PollLoop _loop;
    private readonly BatchUplink _uplink;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _polling = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _live = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    /// <exception cref="OutboxException">The state directory cannot be used.</exception>
    internal GatewayHost(GatewayConfiguration configuration, GatewayRun run, TimeProvider clock, ILoggerFactory loggers)
    {
        _configuration = configuration;
        _keys = KeyChain.Open(configuration.StateDirectory, configuration.KeyEpoch, configuration.Key);
        _run = run;
        _clock = clock;
        CycleTable table = new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(BootLength)), configuration.Hash, Software, configuration.Channels);
        Outbox = GatewayOutbox.Open(
            new()
            {
                Directory = configuration.StateDirectory,
                Gateway = configuration.Gateway,
                KeyEpoch = _keys.KeyEpoch,
                Key = _keys.Key,
                Rotations = _keys.Steps,
                Table = table,
                MaximumAge = configuration.BatchMaximumAge,
                MaximumReadings = configuration.BatchMaximumReadings,
                MaximumLength = configuration.Outbox.MaximumLength,
                KeepAckedLength = configuration.Outbox.KeepAcknowledgedLength,
                KeepAckedAge = configuration.Outbox.MaximumAge,
            },
            clock,
            loggers.CreateLogger("outbox"));
        _cycle = new PollCycle(configuration.Buses, run.VirtualField is not null, clock, loggers.CreateLogger("polling"));

        // A simulated field is asked by the clock of the machine that simulates it, whatever that is worth.
        TimeProvider trusted = run.VirtualField is null ? GuardedClock.OfMachine(clock, Outbox.LastSlot) : clock;
        _loop = new PollLoop(_cycle, Outbox, trusted, loggers.CreateLogger("polling"));
        _uplink = new BatchUplink(UplinkOptionsOf(configuration, _keys, table), Outbox, clock, loggers.CreateLogger("uplink"));
        _thread = new Thread(Poll) { Name = "poll", IsBackground = true };
    }

    internal GatewayOutbox Outbox { get; }

    /// <summary>Slot of the last cycle; <see cref="long.MinValue"/> before the first.</summary>
    internal long LastSlot => _loop.LastSlot;

    /// <summary>Readings polled since the start.</summary>
    internal long ReadingCount => _loop.ReadingCount;

    /// <summary>Completes when real time begins to be polled.</summary>
    internal Task Live => _live.Task;

    /// <summary>Starts uplink and poll thread; returns at once.</summary>
    internal void Start()
    {
        _uplink.Start();
        _thread.Start();
    }

    /// <summary>Completes when there is nothing more to do: the past is walked and confirmed, or the host was stopped.</summary>
    /// <exception cref="VirtualClockException">The simulated field is gone.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    internal async Task WaitAsync(CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.Register(_stopping.Cancel);
        await _polling.Task;
        if (_run.History is { ThenLive: false } && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _uplink.DrainAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                // Asked to stop: what is not confirmed stays in the outbox.
            }
        }
    }

    /// <summary>Ends the poll thread between two cycles, makes everything durable, says goodbye to the broker.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        await _uplink.DisposeAsync();
        _cycle.Dispose();
        Outbox.Dispose();
        _keys.Dispose();
        _stopping.Dispose();
    }

    private static UplinkOptions UplinkOptionsOf(GatewayConfiguration configuration, KeyChain keys, CycleTable table) => new()
    {
        Gateway = configuration.Gateway,
        Keys = keys,
        CloudName = configuration.Cloud.Name,
        CloudKey = configuration.Cloud.Key,
        Meta = BirthMessage.Meta(configuration, keys.KeyEpoch, table),
        Broker = BrokerOptionsOf(configuration) with
        {
            Will = new MqttWill { Topic = Readings.Topics.Status(configuration.Gateway), Payload = BirthMessage.Status(isOnline: false), Retain = true },
        },
    };

    /// <summary>How the gateway logs in at its broker, whatever it wants there.</summary>
    internal static MqttClientOptions BrokerOptionsOf(GatewayConfiguration configuration) => new()
    {
        Host = configuration.Broker.Host,
        Port = configuration.Broker.Port,
        ClientId = configuration.Gateway,
        UserName = configuration.Broker.UserName,
        Password = configuration.Broker.Password,
        UseTls = configuration.Broker.Tls is not null,
        CaFile = configuration.Broker.Tls?.CaFile,
        ClientCertificateFile = configuration.Broker.Tls?.CertificateFile,
        ClientKeyFile = configuration.Broker.Tls?.KeyFile,

        // The outbox is the session: whatever the broker forgets is offered again.
        CleanStart = true,
    };

    private void Poll()
    {
        try
        {
            TimeSpan live = _run.LiveInterval ?? _configuration.Interval;
            TimeSpan largestStep = live;
            using VirtualClock? field = _run.VirtualField is (string host, int port, string plant) ? VirtualClock.Connect(host, port, plant) : null;
            if (_run.History is HistoryWalk walk && field is not null)
            {
                _loop.WalkHistory(walk, _configuration.Interval, field, _stopping.Token);
                Outbox.Flush();
                largestStep = _loop.LastSlot < walk.Until.ToUnixTimeMilliseconds() ? _configuration.Interval : live;
                if (walk.ThenLive && !_stopping.IsCancellationRequested)
                {
                    // The walk ends with everything confirmed, so that what is counted then is exactly the history.
                    _uplink.DrainAsync(_stopping.Token).GetAwaiter().GetResult();
                    field.Live();
                }
            }

            if (_run.History is null or { ThenLive: true })
            {
                _ = _live.TrySetResult();
                _loop.RunLive(live, largestStep, _stopping.Token);
                Outbox.Flush();
            }

            _polling.SetResult();
        }
        catch (OperationCanceledException)
        {
            // Asked to stop while the walk was being confirmed: what is not confirmed stays in the outbox.
            _polling.SetResult();
        }
        catch (Exception e) when (e is VirtualClockException or IOException)
        {
            _polling.SetException(e);
        }
    }
}
