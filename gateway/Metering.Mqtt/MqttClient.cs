using System.Threading.Channels;
using Metering.Mqtt.Connection;
using Metering.Mqtt.Packets;
using Metering.Mqtt.Session;

namespace Metering.Mqtt;

/// <summary>
/// An MQTT 5 client for QoS 0 and 1 with acknowledgements given by hand. One object is one session at the broker: it may be connected again
/// after its connection has ended, and then sends unacknowledged messages again. All members may be called from any thread.
/// </summary>
public sealed class MqttClient : IAsyncDisposable
{
    private readonly MqttClientOptions options;
    private readonly TimeProvider clock;
    private readonly ClientState state;
    private MqttConnection? latest;
    private int connecting;
    private bool disposed;

    /// <summary>Makes a client; nothing is sent yet. Throws <see cref="ArgumentException"/> for options outside their ranges.</summary>
    public MqttClient(MqttClientOptions options, TimeProvider clock)
        : this(options, clock, sendersStay: false)
    {
    }

    /// <summary>With <paramref name="sendersStay"/>, callers of a publish that is in flight go on waiting over a reconnect.</summary>
    internal MqttClient(MqttClientOptions options, TimeProvider clock, bool sendersStay)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        MqttOptionsRules.Check(options);
        this.options = options;
        this.clock = clock;
        state = new ClientState(options, sendersStay);
    }

    /// <summary>True while the connection is up, as far as is known.</summary>
    public bool IsConnected
    {
        get
        {
            lock (state.Gate)
            {
                return state.Current is not null;
            }
        }
    }

    /// <summary>Completes, never faulted, with the reason when the current or latest connection has ended. Before the first connection it is complete.</summary>
    public Task<MqttException> Closed => Volatile.Read(ref latest)?.Closed ?? Task.FromResult(ClientState.NotConnected());

    /// <summary>
    /// Messages received, in order, over all connections. At QoS 1 at most <see cref="MqttClientOptions.ReceiveMaximum"/> are outstanding, as
    /// the broker waits for <see cref="Acknowledge"/>. At QoS 0 at most 1000 more are kept; later ones are dropped and counted.
    /// Completes when the client is disposed.
    /// </summary>
    public ChannelReader<MqttMessage> Messages => state.Incoming.Reader;

    /// <summary>Counters since the client was made.</summary>
    public MqttStatistics Statistics => state.Statistics();

    /// <summary>
    /// Connects and waits for the broker's answer. Throws <see cref="MqttException"/> of kind Unreachable (also when no answer came within
    /// <see cref="MqttClientOptions.ConnectTimeout"/>), TlsFailed, Refused or ProtocolError.
    /// </summary>
    public async Task<MqttConnectResult> ConnectAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (Interlocked.Exchange(ref connecting, 1) != 0)
        {
            throw new InvalidOperationException("The client is connecting already.");
        }

        try
        {
            if (IsConnected)
            {
                throw new InvalidOperationException("The client is connected already.");
            }

            // The previous connection must have left the stage before the next one uses the same state.
            await Closed.WaitAsync(cancellationToken);
            MqttConnection connection = await Handshake.RunAsync(state, options, clock, cancellationToken);
            Volatile.Write(ref latest, connection);
            state.Connected(connection);
            connection.Start();
            if (disposed)
            {
                await AbortAsync();
                throw new ObjectDisposedException(nameof(MqttClient));
            }

            return connection.Limits;
        }
        finally
        {
            Volatile.Write(ref connecting, 0);
        }
    }

    /// <summary>
    /// Sends a message. At QoS 0 it completes when the message is on its way out. At QoS 1 it waits for a place in the window, and completes
    /// with the broker's code: 0x00 taken, 0x10 taken but nobody is subscribed (so it is kept nowhere), 0x80 and above refused.
    /// The payload must stay unchanged until then. The task may be awaited once. Throws <see cref="MqttException"/> of kind NotConnected,
    /// ConnectionLost, ClosedByClient, PacketTooLarge, NotSupported or QueueFull. A cancelled message may still arrive.
    /// </summary>
    public ValueTask<MqttReasonCode> PublishAsync(string topic, ReadOnlyMemory<byte> payload, MqttQoS qos, bool retain, CancellationToken cancellationToken)
    {
        if (qos is not (MqttQoS.AtMostOnce or MqttQoS.AtLeastOnce))
        {
            throw new ArgumentOutOfRangeException(nameof(qos));
        }

        PublishHeader header = new(topic, Topics.CheckName(topic), qos, retain, Duplicate: false);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<MqttReasonCode>(cancellationToken);
        }

        try
        {
            return state.Publish(header, payload).Watch(cancellationToken);
        }
        catch (MqttException fault)
        {
            return ValueTask.FromException<MqttReasonCode>(fault);
        }
    }

    /// <summary>
    /// Subscribes and waits for the broker's answer. Throws <see cref="MqttException"/> of kind SubscribeRefused when it says no or grants
    /// less than asked. A granted subscription is no proof that messages will come: some brokers filter them silently.
    /// </summary>
    public async Task SubscribeAsync(string filter, MqttQoS qos, CancellationToken cancellationToken)
    {
        if (qos is not (MqttQoS.AtMostOnce or MqttQoS.AtLeastOnce))
        {
            throw new ArgumentOutOfRangeException(nameof(qos));
        }

        Topics.CheckFilter(filter);
        ReceivedAck answer = await state.Subscribe(filter, qos).WaitAsync(cancellationToken);
        if (answer.Code is >= MqttReasonCode.UnspecifiedError || (int)answer.Code < (int)qos)
        {
            string told = answer.Code is >= MqttReasonCode.UnspecifiedError
                ? MqttReasonText.Describe(answer.Code, answer.ReasonString)
                : $"it grants QoS {(int)answer.Code} where QoS {(int)qos} is needed";
            throw new MqttException(MqttErrorKind.SubscribeRefused, answer.Code, $"The broker did not grant the subscription to '{filter}' as asked: {told}.", answer.ReasonString);
        }
    }

    /// <summary>
    /// Tells the broker that a message is safe with us. Acknowledgements leave in the order of receipt, so one that is withheld holds up the
    /// later ones. For a message of an older connection nothing is sent: the broker delivers it again. QoS 0 and a second call do nothing.
    /// </summary>
    public void Acknowledge(MqttMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        state.Acknowledge(message);
    }

    /// <summary>Says goodbye, so that the Will is not published, and waits until the connection has ended.</summary>
    public Task DisconnectAsync(CancellationToken cancellationToken) =>
        CloseAsync(new MqttException(MqttErrorKind.ClosedByClient, MqttReasonCode.Success, "This side closed the connection."), cancellationToken);

    /// <summary>Disconnects and ends everything that is waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!disposed)
        {
            disposed = true;
            await DisconnectAsync(CancellationToken.None);
            state.End();
        }
    }

    /// <summary>Says goodbye for a reason of our own.</summary>
    internal async Task CloseAsync(MqttException reason, CancellationToken cancellationToken)
    {
        Volatile.Read(ref latest)?.Close(reason, MqttReasonCode.Success);
        await Closed.WaitAsync(cancellationToken);
    }

    /// <summary>Cuts the connection without a word, as a power cut would.</summary>
    internal async Task AbortAsync()
    {
        Volatile.Read(ref latest)?.Close(new MqttException(MqttErrorKind.ConnectionLost, MqttReasonCode.UnspecifiedError, "The connection was cut."), farewell: null);
        await Closed;
    }
}
