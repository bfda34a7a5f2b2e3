using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;
using Metering.FirmwareSim.Field;

namespace Metering.FirmwareSim.Control;

/// <summary>
/// One client of the control port. Lines end with a line feed: <c>plant ID</c>, then any number of <c>at UNIX-MILLISECONDS</c> and <c>live</c>.
/// Each is answered with <c>ok</c> or <c>error TEXT</c>, in order. Nothing is allocated for <c>at</c>.
/// </summary>
internal sealed class ControlSession(IReadOnlyDictionary<string, FieldPlant> plants)
{
    /// <summary>The longest line, its end included, in bytes; a longer one closes the connection.</summary>
    internal const int MaximumLine = 128;

    private const int BufferBytes = 64 * MaximumLine;
    private readonly byte[] _received = new byte[BufferBytes];
    private readonly byte[] _answers = new byte[BufferBytes];
    private FieldPlant? _plant;

    /// <summary>Serves until the client leaves.</summary>
    internal void Run(Socket socket)
    {
        int length = 0;
        while (true)
        {
            int count = socket.Receive(_received.AsSpan(length));
            if (count == 0)
            {
                return;
            }

            length += count;
            if (!AnswerLines(socket, ref length))
            {
                return;
            }
        }
    }

    /// <summary>Carries out one line, without its end, and gives the answer with its end.</summary>
    internal ReadOnlySpan<byte> Answer(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("at "u8))
        {
            return At(line[3..]);
        }

        if (line.SequenceEqual("live"u8))
        {
            _plant?.FollowClock();
            return _plant is null ? "error name a plant first\n"u8 : "ok\n"u8;
        }

        return line.StartsWith("plant "u8) ? Choose(line[6..]) : "error known are: plant ID, at MILLISECONDS, live\n"u8;
    }

    private bool AnswerLines(Socket socket, ref int length)
    {
        ReadOnlySpan<byte> rest = _received.AsSpan(0, length);
        int answered = 0;
        for (int end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
        {
            ReadOnlySpan<byte> answer = end < MaximumLine ? Answer(rest[..end]) : "error the line is too long\n"u8;
            if (answered + answer.Length > _answers.Length)
            {
                socket.Send(_answers.AsSpan(0, answered));
                answered = 0;
            }

            answer.CopyTo(_answers.AsSpan(answered));
            answered += answer.Length;
            rest = rest[(end + 1)..];
        }

        if (answered > 0)
        {
            socket.Send(_answers.AsSpan(0, answered));
        }

        length = rest.Length;
        rest.CopyTo(_received);
        if (length < MaximumLine)
        {
            return true;
        }

        socket.Send("error the line is too long\n"u8);
        return false;
    }

    private ReadOnlySpan<byte> At(ReadOnlySpan<byte> text)
    {
        if (_plant is null)
        {
            return "error name a plant first\n"u8;
        }

        if (!Utf8Parser.TryParse(text, out long instant, out int used) || used != text.Length)
        {
            return "error milliseconds since 1970-01-01 UTC are a whole number\n"u8;
        }

        return _plant.TryShow(instant) ? "ok\n"u8 : "error the plant does not know this instant\n"u8;
    }

    private ReadOnlySpan<byte> Choose(ReadOnlySpan<byte> id)
    {
        if (!plants.TryGetValue(Encoding.UTF8.GetString(id), out FieldPlant? plant))
        {
            return "error no such plant\n"u8;
        }

        _plant = plant;
        return "ok\n"u8;
    }
}
