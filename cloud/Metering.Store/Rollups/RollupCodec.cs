using System.Buffers.Binary;
using Metering.Analytics.Intervals;
using Metering.Store.Chunks;

namespace Metering.Store.Rollups;

/// <summary>
/// The bytes of one rollup: the intervals of one channel that start in one UTC month. Version 1, numbers are LEB128 varints:
/// <code>
/// byte    1
/// varint  count, 0 or more; when 0 only the check sum follows
/// varint  first border, UTC milliseconds
/// runs    of equal interval lengths until count is reached: repeat, length in milliseconds
/// varint  number of runs of intervals that are not measured, then for each: measured intervals before it, length, code (1 byte)
/// varint  number of intervals not wholly known, then for each: intervals before it since the last one, known milliseconds
/// counter varint zigzag(known use) per interval
/// gauge   8 bytes LE mean per measured interval; then per interval: zigzag(readings - those of the interval before) and,
///         when there are readings, zigzag(minimum - minimum before), maximum - minimum
/// u32 LE  CRC-32C over the row's key (8 bytes LE) and all bytes before
/// </code>
/// </summary>
internal static class RollupCodec
{
    private const byte Version = 1;
    private const int CrcLength = 4;
    private const int LongestHeader = 64;

    // Length run (20), code run (21), known time (20), mean (8), count, minimum and maximum (30).
    private const int LongestInterval = 99;

    /// <summary>What the check sum covers beside the bytes, so that a rollup in the wrong row is noticed.</summary>
    public static long KeyOf(long channelId, RollupStep step, int month) => (channelId << 24) | ((long)month << 4) | (long)step;

    public static byte[] Encode(long key, RollupColumns columns)
    {
        byte[] buffer = new byte[LongestHeader + CrcLength + (columns.Count * LongestInterval)];
        ChunkCodec.ByteWriter writer = new(buffer);
        writer.Byte(Version);
        writer.Varint((ulong)columns.Count);
        if (columns.Count > 0)
        {
            writer.Varint((ulong)columns.Borders[0]);
            WriteLengths(ref writer, columns);
            WriteCodes(ref writer, columns);
            WriteKnownTime(ref writer, columns);
            if (columns.IsCounter)
            {
                for (int index = 0; index < columns.Count; index++)
                {
                    writer.Varint(ChunkCodec.Zigzag(columns.Known[index]));
                }
            }
            else
            {
                WriteGauge(ref writer, columns);
            }
        }

        int length = writer.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(length), ChunkCodec.Crc(key, buffer.AsSpan(0, length)));
        return buffer[..(length + CrcLength)];
    }

    /// <summary>Lays the intervals of a rollup behind those of the columns. False, with nothing added, when the bytes are damaged.</summary>
    /// <param name="key">See <see cref="KeyOf"/>.</param>
    /// <param name="data">The bytes.</param>
    /// <param name="divisor">10^decimals of the channel.</param>
    /// <param name="target">Where the intervals go.</param>
    public static bool TryDecode(long key, ReadOnlySpan<byte> data, double divisor, RollupColumns target)
    {
        if (data.Length <= CrcLength || data[0] != Version
            || ChunkCodec.Crc(key, data[..^CrcLength]) != BinaryPrimitives.ReadUInt32LittleEndian(data[^CrcLength..]))
        {
            return false;
        }

        ChunkCodec.ByteReader reader = new(data[1..^CrcLength]);
        int count = (int)reader.Varint();
        if (count == 0)
        {
            return true;
        }

        int start = target.Add(count);
        ReadLengths(ref reader, target.Borders.AsSpan(start, count + 1));
        Span<IntervalCode> codes = target.Code.AsSpan(start, count);
        ReadCodes(ref reader, codes);
        ReadKnownTime(ref reader, target.Borders.AsSpan(start, count + 1), target.KnownMilliseconds.AsSpan(start, count));
        if (target.IsCounter)
        {
            ReadCounter(ref reader, codes, target.Known.AsSpan(start, count), target.Value.AsSpan(start, count), divisor);
        }
        else
        {
            ReadGauge(ref reader, target, start, count);
        }

        return true;
    }

    private static void WriteLengths(ref ChunkCodec.ByteWriter writer, RollupColumns columns)
    {
        int position = 0;
        while (position < columns.Count)
        {
            int start = position++;
            long length = columns.Borders[start + 1] - columns.Borders[start];
            while (position < columns.Count && columns.Borders[position + 1] - columns.Borders[position] == length)
            {
                position++;
            }

            writer.Varint((ulong)(position - start));
            writer.Varint((ulong)length);
        }
    }

    private static void ReadLengths(ref ChunkCodec.ByteReader reader, Span<long> borders)
    {
        long border = (long)reader.Varint();
        borders[0] = border;
        int position = 1;
        while (position < borders.Length)
        {
            int repeat = (int)reader.Varint();
            long length = (long)reader.Varint();
            foreach (ref long slot in borders.Slice(position, repeat))
            {
                border += length;
                slot = border;
            }

            position += repeat;
        }
    }

    private static void WriteCodes(ref ChunkCodec.ByteWriter writer, RollupColumns columns)
    {
        IntervalCode[] codes = columns.Code;
        int runs = 0;
        for (int index = 0; index < columns.Count; index++)
        {
            runs += codes[index] != IntervalCode.Measured && (index == 0 || codes[index - 1] != codes[index]) ? 1 : 0;
        }

        writer.Varint((ulong)runs);
        int end = 0;
        int position = 0;
        while (position < columns.Count)
        {
            int start = position++;
            if (codes[start] == IntervalCode.Measured)
            {
                continue;
            }

            while (position < columns.Count && codes[position] == codes[start])
            {
                position++;
            }

            writer.Varint((ulong)(start - end));
            writer.Varint((ulong)(position - start));
            writer.Byte((byte)codes[start]);
            end = position;
        }
    }

    private static void ReadCodes(ref ChunkCodec.ByteReader reader, Span<IntervalCode> codes)
    {
        codes.Clear();
        int position = 0;
        for (ulong runs = reader.Varint(); runs > 0; runs--)
        {
            position += (int)reader.Varint();
            int length = (int)reader.Varint();
            codes.Slice(position, length).Fill((IntervalCode)reader.Byte());
            position += length;
        }
    }

    private static void WriteKnownTime(ref ChunkCodec.ByteWriter writer, RollupColumns columns)
    {
        int partial = 0;
        for (int index = 0; index < columns.Count; index++)
        {
            partial += IsWhole(columns, index) ? 0 : 1;
        }

        writer.Varint((ulong)partial);
        int next = 0;
        for (int index = 0; index < columns.Count; index++)
        {
            if (!IsWhole(columns, index))
            {
                writer.Varint((ulong)(index - next));
                writer.Varint((ulong)columns.KnownMilliseconds[index]);
                next = index + 1;
            }
        }
    }

    private static void ReadKnownTime(ref ChunkCodec.ByteReader reader, ReadOnlySpan<long> borders, Span<long> known)
    {
        for (int index = 0; index < known.Length; index++)
        {
            known[index] = borders[index + 1] - borders[index];
        }

        int next = 0;
        for (ulong partial = reader.Varint(); partial > 0; partial--)
        {
            next += (int)reader.Varint();
            known[next++] = (long)reader.Varint();
        }
    }

    private static void ReadCounter(
        ref ChunkCodec.ByteReader reader, ReadOnlySpan<IntervalCode> codes, Span<long> known, Span<double> value, double divisor)
    {
        for (int index = 0; index < known.Length; index++)
        {
            long use = ChunkCodec.Unzigzag(reader.Varint());
            known[index] = use;
            value[index] = use / divisor;
        }

        for (int at = codes.IndexOf(IntervalCode.Missing); at >= 0 && at < codes.Length; at++)
        {
            if (codes[at] == IntervalCode.Missing)
            {
                value[at] = double.NaN;
            }
        }
    }

    private static void WriteGauge(ref ChunkCodec.ByteWriter writer, RollupColumns columns)
    {
        for (int index = 0; index < columns.Count; index++)
        {
            if (columns.Code[index] == IntervalCode.Measured)
            {
                writer.Number(BitConverter.DoubleToUInt64Bits(columns.Value[index]));
            }
        }

        int readings = 0;
        long minimum = 0;
        for (int index = 0; index < columns.Count; index++)
        {
            writer.Varint(ChunkCodec.Zigzag(columns.Readings[index] - (long)readings));
            readings = columns.Readings[index];
            if (readings > 0)
            {
                writer.Varint(ChunkCodec.Zigzag(unchecked(columns.Minimum[index] - minimum)));
                writer.Varint(unchecked((ulong)(columns.Maximum[index] - columns.Minimum[index])));
                minimum = columns.Minimum[index];
            }
        }
    }

    private static void ReadGauge(ref ChunkCodec.ByteReader reader, RollupColumns target, int start, int count)
    {
        for (int index = start; index < start + count; index++)
        {
            target.Value[index] = target.Code[index] == IntervalCode.Measured ? BitConverter.UInt64BitsToDouble(reader.Number()) : double.NaN;
        }

        long readings = 0;
        long minimum = 0;
        for (int index = start; index < start + count; index++)
        {
            readings += ChunkCodec.Unzigzag(reader.Varint());
            target.Readings[index] = (int)readings;
            target.Minimum[index] = 0;
            target.Maximum[index] = 0;
            if (readings > 0)
            {
                minimum = unchecked(minimum + ChunkCodec.Unzigzag(reader.Varint()));
                target.Minimum[index] = minimum;
                target.Maximum[index] = unchecked(minimum + (long)reader.Varint());
            }
        }
    }

    private static bool IsWhole(RollupColumns columns, int index) =>
        columns.KnownMilliseconds[index] == columns.Borders[index + 1] - columns.Borders[index];
}
