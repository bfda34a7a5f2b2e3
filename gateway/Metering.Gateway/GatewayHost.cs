using System.Security.Cryptography;
using Metering.Gateway.Configuration;
using Metering.Gateway.Inputs;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Gateway.Service;
using Metering.Gateway.Uplink;
using Metering.Gateway.Witness;
using Metering.Mqtt;
using Metering.Readings;
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

/// <summary>A running gateway: outbox, polling and uplink. The outbox stays for the whole life; the other two are changed with the configuration.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    internal const string Software = "metering-gateway/0.1.0";
    private const int BootLength = 8;

    /// <summary>A slot that is nearer than this is read before the configuration is changed.</summary>
    private static readonly TimeSpan SlotNearness = TimeSpan.FromMilliseconds(500);

    private readonly KeyChain _keys;
    private readonly GatewayRun _run;
    private readonly TimeProvider _clock;
    private readonly TimeProvider _trusted;
    private readonly string _boot = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(BootLength));
    private readonly long _started;
    private readonly ILoggerFactory _loggers;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _live = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GatewayConfiguration _configuration;
    private FieldRun _field;
    private BatchUplink _uplink;
    private volatile HistoryWalker? _walker;
    private volatile PollEngine? _engine;
    private long _readingsBefore;
    private long _slotBefore = long.MinValue;

    /// <exception cref="OutboxException">The state directory cannot be used.</exception>
    internal GatewayHost(GatewayConfiguration configuration, GatewayRun run, TimeProvider clock, ILoggerFactory loggers)
    {
        _configuration = configuration;
        _keys = KeyChain.Open(configuration.StateDirectory, configuration.KeyEpoch, configuration.Key);
        _run = run;
        _clock = clock;
        _loggers = loggers;
        CycleTable table = TableOf(configuration);
        Outbox = GatewayOutbox.Open(OutboxOptionsOf(configuration, table), clock, loggers.CreateLogger("outbox"));

        // A simulated field is asked by the clock of the machine that simulates it, whatever that is worth.
        _trusted = run.VirtualField is null ? GuardedClock.OfMachine(clock, Outbox.LastSlot) : clock;
        _started = clock.GetTimestamp();
        _field = NewField();
        _uplink = NewUplink(table);
    }

    internal GatewayOutbox Outbox { get; }

    /// <summary>The configuration in use.</summary>
    internal GatewayConfiguration Configuration => Volatile.Read(ref _configuration);

    /// <summary>Slot of the last cycle; <see cref="long.MinValue"/> before the first.</summary>
    internal long LastSlot => Math.Max(Interlocked.Read(ref _slotBefore), Math.Max(_walker?.LastSlot ?? long.MinValue, _engine?.LastSlot ?? long.MinValue));

    /// <summary>Readings polled since the start.</summary>
    internal long ReadingCount => Interlocked.Read(ref _readingsBefore) + (_walker?.ReadingCount ?? 0) + (_engine?.ReadingCount ?? 0);

    /// <summary>Time between two slots of the live part.</summary>
    internal TimeSpan LiveInterval => _run.LiveInterval ?? Configuration.Interval;

    /// <summary>What the polling has seen up to now; null before real time is polled. Any thread may ask.</summary>
    internal PollingSnapshot? Snapshot() => _engine?.Snapshot();

    /// <summary>How the way to the cloud stands.</summary>
    internal UplinkStanding Uplink() => Volatile.Read(ref _uplink).Standing();

    /// <summary>What is known of the cloud's log.</summary>
    internal WitnessStanding Witness() => WitnessFolderOf(Configuration).Standing();

    /// <summary>Takes what people enter on the page.</summary>
    internal FieldBook FieldBook() => new(Configuration, _keys.KeyEpoch, _keys.Key, epoch => epoch >= _keys.FirstEpoch && epoch <= _keys.KeyEpoch ? _keys.KeyOf(epoch) : null, _clock);

    /// <summary>Completes when real time begins to be polled.</summary>
    internal Task Live => _live.Task;

    /// <summary>Starts uplink and polling; returns at once.</summary>
    internal void Start()
    {
        _uplink.Start();
        _field.Start();
    }

    /// <summary>Completes when there is nothing more to do: the past is walked and confirmed, or the host was stopped.</summary>
    /// <exception cref="VirtualClockException">The simulated field is gone.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    internal async Task WaitAsync(CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.Register(_stopping.Cancel);
        await _ended.Task;
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

    /// <summary>
    /// Goes on with another, checked configuration. The outbox stays open, so nothing is lost; a slot that is near is read by the old
    /// configuration first. One at a time.
    /// </summary>
    /// <returns>Null when it is in use, else why it cannot be without a restart.</returns>
    /// <exception cref="IOException">The disk failed; the gateway must end.</exception>
    internal async Task<Text?> ReloadAsync(GatewayConfiguration next, CancellationToken cancellationToken)
    {
        if (ReloadRules.WhyRestart(Configuration, next) is Text reason)
        {
            return reason;
        }

        if (!_live.Task.IsCompleted)
        {
            return new(es: "se está recorriendo un pasado simulado; primero termina eso", en: "a simulated past is being walked; it ends first");
        }

        await LetNearSlotPassAsync(cancellationToken);
        FieldRun before = _field;
        await before.LeaveAsync();
        Interlocked.Exchange(ref _slotBefore, LastSlot);
        _ = Interlocked.Add(ref _readingsBefore, _engine?.ReadingCount ?? 0);
        _engine = null;
        CycleTable table = TableOf(next);
        Outbox.Use(OutboxOptionsOf(next, table));
        Volatile.Write(ref _configuration, next);
        Volatile.Write(ref _field, NewField());
        _field.StartLive();
        _uplink.HasSuccessor = true;
        await _uplink.DisposeAsync();
        Volatile.Write(ref _uplink, NewUplink(table));
        _uplink.Start();
        return null;
    }

    /// <summary>Ends the polling between two cycles, makes everything durable, says goodbye to the broker.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _field.LeaveAsync();
        await _uplink.DisposeAsync();
        Outbox.Dispose();
        _keys.Dispose();
        _stopping.Dispose();
    }

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

    private static CycleTable TableOf(GatewayConfiguration configuration) =>
        new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(BootLength)), configuration.Hash, Software, configuration.Channels);

    private OutboxOptions OutboxOptionsOf(GatewayConfiguration configuration, CycleTable table) => new()
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
    };

    private BatchUplink NewUplink(CycleTable table)
    {
        GatewayConfiguration configuration = _configuration;
        UplinkOptions options = new()
        {
            Gateway = _configuration.Gateway,
            Keys = _keys,
            CloudName = _configuration.Cloud.Name,
            CloudKey = _configuration.Cloud.Key,
            Witness = new(configuration.Gateway, WitnessFolderOf(configuration), _clock, _loggers.CreateLogger("witness")),
            Records = new(configuration.StateDirectory, configuration.Gateway, new(configuration.StateDirectory, configuration.Cloud.Name, configuration.Cloud.Key), _clock, _loggers.CreateLogger("records")),
            Meta = () => BirthMessage.Meta(configuration, _keys.KeyEpoch, table),
            Broker = BrokerOptionsOf(_configuration) with
            {
                Will = new MqttWill { Topic = Topics.Status(_configuration.Gateway), Payload = BirthMessage.Status(isOnline: false), Retain = true },
            },
        };
        return new BatchUplink(options, Outbox, _clock, _loggers.CreateLogger("uplink"));
    }

    private static WitnessFolder WitnessFolderOf(GatewayConfiguration configuration) => new(configuration.StateDirectory, configuration.Cloud.Name, configuration.Cloud.Key);

    private FieldRun NewField() => new(Poll, _ended, _stopping.Token);

    // The moment behind a slot is the best one to change: the next is then as far away as it can be.
    private async Task LetNearSlotPassAsync(CancellationToken cancellationToken)
    {
        long now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        long slot = Slots.AlignUp(now, LiveInterval);
        if (slot - now <= (long)SlotNearness.TotalMilliseconds)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(slot - now) + SlotNearness / 2, _clock, cancellationToken);
        }
    }

    private void Poll(bool isLive, CancellationToken stopping)
    {
        using CycleDesk desk = CycleDesks.Open(_configuration, _keys, Outbox, _loggers.CreateLogger("inputs"));
        TimeSpan largestStep = !isLive && _run is { History: HistoryWalk walk, VirtualField: (string, int, string) field }
            ? WalkHistory(walk, field, desk, stopping)
            : LargestStep;
        if (isLive || _run.History is null or { ThenLive: true })
        {
            _ = _live.TrySetResult();
            RunLive(largestStep, desk, stopping);
        }
    }

    private TimeSpan WalkHistory(HistoryWalk walk, (string Host, int Port, string Plant) address, CycleDesk desk, CancellationToken stopping)
    {
        using VirtualClock field = VirtualClock.Connect(address.Host, address.Port, address.Plant);
        using PollCycle cycle = new(_configuration.Buses, _configuration.Interval, _clock, _loggers.CreateLogger("polling"));
        HistoryWalker walker = new(cycle, desk, Outbox, _clock, _started);
        _walker = walker;
        try
        {
            walker.Walk(walk, _configuration.Interval, field, stopping);
        }
        finally
        {
            // Before the desk keeps what it remembers of them.
            Outbox.Flush();
        }

        desk.KeepEndOfPast();
        if (walk.ThenLive && !stopping.IsCancellationRequested)
        {
            // The walk ends with everything confirmed, so that what is counted then is exactly the history.
            _uplink.DrainAsync(stopping).GetAwaiter().GetResult();
            field.Live();
        }

        return walker.LastSlot < walk.Until.ToUnixTimeMilliseconds() ? _configuration.Interval : LiveInterval;
    }

    private void RunLive(TimeSpan largestStep, CycleDesk desk, CancellationToken stopping)
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

        using PollEngine engine = new(scope, new PollOutput(desk.Add, Outbox.AddGap, Outbox.LastSlot) { Started = _started }, _trusted, _loggers.CreateLogger("polling"));
        _engine = engine;
        engine.Run(largestStep, stopping);
        Outbox.Flush();
    }

    // What is shorter than this behind the last durable slot is no stop.
    private TimeSpan LargestStep => _run.LiveInterval is null && _configuration.FastInterval is TimeSpan fast ? fast : LiveInterval;
}
