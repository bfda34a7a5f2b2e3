using System.Net;
using System.Net.Sockets;

namespace Metering.Fieldbus.Modbus;

/// <summary>How requests are framed on a TCP connection.</summary>
public enum ModbusTcpFraming
{
    /// <summary>Modbus TCP: header with transaction id, no CRC.</summary>
    Mbap = 0,

    /// <summary>The frames of a serial line, CRC included, as a serial converter in transparent mode passes them.</summary>
    Rtu,
}

/// <summary>
/// Serves a device over Modbus TCP, or over RTU frames on TCP. One thread and one blocking socket per connection, answers in the order of the requests.
/// A malformed frame closes its connection; an unknown function does not.
/// </summary>
public sealed class ModbusTcpServer : IDisposable, IAsyncDisposable
{
    /// <summary>Connections served at once unless the constructor says otherwise.</summary>
    public const int DefaultMaximumConnections = 64;

    private const int ListenBacklog = 128;
    private const int ThreadStackBytes = 256 * 1024;
    private const int KeepAliveSeconds = 30;
    private const int ReceiveBytes = 16 * MbapFrame.MaximumLength;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(1);

    private readonly IPEndPoint _endPoint;
    private readonly IModbusDevice _device;
    private readonly int _maximumConnections;
    private readonly Lock _gate = new();
    private readonly ModbusTcpFraming _framing;
    private readonly Lock _writing = new();
    private readonly Dictionary<Connection, Thread> _connections = [];
    private Socket? _listener;
    private Thread? _acceptThread;
    private volatile bool _stopping;

    /// <summary>Describes the server; it listens from <see cref="Start"/> on.</summary>
    /// <param name="endPoint">Where to listen; port 0 takes a free one.</param>
    /// <param name="device">Answers, from several threads at once.</param>
    /// <param name="maximumConnections">1-1024; further connections are closed at once.</param>
    /// <param name="framing">How requests are framed.</param>
    public ModbusTcpServer(IPEndPoint endPoint, IModbusDevice device, int maximumConnections = DefaultMaximumConnections, ModbusTcpFraming framing = ModbusTcpFraming.Mbap)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumConnections, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumConnections, 1024);
        _endPoint = endPoint;
        _device = device;
        _maximumConnections = maximumConnections;
        _framing = framing;
    }

    /// <summary>What was asked, over all connections.</summary>
    public ModbusServerCounters Counters { get; } = new();

    /// <summary>Where the server listens, with the port it was given.</summary>
    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public IPEndPoint LocalEndPoint => (IPEndPoint?)_listener?.LocalEndPoint ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>Connections being served now.</summary>
    public int ConnectionCount
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Requests received since the start, those answered with silence included.</summary>
    public long Requests => Counters.Requests;

    /// <summary>Begins to listen and returns.</summary>
    /// <exception cref="FieldbusException">The address is in use, or not permitted (ports below 1024 need the right to bind them).</exception>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (_listener is not null)
        {
            throw new InvalidOperationException("The server was started already.");
        }

        Socket listener = new(_endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(_endPoint);
            listener.Listen(ListenBacklog);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw Explain(e);
        }

        _listener = listener;
        _acceptThread = new Thread(Accept, ThreadStackBytes) { IsBackground = true, Name = "modbus-tcp-accept" };
        _acceptThread.Start();
    }

    /// <summary>Closes the listener and all connections, and waits for their threads.</summary>
    public void Dispose()
    {
        _stopping = true;
        _listener?.Dispose();
        _acceptThread?.Join(StopLimit);
        KeyValuePair<Connection, Thread>[] open;
        lock (_gate)
        {
            open = [.. _connections];
        }

        foreach ((Connection connection, Thread thread) in open)
        {
            connection.Halt();
            thread.Join(StopLimit);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Accept()
    {
        while (!_stopping)
        {
            try
            {
                Admit(_listener!.Accept());
            }
            catch (SocketException) when (!_stopping)
            {
                // The peer left before it was accepted, or descriptors ran out: the next one may do better.
                Thread.Yield();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return; // stopping
            }
        }
    }

    private void Admit(Socket socket)
    {
        lock (_gate)
        {
            if (!_stopping && _connections.Count < _maximumConnections)
            {
                Connection connection = new(socket, _framing);
                Thread thread = new(() => ServeAndForget(connection), ThreadStackBytes) { IsBackground = true, Name = "modbus-tcp-serve" };
                _connections.Add(connection, thread);
                thread.Start();
                return;
            }
        }

        socket.Dispose();
    }

    private void ServeAndForget(Connection connection)
    {
        try
        {
            connection.Socket.NoDelay = true;

            // A client that lost its power leaves no trace; without probes its place would be taken for ever.
            connection.Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
            connection.Socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
            ServerPdu pdu = new(_device, Counters, _writing);
            if (connection.Line is { } line)
            {
                RtuServing serving = new(line, pdu);
                while (!_stopping && serving.Step(IdleLimit))
                {
                    // one request, or none in this time
                }
            }
            else
            {
                Serve(connection.Socket, pdu);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection is gone; so is its thread.
        }
        finally
        {
            lock (_gate)
            {
                _connections.Remove(connection);
            }

            connection.Dispose();
        }
    }

    private static void Serve(Socket socket, ServerPdu pdu)
    {
        byte[] received = new byte[ReceiveBytes];
        byte[] answers = new byte[ReceiveBytes];
        int length = 0;
        while (true)
        {
            int count = socket.Receive(received.AsSpan(length), SocketFlags.None, out SocketError error);
            if (error != SocketError.Success || count == 0)
            {
                return;
            }

            length += count;
            int used = AnswerAll(pdu, received.AsSpan(0, length), answers, socket);
            if (used < 0)
            {
                return;
            }

            length -= used;
            if (length > 0)
            {
                received.AsSpan(used, length).CopyTo(received);
            }
        }
    }

    // Bytes used up, or below zero when the connection has to go.
    private static int AnswerAll(ServerPdu pdu, ReadOnlySpan<byte> requests, byte[] answers, Socket socket)
    {
        int used = 0;
        int filled = 0;
        while (true)
        {
            int length = MbapFrame.FindLength(requests[used..]);
            bool isFull = filled + MbapFrame.MaximumLength > answers.Length;
            if ((length <= 0 || isFull) && filled > 0)
            {
                if (!SendAll(socket, answers.AsSpan(0, filled)))
                {
                    return MbapFrame.Malformed;
                }

                filled = 0;
            }

            if (length <= 0)
            {
                return length == MbapFrame.Malformed ? MbapFrame.Malformed : used;
            }

            filled += AnswerOne(pdu, requests.Slice(used, length), answers.AsSpan(filled));
            used += length;
        }
    }

    private static int AnswerOne(ServerPdu pdu, ReadOnlySpan<byte> request, Span<byte> answer)
    {
        byte unit = request[6];
        int length = pdu.Answer(unit, request[MbapFrame.HeaderLength..], answer[MbapFrame.HeaderLength..]);
        if (length == ServerPdu.Silence)
        {
            return 0;
        }

        ushort transactionId = (ushort)((request[0] << 8) | request[1]);
        MbapFrame.WriteHeader(answer, transactionId, length, unit);
        return MbapFrame.HeaderLength + length;
    }

    private static bool SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int sent = socket.Send(bytes, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success)
            {
                return false;
            }

            bytes = bytes[sent..];
        }

        return true;
    }

    private FieldbusException Explain(SocketException cause) => cause.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => new(FieldbusProblem.Busy, $"Another program listens on {_endPoint}. Stop it, or choose another port.", cause),
        SocketError.AccessDenied => new(FieldbusProblem.PermissionDenied, $"This user may not listen on {_endPoint}. Choose a port from 1024 up.", cause),
        SocketError.AddressNotAvailable => new(FieldbusProblem.NotFound, $"This machine has no address {_endPoint.Address}. Choose one of its own.", cause),
        _ => new(FieldbusProblem.Other, $"Could not listen on {_endPoint}: {cause.Message}", cause),
    };

    // With RTU framing the socket belongs to a line, which is woken before anything is closed under it.
    private sealed class Connection(Socket socket, ModbusTcpFraming framing) : IDisposable
    {
        internal Socket Socket => socket;

        internal TcpLine? Line { get; } = framing == ModbusTcpFraming.Rtu ? new TcpLine(socket) : null;

        internal void Halt()
        {
            if (Line is null)
            {
                socket.Dispose();
            }
            else
            {
                Line.Stop();
            }
        }

        public void Dispose()
        {
            Line?.Dispose();
            socket.Dispose();
        }
    }
}
