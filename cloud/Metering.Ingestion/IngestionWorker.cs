using System.Text.Json;
using Metering.Mqtt;
using Metering.Readings;
using Metering.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Metering.Ingestion;

/// <summary>
/// Takes signed batches from the broker into the journal and answers each gateway with a signed ack. A batch is
/// acknowledged to the broker only when it is durable or durably refused, and to the gateway only when it is durable.
/// Loss of the broker is waited out for ever.
/// </summary>
public sealed class IngestionWorker : BackgroundService
{
    /// <summary>How long the broker keeps messages for us while we are away. Gateways send again in any case.</summary>
    private static readonly TimeSpan SessionExpiry = TimeSpan.FromDays(1);

    private const int LargestStatusLength = 4 * 1024;

    private readonly IngestionOptions _options;
    private readonly IReadingStore _store;
    private readonly IngestionState _state;
    private readonly TimeProvider _clock;
    private readonly ILogger<IngestionWorker> _logger;
    private readonly IngestionCounters _counters = new();
    private readonly GatewayKeys _keys;
    private readonly BirthKeeper _births;
    private readonly TaskCompletionSource<MqttException?> _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes the worker; nothing is sent before the host starts it.</summary>
    public IngestionWorker(IngestionOptions options, IReadingStore store, IngestionState state, TimeProvider clock, ILogger<IngestionWorker> logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Lanes, 1);
        (_options, _store, _state, _clock, _logger) = (options, store, state, clock, logger);
        _keys = new(store, clock);
        _births = new(store, logger);
    }

    /// <summary>
    /// Completes after the first attempt to connect: null when connected and subscribed, else why not. A fault that is not
    /// <see cref="MqttException.IsTransient"/> will not pass by itself; the worker goes on trying all the same.
    /// </summary>
    public Task<MqttException?> FirstAttempt => _firstAttempt.Task;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _keys.Dispose();
        _counters.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A second process that ingests into the same store must fail now, not at its first batch.
        _store.BecomeWriter();
        MqttClientOptions client = new()
        {
            Host = _options.BrokerHost,
            Port = _options.BrokerPort,
            ClientId = _options.ClientId ?? _options.Name,
            UserName = _options.UserName,
            Password = _options.Password,

            // Of a process that is gone for good the broker would keep what it had assigned to it; the others must get that at once.
            SessionExpiry = _options.Share is null ? SessionExpiry : TimeSpan.Zero,
            CleanStart = _options.Share is not null,
            ReceiveMaximum = _options.ReceiveMaximum,
        };
        await using MqttSession session = new(client, _clock, Subscriptions(_options), _options.BackOff);
        AckPublisher acks = new(_options, session, _store, _keys, (_state, _counters), _logger);
        Quarantine quarantine = new(_store, _state, _counters, _clock, _logger);
        RequestDesk desk = new(_options, session, _store, _keys, acks, quarantine, _clock, _logger);
        BatchCheck check = new(_keys, _clock);
        BatchLane[] lanes = new BatchLane[_options.Lanes];
        for (int index = 0; index < lanes.Length; index++)
        {
            lanes[index] = new(_store, check, acks, quarantine, _state, _counters, _clock, _logger) { Acknowledge = session.Acknowledge };
        }

        session.StatusChanged += (_, change) => OnStatusChanged(change.Status, acks);
        session.Start();
        try
        {
            using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            Task[] work = [
                ReceiveAsync(session, lanes, desk, ending.Token), acks.RunAsync(_clock, ending.Token), desk.RunAsync(ending.Token),
                new RetryLoop(_store, lanes, _clock, _logger).RunAsync(ending.Token), .. lanes.Select(lane => lane.RunAsync(ending.Token)),
            ];
            _ = await Task.WhenAny(work);

            // Only a stop or a fault of ours ends one of them; then all end, and the fault reaches the host.
            await ending.CancelAsync();
            await Task.WhenAll(work);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop. What is not acknowledged the broker delivers again.
        }
        finally
        {
            _ = _firstAttempt.TrySetCanceled(CancellationToken.None);
            _state.IsConnected = false;
        }
    }

    internal static List<MqttSubscription> Subscriptions(IngestionOptions options)
    {
        string prefix = options.Share is null ? "" : $"$share/{options.Share}/";
        List<MqttSubscription> subscriptions = [new(Topics.AllStatus), new(Topics.AllMeta)];
        foreach (string filter in options.BatchTopics)
        {
            subscriptions.Add(new(prefix + filter));
            subscriptions.Add(new(string.Concat(prefix, filter.AsSpan(0, filter.LastIndexOf('/')), "/request")));
        }

        return subscriptions;
    }

    private async Task ReceiveAsync(MqttSession session, BatchLane[] lanes, RequestDesk desk, CancellationToken cancellationToken)
    {
        await foreach (MqttMessage message in session.Messages.ReadAllAsync(cancellationToken))
        {
            string? gateway = Topics.GatewayOf(message.Topic);
            if (gateway is not null && message.Topic == Topics.Batch(gateway) && !message.Retain)
            {
                await lanes[LaneOf(gateway, lanes.Length)].EnqueueAsync(new(gateway, message.Topic, message.Payload, message), cancellationToken);
                continue;
            }

            TakeOther(gateway, message, desk);
            session.Acknowledge(message);
        }
    }

    private void TakeOther(string? gateway, MqttMessage message, RequestDesk desk)
    {
        if (gateway is null)
        {
            _counters.Refused("foreign_topic");
        }
        else if (message.Topic == Topics.Batch(gateway))
        {
            _state.CountRetained();
            _counters.Refused("retained");
            _logger.Retained(message.Topic);
        }
        else if (message.Topic == Topics.Request(gateway) && !message.Retain)
        {
            desk.Take(message);
        }
        else if (message.Topic == Topics.Meta(gateway))
        {
            if (_keys.IsEnrolled(gateway))
            {
                _births.Take(gateway, message.Payload);
            }
        }
        else if (message.Topic == Topics.Status(gateway) && _keys.IsEnrolled(gateway) && ReadState(message.Payload) is bool isOnline)
        {
            if (_state.Find(gateway)?.IsOnline != isOnline)
            {
                _logger.GatewayState(gateway, isOnline ? "online" : "offline");
            }

            _state.Change(gateway, before => before with { IsOnline = isOnline });
        }
    }

    private void OnStatusChanged(MqttSessionStatus status, AckPublisher acks)
    {
        _state.IsConnected = status.State == MqttSessionState.Connected;
        if (status.State == MqttSessionState.Connected)
        {
            int gateways = acks.MarkAll();
            _logger.Connected(_options.Name, gateways);
            _ = _firstAttempt.TrySetResult(null);
        }
        else if (status is { State: MqttSessionState.Waiting, Fault: MqttException fault })
        {
            if (fault is { Kind: MqttErrorKind.Refused, IsTransient: false })
            {
                _logger.Refused(_options.Name, fault.Message);
            }
            else
            {
                _logger.Disconnected(fault.Message, status.Pause);
            }

            _ = _firstAttempt.TrySetResult(fault);
        }
    }

    /// <summary>{"v":1,"state":"online"} or "offline"; null for anything else.</summary>
    private static bool? ReadState(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > LargestStatusLength)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            bool hasState = document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("state", out JsonElement state)
                && state.ValueKind == JsonValueKind.String;
            return hasState
                ? document.RootElement.GetProperty("state").GetString() switch { "online" => true, "offline" => false, _ => null }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static int LaneOf(string gateway, int lanes) => (int)(unchecked((uint)gateway.GetHashCode(StringComparison.Ordinal)) % (uint)lanes);
}
