using System.Text;
using Metering.Evidence.Bundle;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Evidence;

/// <summary>Segments as differences: the signed text comes back byte for byte, and what has not the form is told.</summary>
public sealed class SegmentPackerTests
{
    private const string Gateway = "leon-tannery";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_a_gateway_signs_comes_back(int seed)
    {
        Random random = new(seed);
        List<byte[]> segments = [.. Enumerable.Range(0, 200).Select(_ => Segment(random))];
        byte[] file = Pack(segments);
        Assert.Equal(segments, Unpack(file));
        Assert.Equal(segments, Unpack(file, most: 7)); // a stream that gives a few bytes at a time
    }

    [Fact]
    public void An_even_register_takes_a_line_for_a_reading_and_one_for_a_batch()
    {
        List<byte[]> segments = [.. Enumerable.Range(1, 3).Select(batch => Even(batch, first: 1_704_067_200_000 + ((batch - 1) * 180_000L)))];
        string file = Encoding.ASCII.GetString(Pack(segments));
        Assert.EndsWith("\n#1 1704067200000 60000 3\n100\n1\n1\n#\n-2\n1\n1\n#\n-2\n1\n1\n", file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("metering/v1/segment\n")]
    [InlineData("metering/v1/differences\n#1 0 0 1\n0\n")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n#1 0 0 1\n0\n")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n>f\n#\n0\n")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n>f\n#1 0 0\n0\n")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n>f\n#1 0 0 0\n")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n>f\n#01 0 0 1\n0\n")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n>f\n#1 0 0 1\n-0\n")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n>f\n#1 0 0 1\n1 \n")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n>f\n#1 0 0 1\n9223372036854775808\n")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n>f\n#1 9223372036854775807 1 1\n0\n")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n>f\n#1 0 0 1\n0@-1\n")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n>f\n#1 0 0 2\n0\n")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n>f\n#1 0 0 1\n0")]
    [InlineData("metering/v1/differences\n>a\n>b\n>c\n>d\n>e\n>f\n")]
    public void What_has_not_the_form_is_told(string file) =>
        Assert.Throws<WireFormatException>(() => Unpack(Encoding.ASCII.GetBytes(file)));

    private static byte[] Pack(List<byte[]> segments)
    {
        SegmentPacker packer = new();
        using MemoryStream file = new();
        segments.ForEach(segment => file.Write(packer.Pack(segment)));
        return file.ToArray();
    }

    private static List<byte[]> Unpack(byte[] file, int most = int.MaxValue)
    {
        using Drops stream = new(file, most);
        SegmentUnpacker unpacker = new(stream, Gateway);
        List<byte[]> segments = [];
        while (unpacker.MoveNext())
        {
            segments.Add(unpacker.Current.ToArray());
        }

        return segments;
    }

    private static byte[] Even(long batch, long first) => Of(batch, "energy/1", [(first, 100, default), (first + 60_000, 101, default), (first + 120_000, 102, default)]);

    private static byte[] Segment(Random random)
    {
        int count = random.Next(1, 20);
        long instant = random.NextInt64(0, 2_000_000_000_000);
        List<(long Instant, long? Value, ReadingQuality Quality)> rows = [];
        for (int row = 0; row < count; row++)
        {
            bool hasValue = random.Next(10) > 0;
            long value = random.Next(5) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.Next(1000);
            ReadingQuality quality = hasValue ? (random.Next(4) == 0 ? ReadingQuality.Uncertain(QualityReason.Late) : default) : ReadingQuality.Bad(QualityReason.Timeout);
            rows.Add((instant, hasValue ? value : null, quality));
            instant += random.Next(3) == 0 ? random.Next(1, 100_000) : 60_000;
        }

        return Of(random.Next(1, 1000), random.Next(4) == 0 ? "energy/2" : "energy/1", rows);
    }

    private static byte[] Of(long batch, string profile, IReadOnlyList<(long Instant, long? Value, ReadingQuality Quality)> rows) => new ChannelSegment
    {
        Gateway = Gateway,
        Batch = batch,
        Channel = new() { Id = "m.use", Meter = "m", Unit = "kWh", DecimalPlaces = 1, Kind = ChannelKind.Counter, Profile = profile },
        UtcMilliseconds = rows.Select(row => row.Instant).ToArray(),
        ScaledValues = rows.Select(row => row.Value ?? 0).ToArray(),
        Qualities = rows.Select(row => row.Quality).ToArray(),
        HasValues = rows.Select(row => row.Value is not null).ToArray(),
    }.ToBytes();

    private sealed class Drops(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
