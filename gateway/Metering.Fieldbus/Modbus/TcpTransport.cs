using System.Buffers.Binary;
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

    private readonly string _host;
    private readonly int _port;
    private readonly int _connectMilliseconds;
    private readonly ReconnectBackoff _backoff;
    private readonly ConnectingSocket _connecting = new();
    private readonly byte[] _request = new byte[MbapFrame.HeaderLength + ReadRequest.MaximumPduLength];
    private readonly byte[] _received = new byte[4 * MbapFrame.MaximumLength];
    private int _from;
    private int _to;
    private volatile Socket? _socket;
    private int _receiveMilliseconds;
    private ushort _transactionId;
    private bool _hasAnswered;
    private bool _disposed;
    private volatile bool _isStopped;

    /// <summary>Describes the connection; nothing is opened yet.</summary>
    /// <param name="host">IP address or host name, looked up at each attempt to connect.</param>
    /// <param name="port">1-65535; the registered port is 502.</param>
    /// <param name="options">Timing.</param>
    public TcpTransport(string host, int port, TcpTransportOptions options)
    {
        TcpTransportOptions.Check(host, port, options);
        _host = host;
        _port = port;
        _connectMilliseconds = TcpConnector.ToMilliseconds(options.ConnectTimeout);
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
            _socket = TcpConnector.Connect(_host, _port, _connectMilliseconds, _connecting);
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
        ModbusReply reply = Ask(unit, ReadRequest.Registers(table, start, destination.Length, answerTimeout), answerTimeout, out ReadOnlySpan<byte> pdu);
        if (reply.IsOk)
        {
            ReadRequest.CopyRegisters(pdu[2..], destination);
        }

        return reply;
    }

    /// <inheritdoc/>
    public ModbusReply ExchangeBits(byte unit, ModbusTable table, ushort start, Span<bool> destination, TimeSpan answerTimeout)
    {
        ModbusReply reply = Ask(unit, ReadRequest.Bits(table, start, destination.Length, answerTimeout), answerTimeout, out ReadOnlySpan<byte> pdu);
        if (reply.IsOk)
        {
            ReadRequest.CopyBits(pdu[2..], destination);
        }

        return reply;
    }

    /// <inheritdoc/>
    public ModbusReply ExchangeIdentity(byte unit, IdentityQuestion question, Span<byte> destination, TimeSpan answerTimeout, out int length)
    {
        ReadRequest.CheckIdentityRoom(destination);
        ModbusReply reply = Ask(unit, ReadRequest.Identity(question, answerTimeout), answerTimeout, out ReadOnlySpan<byte> pdu);
        pdu.CopyTo(destination);
        length = pdu.Length;
        return reply;
    }

    /// <inheritdoc/>
    public void Halt()
    {
        _isStopped = true;
        _connecting.Stop();
        try
        {
            _socket?.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // gone already, which is what was wanted
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        Close();
    }

    private ModbusReply Ask(byte unit, ReadRequest request, TimeSpan answerTimeout, out ReadOnlySpan<byte> pdu)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);

        // A device may close a connection that was idle. Reads can be repeated, so a connection that had served before and is found
        // closed is replaced once; the caller does not lose a poll.
        bool mayRepeat = _socket is not null && _hasAnswered;
        ModbusReply reply = AskOnce(unit, request, answerTimeout, out pdu);
        if (reply.Outcome == ModbusOutcome.Disconnected && mayRepeat)
        {
            reply = AskOnce(unit, request, answerTimeout, out pdu);
        }

        return reply;
    }

    private ModbusReply AskOnce(byte unit, ReadRequest request, TimeSpan answerTimeout, out ReadOnlySpan<byte> pdu)
    {
        pdu = default;
        if (!EnsureOpen())
        {
            return ModbusReply.Failed(ModbusOutcome.Disconnected);
        }

        if (_isStopped)
        {
            return Fail(ModbusOutcome.Disconnected);
        }

        _transactionId = unchecked((ushort)(_transactionId + 1));
        int length = request.Encode(_request.AsSpan(MbapFrame.HeaderLength));
        MbapFrame.WriteHeader(_request, _transactionId, length, unit);
        length += MbapFrame.HeaderLength;
        Counters.CountRequest();
        Deadline deadline = Deadline.In(answerTimeout);
        int sent = _socket!.Send(_request.AsSpan(0, length), SocketFlags.None, out SocketError error);
        if (error != SocketError.Success || sent != length)
        {
            return Fail(ModbusOutcome.Disconnected);
        }

        ModbusReply reply = AwaitReply(unit, request, deadline, answerTimeout, out pdu);
        if (reply.Outcome is ModbusOutcome.Ok or ModbusOutcome.Exception)
        {
            _hasAnswered = true;
            return reply;
        }

        return Fail(reply.Outcome);
    }

    private ModbusReply AwaitReply(byte unit, ReadRequest request, Deadline deadline, TimeSpan answerTimeout, out ReadOnlySpan<byte> pdu)
    {
        pdu = default;
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

            ModbusReply reply = Decode(frame, unit, request, out pdu);
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

    // Bytes 0-1 transaction, 2-3 protocol, 4-5 length, 6 unit, 7.. PDU: its function, then byte count or exception code.
    private static ModbusReply Decode(ReadOnlySpan<byte> frame, byte unit, ReadRequest request, out ReadOnlySpan<byte> pdu)
    {
        pdu = frame[MbapFrame.HeaderLength..];
        if (frame[6] == unit)
        {
            if (request.FindReplyLength(pdu) == pdu.Length)
            {
                return ModbusReply.Ok;
            }

            if (pdu.Length == 2 && pdu[0] == (request.Function | ReadRequest.ExceptionFlag))
            {
                byte code = pdu[1];
                pdu = default;
                return ModbusReply.Refused(code);
            }
        }

        pdu = default;
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

        int milliseconds = TcpConnector.ToMilliseconds(wait);
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
        if (_isStopped)
        {
            Close();
            return false;
        }

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
}
