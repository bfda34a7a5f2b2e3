using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Modbus TCP (MODBUS Messaging on TCP/IP Implementation Guide V1.0b). A reply counts only if transaction id, unit,
/// function and exact byte count fit. Replies with another transaction id are thrown away and waiting goes on. After a timeout or a
/// malformed frame the connection is made anew: a byte stream that lost its framing cannot be trusted again.
/// </summary>
public sealed class TcpTransport : IModbusTransport
{
    private const int MaximumStrayReplies = 64;
    private static readonly TimeSpan LongestConnectTimeout = TimeSpan.FromSeconds(60);

    private readonly string _host;
    private readonly int _port;
    private readonly int _connectMilliseconds;
    private readonly ReconnectBackoff _backoff;
    private readonly byte[] _request = new byte[MbapFrame.HeaderLength + ReadRequest.PduLength];
    private readonly byte[] _received = new byte[4 * MbapFrame.MaximumLength];
    private int _from;
    private int _to;
    private Socket? _socket;
    private int _receiveMilliseconds;
    private ushort _transactionId;
    private bool _hasAnswered;
    private bool _disposed;

    /// <summary>Describes the connection; nothing is opened yet.</summary>
    /// <param name="host">IP address or host name, looked up at each attempt to connect.</param>
    /// <param name="port">1-65535; the registered port is 502.</param>
    /// <param name="options">Timing.</param>
    public TcpTransport(string host, int port, TcpTransportOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.ConnectTimeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ConnectTimeout, LongestConnectTimeout, nameof(options));
        _host = host;
        _port = port;
        _connectMilliseconds = ToMilliseconds(options.ConnectTimeout);
        _backoff = new ReconnectBackoff(options.Clock, options.FirstReconnectDelay, options.ReconnectDelayLimit);

        // A random start: a reply to an earlier run of this program must not fit.
        _transactionId = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
    }

    /// <inheritdoc/>
    public ModbusCounters Counters { get; } = new();

    /// <inheritdoc/>
    public FieldbusException? LastProblem { get; private set; }

    /// <inheritdoc/>
    public void Open()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_socket is not null)
        {
            return;
        }

        try
        {
            _socket = TcpConnector.Connect(_host, _port, _connectMilliseconds);
        }
        catch (FieldbusException problem)
        {
            LastProblem = problem;
            _backoff.Failed();
            throw;
        }

        LastProblem = null;
        _backoff.Succeeded();
        _receiveMilliseconds = 0;
        _from = 0;
        _to = 0;
        _hasAnswered = false;
        Counters.CountConnection();
    }

    /// <inheritdoc/>
    public ModbusReply Exchange(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout)
    {
        ReadRequest.Check(table, start, destination.Length, answerTimeout);
        ObjectDisposedException.ThrowIf(_disposed, this);

        // A device may close a connection that was idle. Reads can be repeated, so a connection that had served before and is found
        // closed is replaced once; the caller does not lose a poll.
        bool mayRepeat = _socket is not null && _hasAnswered;
        ModbusReply reply = ExchangeOnce(unit, table, start, destination, answerTimeout);
        if (reply.Outcome == ModbusOutcome.Disconnected && mayRepeat)
        {
            reply = ExchangeOnce(unit, table, start, destination, answerTimeout);
        }

        return reply;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        Close();
    }

    private ModbusReply ExchangeOnce(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout)
    {
        if (!EnsureOpen())
        {
            return ModbusReply.Failed(ModbusOutcome.Disconnected);
        }

        _transactionId = unchecked((ushort)(_transactionId + 1));
        MbapFrame.WriteHeader(_request, _transactionId, ReadRequest.PduLength, unit);
        ReadRequest.EncodePdu(_request.AsSpan(MbapFrame.HeaderLength), (byte)table, start, destination.Length);
        Counters.CountRequest();
        Deadline deadline = Deadline.In(answerTimeout);
        int sent = _socket!.Send(_request, SocketFlags.None, out SocketError error);
        if (error != SocketError.Success || sent != _request.Length)
        {
            return Fail(ModbusOutcome.Disconnected);
        }

        ModbusReply reply = AwaitReply(unit, (byte)table, destination, deadline, answerTimeout);
        if (reply.Outcome is ModbusOutcome.Ok or ModbusOutcome.Exception)
        {
            _hasAnswered = true;
            return reply;
        }

        return Fail(reply.Outcome);
    }

    private ModbusReply AwaitReply(byte unit, byte function, Span<ushort> destination, Deadline deadline, TimeSpan answerTimeout)
    {
        int stray = 0;
        byte acknowledged = 0;
        TimeSpan wait = answerTimeout;
        while (true)
        {
            int length = MbapFrame.FindLength(_received.AsSpan(_from, _to - _from));
            if (length == MbapFrame.Malformed)
            {
                return ModbusReply.Failed(ModbusOutcome.UnexpectedReply);
            }

            if (length == MbapFrame.Incomplete)
            {
                if (wait <= TimeSpan.Zero)
                {
                    return AtDeadline(acknowledged, stray);
                }

                ModbusOutcome outcome = Receive(wait);
                if (outcome == ModbusOutcome.Disconnected)
                {
                    return ModbusReply.Failed(outcome);
                }

                wait = deadline.Remaining;
                continue;
            }

            ReadOnlySpan<byte> frame = _received.AsSpan(_from, length);
            _from += length;
            if (BinaryPrimitives.ReadUInt16BigEndian(frame) != _transactionId)
            {
                Counters.CountLateReply();
                if (++stray > MaximumStrayReplies)
                {
                    return ModbusReply.Failed(ModbusOutcome.UnexpectedReply);
                }

                continue;
            }

            ModbusReply reply = Decode(frame, unit, function, destination);
            if (reply.ExceptionCode != ModbusExceptionCode.Acknowledge)
            {
                return reply;
            }

            // Exception 5 says the real reply is still to come (V1.1b3, clause 7): it stands only if nothing follows.
            acknowledged = ModbusExceptionCode.Acknowledge;
            wait = deadline.Remaining;
        }
    }

    private static ModbusReply AtDeadline(byte acknowledged, int stray)
    {
        if (acknowledged != 0)
        {
            return ModbusReply.Refused(acknowledged);
        }

        return ModbusReply.Failed(stray > 0 ? ModbusOutcome.UnexpectedReply : ModbusOutcome.Timeout);
    }

    // Bytes 0-1 transaction, 2-3 protocol, 4-5 length, 6 unit, 7 function, 8 byte count or exception code, 9.. registers.
    private static ModbusReply Decode(ReadOnlySpan<byte> frame, byte unit, byte function, Span<ushort> destination)
    {
        const int CountOffset = MbapFrame.HeaderLength + 1;
        if (frame.Length > CountOffset && frame[6] == unit)
        {
            int byteCount = destination.Length * 2;
            if (frame[7] == function && frame[CountOffset] == byteCount && frame.Length == CountOffset + 1 + byteCount)
            {
                ReadRequest.CopyRegisters(frame[(CountOffset + 1)..], destination);
                return ModbusReply.Ok;
            }

            if (frame[7] == (function | ReadRequest.ExceptionFlag) && frame.Length == CountOffset + 1)
            {
                return ModbusReply.Refused(frame[CountOffset]);
            }
        }

        return ModbusReply.Failed(ModbusOutcome.UnexpectedReply);
    }

    // Ok: something was read. Timeout: nothing yet. Disconnected: closed.
    private ModbusOutcome Receive(TimeSpan wait)
    {
        if (_from > 0)
        {
            _received.AsSpan(_from, _to - _from).CopyTo(_received);
            _to -= _from;
            _from = 0;
        }

        int milliseconds = ToMilliseconds(wait);
        if (milliseconds != _receiveMilliseconds)
        {
            _socket!.ReceiveTimeout = milliseconds;
            _receiveMilliseconds = milliseconds;
        }

        int count = _socket!.Receive(_received.AsSpan(_to), SocketFlags.None, out SocketError error);
        switch (error)
        {
            case SocketError.Success when count > 0:
                _to += count;
                return ModbusOutcome.Ok;
            case SocketError.TimedOut or SocketError.WouldBlock or SocketError.Interrupted:
                return ModbusOutcome.Timeout;
            default:
                return ModbusOutcome.Disconnected;
        }
    }

    private bool EnsureOpen()
    {
        if (_socket is not null)
        {
            return true;
        }

        if (!_backoff.MayTry)
        {
            return false;
        }

        try
        {
            Open();
            return true;
        }
        catch (FieldbusException)
        {
            return false; // kept in LastProblem
        }
    }

    private ModbusReply Fail(ModbusOutcome outcome)
    {
        Close();
        return ModbusReply.Failed(outcome);
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    // Rounded up: 0 would mean to wait for ever.
    private static int ToMilliseconds(TimeSpan duration) => Math.Max(1, (int)Math.Ceiling(duration.TotalMilliseconds));
}
