using System.Buffers.Binary;
using System.Text;

namespace Metering.Store.Influx;

/// <summary>
/// Reads the part of MessagePack (github.com/msgpack/msgpack, spec.md) that InfluxDB answers with: nil, booleans, whole
/// numbers, floats, texts, arrays and maps with text keys. Everything else (binary, extensions, the never used byte
/// 0xC1) is refused. Lengths are believed only as far as bytes are there, so a short hostile answer allocates nothing.
/// </summary>
internal ref struct MessagePackReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Nesting allowed: an answer has object, results, statement, series, rows, row.</summary>
    public const int MaximumDepth = 12;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _offset;

    /// <summary>Bytes read so far.</summary>
    public readonly int Offset => _offset;

    private readonly int Remaining => _bytes.Length - _offset;

    /// <summary>The length of the value at the beginning, or -1 when it does not end within the bytes.</summary>
    /// <exception cref="InfluxFormatException">It is no value, nested too deeply, or of a kind that is not expected.</exception>
    public static int Measure(ReadOnlySpan<byte> bytes)
    {
        MessagePackReader reader = new(bytes);
        return reader.TrySkip() ? reader._offset : -1;
    }

    /// <summary>Number of entries of a map.</summary>
    public int ReadMap() => ReadHeader(0x80, 0xde, "a map", bytesAnEntry: 2);

    /// <summary>Number of elements of an array.</summary>
    public int ReadArray() => ReadHeader(0x90, 0xdc, "an array", bytesAnEntry: 1);

    /// <summary>A text.</summary>
    public string ReadText()
    {
        byte code = Take(1)[0];
        int length = code switch
        {
            >= 0xa0 and <= 0xbf => code & 0x1f,
            0xd9 => Take(1)[0],
            0xda => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xdb => Length(BinaryPrimitives.ReadUInt32BigEndian(Take(4))),
            _ => throw Unexpected(code, "text"),
        };
        try
        {
            return Strict.GetString(Take(length));
        }
        catch (DecoderFallbackException e)
        {
            throw new InfluxFormatException("a text of the answer is not UTF-8", e);
        }
    }

    /// <summary>Yes or no.</summary>
    public bool ReadBoolean()
    {
        byte code = Take(1)[0];
        return code is 0xc2 or 0xc3 ? code == 0xc3 : throw Unexpected(code, "true or false");
    }

    /// <summary>One field of a row.</summary>
    public InfluxCell ReadCell()
    {
        if (Remaining == 0)
        {
            throw CutOff();
        }

        byte code = _bytes[_offset];
        if (code is (>= 0xa0 and <= 0xbf) or 0xd9 or 0xda or 0xdb)
        {
            return InfluxCell.Of(ReadText());
        }

        _offset++;
        return code switch
        {
            0xc0 => default,
            0xc2 => InfluxCell.Of(false),
            0xc3 => InfluxCell.Of(true),
            <= 0x7f => InfluxCell.Of((long)code),
            >= 0xe0 => InfluxCell.Of((long)unchecked((sbyte)code)),
            0xca => InfluxCell.Of((double)BinaryPrimitives.ReadSingleBigEndian(Take(4))),
            0xcb => InfluxCell.Of(BinaryPrimitives.ReadDoubleBigEndian(Take(8))),
            0xcc => InfluxCell.Of((long)Take(1)[0]),
            0xcd => InfluxCell.Of((long)BinaryPrimitives.ReadUInt16BigEndian(Take(2))),
            0xce => InfluxCell.Of((long)BinaryPrimitives.ReadUInt32BigEndian(Take(4))),
            0xcf => InfluxCell.Of(Signed(BinaryPrimitives.ReadUInt64BigEndian(Take(8)))),
            0xd0 => InfluxCell.Of((long)unchecked((sbyte)Take(1)[0])),
            0xd1 => InfluxCell.Of((long)BinaryPrimitives.ReadInt16BigEndian(Take(2))),
            0xd2 => InfluxCell.Of((long)BinaryPrimitives.ReadInt32BigEndian(Take(4))),
            0xd3 => InfluxCell.Of(BinaryPrimitives.ReadInt64BigEndian(Take(8))),
            _ => throw Unexpected(code, "a field"),
        };
    }

    /// <summary>Passes over one value.</summary>
    /// <exception cref="InfluxFormatException">The bytes end within it, or it is no value.</exception>
    public void Skip()
    {
        if (!TrySkip())
        {
            throw CutOff();
        }
    }

    private static UTF8Encoding Strict { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static int Length(uint length) => length <= int.MaxValue ? (int)length : throw CutOff();

    private static long Signed(ulong value) => value <= long.MaxValue ? (long)value : throw new InfluxFormatException("a whole number of the answer is larger than 2^63");

    private static InfluxFormatException CutOff() => new("the answer ends within a value");

    private static InfluxFormatException Unexpected(byte code, string wanted) => new($"byte 0x{code:x2} of the answer is not the beginning of {wanted}");

    /// <summary>Bytes of a value behind its code, and how many values are nested in it; more than can ever be there when the length itself is not there yet.</summary>
    private (long Bytes, long Values) Extent(byte code) => code switch
    {
        <= 0x7f or >= 0xe0 or 0xc0 or 0xc2 or 0xc3 => (0, 0),
        <= 0x8f => (0, 2L * (code & 0x0f)),
        <= 0x9f => (0, code & 0x0f),
        <= 0xbf => (code & 0x1f, 0),
        0xcc or 0xd0 => (1, 0),
        0xcd or 0xd1 => (2, 0),
        0xca or 0xce or 0xd2 => (4, 0),
        0xcb or 0xcf or 0xd3 => (8, 0),
        0xd9 => (Prefix(1), 0),
        0xda => (Prefix(2), 0),
        0xdb => (Prefix(4), 0),
        0xdc => (0, Prefix(2)),
        0xdd => (0, Prefix(4)),
        0xde => (0, 2 * Prefix(2)),
        0xdf => (0, 2 * Prefix(4)),
        _ => throw Unexpected(code, "a value"),
    };

    // A number that says how much follows; without all of its bytes, more than can ever be there.
    private long Prefix(int size)
    {
        if (Remaining < size)
        {
            _offset = _bytes.Length;
            return int.MaxValue;
        }

        ReadOnlySpan<byte> number = Take(size);
        return size switch
        {
            1 => number[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(number),
            _ => BinaryPrimitives.ReadUInt32BigEndian(number),
        };
    }

    private bool TrySkip()
    {
        Span<long> open = stackalloc long[MaximumDepth];
        int depth = 0;
        open[0] = 1;
        while (true)
        {
            while (open[depth] == 0)
            {
                if (depth == 0)
                {
                    return true;
                }

                depth--;
            }

            if (Remaining == 0)
            {
                return false;
            }

            open[depth]--;
            (long length, long values) = Extent(_bytes[_offset++]);
            if (length > Remaining)
            {
                return false;
            }

            _offset += (int)length;
            if (values > 0)
            {
                if (++depth == MaximumDepth)
                {
                    throw new InfluxFormatException($"the answer is nested more than {MaximumDepth} deep");
                }

                open[depth] = values;
            }
        }
    }

    private int ReadHeader(byte small, byte large, string wanted, int bytesAnEntry)
    {
        byte code = Take(1)[0];
        int count;
        if ((code & 0xf0) == small)
        {
            count = code & 0x0f;
        }
        else if (code == large)
        {
            count = BinaryPrimitives.ReadUInt16BigEndian(Take(2));
        }
        else if (code == large + 1)
        {
            count = Length(BinaryPrimitives.ReadUInt32BigEndian(Take(4)));
        }
        else
        {
            throw Unexpected(code, wanted);
        }

        return (long)count * bytesAnEntry <= Remaining ? count : throw CutOff();
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > Remaining)
        {
            throw CutOff();
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_offset, length);
        _offset += length;
        return taken;
    }
}
