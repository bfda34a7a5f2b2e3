using Metering.Fieldbus.Serial;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// The server's side of an RTU line: finds whole requests and answers them. Frames end by their length and CRC; silence
/// only serves to find the beginning again, and to end frames of unknown functions. Broadcasts are carried out and not answered.
/// </summary>
internal sealed class RtuServing(ISerialLine line, ServerPdu pdu)
{
    private const int LongestFrame = 256;
    private const byte Broadcast = 0;
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(2);

    // Longer than any gap inside a frame that buffering adapters make.
    private static readonly TimeSpan FrameGap = TimeSpan.FromMilliseconds(20);

    private readonly byte[] _received = new byte[2 * LongestFrame];
    private readonly byte[] _answer = new byte[LongestFrame];
    private int _length;

    /// <summary>Reads once, waiting up to the limit, and answers what is whole. False when the line is gone.</summary>
    internal bool Step(TimeSpan limit)
    {
        SerialStatus status = line.Read(_received.AsSpan(_length), _length > 0 ? FrameGap : limit, out int count);
        switch (status)
        {
            case SerialStatus.Ok:
                _length += count;
                AnswerComplete();
                return true;
            case SerialStatus.Timeout:
                AnswerAtSilence();
                return true;
            default:
                _length = 0;
                return false;
        }
    }

    private void AnswerComplete()
    {
        int offset = 0;
        int next = 0;
        while (offset < _length)
        {
            int length = RtuFrames.RequestLength(_received.AsSpan(offset, _length - offset));
            if (length > 0 && offset + length <= _length && ModbusCrc.IsValid(_received.AsSpan(offset, length)))
            {
                Answer(_received.AsSpan(offset, length));
                offset += length;
                next = offset;
            }
            else
            {
                offset++;
            }
        }

        // What follows the last whole request may be the beginning of the next one, behind noise or not.
        if (_length - next > LongestFrame)
        {
            next = _length - LongestFrame;
        }

        _received.AsSpan(next, _length - next).CopyTo(_received);
        _length -= next;
    }

    // An unknown function tells no length: only silence ends its frame.
    private void AnswerAtSilence()
    {
        if (_length > ModbusCrc.Length + 1 && _length <= LongestFrame && ModbusCrc.IsValid(_received.AsSpan(0, _length)))
        {
            Answer(_received.AsSpan(0, _length));
        }
        else if (_length > 0)
        {
            pdu.CountDamagedFrame();
        }

        _length = 0;
    }

    private void Answer(ReadOnlySpan<byte> frame)
    {
        byte unit = frame[0];
        int length = pdu.Answer(unit, frame[1..^ModbusCrc.Length], _answer.AsSpan(1));
        if (length == ServerPdu.Silence || unit == Broadcast)
        {
            return;
        }

        _answer[0] = unit;
        Span<byte> answer = _answer.AsSpan(0, 1 + length + ModbusCrc.Length);
        ModbusCrc.Append(answer);
        _ = line.Write(answer, WriteLimit); // a client that does not read gets no answer; it will ask again
    }
}
