using Metering.Gateway.Diagnosis;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Mqtt;
using Metering.Readings;
using Microsoft.Extensions.Logging;
using Topics = Metering.Readings.Topics;

namespace Metering.Gateway.Uplink;

/// <summary>
/// Brings durable batches to the cloud, in order. The broker's PUBACK frees nothing: only the cloud's signed word does.
/// What is not confirmed is offered again after a new connection, or when no word came for a while; the cloud knows what it
/// has, so offering twice does no harm.
/// </summary>
internal sealed partial class BatchUplink : IAsyncDisposable
{
    private readonly UplinkOptions _options;
    private readonly GatewayOutbox _outbox;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly MqttSession _session;
    private readonly AckLedger _acks;
    private readonly DeliveryLog _deliveries;
    private readonly AsyncSignal _wake = new();
    private readonly HashSet<long> _inFlight = [];
    private readonly HashSet<long> _early = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _sending = Task.CompletedTask;
    private Task _receiving = Task.CompletedTask;
    private long _connections;
    private readonly string _broker;
    private string _lastProblem = "";
    private long _lastProgress;
    private long? _lossStatedAt;
    private TimeSpan _patience = UplinkOptions.FirstPatience;
    private long _lastAckUtcMilliseconds;

    internal BatchUplink(UplinkOptions options, GatewayOutbox outbox, TimeProvider clock, ILogger logger)
    {
        (_options, _outbox, _clock, _logger) = (options, outbox, clock, logger);
        _broker = options.Broker.ToString();
        _acks = new AckLedger(options.Gateway, outbox, clock, logger);
        _deliveries = new DeliveryLog(clock, logger);
        _session = new MqttSession(options.Broker, clock, [new MqttSubscription(Topics.Ack(options.Gateway))]);
        _session.StatusChanged += (_, change) => Report(change.Status);
        _lastProgress = clock.GetTimestamp();
    }

    /// <summary>Whether another uplink of the same gateway follows: then no goodbye is said.</summary>
    internal bool HasSuccessor { get; set; }

    /// <summary>How the way to the cloud stands. Any thread may ask.</summary>
    internal UplinkStanding Standing()
    {
        MqttSessionStatus status = _session.Status;
        return new()
        {
            Broker = _broker,
            State = status.State,
            Trouble = status.Fault is MqttException fault ? BrokerTrouble.Of(fault, _options.Broker) : _deliveries.Current,
            Connections = Interlocked.Read(ref _connections),
            LastAckUtcMilliseconds = Interlocked.Read(ref _lastAckUtcMilliseconds) is long at and > 0 ? at : null,
        };
    }

    /// <summary>Connects and begins to send; returns at once.</summary>
    internal void Start()
    {
        _receiving = ReceiveAsync();
        _sending = SendAsync();
        _session.Start();
    }

    /// <summary>Completes when every batch is confirmed by the cloud.</summary>
    internal async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next = _outbox.Changed.Next;
            if (_outbox.AckedThrough >= _outbox.LastBatch)
            {
                return;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource goodbye = new(UplinkOptions.GoodbyeTimeout, _clock);
        try
        {
            if (_session.IsConnected && !HasSuccessor)
            {
                _ = await _session.PublishAsync(Topics.Status(_options.Gateway), BirthMessage.Status(isOnline: false), MqttQoS.AtLeastOnce, retain: true, goodbye.Token);
            }
        }
        catch (Exception e) when (e is MqttException or OperationCanceledException)
        {
            // The Last Will says the same.
        }

        await _stopping.CancelAsync();
        await _session.DisposeAsync();
        await _sending;
        await _receiving;
        _stopping.Dispose();
    }

    private void Report(MqttSessionStatus status)
    {
        if (status.State == MqttSessionState.Connected)
        {
            _ = Interlocked.Increment(ref _connections);
            _lastProblem = "";
            _deliveries.Forget();
            UplinkEvents.Connected(_logger, _broker);
            _wake.Set();
        }
        else if (status is { State: MqttSessionState.Waiting, Fault: MqttException fault } && fault.Message != _lastProblem)
        {
            _lastProblem = fault.Message;
            string remedy = BrokerTrouble.Of(fault, _options.Broker).Remedy.In(Language.English);
            if (fault.IsTransient)
            {
                UplinkEvents.Away(_logger, _broker, fault.Message, remedy);
            }
            else if (fault.Kind == MqttErrorKind.TlsFailed)
            {
                UplinkEvents.NoTls(_logger, _broker, fault.Message, remedy);
            }
            else
            {
                UplinkEvents.Refused(_logger, _broker, fault.Message, remedy);
            }
        }
    }

    private async Task SendAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            long connection = 0;
            long next = _outbox.AckedThrough + 1;
            while (true)
            {
                await _session.WaitUntilConnectedAsync(_stopping.Token);
                Task woken = Task.WhenAny(_wake.Next, _outbox.Changed.Next);
                if (Interlocked.Read(ref _connections) is long current && current != connection)
                {
                    connection = current;
                    next = _outbox.AckedThrough + 1;
                    _early.Clear();
                    _acks.Doubt();
                    _options.Witness?.AskSoon();
                    _options.Records?.Reconnected();
                    await GreetAsync();
                }

                if (_acks.NextQuestion() is string question)
                {
                    _ = PublishAsync(0, Topics.Request(_options.Gateway), GatewayRequest.AskStanding(_options.Gateway, question));
                }

                if (_options.Witness?.NextQuestion() is ReadOnlyMemory<byte> toLog)
                {
                    _ = PublishAsync(0, Topics.Request(_options.Gateway), toLog);
                }

                next = Math.Max(next, _outbox.AckedThrough + 1);
                bool wentBack = _acks.TakeGoneBack();
                if (wentBack)
                {
                    _options.Records?.ForgetReceipts();
                }

                if (_options.Records?.NextToSend() is ReadOnlyMemory<byte> record)
                {
                    _ = PublishAsync(0, Topics.Request(_options.Gateway), record);
                }

                if (wentBack || IsOutOfPatience(next))
                {
                    // The newest, too: a broker that came back before the cloud had nobody to give them to.
                    next = _outbox.AckedThrough + 1;
                    _early.Clear();
                }

                next = Offer(next);
                await WaitAsync(woken);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }

    private async Task WaitAsync(Task woken)
    {
        try
        {
            await woken.WaitAsync(UplinkOptions.Tick, _clock, _stopping.Token);
        }
        catch (TimeoutException)
        {
            // Time to look at the clocks.
        }
    }

    private bool IsOutOfPatience(long next)
    {
        TimeSpan since = _clock.GetElapsedTime(Volatile.Read(ref _lastProgress));
        bool waits = next > _outbox.AckedThrough + 1 && _outbox.LastBatch > _outbox.AckedThrough;
        if (!waits || since < _patience)
        {
            if (!waits)
            {
                Volatile.Write(ref _lastProgress, _clock.GetTimestamp());
            }

            return false;
        }

        UplinkEvents.NoProgress(_logger, since);
        Volatile.Write(ref _lastProgress, _clock.GetTimestamp());
        _patience = _patience * 2 < UplinkOptions.LongestPatience ? _patience * 2 : UplinkOptions.LongestPatience;
        return true;
    }

    /// <summary>Sends what the window allows: the newest batches first, in their share of it, then the backlog in its order.</summary>
    /// <returns>The next batch to send.</returns>
    private long Offer(long next)
    {
        if (_outbox.IsBehindCloud)
        {
            return next;
        }

        int early = OfferNewest(next);
        long end = _outbox.AckedThrough + UplinkOptions.Window - early;
        while (_session.IsConnected && next <= _outbox.LastBatch && next <= end && MayPass(next) && !StatesLoss(next))
        {
            Send(next);
            next++;
        }

        return next;
    }

    // Returns how many of the newest are on the way. Nothing of a new key is sent before the cloud has taken the change.
    private int OfferNewest(long next)
    {
        long newest = _outbox.LastBatch;
        long acked = _outbox.AckedThrough;
        _ = _early.RemoveWhere(place => place <= acked || _acks.IsThere(place));
        if (newest - acked <= UplinkOptions.Window)
        {
            return _early.Count;
        }

        long oldest = Math.Max(Math.Max(next + UplinkOptions.Window, newest - UplinkOptions.LiveShare + 1), _outbox.Places.LastBase + 1);
        for (long place = newest; place >= oldest && _early.Count < UplinkOptions.LiveShare && _session.IsConnected; place--)
        {
            if (!_acks.IsThere(place) && _outbox.AckedThrough >= _outbox.Places.LastBase && _early.Add(place))
            {
                Send(place);
            }
        }

        return _early.Count;
    }

    private void Send(long place)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = !_acks.IsThere(place) && _inFlight.Add(place);
        }

        if (!isNew)
        {
            return;
        }

        if (_outbox.Places.StepAt(place) is RotationStep step)
        {
            _ = PublishAsync(place, Topics.Request(_options.Gateway), step.Note);
        }
        else if (_outbox.TryRead(place, out ReadOnlyMemory<byte> envelope, out _))
        {
            _ = PublishAsync(place, Topics.Batch(_options.Gateway), envelope);
        }
        else
        {
            Landed(place);
        }
    }

    // A change of key waits until the cloud has everything of the old key, and what the new key signed waits for the change.
    private bool MayPass(long next)
    {
        bool isBarrier = _outbox.Places.StepAt(next) is not null || _outbox.Places.StepAt(next - 1) is not null;
        return !isBarrier || _outbox.AckedThrough >= next - 1;
    }

    // True when the next batch was freed here long ago and a restored cloud lacks it: the gap is stated, and what lies behind it waits for the answer.
    private bool StatesLoss(long next)
    {
        if (next != _outbox.AckedThrough + 1 || _outbox.Places.StepAt(next) is not null || LossStatement.Make(_options.Gateway, _outbox, _options.Keys, next) is not (LostBatches lost, byte[] note))
        {
            return false;
        }

        if (_lossStatedAt is not long stated || _clock.GetElapsedTime(stated) >= UplinkOptions.LossSpacing)
        {
            _lossStatedAt = _clock.GetTimestamp();
            UplinkEvents.StatesLoss(_logger, lost.First, lost.Last, lost.KeyEpoch);
            _ = PublishAsync(0, Topics.Request(_options.Gateway), note);
        }

        return true;
    }

    private async Task PublishAsync(long place, string topic, ReadOnlyMemory<byte> payload, bool isKept = false)
    {
        try
        {
            MqttReasonCode code = await _session.PublishAsync(topic, payload, MqttQoS.AtLeastOnce, isKept, _stopping.Token);
            _deliveries.Answered(topic, code, isKept);
        }
        catch (MqttException e)
        {
            // A lost connection is reported by the session; the batch is offered again on the next one.
            if (!e.IsTransient)
            {
                _deliveries.Failed(topic, e);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Asked to stop.
        }
        finally
        {
            Landed(place);
        }
    }

    private void Landed(long place)
    {
        lock (_gate)
        {
            _ = _inFlight.Remove(place);
        }
    }

    private async Task GreetAsync()
    {
        await PublishAsync(0, Topics.Meta(_options.Gateway), _options.Meta(), isKept: true);
        await PublishAsync(0, Topics.Status(_options.Gateway), BirthMessage.Status(isOnline: true), isKept: true);
    }
}
