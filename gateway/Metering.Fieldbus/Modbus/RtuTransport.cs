using System.Diagnostics;
using Metering.Fieldbus.Serial;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Modbus RTU on a serial bus (MODBUS over Serial Line V1.02). A serial reply does not say which request it answers, so a late one can
/// look right and carry another register's values. What keeps such values out: input is drained before each request; a
/// reply counts only with the right unit, function, exact byte count and CRC; after a fault the line is listened to until it is quiet;
/// and while a reply may still be owed, the unit is asked for a quantity that the owed reply cannot fit (one register more, or a shorter
/// probe first). One call may therefore send up to four requests, each with its own answer timeout.
/// </summary>
public sealed class RtuTransport : IModbusTransport
{
    private const int MaximumAttempts = 4;
    private const int BufferLength = 4 * RtuReplyMatcher.LongestFrame;
    private const double SilentCharacters = 3.5;
    private static readonly TimeSpan ShortestSilence = TimeSpan.FromMicroseconds(1750);

    // USB adapters deliver in bursts: a gap inside a frame can be this long.
    private static readonly TimeSpan ShortestSettling = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BadFrameQuiet = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WriteAllowance = TimeSpan.FromSeconds(1);

    private readonly SerialPort _port;
    private readonly ReconnectBackoff _backoff;
    private readonly OwedReplies _owed;
    private readonly TimeSpan _characterTime;
    private readonly TimeSpan _silence;
    private readonly TimeSpan _settling;
    private readonly TimeSpan _quietAfterFault;
    private readonly byte[] _request = new byte[RtuReplyMatcher.RequestLength];
    private readonly byte[] _received = new byte[BufferLength];
    private int _length;
    private int _lastQuantity;
    private long _lastByteAt;
    private bool _isTainted;
    private bool _disposed;

    /// <summary>Takes over a port, open or not, and disposes of it in the end.</summary>
    public RtuTransport(SerialPort port, RtuTransportOptions options)
    {
        ArgumentNullException.ThrowIfNull(port);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _port = port;
        _backoff = new ReconnectBackoff(options.Clock, options.FirstReopenDelay, options.ReopenDelayLimit);
        _owed = new OwedReplies(options.LateReplyLifetime);
        _characterTime = port.Settings.CharacterTime;
        TimeSpan frameSilence = _characterTime * SilentCharacters;
        _silence = options.SilenceBeforeRequest ?? TimeSpans.Longer(frameSilence, ShortestSilence);
        _settling = TimeSpans.Longer(frameSilence, ShortestSettling);
        _quietAfterFault = TimeSpans.Longer(options.QuietAfterFault, frameSilence);
        _isTainted = true; // nobody knows what was on the line before
    }

    /// <inheritdoc/>
    public ModbusCounters Counters { get; } = new();

    /// <inheritdoc/>
    public FieldbusException? LastProblem { get; private set; }

    /// <inheritdoc/>
    public void Open()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_port.IsOpen && Counters.Connections > 0)
        {
            return;
        }

        try
        {
            _port.Open();
        }
        catch (FieldbusException problem)
        {
            LastProblem = problem;
            _backoff.Failed();
            throw;
        }

        LastProblem = null;
        _backoff.Succeeded();
        _isTainted = true;
        Counters.CountConnection();
    }

    /// <inheritdoc/>
    public ModbusReply Exchange(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout)
    {
        ReadRequest.Check(table, start, destination.Length, answerTimeout);
        ArgumentOutOfRangeException.ThrowIfZero(unit);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!EnsureOpen())
        {
            return ModbusReply.Failed(ModbusOutcome.Disconnected);
        }

        _owed.ForgetExpired();
        ModbusReply reply = default;
        for (int attempt = 0; attempt < MaximumAttempts; attempt++)
        {
            reply = Attempt(unit, (byte)table, start, destination, answerTimeout, out bool isFinal);
            if (isFinal)
            {
                return reply;
            }
        }

        return reply.IsOk ? ModbusReply.Failed(ModbusOutcome.UnexpectedReply) : reply;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _port.Dispose();
    }

    // One request. Not final when it only cleared the way for the request the caller wants.
    private ModbusReply Attempt(byte unit, byte function, ushort start, Span<ushort> destination, TimeSpan answerTimeout, out bool isFinal)
    {
        isFinal = true;
        int count = destination.Length;
        ModbusOutcome line = PrepareLine(_isTainted, answerTimeout);
        if (line != ModbusOutcome.Ok)
        {
            return ModbusReply.Failed(line);
        }

        int quantity = ChooseQuantity(unit, function, start, count);
        if (quantity == 0)
        {
            // No quantity is left that could be told apart. The longest wait that still makes sense, then the request as it is.
            line = PrepareLine(isTainted: true, answerTimeout, answerTimeout);
            if (line != ModbusOutcome.Ok)
            {
                return ModbusReply.Failed(line);
            }

            _owed.ForgetUnit(unit);
            quantity = count;
        }

        bool isProbe = quantity < count;
        ModbusReply reply = Ask(unit, function, start, quantity, isProbe ? default : destination, answerTimeout, out bool hasMore);
        if (reply.IsOk)
        {
            _owed.ForgetUnit(unit); // answered in order: whatever was owed before will not come any more
            isFinal = !isProbe;
            if (hasMore)
            {
                Taint(unit, function, quantity); // a doubled reply, it may have a third copy
            }

            return reply;
        }

        // An exception may belong to an earlier request that is still owed one. Then ask again; this request's own reply is owed now.
        bool isException = reply.Outcome == ModbusOutcome.Exception && reply.ExceptionCode != ModbusExceptionCode.Acknowledge;
        if (isException && !_owed.DischargeOldest(unit, function))
        {
            return reply;
        }

        isFinal = !isException;
        Taint(unit, function, quantity);
        return reply;
    }

    // The wanted quantity if no owed reply fits it, else one register more, else a shorter probe, else 0.
    private int ChooseQuantity(byte unit, byte function, ushort start, int count)
    {
        if (_owed.IsEmpty || !_owed.Contains(unit, function, count))
        {
            return count;
        }

        int more = count + 1;
        if (more <= ReadRequest.MaximumRegisters && start + more <= ReadRequest.AddressCount && !_owed.Contains(unit, function, more))
        {
            return more;
        }

        int fewer = count - 1;
        while (fewer > 0 && _owed.Contains(unit, function, fewer))
        {
            fewer--;
        }

        return fewer;
    }

    private ModbusReply Ask(byte unit, byte function, ushort start, int quantity, Span<ushort> destination, TimeSpan answerTimeout, out bool hasMore)
    {
        hasMore = false;
        _request[0] = unit;
        ReadRequest.EncodePdu(_request.AsSpan(1), function, start, quantity);
        ModbusCrc.Append(_request);
        Counters.CountRequest();
        _lastQuantity = quantity;
        _length = 0;
        int wireCharacters = RtuReplyMatcher.RequestLength + RtuReplyMatcher.Overhead + (2 * quantity);
        TimeSpan wireTime = _characterTime * wireCharacters;
        SerialStatus status = _port.Write(_request, wireTime + WriteAllowance);
        if (status != SerialStatus.Ok)
        {
            return ModbusReply.Failed(status == SerialStatus.Timeout ? ModbusOutcome.Timeout : ModbusOutcome.Disconnected);
        }

        return AwaitReply(quantity, destination, answerTimeout + wireTime, out hasMore);
    }

    private ModbusReply AwaitReply(int quantity, Span<ushort> destination, TimeSpan limit, out bool hasMore)
    {
        hasMore = false;
        Deadline deadline = Deadline.In(limit);
        TimeSpan wait = limit;
        byte acknowledged = 0;
        bool hasUnread = false;
        while (true)
        {
            SerialStatus status = hasUnread ? SerialStatus.Ok : Receive(wait);
            hasUnread = false;
            if (status == SerialStatus.Disconnected)
            {
                return ModbusReply.Failed(ModbusOutcome.Disconnected);
            }

            bool isQuiet = status == SerialStatus.Timeout;
            TimeSpan remaining = deadline.Remaining;
            bool isOver = remaining <= TimeSpan.Zero;
            wait = remaining;
            ReadOnlySpan<byte> received = _received.AsSpan(0, _length);
            if (!isQuiet && !isOver && RtuReplyMatcher.IsReplyUnderWay(received, _request, quantity))
            {
                continue;
            }

            RtuMatch match = RtuReplyMatcher.Find(received, _request, quantity);
            if (match.Kind == RtuMatchKind.None)
            {
                if (isOver || (isQuiet && match.HasBadCrc))
                {
                    return AtDeadline(match, acknowledged);
                }

                wait = match.HasBadCrc ? TimeSpans.Shorter(BadFrameQuiet, remaining) : remaining;
            }
            else if (!match.IsInSync && !isQuiet && !isOver)
            {
                // It stands behind bytes nobody explains. If more follows at once, it may be a piece of a longer frame.
                wait = TimeSpans.Shorter(_settling, remaining);
            }
            else if (IsAcknowledge(received, match))
            {
                // Exception 5 says the real reply is still to come (V1.1b3, clause 7): it stands only if nothing follows.
                acknowledged = ModbusExceptionCode.Acknowledge;
                Discard(match.Offset + match.Length);
                hasUnread = _length > 0;
                if (isOver && !hasUnread)
                {
                    return ModbusReply.Refused(acknowledged);
                }
            }
            else
            {
                hasMore = match.Offset + match.Length < _length;
                return Accept(match, destination);
            }
        }
    }

    private static bool IsAcknowledge(ReadOnlySpan<byte> received, RtuMatch match) =>
        match.Kind == RtuMatchKind.Exception && received[match.Offset + 2] == ModbusExceptionCode.Acknowledge;

    private ModbusReply Accept(RtuMatch match, Span<ushort> destination)
    {
        Counters.CountStrays(match.OwnUnitFrames, _length - match.Length);
        ReadOnlySpan<byte> frame = _received.AsSpan(match.Offset, match.Length);
        if (match.Kind == RtuMatchKind.Exception)
        {
            return ModbusReply.Refused(frame[2]);
        }

        ReadRequest.CopyRegisters(frame[3..^ModbusCrc.Length], destination);
        return ModbusReply.Ok;
    }

    private ModbusReply AtDeadline(RtuMatch match, byte acknowledged)
    {
        Counters.CountStrays(match.OwnUnitFrames, _length);
        if (acknowledged != 0)
        {
            return ModbusReply.Refused(acknowledged);
        }

        if (match.OwnUnitFrames > 0 && !match.HasBadCrc)
        {
            return ModbusReply.Failed(ModbusOutcome.UnexpectedReply);
        }

        return ModbusReply.Failed(match.Damaged > 0 ? ModbusOutcome.CrcError : ModbusOutcome.Timeout);
    }

    private void Taint(byte unit, byte function, int quantity)
    {
        _owed.Add(unit, function, quantity);
        _isTainted = true;
    }

    private void Discard(int length)
    {
        _received.AsSpan(length, _length - length).CopyTo(_received);
        _length -= length;
    }

    private SerialStatus Receive(TimeSpan wait)
    {
        if (_length == _received.Length)
        {
            Discard(_length - RtuReplyMatcher.LongestFrame);
        }

        SerialStatus status = _port.Read(_received.AsSpan(_length), wait, out int count);
        if (count > 0)
        {
            _length += count;
            _lastByteAt = Stopwatch.GetTimestamp();
        }

        return status;
    }

    // Drains the input and waits until the line has been silent long enough; after a fault the silence counts from now.
    private ModbusOutcome PrepareLine(bool isTainted, TimeSpan answerTimeout, TimeSpan? quiet = null)
    {
        TimeSpan silence = quiet ?? (isTainted ? _quietAfterFault : _silence);
        Deadline limit = Deadline.In(silence + answerTimeout);
        bool hasDrained = false;
        TimeSpan wait = isTainted ? silence : silence - Stopwatch.GetElapsedTime(_lastByteAt);
        while (true)
        {
            _length = 0;
            SerialStatus status = Receive(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            if (status == SerialStatus.Disconnected)
            {
                return ModbusOutcome.Disconnected;
            }

            if (status == SerialStatus.Timeout)
            {
                _isTainted = false;
                return ModbusOutcome.Ok;
            }

            Counters.CountStrays(0, _length);
            if (!isTainted && !hasDrained && _lastQuantity > 0)
            {
                // Nobody asked for these bytes: the last reply may be coming twice.
                _owed.Add(_request[0], _request[1], _lastQuantity);
            }

            hasDrained = true;
            wait = silence;
            if (limit.Remaining <= TimeSpan.Zero)
            {
                return ModbusOutcome.CrcError; // someone talks without end
            }
        }
    }

    private bool EnsureOpen()
    {
        if (_port.IsOpen && Counters.Connections > 0)
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
}
