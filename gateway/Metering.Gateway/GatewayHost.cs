using System.Security.Cryptography;
using Metering.Gateway.Configuration;
using Metering.Gateway.Inputs;
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
    private readonly ILoggerFactory _loggers;
    private readonly BatchUplink _uplink;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _polling = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _live = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private volatile HistoryWalker? _walker;
    private volatile PollEngine? _engine;

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
            },
            clock,
            loggers.CreateLogger("outbox"));
        _loggers = loggers;
        _uplink = new BatchUplink(UplinkOptionsOf(configuration, _keys, table), Outbox, clock, loggers.CreateLogger("uplink"));
        _thread = new Thread(Poll) { Name = "poll", IsBackground = true };
    }

    internal GatewayOutbox Outbox { get; }

    /// <summary>Slot of the last cycle; <see cref="long.MinValue"/> before the first.</summary>
    internal long LastSlot => Math.Max(_walker?.LastSlot ?? long.MinValue, _engine?.LastSlot ?? long.MinValue);

    /// <summary>Readings polled since the start.</summary>
    internal long ReadingCount => (_walker?.ReadingCount ?? 0) + (_engine?.ReadingCount ?? 0);

    /// <summary>What the polling has seen up to now; null before real time is polled. Any thread may ask.</summary>
    internal PollingSnapshot? Snapshot() => _engine?.Snapshot();

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

        // The outbox is the session: whatever the broker forgets is offered again.
        CleanStart = true,
    };

    private void Poll()
    {
        try
        {
            TimeSpan live = _run.LiveInterval ?? _configuration.Interval;
            TimeSpan largestStep = _run is { History: HistoryWalk walk, VirtualField: (string, int, string) field }
                ? WalkHistory(walk, field, live)
                : LargestStepOf(live);
            if (_run.History is null or { ThenLive: true })
            {
                _ = _live.TrySetResult();
                RunLive(largestStep);
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

    // What is shorter than this behind the last durable slot is no stop.
    private TimeSpan LargestStepOf(TimeSpan live) => _run.LiveInterval is null && _configuration.FastInterval is TimeSpan fast ? fast : live;

    private TimeSpan WalkHistory(HistoryWalk walk, (string Host, int Port, string Plant) address, TimeSpan live)
    {
        using VirtualClock field = VirtualClock.Connect(address.Host, address.Port, address.Plant);
        using PollCycle cycle = new(_configuration.Buses, _configuration.Interval, _clock, _loggers.CreateLogger("polling"));
        HistoryWalker walker = new(cycle, Outbox, _clock);
        _walker = walker;
        walker.Walk(walk, _configuration.Interval, field, _stopping.Token);
        Outbox.Flush();
        if (walk.ThenLive && !_stopping.IsCancellationRequested)
        {
            // The walk ends with everything confirmed, so that what is counted then is exactly the history.
            _uplink.DrainAsync(_stopping.Token).GetAwaiter().GetResult();
            field.Live();
        }

        return walker.LastSlot < walk.Until.ToUnixTimeMilliseconds() ? _configuration.Interval : live;
    }

    private void RunLive(TimeSpan largestStep)
    {
        PollScope scope = new(_configuration.Buses, _configuration.Inputs, _configuration.Intervals);
        if (_run.LiveInterval is TimeSpan every)
        {
            scope = scope with
            {
                Buses = [.. _configuration.Buses.Select(bus => bus with { Meters = [.. bus.Meters.Select(meter => meter with { Interval = null })] })],
                Intervals = new(every),
            };
        }

        using CycleDesk desk = CycleDesks.Open(_configuration, _keys, Outbox, _loggers.CreateLogger("inputs"));
        using PollEngine engine = new(scope, new PollOutput(desk.Add, Outbox.AddGap, Outbox.LastSlot), _clock, _loggers.CreateLogger("polling"));
        _engine = engine;
        engine.Run(largestStep, _stopping.Token);
        Outbox.Flush();
    }
}
