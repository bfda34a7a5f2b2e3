using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Metering.Readings;

namespace Metering.Store.Chunks;

/// <summary>
/// The bytes of one chunk: every reading of one channel on one UTC day. Version 2:
/// <code>
/// byte    2
/// varint  count, 1 or more
/// varint  first instant, milliseconds since the day began
/// varint  unit: greatest common divisor of the steps between instants, 0 for a single reading
/// tokens  zigzag(step / unit - previous step / unit), varint; after a 0 stands how many more zeros follow
/// varint  number of runs that are not plainly good, then for each: good readings before it (varint),
///         length x 2 + (1 when without value) (varint), quality code (byte)
/// values  of the readings that have one, see <see cref="ChunkValues"/>; nothing when there is none
/// u32 LE  CRC-32C over the chunk's id (8 bytes LE) and all bytes before: a chunk in the wrong row is damaged too
/// </code>
/// Varints are LEB128, 7 bits a byte, the lowest first. Version 1 differs in its first byte and in the values: one varint
/// for each, the zigzag difference from the value before. It is still read, never written. The same readings give the same
/// bytes on every machine. A chunk whose check sum is right is trusted; any other is never decoded.
/// </summary>
internal static class ChunkCodec
{
    public const long MillisecondsPerDay = 86_400_000;
    private const byte Version = 2;
    private const byte VersionOfVarints = 1;
    private const int CrcLength = 4;
    private const int LongestHeader = 64;

    // At the worst a step (5 bytes within a day), a run of its own (11) and a value.
    private const int LongestReading = 16 + ChunkValues.LongestValue;
    private const int DayBits = 24;
    private const ulong EightTrue = 0x0101_0101_0101_0101;

    public static long IdOf(long channelId, long day) => (channelId << DayBits) | day;

    public static long DayOf(long chunkId) => chunkId & ((1L << DayBits) - 1);

    public static byte[] Encode(long chunkId, Columns readings)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(LongestHeader + CrcLength + (readings.Count * LongestReading));
        try
        {
            ByteWriter writer = new(buffer);
            writer.Byte(Version);
            writer.Varint((ulong)readings.Count);
            writer.Varint((ulong)(readings.UtcMilliseconds[0] - (DayOf(chunkId) * MillisecondsPerDay)));
            WriteInstants(ref writer, readings.UtcMilliseconds);
            WriteQualities(ref writer, readings);
            WriteValues(ref writer, readings);
            int length = writer.Length;
            BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(length), Crc(chunkId, buffer.AsSpan(0, length)));
            return buffer.AsSpan(0, length + CrcLength).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether the bytes are a chunk of a known version and stand under the id they were made for.</summary>
    public static bool IsSound(long chunkId, ReadOnlySpan<byte> data) =>
        data.Length > CrcLength
        && data[0] is Version or VersionOfVarints
        && Crc(chunkId, data[..^CrcLength]) == BinaryPrimitives.ReadUInt32LittleEndian(data[^CrcLength..]);

    public static Columns? TryDecode(long chunkId, ReadOnlySpan<byte> data)
    {
        if (!IsSound(chunkId, data))
        {
            return null;
        }

        Columns readings = Columns.Uninitialised(Count(data));
        _ = Decode(chunkId, data, readings, 0);
        return readings;
    }

    /// <summary>Number of readings of a sound chunk.</summary>
    public static int Count(ReadOnlySpan<byte> data)
    {
        ByteReader reader = new(data[1..]);
        return (int)reader.Varint();
    }

    /// <summary>Lays a sound chunk into the columns from an index on, every element of them, and gives the number of readings.</summary>
    public static int Decode(long chunkId, ReadOnlySpan<byte> data, Columns target, int start)
    {
        ByteReader reader = new(data[1..^CrcLength]);
        int count = (int)reader.Varint();
        long first = (DayOf(chunkId) * MillisecondsPerDay) + (long)reader.Varint();
        Span<bool> hasValues = target.HasValues.AsSpan(start, count);
        Span<long> values = target.ScaledValues.AsSpan(start, count);
        ReadInstants(ref reader, target.UtcMilliseconds.AsSpan(start, count), first);
        int valueCount = count - ReadQualities(ref reader, target.Qualities.AsSpan(start, count), hasValues);
        if (valueCount > 0)
        {
            Span<long> dense = values[..valueCount];
            if (data[0] == Version)
            {
                ChunkValues.Read(ref reader, dense);
            }
            else
            {
                ReadVarintValues(ref reader, dense);
            }
        }

        Spread(values, hasValues, valueCount);
        return count;
    }

    private static void WriteInstants(ref ByteWriter writer, ReadOnlySpan<long> instants)
    {
        // Most steps are like the one before: those need neither the divisor again nor a division.
        long unit = 0;
        long previousStep = 0;
        for (int index = 1; index < instants.Length; index++)
        {
            long step = instants[index] - instants[index - 1];
            if (step != previousStep)
            {
                unit = GreatestCommonDivisor(step, unit);
                previousStep = step;
            }
        }

        writer.Varint((ulong)unit);
        previousStep = 0;
        ulong zeros = 0;
        for (int index = 1; index < instants.Length; index++)
        {
            long step = instants[index] - instants[index - 1];
            if (step == previousStep)
            {
                zeros++;
                continue;
            }

            WriteZeros(ref writer, ref zeros);
            writer.Varint(ChunkValues.Zigzag((step - previousStep) / unit));
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
            step += ChunkValues.Unzigzag(token) * unit;
            foreach (ref long slot in instants.Slice(index, run))
            {
                instant = unchecked(instant + step);
                slot = instant;
            }

            index += run;
        }
    }

    private static void WriteQualities(ref ByteWriter writer, Columns readings)
    {
        int runs = 0;
        for (int start = SkipPlain(readings, 0); start < readings.Count; start = SkipPlain(readings, EndOfRun(readings, start)))
        {
            runs++;
        }

        writer.Varint((ulong)runs);
        int end = 0;
        for (int start = SkipPlain(readings, 0); start < readings.Count; start = SkipPlain(readings, end))
        {
            int before = end;
            end = EndOfRun(readings, start);
            writer.Varint((ulong)(start - before));
            writer.Varint(((ulong)(end - start) << 1) | (readings.HasValues[start] ? 0UL : 1UL));
            writer.Byte(readings.Qualities[start].Code);
        }
    }

    /// <summary>The first reading from an index on that is not plainly good; eight are looked at together.</summary>
    private static int SkipPlain(Columns readings, int index)
    {
        ReadOnlySpan<byte> codes = MemoryMarshal.AsBytes<ReadingQuality>(readings.Qualities);
        ReadOnlySpan<byte> flags = MemoryMarshal.AsBytes<bool>(readings.HasValues);
        while (index + sizeof(ulong) <= codes.Length
            && BinaryPrimitives.ReadUInt64LittleEndian(codes[index..]) == 0
            && BinaryPrimitives.ReadUInt64LittleEndian(flags[index..]) == EightTrue)
        {
            index += sizeof(ulong);
        }

        while (index < readings.Count && readings.HasValues[index] && readings.Qualities[index].Code == 0)
        {
            index++;
        }

        return index;
    }

    private static int EndOfRun(Columns readings, int start)
    {
        int end = start + 1;
        while (end < readings.Count && readings.HasValues[end] == readings.HasValues[start] && readings.Qualities[end] == readings.Qualities[start])
        {
            end++;
        }

        return end;
    }

    /// <returns>How many readings are without a value.</returns>
    private static int ReadQualities(ref ByteReader reader, Span<ReadingQuality> qualities, Span<bool> hasValues)
    {
        qualities.Clear();
        hasValues.Fill(true);
        int missing = 0;
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
                missing += length;
            }

            position += length;
        }

        return missing;
    }

    private static void WriteValues(ref ByteWriter writer, Columns readings)
    {
        if (!readings.HasValues.AsSpan().Contains(false))
        {
            ChunkValues.Write(ref writer, readings.ScaledValues);
            return;
        }

        long[] dense = ArrayPool<long>.Shared.Rent(readings.Count);
        int count = 0;
        for (int index = 0; index < readings.Count; index++)
        {
            dense[count] = readings.ScaledValues[index];
            count += readings.HasValues[index] ? 1 : 0;
        }

        if (count > 0)
        {
            ChunkValues.Write(ref writer, dense.AsSpan(0, count));
        }

        ArrayPool<long>.Shared.Return(dense);
    }

    /// <summary>Moves values that stand one behind the other to the readings that have one; the others get 0.</summary>
    private static void Spread(Span<long> values, ReadOnlySpan<bool> hasValues, int valueCount)
    {
        int end = values.Length;
        int source = valueCount;
        while (source < end)
        {
            int gap = hasValues[..end].LastIndexOf(false);
            int length = end - gap - 1;
            source -= length;
            values.Slice(source, length).CopyTo(values[(gap + 1)..]);
            values[gap] = 0;
            end = gap;
        }
    }

    private static void ReadVarintValues(ref ByteReader reader, Span<long> values)
    {
        long value = 0;
        foreach (ref long slot in values)
        {
            value = unchecked(value + ChunkValues.Unzigzag(reader.Varint()));
            slot = value;
        }
    }

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
}
