using Metering.Fieldbus.Serial;

namespace Metering.Fieldbus.Modbus;

/// <summary>Silences of an RTU line.</summary>
/// <param name="CharacterTime">Time of one character on the serial wire.</param>
/// <param name="Silence">Kept before a request.</param>
/// <param name="Settling">How long a frame that stands behind noise is watched for more to come.</param>
/// <param name="QuietAfterFault">Kept after a fault.</param>
internal readonly record struct RtuTiming(TimeSpan CharacterTime, TimeSpan Silence, TimeSpan Settling, TimeSpan QuietAfterFault)
{
    private const double SilentCharacters = 3.5;
    private static readonly TimeSpan ShortestSilence = TimeSpan.FromMicroseconds(1750);

    /// <param name="settings">The serial side.</param>
    /// <param name="options">What was wished.</param>
    /// <param name="burstGap">How long a pause inside a frame may be, by the way the bytes come.</param>
    internal static RtuTiming Of(SerialSettings settings, RtuTransportOptions options, TimeSpan burstGap)
    {
        TimeSpan frameSilence = settings.CharacterTime * SilentCharacters;
        return new RtuTiming(
            settings.CharacterTime,
            options.SilenceBeforeRequest ?? TimeSpans.Longer(frameSilence, ShortestSilence),
            TimeSpans.Longer(frameSilence, burstGap),
            TimeSpans.Longer(options.QuietAfterFault, TimeSpans.Longer(frameSilence, burstGap)));
    }
}

/// <summary>One request and its reply on an RTU line: sends, listens, finds the reply among whatever else is there.</summary>
internal sealed class RtuWire(ISerialLine line, RtuTiming timing, TimeProvider clock, ModbusCounters counters)
{
    private const int BufferLength = 4 * RtuReplyMatcher.LongestFrame;
    private static readonly TimeSpan BadFrameQuiet = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WriteAllowance = TimeSpan.FromSeconds(1);

    private readonly byte[] _request = new byte[RtuReplyMatcher.LongestRequest];
    private readonly byte[] _received = new byte[BufferLength];
    private int _requestLength;
    private int _length;
    private long _lastByteAt;

    /// <summary>Drains the input and waits until the line has been silent long enough; after a fault the silence counts from now.</summary>
    /// <param name="isTainted">Whether a fault came before.</param>
    /// <param name="patience">How long a line that keeps talking is listened to beyond that.</param>
    /// <param name="hasDrained">Whether something was there.</param>
    internal ModbusOutcome MakeQuiet(bool isTainted, TimeSpan patience, out bool hasDrained)
    {
        hasDrained = false;
        TimeSpan silence = isTainted ? timing.QuietAfterFault : timing.Silence;
        Deadline limit = Deadline.In(silence + patience, clock);
        TimeSpan wait = isTainted ? silence : silence - clock.GetElapsedTime(_lastByteAt);
        while (true)
        {
            _length = 0;
            SerialStatus status = Receive(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            if (status != SerialStatus.Ok)
            {
                return status == SerialStatus.Timeout ? ModbusOutcome.Ok : ModbusOutcome.Disconnected;
            }

            counters.CountStrays(0, _length);
            hasDrained = true;
            wait = silence;
            if (limit.Remaining <= TimeSpan.Zero)
            {
                return ModbusOutcome.CrcError; // someone talks without end
            }
        }
    }

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <param name="unit">Whom to ask.</param>
    /// <param name="request">What to ask.</param>
    /// <param name="answerTimeout">How long the device may take; the time on the wire is added.</param>
    /// <param name="pdu">The PDU of the reply when the outcome is Ok; valid until the next call.</param>
    /// <param name="hasMore">Whether bytes came behind it.</param>
    internal ModbusReply Ask(byte unit, ReadRequest request, TimeSpan answerTimeout, out ReadOnlySpan<byte> pdu, out bool hasMore)
    {
        pdu = default;
        hasMore = false;
        _request[0] = unit;
        _requestLength = 1 + request.Encode(_request.AsSpan(1)) + ModbusCrc.Length;
        ReadOnlySpan<byte> sent = _request.AsSpan(0, _requestLength);
        ModbusCrc.Append(_request.AsSpan(0, _requestLength));
        counters.CountRequest();
        _length = 0;
        TimeSpan wireTime = timing.CharacterTime * (_requestLength + request.LongestReplyFrame);
        SerialStatus status = line.Write(sent, wireTime + WriteAllowance);
        if (status != SerialStatus.Ok)
        {
            return ModbusReply.Failed(status == SerialStatus.Timeout ? ModbusOutcome.Timeout : ModbusOutcome.Disconnected);
        }

        return AwaitReply(request, answerTimeout + wireTime, out pdu, out hasMore);
    }

    private ModbusReply AwaitReply(ReadRequest request, TimeSpan limit, out ReadOnlySpan<byte> pdu, out bool hasMore)
    {
        pdu = default;
        hasMore = false;
        Deadline deadline = Deadline.In(limit, clock);
        ReadOnlySpan<byte> sent = _request.AsSpan(0, _requestLength);
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
            if (!isQuiet && !isOver && RtuReplyMatcher.IsReplyUnderWay(received, sent, request))
            {
                continue;
            }

            RtuMatch match = RtuReplyMatcher.Find(received, sent, request);
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
                wait = TimeSpans.Shorter(timing.Settling, remaining);
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
                return Accept(match, out pdu);
            }
        }
    }

    private static bool IsAcknowledge(ReadOnlySpan<byte> received, RtuMatch match) =>
        match.Kind == RtuMatchKind.Exception && received[match.Offset + 2] == ModbusExceptionCode.Acknowledge;

    private ModbusReply Accept(RtuMatch match, out ReadOnlySpan<byte> pdu)
    {
        pdu = default;
        Count(match, _length - match.Length);
        ReadOnlySpan<byte> frame = _received.AsSpan(match.Offset, match.Length);
        if (match.Kind == RtuMatchKind.Exception)
        {
            return ModbusReply.Refused(frame[2]);
        }

        pdu = frame[1..^ModbusCrc.Length];
        return ModbusReply.Ok;
    }

    private ModbusReply AtDeadline(RtuMatch match, byte acknowledged)
    {
        Count(match, _length);
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

    private void Count(RtuMatch match, int discardedBytes)
    {
        counters.CountStrays(match.OwnUnitFrames, discardedBytes);
        counters.CountEchoes(match.Echoes);
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

        SerialStatus status = line.Read(_received.AsSpan(_length), wait, out int count);
        if (count > 0)
        {
            _length += count;
            _lastByteAt = clock.GetTimestamp();
        }

        return status;
    }
}
