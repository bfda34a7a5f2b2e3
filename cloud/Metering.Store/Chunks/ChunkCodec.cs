using System.Buffers.Binary;
using System.Numerics;
using Metering.Readings;

namespace Metering.Store.Chunks;

/// <summary>
/// The bytes of one chunk: every reading of one channel on one UTC day. Version 1, all numbers LEB128 varints:
/// <code>
/// byte    1
/// varint  count, 1 or more
/// varint  first instant, milliseconds since the day began
/// varint  unit: greatest common divisor of the steps between instants, 0 for a single reading
/// tokens  zigzag(step / unit - previous step / unit); after a 0 stands how many more zeros follow
/// varint  number of runs that are not plainly good, then for each: good readings before it,
///         length x 2 + (1 when without value), quality code (1 byte)
/// varints zigzag difference from the value before, modulo 2^64, for each reading that has a value
/// u32 LE  CRC-32C over the chunk's id (8 bytes LE) and all bytes before: a chunk in the wrong row is damaged too
/// </code>
/// </summary>
internal static class ChunkCodec
{
    public const long MillisecondsPerDay = 86_400_000;
    private const byte Version = 1;
    private const int CrcLength = 4;
    private const int LongestHeader = 32;
    private const int LongestVarint = 10;

    // At the worst a step (5 bytes within a day), a run of its own (11) and a value (10).
    private const int LongestReading = 26;
    private const int DayBits = 24;

    public static long IdOf(long channelId, long day) => (channelId << DayBits) | day;

    public static long DayOf(long chunkId) => chunkId & ((1L << DayBits) - 1);

    public static byte[] Encode(long chunkId, Columns readings)
    {
        byte[] buffer = new byte[LongestHeader + CrcLength + (readings.Count * LongestReading)];
        ByteWriter writer = new(buffer);
        writer.Byte(Version);
        writer.Varint((ulong)readings.Count);
        writer.Varint((ulong)(readings.UtcMilliseconds[0] - (DayOf(chunkId) * MillisecondsPerDay)));
        WriteInstants(ref writer, readings.UtcMilliseconds);
        WriteQualities(ref writer, readings);
        WriteValues(ref writer, readings);
        int length = writer.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(length), Crc(chunkId, buffer.AsSpan(0, length)));
        return buffer[..(length + CrcLength)];
    }

    /// <summary>Number of readings, without checking anything else; 0 when it cannot be read.</summary>
    public static bool IsSound(long chunkId, ReadOnlySpan<byte> data) =>
        data.Length > CrcLength
        && data[0] == Version
        && Crc(chunkId, data[..^CrcLength]) == BinaryPrimitives.ReadUInt32LittleEndian(data[^CrcLength..]);

    public static Columns? TryDecode(long chunkId, ReadOnlySpan<byte> data)
    {
        if (!IsSound(chunkId, data))
        {
            return null;
        }

        Columns readings = new(Count(data));
        _ = Decode(chunkId, data, readings, 0);
        return readings;
    }

    /// <summary>Number of readings of a sound chunk.</summary>
    public static int Count(ReadOnlySpan<byte> data)
    {
        ByteReader reader = new(data[1..]);
        return (int)reader.Varint();
    }

    /// <summary>Lays a sound chunk into the columns from an index on and gives the number of readings.</summary>
    public static int Decode(long chunkId, ReadOnlySpan<byte> data, Columns target, int start)
    {
        ByteReader reader = new(data[1..^CrcLength]);
        int count = (int)reader.Varint();
        long first = (DayOf(chunkId) * MillisecondsPerDay) + (long)reader.Varint();
        ReadInstants(ref reader, target.UtcMilliseconds.AsSpan(start, count), first);
        bool complete = ReadQualities(ref reader, target.Qualities.AsSpan(start, count), target.HasValues.AsSpan(start, count));
        ReadValues(ref reader, target.ScaledValues.AsSpan(start, count), complete ? default : target.HasValues.AsSpan(start, count));
        return count;
    }

    private static void WriteInstants(ref ByteWriter writer, long[] instants)
    {
        long unit = 0;
        for (int index = 1; index < instants.Length; index++)
        {
            unit = GreatestCommonDivisor(instants[index] - instants[index - 1], unit);
        }

        writer.Varint((ulong)unit);
        long previousStep = 0;
        ulong zeros = 0;
        for (int index = 1; index < instants.Length; index++)
        {
            long step = (instants[index] - instants[index - 1]) / unit;
            if (step == previousStep)
            {
                zeros++;
                continue;
            }

            WriteZeros(ref writer, ref zeros);
            writer.Varint(Zigzag(step - previousStep));
            previousStep = step;
        }

        WriteZeros(ref writer, ref zeros);
    }

    private static void WriteZeros(ref ByteWriter writer, ref ulong zeros)
    {
        if (zeros > 0)
        {
            writer.Byte(0);
            writer.Varint(zeros - 1);
            zeros = 0;
        }
    }

    private static void ReadInstants(ref ByteReader reader, Span<long> instants, long first)
    {
        long unit = (long)reader.Varint();
        long instant = first;
        long step = 0;
        instants[0] = first;
        int index = 1;
        while (index < instants.Length)
        {
            ulong token = reader.Varint();
            int run = token == 0 ? (int)reader.Varint() + 1 : 1;
            step += Unzigzag(token) * unit;
            foreach (ref long slot in instants.Slice(index, run))
            {
                instant += step;
                slot = instant;
            }

            index += run;
        }
    }

    private static void WriteQualities(ref ByteWriter writer, Columns readings)
    {
        int runs = 0;
        for (int index = 0; index < readings.Count; index++)
        {
            runs += !IsPlain(readings, index) && (index == 0 || !SameKind(readings, index - 1, index)) ? 1 : 0;
        }

        writer.Varint((ulong)runs);
        int end = 0;
        int position = 0;
        while (position < readings.Count)
        {
            if (IsPlain(readings, position))
            {
                position++;
                continue;
            }

            int start = position++;
            while (position < readings.Count && SameKind(readings, start, position))
            {
                position++;
            }

            writer.Varint((ulong)(start - end));
            writer.Varint(((ulong)(position - start) << 1) | (readings.HasValues[start] ? 0UL : 1UL));
            writer.Byte(readings.Qualities[start].Code);
            end = position;
        }
    }

    private static bool ReadQualities(ref ByteReader reader, Span<ReadingQuality> qualities, Span<bool> hasValues)
    {
        qualities.Clear();
        hasValues.Fill(true);
        bool complete = true;
        int position = 0;
        for (ulong runs = reader.Varint(); runs > 0; runs--)
        {
            position += (int)reader.Varint();
            ulong lengthAndFlag = reader.Varint();
            int length = (int)(lengthAndFlag >> 1);
            qualities.Slice(position, length).Fill(new(reader.Byte()));
            if ((lengthAndFlag & 1) != 0)
            {
                hasValues.Slice(position, length).Clear();
                complete = false;
            }

            position += length;
        }

        return complete;
    }

    private static void WriteValues(ref ByteWriter writer, Columns readings)
    {
        long previous = 0;
        for (int index = 0; index < readings.Count; index++)
        {
            if (readings.HasValues[index])
            {
                writer.Varint(Zigzag(unchecked(readings.ScaledValues[index] - previous)));
                previous = readings.ScaledValues[index];
            }
        }
    }

    private static void ReadValues(ref ByteReader reader, Span<long> values, ReadOnlySpan<bool> hasValues)
    {
        long value = 0;
        for (int index = 0; index < values.Length; index++)
        {
            if (hasValues.IsEmpty || hasValues[index])
            {
                value = unchecked(value + Unzigzag(reader.Varint()));
                values[index] = value;
            }
            else
            {
                values[index] = 0;
            }
        }
    }

    private static bool IsPlain(Columns readings, int index) => readings.HasValues[index] && readings.Qualities[index].Code == 0;

    private static bool SameKind(Columns readings, int left, int right) =>
        readings.HasValues[left] == readings.HasValues[right] && readings.Qualities[left] == readings.Qualities[right];

    internal static ulong Zigzag(long value) => unchecked((ulong)((value << 1) ^ (value >> 63)));

    internal static long Unzigzag(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));

    private static long GreatestCommonDivisor(long left, long right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }

        return left;
    }

    internal static uint Crc(long chunkId, ReadOnlySpan<byte> data)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, unchecked((ulong)chunkId));
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (byte item in data)
        {
            crc = BitOperations.Crc32C(crc, item);
        }

        return ~crc;
    }

    internal ref struct ByteWriter(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;

        public int Length { get; private set; }

        public void Byte(byte value) => _buffer[Length++] = value;

        public void Number(ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_buffer[Length..], value);
            Length += sizeof(ulong);
        }

        public void Varint(ulong value)
        {
            while (value >= 0x80)
            {
                _buffer[Length++] = unchecked((byte)(value | 0x80));
                value >>= 7;
            }

            _buffer[Length++] = (byte)value;
        }
    }

    internal ref struct ByteReader(ReadOnlySpan<byte> data)
    {
        private readonly ReadOnlySpan<byte> _data = data;
        private int _offset;

        public byte Byte() => _data[_offset++];

        public ulong Number()
        {
            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(_data[_offset..]);
            _offset += sizeof(ulong);
            return value;
        }

        public ulong Varint()
        {
            byte first = _data[_offset++];
            return first < 0x80 ? first : Longer(first);
        }

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
}
