using System.Runtime.CompilerServices;
using Metering.Mqtt.Packets;
using Metering.Mqtt.Session;

namespace Metering.Mqtt.Connection;

/// <summary>
/// One connection that the broker has accepted: a loop that reads, a loop that writes all that has gathered in one go, and a watch over
/// silence. It ends once, for one reason.
/// </summary>
internal sealed class MqttConnection
{
    /// <summary>Time for the last bytes to leave, and for the broker to close, once the end is decided.</summary>
    public static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The silence is looked at this often in one keep-alive period.</summary>
    private const int ChecksPerKeepAlive = 4;

    /// <summary>Keep-alives that reading may pause without one acknowledgement of ours.</summary>
    private const int PauseKeepAlives = 2;

    /// <summary>Most bytes in one write, so that progress on a slow line shows.</summary>
    private const int MaximumWriteBytes = 64 * 1024;

    private readonly ClientState state;
    private readonly Transport transport;
    private readonly ReceiveBuffer receive;
    private readonly TimeProvider clock;
    private readonly int maximumPacketSize;
    private readonly TimeSpan keepAlive;
    private readonly WakeSignal wake = new();
    private readonly WakeSignal resume = new();
    private readonly TaskCompletionSource<MqttException> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SendBuffer sending = new();
    private MqttException? ending;      // guarded by the gate, as are the fields below
    private ITimer? silenceTimer;
    private ITimer? farewellTimer;
    private bool pingOutstanding;
    private bool paused;
    private long lastPlace;
    private long lastSent;
    private long lastProgress;

    public MqttConnection(ClientState state, MqttClientOptions options, TimeProvider clock, Transport transport, ReceiveBuffer receive, MqttConnectResult limits)
    {
        this.state = state;
        this.clock = clock;
        this.transport = transport;
        this.receive = receive;
        maximumPacketSize = options.MaximumPacketSize;
        Limits = limits;

        // A server that wants no keep-alive still gets ours: it is the only way to notice a dead line.
        keepAlive = limits.ServerKeepAlive is { } demanded && demanded > TimeSpan.Zero ? demanded : options.KeepAlive;
    }

    public MqttConnectResult Limits { get; }

    /// <summary>Completes with the reason when both loops have ended and the socket is closed.</summary>
    public Task<MqttException> Closed => closed.Task;

    /// <summary>Where packets to send are put, under the gate.</summary>
    public SendBuffer Filling { get; private set; } = new();

    /// <summary>Time without a sign of life after which an unanswered ping ends the connection.</summary>
    private TimeSpan PingDeadline => keepAlive / 2;

    /// <summary>Starts the loops. The connection must already be the current one of the state.</summary>
    public void Start()
    {
        lock (state.Gate)
        {
            lastSent = lastProgress = clock.GetTimestamp();
            TimeSpan period = keepAlive / ChecksPerKeepAlive;
            if (ending is null)
            {
                silenceTimer = clock.CreateTimer(static self => ((MqttConnection)self!).CheckSilence(), this, period, period);
            }
        }

        _ = RunAsync();
    }

    /// <summary>Calls the writing loop. To be called under the gate.</summary>
    public void WakeWriter()
    {
        if (Filling.Length > 0 || ending is not null)
        {
            wake.Wake();
        }
    }

    /// <summary>Goes on reading when a message of ours was acknowledged. To be called under the gate.</summary>
    public void ResumeReading()
    {
        if (paused && state.Incoming.HasPlace)
        {
            paused = false;
            resume.Wake();
        }
    }

    /// <summary>Ends the connection; the first reason given stands. With a farewell, what is waiting still leaves, then DISCONNECT with that code.</summary>
    public void Close(MqttException reason, MqttReasonCode? farewell)
    {
        lock (state.Gate)
        {
            if (ending is not null)
            {
                return;
            }

            ending = reason;
            silenceTimer?.Dispose();
            state.Disconnected(this, reason);
            if (farewell is { } code)
            {
                PacketEncoder.Disconnect(Filling, code);
                farewellTimer = clock.CreateTimer(static self => ((Transport)self!).Abort(), transport, FarewellTimeout, Timeout.InfiniteTimeSpan);
            }

            wake.Wake();
            paused = false;
            resume.Wake();
        }

        if (farewell is null)
        {
            transport.Abort();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await Task.WhenAll(ReadAllAsync(), WriteAllAsync());
        }
        finally
        {
            // Also reached when a loop failed in a way nobody foresaw: a caller must never wait for a connection that is no more.
            Close(ConnectionFaults.Lost(cause: null), farewell: null);
            if (farewellTimer is not null)
            {
                await farewellTimer.DisposeAsync();
            }

            await transport.DisposeAsync();
            closed.TrySetResult(ending!);
        }
    }

    private async Task ReadAllAsync()
    {
        try
        {
            await ProcessAsync();      // what came together with CONNACK
            while (true)
            {
                int count = await transport.Stream.ReadAsync(receive.FreeSpace(), CancellationToken.None);
                if (count == 0)
                {
                    Close(ConnectionFaults.Lost(cause: null), farewell: null);
                    return;
                }

                receive.Received(count);
                lock (state.Gate)
                {
                    state.BytesReceived += count;
                    lastProgress = clock.GetTimestamp();
                }

                await ProcessAsync();
            }
        }
        catch (MqttException fault)
        {
            bool brokenByPeer = fault.Kind == MqttErrorKind.ProtocolError;
            Close(fault, brokenByPeer ? fault.ReasonCode : null);
            await transport.DrainAsync();
        }
        catch (Exception fault) when (Transport.IsBroken(fault))
        {
            Close(ConnectionFaults.Lost(fault), farewell: null);
        }
        finally
        {
            Close(ConnectionFaults.Lost(cause: null), farewell: null);
        }
    }

    private async Task WriteAllAsync()
    {
        try
        {
            while (await NextWriteAsync())
            {
                for (ReadOnlyMemory<byte> rest = sending.Written; !rest.IsEmpty;)
                {
                    int length = Math.Min(rest.Length, MaximumWriteBytes);
                    ValueTask write = transport.Stream.WriteAsync(rest[..length], CancellationToken.None);

                    // A write that had to wait shows that the peer takes bytes; one that did not shows only room in the kernel.
                    bool waited = !write.IsCompleted;
                    await write;
                    rest = rest[length..];
                    lock (state.Gate)
                    {
                        state.BytesSent += length;
                        lastSent = rest.IsEmpty ? lastSent : clock.GetTimestamp();
                        lastProgress = waited ? clock.GetTimestamp() : lastProgress;
                    }
                }

                sending.Clear();
            }

            await transport.FinishSendingAsync();
        }
        catch (Exception fault) when (Transport.IsBroken(fault))
        {
            Close(ConnectionFaults.Lost(fault), farewell: null);
            transport.Abort();
        }
    }

    /// <summary>Waits until there is something to send and takes it. False when the end is decided and all has left.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]      // sleeps once per write
    private async ValueTask<bool> NextWriteAsync()
    {
        while (true)
        {
            ValueTask sleep;
            lock (state.Gate)
            {
                if (Filling.Length == 0 && ending is null)
                {
                    state.Outgoing.Pump(Filling);
                }

                if (Filling.Length > 0)
                {
                    (Filling, sending) = (sending, Filling);
                    lastSent = clock.GetTimestamp();      // before the peer can see a byte, or a watch in between pings twice
                    return true;
                }

                if (ending is not null)
                {
                    return false;
                }

                sleep = wake.Sleep();
            }

            await sleep;
        }
    }

    /// <summary>
    /// Handles all whole packets in the buffer. A broker that sends more than our receive maximum (mosquitto before 2.0.13 does when it has
    /// a queue) is held back by not reading on until a message is acknowledged, so memory stays bounded.
    /// </summary>
    private async ValueTask ProcessAsync()
    {
        while (true)
        {
            ValueTask place;
            lock (state.Gate)
            {
                if (ProcessUnderGate())
                {
                    return;
                }

                paused = true;
                state.Overruns++;
                lastPlace = clock.GetTimestamp();
                place = resume.Sleep();
            }

            await place;
        }
    }

    /// <summary>Handles packets under one hold of the gate, and lets the answers leave in one write. False when a message finds no place.</summary>
    private bool ProcessUnderGate()
    {
        bool fits = true;
        while (ending is null && PacketDecoder.TryReadFrame(receive.Unread, maximumPacketSize, out Frame frame))
        {
            fits = !frame.IsReliablePublish || state.Incoming.HasPlace;
            if (!fits)
            {
                break;
            }

            Handle(frame);
            receive.Consume(frame.TotalLength);
        }

        if (ending is not null)
        {
            receive.Consume(receive.Unread.Length);
            return true;
        }

        state.Outgoing.Pump(Filling);
        WakeWriter();
        return fits;
    }

    private void Handle(Frame frame)
    {
        switch (frame.Type)
        {
            case PacketType.Publish:
                state.Incoming.Deliver(PacketDecoder.Publish(frame.Flags, frame.Body));
                break;
            case PacketType.PubAck:
                state.Outgoing.Acknowledged(PacketDecoder.PubAck(frame.Body));
                break;
            case PacketType.SubAck:
                state.Outgoing.Subscribed(PacketDecoder.SubAck(frame.Body));
                break;
            case PacketType.PubRel:
                // Left from a client that used QoS 2 under this name. Without an answer the broker would ask for ever.
                PacketEncoder.PubComp(Filling, PacketDecoder.PubRel(frame.Body), MqttReasonCode.PacketIdentifierNotFound);
                state.Outgoing.Unknown++;
                break;
            case PacketType.PubComp:
                state.Outgoing.Unknown++;
                break;
            case PacketType.PingResp when frame.Body.IsEmpty:
                pingOutstanding = false;
                break;
            case PacketType.Disconnect:
                throw ConnectionFaults.ClosedByServer(PacketDecoder.Disconnect(frame.Body));
            default:
                throw PacketReader.Violation(MqttReasonCode.ProtocolError, $"a packet of type {(int)frame.Type} has no place here");
        }
    }

    /// <summary>
    /// Asks for a sign of life after half a keep-alive of silence in either direction, and gives the line up when none comes. Any byte
    /// that comes, or that the kernel could send on after waiting, counts as one: on a slow line the answer to the ping may queue behind data.
    /// A dead line is noticed within 1.5 keep-alives.
    /// </summary>
    private void CheckSilence()
    {
        bool dead = false;
        bool stuck = false;
        lock (state.Gate)
        {
            if (ending is not null)
            {
                return;
            }

            if (paused)
            {
                // Nothing can be heard while we do not read; the broker must still hear us.
                stuck = clock.GetElapsedTime(lastPlace) >= keepAlive * PauseKeepAlives;
                if (!stuck && clock.GetElapsedTime(lastSent) >= keepAlive / 2)
                {
                    PacketEncoder.PingReq(Filling);
                    WakeWriter();
                }
            }
            else if (pingOutstanding)
            {
                dead = clock.GetElapsedTime(lastProgress) >= PingDeadline;
            }
            else if (clock.GetElapsedTime(Math.Min(lastSent, lastProgress)) >= keepAlive / 2)
            {
                pingOutstanding = true;
                PacketEncoder.PingReq(Filling);
                WakeWriter();
            }
        }

        if (stuck)
        {
            Close(ConnectionFaults.Stuck(), MqttReasonCode.ReceiveMaximumExceeded);
        }
        else if (dead)
        {
            Close(ConnectionFaults.Silent(PingDeadline), farewell: null);
        }
    }
}
