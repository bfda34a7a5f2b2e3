using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>Where the first part of some bytes ends; -1 when it does not end in them. "isAll" says that no more bytes come.</summary>
internal delegate int PartEnd(ReadOnlySpan<byte> bytes, bool isAll);

/// <summary>Takes parts of a stream one behind the other, with memory for one of them and a buffer.</summary>
internal sealed class PartReader(Stream stream, PartEnd endOf, int maximum)
{
    private const int FirstBuffer = 256 * 1024;

    private byte[] buffer = new byte[FirstBuffer];
    private int start;
    private int end;
    private int length;
    private bool isAll;

    /// <summary>The part, valid until the next one is asked for.</summary>
    public ReadOnlySpan<byte> Current => buffer.AsSpan(start, length);

    /// <summary>Signed notes: a text without empty lines, an empty line, a line of signature.</summary>
    public static PartReader OfNotes(Stream stream, int maximum) => new(stream, EndOfNote, maximum);

    /// <summary>Goes to the next part.</summary>
    /// <exception cref="WireFormatException">The stream ends inside a part, or a part is too long.</exception>
    public bool MoveNext()
    {
        start += length;
        length = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = buffer.AsSpan(start, end - start);
            if (rest.IsEmpty && isAll)
            {
                return false;
            }

            int found = rest.IsEmpty ? -1 : endOf(rest, isAll);
            if (found > 0)
            {
                length = found;
                return true;
            }

            if (isAll || rest.Length >= maximum)
            {
                throw new WireFormatException(isAll ? "the file ends inside a part" : $"a part is longer than {maximum} bytes");
            }

            Fill();
        }
    }

    private void Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, 2 * buffer.Length);
        }

        int read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        isAll = read == 0;
    }

    private static int EndOfNote(ReadOnlySpan<byte> bytes, bool isAll)
    {
        int blank = bytes.IndexOf("\n\n"u8);
        int line = blank < 0 ? -1 : bytes[(blank + 2)..].IndexOf((byte)'\n');
        return line < 0 ? -1 : blank + 2 + line + 1;
    }
}
