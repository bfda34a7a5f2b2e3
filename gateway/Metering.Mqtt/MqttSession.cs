using System.Threading.Channels;
using Metering.Mqtt.Session;

namespace Metering.Mqtt;

/// <summary>
/// Keeps one client connected: connects again with growing, spread pauses, and subscribes again after each connect. A message in flight when
/// the line breaks is sent again, or its sender told, by what the broker still remembers.
/// </summary>
public sealed class MqttSession : IAsyncDisposable
{
    private readonly MqttClientOptions options;
    private readonly TimeProvider clock;
    private readonly MqttBackOff backOff;
    private readonly IReadOnlyList<MqttSubscription> subscriptions;
    private readonly MqttClient client;
    private readonly Random jitter;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MqttSessionStatus status = new(MqttSessionState.Stopped, null, TimeSpan.Zero);
    private Task loop = Task.CompletedTask;
    private int failures;

    /// <summary>Makes a session; nothing is sent before <see cref="Start"/>. Throws <see cref="ArgumentException"/> for bad options.</summary>
    public MqttSession(MqttClientOptions options, TimeProvider clock, IReadOnlyList<MqttSubscription> subscriptions, MqttBackOff? backOff = null)
    {
        ArgumentNullException.ThrowIfNull(subscriptions);
        foreach (MqttSubscription subscription in subscriptions)
        {
            Topics.CheckFilter(subscription.Filter);
        }

        client = new MqttClient(options, clock, sendersStay: true);
        this.options = options;
        this.clock = clock;
        this.subscriptions = [.. subscriptions];
        this.backOff = backOff ?? new MqttBackOff();
        jitter = new Random(this.backOff.JitterSeed ?? SeedOf(options.ClientId));
    }

    /// <summary>Raised, one at a time and from the session's own loop, when <see cref="Status"/> has changed. Handlers must be quick and must not throw.</summary>
    public event EventHandler<MqttSessionStatusChangedEventArgs>? StatusChanged;

    /// <summary>State, latest fault and pause.</summary>
    public MqttSessionStatus Status
    {
        get
        {
            lock (gate)
            {
                return status;
            }
        }
    }

    /// <summary>True when connected and subscribed.</summary>
    public bool IsConnected => Status.State == MqttSessionState.Connected;

    /// <summary>
    /// The fault that only a person can mend (wrong password, not authorized, bad certificate), while it lasts; otherwise null. The session
    /// goes on trying, slowly.
    /// </summary>
    public MqttException? FatalFault => Status.Fault is { IsTransient: false } fault ? fault : null;

    /// <summary>Messages received; see <see cref="MqttClient.Messages"/>.</summary>
    public ChannelReader<MqttMessage> Messages => client.Messages;

    /// <summary>Counters over all connections.</summary>
    public MqttStatistics Statistics => client.Statistics;

    /// <summary>Starts connecting. Does nothing when already started.</summary>
    public void Start()
    {
        lock (gate)
        {
            if (status.State == MqttSessionState.Stopped && !stopping.IsCancellationRequested)
            {
                status = status with { State = MqttSessionState.Connecting };
                loop = KeepConnectedAsync();
            }
        }
    }

    /// <summary>Completes when the session is connected and subscribed; at once when it is so now.</summary>
    public Task WaitUntilConnectedAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return connected.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Sends a message as <see cref="MqttClient.PublishAsync"/> does. Throws <see cref="MqttException"/> of kind NotConnected at once while
    /// offline. A QoS 1 message in flight when the line breaks stays pending: after the reconnect it is sent again if the broker kept the
    /// session, and fails with NotConnected if not, so that the caller offers it again.
    /// </summary>
    public ValueTask<MqttReasonCode> PublishAsync(string topic, ReadOnlyMemory<byte> payload, MqttQoS qos, bool retain, CancellationToken cancellationToken) =>
        client.PublishAsync(topic, payload, qos, retain, cancellationToken);

    /// <summary>Tells the broker that a message is safe with us; see <see cref="MqttClient.Acknowledge"/>.</summary>
    public void Acknowledge(MqttMessage message) => client.Acknowledge(message);

    /// <summary>Says goodbye and stops for good. Pending messages fail with ClosedByClient.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await loop.WaitAsync(cancellationToken);
        await client.DisposeAsync();
    }

    /// <summary>Stops; see <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        stopping.Dispose();
    }

    /// <summary>A seed of its own for each client, so that many do not come back at the same moment after a broker's restart.</summary>
    private static int SeedOf(string clientId)
    {
        uint hash = 2_166_136_261;      // FNV-1a: the same in every process, unlike string.GetHashCode
        foreach (char one in clientId)
        {
            hash = unchecked((hash ^ one) * 16_777_619);
        }

        return unchecked((int)hash);
    }

    private async Task KeepConnectedAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                MqttException fault = await ConnectOnceAsync();
                TimeSpan pause = NextPause(fault);
                Change(new MqttSessionStatus(MqttSessionState.Waiting, fault, pause));
                await Task.Delay(pause, clock, stopping.Token);
                Change(new MqttSessionStatus(MqttSessionState.Connecting, fault, TimeSpan.Zero));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            await client.DisconnectAsync(CancellationToken.None);
            Change(new MqttSessionStatus(MqttSessionState.Stopped, null, TimeSpan.Zero));
        }
    }

    /// <summary>Connects, subscribes and stays until the connection ends; returns why it did.</summary>
    private async Task<MqttException> ConnectOnceAsync()
    {
        try
        {
            MqttConnectResult result = await client.ConnectAsync(stopping.Token);
            await SubscribeAllAsync();
            long since = clock.GetTimestamp();
            Change(new MqttSessionStatus(MqttSessionState.Connected, null, TimeSpan.Zero) { Connection = result });
            MqttException reason = await client.Closed.WaitAsync(stopping.Token);
            if (clock.GetElapsedTime(since) >= backOff.StableAfter)
            {
                failures = 0;
            }

            return reason;
        }
        catch (MqttException fault)
        {
            await client.CloseAsync(fault, CancellationToken.None);
            return fault;
        }
#pragma warning disable CA1031 // The outermost loop: whatever went wrong is told in Status, and the uplink must go on.
        catch (Exception unforeseen) when (unforeseen is not OperationCanceledException)
#pragma warning restore CA1031
        {
            MqttException fault = new(MqttErrorKind.Unreachable, MqttReasonCode.UnspecifiedError, $"Connecting failed: {unforeseen.Message}", innerException: unforeseen);
            await client.CloseAsync(fault, CancellationToken.None);
            return fault;
        }
    }

    private async Task SubscribeAllAsync()
    {
        using CancellationTokenSource timeout = new(options.ConnectTimeout, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token, timeout.Token);
        try
        {
            foreach (MqttSubscription subscription in subscriptions)
            {
                await client.SubscribeAsync(subscription.Filter, subscription.QoS, either.Token);
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new MqttException(MqttErrorKind.ConnectionLost, MqttReasonCode.UnspecifiedError, "The broker did not answer a subscription in time.");
        }
    }

    private TimeSpan NextPause(MqttException fault)
    {
        if (!fault.IsTransient)
        {
            return Spread(backOff.FatalPause);
        }

        TimeSpan pause = backOff.FirstPause;
        for (int doubling = 0; doubling < failures && pause < backOff.LongestPause; doubling++)
        {
            pause *= 2;
        }

        failures = Math.Min(failures + 1, MqttBackOff.MaximumDoublings);
        return Spread(pause < backOff.LongestPause ? pause : backOff.LongestPause);
    }

    /// <summary>Between half and all of the pause, in the whole milliseconds that a delay can keep.</summary>
    private TimeSpan Spread(TimeSpan pause) => TimeSpan.FromMilliseconds(Math.Ceiling(pause.TotalMilliseconds * (0.5 + (jitter.NextDouble() / 2))));

    private void Change(MqttSessionStatus next)
    {
        lock (gate)
        {
            status = next;
            if (next.State == MqttSessionState.Connected)
            {
                connected.TrySetResult();
            }
            else if (connected.Task.IsCompleted)
            {
                connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        StatusChanged?.Invoke(this, new MqttSessionStatusChangedEventArgs(next));
    }
}
