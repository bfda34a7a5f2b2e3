using System.Globalization;
using Metering.Benchmarks.Store;
using Metering.Readings;
using Metering.Store.Chunks;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Store;

public sealed class ChunkCodecTests
{
    private const long DayNumber = 19_723;
    private const long Midnight = DayNumber * ChunkCodec.MillisecondsPerDay;
    private static readonly long Id = ChunkCodec.IdOf(5, DayNumber);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 300)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_readings_of_a_day_come_back_bit_for_bit(int seed)
    {
        Columns readings = Make(seed);
        byte[] data = ChunkCodec.Encode(Id, readings);
        Columns? back = ChunkCodec.TryDecode(Id, data);
        Assert.True(back is not null && Same(readings, back), $"seed {seed}");
        Assert.Equal(readings.Count, ChunkCodec.Count(data));
    }

    [Fact]
    public void A_chunk_lies_down_between_others_and_touches_nothing_else()
    {
        Columns readings = Make(9);
        Columns target = new(readings.Count + 200);
        Array.Fill(target.UtcMilliseconds, -7);
        Array.Fill(target.ScaledValues, -7);
        Array.Fill(target.Qualities, new(77));
        Array.Fill(target.HasValues, true);
        Assert.Equal(readings.Count, ChunkCodec.Decode(Id, ChunkCodec.Encode(Id, readings), target, 100));
        Assert.True(Same(readings, target.Slice(100, readings.Count)));
        Columns around = new(200);
        target.CopyTo(0, around, 0, 100);
        target.CopyTo(readings.Count + 100, around, 100, 100);
        Assert.All(around.UtcMilliseconds, item => Assert.Equal(-7, item));
        Assert.All(around.ScaledValues, item => Assert.Equal(-7, item));
        Assert.All(around.Qualities, item => Assert.Equal(77, item.Code));
        Assert.All(around.HasValues, Assert.True);
    }

    [Fact]
    public void A_reading_every_second_of_a_day_comes_back()
    {
        Columns readings = new(86_400);
        Random random = new(3);
        long value = 0;
        for (int index = 0; index < readings.Count; index++)
        {
            readings.UtcMilliseconds[index] = Midnight + (index * 1000L);
            readings.HasValues[index] = index % 1000 != 999;
            readings.ScaledValues[index] = readings.HasValues[index] ? value += random.Next(4) : 0;
        }

        byte[] data = ChunkCodec.Encode(Id, readings);
        Assert.True(Same(readings, ChunkCodec.TryDecode(Id, data)!));
        Assert.InRange(data.Length, 1, 30_000);
    }

    [Fact]
    public void A_single_reading_with_and_without_a_value_comes_back()
    {
        foreach (long value in (long[])[0, -1, long.MinValue, long.MaxValue])
        {
            Columns readings = Column([value]);
            Assert.True(Same(readings, ChunkCodec.TryDecode(Id, ChunkCodec.Encode(Id, readings))!));
        }

        Columns silent = new(1);
        silent.UtcMilliseconds[0] = Midnight + ChunkCodec.MillisecondsPerDay - 1;
        silent.Qualities[0] = ReadingQuality.Bad(QualityReason.Timeout);
        Assert.True(Same(silent, ChunkCodec.TryDecode(Id, ChunkCodec.Encode(Id, silent))!));
    }

    [Fact]
    public void Every_single_bit_flip_and_every_cut_is_noticed()
    {
        byte[] data = ChunkCodec.Encode(Id, Make(7));
        for (int bit = 0; bit < data.Length * 8; bit++)
        {
            data[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(ChunkCodec.TryDecode(Id, data));
            data[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (int length = 0; length < data.Length; length++)
        {
            Assert.Null(ChunkCodec.TryDecode(Id, data.AsSpan(0, length)));
        }

        Assert.Null(ChunkCodec.TryDecode(Id + 1, data));
        Assert.NotNull(ChunkCodec.TryDecode(Id, data));
    }

    [Fact]
    public void A_chunk_of_version_1_is_still_read()
    {
        string folder = Repository.Path("tests", "golden", "store", "chunk-1");
        byte[] data = Convert.FromHexString(File.ReadAllText(Path.Combine(folder, "chunk.hex")).ReplaceLineEndings(""));
        string[] lines = File.ReadAllLines(Path.Combine(folder, "readings.csv"));
        Columns expected = new(lines.Length);
        for (int index = 0; index < lines.Length; index++)
        {
            string[] fields = lines[index].Split(',');
            expected.UtcMilliseconds[index] = long.Parse(fields[0], CultureInfo.InvariantCulture);
            expected.HasValues[index] = fields[1].Length > 0;
            expected.ScaledValues[index] = fields[1].Length > 0 ? long.Parse(fields[1], CultureInfo.InvariantCulture) : 0;
            expected.Qualities[index] = new(byte.Parse(fields[2], CultureInfo.InvariantCulture));
        }

        Assert.Equal(1, data[0]);
        Assert.True(Same(expected, ChunkCodec.TryDecode(Id, data)!));
        byte[] rewritten = ChunkCodec.Encode(Id, expected);
        Assert.Equal(2, rewritten[0]);
        Assert.InRange(rewritten.Length, 1, data.Length);
    }

    [Fact]
    public void A_chunk_of_version_2_keeps_its_bytes()
    {
        // 8 readings of a counter, 5 minutes apart: one missed, one uncertain, one step too large for the width of the others.
        Columns readings = Column([1000, 1003, 1005, 1009, 1010, 2024, 2026, 2029]);
        readings.Qualities[6] = ReadingQuality.Uncertain(QualityReason.Late);
        readings.HasValues[2] = false;
        readings.ScaledValues[2] = 0;
        readings.Qualities[2] = ReadingQuality.Bad(QualityReason.Timeout);
        byte[] data = ChunkCodec.Encode(Id, readings);
        const string Expected =
            "02" + "08" + "00" + "e0a712" // version, count, first instant, unit 300,000 ms
            + "02" + "0005" // one step of one unit, then six the same
            + "02" + "02" + "03" + "81" + "03" + "02" + "48" // two runs: after 2 one without value, B.timeout; after 3 one, U.late
            + "02" + "d00f" // plain differences from 1000
            + "83" + "73ac01" + "00" + "03" + "7e"; // width 3 with exceptions: 3 6 1 6 2 3, and 126 << 3 above the 4th
        Assert.Equal(Expected, Convert.ToHexStringLower(data.AsSpan(0, data.Length - 4)));
    }

    [Fact]
    public void A_year_of_the_mixed_workload_keeps_its_size_budget()
    {
        // Bytes a reading of day chunks over 28 days, budgets as in the README.
        Dictionary<PointKind, double> budgets = new()
        {
            [PointKind.Energy] = 0.45,
            [PointKind.Water] = 0.45,
            [PointKind.Power] = 2.8,
            [PointKind.Flow] = 0.9,
            [PointKind.Acidity] = 0.8,
        };
        long allBytes = 0;
        long allReadings = 0;
        for (int point = 0; point < MixedWorkload.PointCount; point += 3)
        {
            PointReadings readings = new MixedWorkload(hasNoisyPower: true).Generate(point, 28);
            long bytes = SizeOf(readings);
            allBytes += bytes;
            allReadings += readings.Count;
            Assert.True(
                bytes <= budgets[MixedWorkload.KindOf(point)] * readings.Count,
                $"point {point} ({MixedWorkload.KindOf(point)}): {bytes / (double)readings.Count:0.000} bytes a reading");
        }

        Assert.True(allBytes <= 1.2 * allReadings, $"{allBytes / (double)allReadings:0.000} bytes a reading");
        PointReadings rounded = new MixedWorkload(hasNoisyPower: false).Generate(2, 28);
        Assert.True(SizeOf(rounded) <= 1.6 * rounded.Count, $"power to 1 W: {SizeOf(rounded) / (double)rounded.Count:0.000} bytes a reading");
    }

    private static long SizeOf(PointReadings readings)
    {
        long bytes = 0;
        int start = 0;
        while (start < readings.Count)
        {
            long day = readings.UtcMilliseconds[start] / ChunkCodec.MillisecondsPerDay;
            int end = start;
            while (end < readings.Count && readings.UtcMilliseconds[end] / ChunkCodec.MillisecondsPerDay == day)
            {
                end++;
            }

            Columns columns = new(end - start);
            readings.UtcMilliseconds.AsSpan(start, columns.Count).CopyTo(columns.UtcMilliseconds);
            readings.ScaledValues.AsSpan(start, columns.Count).CopyTo(columns.ScaledValues);
            readings.Qualities.AsSpan(start, columns.Count).CopyTo(columns.Qualities);
            Array.Fill(columns.HasValues, true);
            byte[] data = ChunkCodec.Encode(ChunkCodec.IdOf(1, day), columns);
            Assert.True(Same(columns, ChunkCodec.TryDecode(ChunkCodec.IdOf(1, day), data)!));
            bytes += data.Length;
            start = end;
        }

        return bytes;
    }

    internal static Columns Column(ReadOnlySpan<long> values)
    {
        Columns readings = new(values.Length);
        values.CopyTo(readings.ScaledValues);
        for (int index = 0; index < values.Length; index++)
        {
            readings.UtcMilliseconds[index] = Midnight + (index * 300_000L);
            readings.HasValues[index] = true;
        }

        return readings;
    }

    private static bool Same(Columns left, Columns right) =>
        left.UtcMilliseconds.AsSpan().SequenceEqual(right.UtcMilliseconds)
        && left.ScaledValues.AsSpan().SequenceEqual(right.ScaledValues)
        && left.Qualities.AsSpan().SequenceEqual(right.Qualities)
        && left.HasValues.AsSpan().SequenceEqual(right.HasValues);

    private static Columns Make(int seed)
    {
        Random random = new(seed);
        int style = seed % 6;
        SortedSet<long> instants = [];
        int wanted = seed < 5 ? seed : random.Next(1, 1500);
        long step = 1 + random.Next(57_000);
        for (int index = 0; index < wanted; index++)
        {
            _ = instants.Add(style switch
            {
                0 => index * step,
                1 => random.NextInt64(ChunkCodec.MillisecondsPerDay),
                2 => ChunkCodec.MillisecondsPerDay - 1 - index,
                3 => (index * step) + random.Next(20),
                4 => index + (index % 97 == 0 ? 1 : 0),
                _ => (index + (index / 50 * 13)) * 10_000L % ChunkCodec.MillisecondsPerDay,
            });
        }

        Columns readings = new(instants.Count);
        long value = random.NextInt64();
        int wild = seed % 4;
        int at = 0;
        foreach (long instant in instants)
        {
            readings.UtcMilliseconds[at] = Midnight + instant;
            value = random.Next(wild == 0 ? 12 : 400) switch
            {
                0 => long.MaxValue,
                1 => long.MinValue,
                2 => unchecked(-value),
                3 => 0,
                _ => unchecked(value + random.Next(wild == 1 ? 0 : -50, 500)),
            };
            readings.HasValues[at] = random.Next(9) != 0;
            readings.ScaledValues[at] = readings.HasValues[at] ? value : 0;
            readings.Qualities[at] = readings.HasValues[at] && random.Next(5) != 0 ? ReadingQuality.Good : new((byte)random.Next(256));
            at++;
        }

        return readings;
    }
}
