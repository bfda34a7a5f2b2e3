using Metering.Store.Chunks;
using Xunit;

namespace Metering.Tests.Store;

/// <summary>Blocks of numbers and values under them, at the edges of width and length.</summary>
public sealed class ChunkBlocksTests
{
    public static TheoryData<int> Widths => [.. Enumerable.Range(0, 65)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Numbers_of_every_width_come_back(int width)
    {
        Random random = new(width + 1);
        foreach (int count in (int[])[1, 2, 7, 8, 9, 63, 127, 128, 129, 300])
        {
            ulong[] numbers = new ulong[count];
            foreach (ref ulong number in numbers.AsSpan())
            {
                number = width == 0 ? 0 : unchecked((ulong)random.NextInt64() * 2 + (ulong)random.Next(2)) >> (64 - width);
            }

            // At least one number of the full width.
            numbers[random.Next(count)] |= width == 0 ? 0 : 1UL << (width - 1);
            RoundTrip(numbers, count * 8);
        }
    }

    [Fact]
    public void Blocks_with_exceptions_come_back_wherever_they_stand()
    {
        Random random = new(1);
        for (int round = 0; round < 500; round++)
        {
            ulong[] numbers = new ulong[random.Next(1, 400)];
            int share = random.Next(1, 40);
            int low = random.Next(20);
            foreach (ref ulong number in numbers.AsSpan())
            {
                int width = random.Next(share) == 0 ? random.Next(1, 65) : low;
                number = width == 0 ? 0 : unchecked((ulong)random.NextInt64() * 2 + (ulong)random.Next(2)) >> (64 - width);
            }

            RoundTrip(numbers, numbers.Length * 8);
        }
    }

    [Fact]
    public void A_block_of_nothing_but_exceptions_is_read()
    {
        // The writer would choose a width instead, but the format allows it.
        byte[] data = new byte[2000];
        ByteWriter writer = new(data);
        writer.Byte(0x80);
        writer.Byte(127);
        for (int index = 0; index < 128; index++)
        {
            writer.Byte((byte)index);
            writer.Varint(ulong.MaxValue - (ulong)index);
        }

        ulong[] numbers = new ulong[128];
        ByteReader reader = new(data.AsSpan(0, writer.Length));
        BitBlocks.ReadBlock(ref reader, numbers);
        Assert.Equal(Enumerable.Range(0, 128).Select(index => ulong.MaxValue - (ulong)index), numbers);
        Assert.True(reader.Rest().IsEmpty);
    }

    [Fact]
    public void One_large_number_among_small_ones_does_not_widen_the_block()
    {
        ulong[] numbers = new ulong[128];
        Array.Fill(numbers, 3UL);
        numbers[50] = 1UL << 40;
        ByteWriter writer = new(new byte[200]);
        BitBlocks.WriteBlock(ref writer, numbers);
        Assert.Equal(1 + 32 + 1 + 1 + 6, writer.Length);
    }

    [Theory]
    [InlineData(new long[] { 0 })]
    [InlineData(new long[] { long.MinValue, long.MaxValue, long.MinValue, 0, -1, 1, long.MaxValue, long.MaxValue })]
    [InlineData(new long[] { 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 })]
    public void Values_that_wrap_come_back(long[] values) => RoundTrip(values);

    [Fact]
    public void Every_form_comes_back_and_is_chosen_where_it_pays()
    {
        Random random = new(5);
        long[] rising = new long[700];
        long[] noise = new long[700];
        long[] steady = new long[700];
        long[] curved = new long[700];
        for (int index = 1; index < 700; index++)
        {
            rising[index] = rising[index - 1] + random.Next(16);
            noise[index] = random.Next(-20, 20);
            steady[index] = (index * 1_000_003L) + random.Next(3);
            curved[index] = (long)index * index * 1001;
        }

        Assert.Equal([2, 0, 1, 3], ((long[][])[rising, noise, steady, curved]).Select(RoundTrip));
    }

    [Fact]
    public void Bytes_of_an_unknown_form_or_cut_short_throw_and_read_nothing_else()
    {
        byte[] data = new byte[4000];
        ByteWriter writer = new(data);
        long[] values = [.. Enumerable.Range(0, 300).Select(index => (long)index * index)];
        ChunkValues.Write(ref writer, values);
        int length = writer.Length;
        for (int cut = 0; cut < length; cut++)
        {
            byte[] part = data[..cut];
            _ = Assert.ThrowsAny<Exception>(() => Read(part, values.Length));
        }

        data[0] = 4;
        _ = Assert.Throws<InvalidDataException>(() => Read(data, values.Length));
    }

    private static long[] Read(byte[] data, int count)
    {
        ByteReader reader = new(data);
        long[] values = new long[count];
        ChunkValues.Read(ref reader, values);
        return values;
    }

    /// <returns>The form chosen.</returns>
    private static int RoundTrip(long[] values)
    {
        byte[] data = new byte[20 + (values.Length * ChunkValues.LongestValue)];
        ByteWriter writer = new(data);
        ChunkValues.Write(ref writer, values);
        byte[] exact = data[..writer.Length];
        Assert.Equal(values, Read(exact, values.Length));
        return exact[0];
    }

    private static void RoundTrip(ulong[] numbers, int longest)
    {
        byte[] data = new byte[longest + 16];
        ByteWriter writer = new(data);
        for (int start = 0; start < numbers.Length; start += BitBlocks.Size)
        {
            BitBlocks.WriteBlock(ref writer, numbers.AsSpan(start, Math.Min(BitBlocks.Size, numbers.Length - start)));
        }

        ByteReader reader = new(data.AsSpan(0, writer.Length));
        ulong[] back = new ulong[numbers.Length];
        for (int start = 0; start < back.Length; start += BitBlocks.Size)
        {
            BitBlocks.ReadBlock(ref reader, back.AsSpan(start, Math.Min(BitBlocks.Size, back.Length - start)));
        }

        Assert.Equal(numbers, back);
        Assert.True(reader.Rest().IsEmpty);
    }
}
