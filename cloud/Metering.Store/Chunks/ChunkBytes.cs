using System.Buffers.Binary;

namespace Metering.Store.Chunks;

/// <summary>Writes bytes and LEB128 varints one after the other into a buffer that is large enough.</summary>
internal ref struct ByteWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public void Byte(byte value) => _buffer[Length++] = value;

    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _buffer[Length++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }

        _buffer[Length++] = (byte)value;
    }

    public void Number(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    /// <summary>The next bytes, for the caller to fill.</summary>
    public Span<byte> Take(int length)
    {
        Span<byte> taken = _buffer.Slice(Length, length);
        Length += length;
        return taken;
    }
}

/// <summary>Reads what <see cref="ByteWriter"/> wrote. A read past the end throws and never sees other memory.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> data)
{
    private const int LongestVarint = 10;
    private readonly ReadOnlySpan<byte> _data = data;
    private int _offset;

    public byte Byte() => _data[_offset++];

    public ulong Varint()
    {
        byte first = _data[_offset++];
        return first < 0x80 ? first : Longer(first);
    }

    public ulong Number() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    /// <summary>The next bytes.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = _data.Slice(_offset, length);
        _offset += length;
        return taken;
    }

    /// <summary>Everything from the next byte on, without moving.</summary>
    public readonly ReadOnlySpan<byte> Rest() => _data[_offset..];

    private ulong Longer(ulong value)
    {
        value &= 0x7F;
        for (int shift = 7; shift < 7 * LongestVarint; shift += 7)
        {
            byte next = _data[_offset++];
            value |= unchecked((ulong)(next & 0x7F) << shift);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number of a chunk is longer than 10 bytes");
    }
}
