using Metering.Readings;
using Metering.Store.Chunks;
using Xunit;

namespace Metering.Tests.Store;

public sealed class ChunkCodecTests
{
    private const long DayNumber = 19_723;
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
    public void A_regular_day_of_a_counter_takes_less_than_two_bytes_a_reading()
    {
        Columns readings = new(96);
        Random random = new(1);
        long value = 123_456;
        for (int index = 0; index < readings.Count; index++)
        {
            readings.UtcMilliseconds[index] = (DayNumber * ChunkCodec.MillisecondsPerDay) + (index * 900_000L);
            readings.ScaledValues[index] = value += random.Next(60);
            readings.HasValues[index] = true;
        }

        Assert.InRange(ChunkCodec.Encode(Id, readings).Length, 1, 2 * 96);
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
        int at = 0;
        foreach (long instant in instants)
        {
            readings.UtcMilliseconds[at] = (DayNumber * ChunkCodec.MillisecondsPerDay) + instant;
            value = random.Next(12) switch
            {
                0 => long.MaxValue,
                1 => long.MinValue,
                2 => unchecked(-value),
                3 => 0,
                _ => unchecked(value + random.Next(-50, 500)),
            };
            readings.HasValues[at] = random.Next(9) != 0;
            readings.ScaledValues[at] = readings.HasValues[at] ? value : 0;
            readings.Qualities[at] = readings.HasValues[at] && random.Next(5) != 0 ? ReadingQuality.Good : new((byte)random.Next(256));
            at++;
        }

        return readings;
    }
}
