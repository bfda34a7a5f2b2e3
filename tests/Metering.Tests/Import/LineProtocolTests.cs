using System.Globalization;
using System.Text;
using Metering.Ingestion.Intake;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Import;

public sealed class LineProtocolTests
{
    private const int BytesAllowedPerRun = 64 * 1024;

    private static readonly string[] Samples =
    [
        "weather,location=us-midwest temperature=82 1465839830100400200\n",
        "we\\,ather,loc\\ ation=us\\=mid temp\\ erature=82i,ok=true 1\n",
        "m v=\"a \\\"quoted\\\" \\\\ text, with = and\nnewline\",w=2u 7\r\n",
        "# comment\n\n  m,a=b,c=d x=-1.5e-7,y=.5,z=5. \n",
    ];

    [Theory]
    [InlineData("m v=1", "m", "v", 1.0, null)]
    [InlineData("m,t=a v=1e3 5", "m,t=a", "v", 1000.0, 5L)]
    [InlineData("m\\ n,t=a\\,b v\\=w=-.5 -5", "m\\ n,t=a\\,b", "v\\=w", -0.5, -5L)]
    public void A_point_is_taken_apart(string text, string series, string field, double value, long? stamp)
    {
        LineProtocolReader reader = new(Encoding.UTF8.GetBytes(text));
        Assert.True(reader.ReadPoint());
        Assert.Equal((series, stamp), (Encoding.UTF8.GetString(reader.Series), reader.Timestamp));
        Assert.True(reader.ReadField());
        Assert.Equal((field, FieldType.Float, value), (Encoding.UTF8.GetString(reader.FieldName), reader.FieldType, reader.Number));
        Assert.False(reader.ReadField());
        Assert.False(reader.ReadPoint());
    }

    [Fact]
    public void A_text_may_hold_commas_newlines_and_escaped_quotes_and_the_lines_behind_it_keep_their_numbers()
    {
        LineProtocolReader reader = new(Encoding.UTF8.GetBytes(Samples[2] + "n x=1\n"));
        Assert.True(reader.ReadPoint());
        Assert.True(reader.ReadField());
        Assert.Equal(FieldType.Text, reader.FieldType);
        Assert.True(reader.ReadField());
        Assert.Equal((FieldType.Integer, 2L, 7L), (reader.FieldType, reader.Integer, reader.Timestamp));
        Assert.True(reader.ReadPoint());
        Assert.Equal(("n", 3), (Encoding.UTF8.GetString(reader.Series), reader.Line));
    }

    [Theory]
    [InlineData("m")]
    [InlineData("m ")]
    [InlineData(",t=a v=1")]
    [InlineData("m v")]
    [InlineData("m v=")]
    [InlineData("m =1")]
    [InlineData("m v=1,")]
    [InlineData("m v=1 2 3")]
    [InlineData("m v=1 soon")]
    [InlineData("m v=NaN")]
    [InlineData("m v=Infinity")]
    [InlineData("m v=1e999")]
    [InlineData("m v=99999999999999999999i")]
    [InlineData("m v=-1u")]
    [InlineData("m v=\"open")]
    [InlineData("m v=yes")]
    [InlineData("m v=0x10")]
    public void A_line_that_is_no_point_is_refused_and_the_next_one_is_read(string line)
    {
        byte[] body = Encoding.UTF8.GetBytes(line + "\nnext v=1 5\n");
        (int points, int faults) = Walk(body);
        Assert.Equal((1, 1), (points, faults));
    }

    [Theory]
    [InlineData("cpu", "", "usage", "cpu.usage")]
    [InlineData("water_meter", "", "flow-1", "water_meter.flow-1")]
    public void A_plain_series_is_named_after_itself(string measurement, string tags, string field, string expected) =>
        Assert.Equal(expected, IntakeSeries.Parse(Encoding.UTF8.GetBytes(measurement + tags), Encoding.UTF8.GetBytes(field)).ChannelName());

    [Fact]
    public void Automatic_names_are_identifiers_and_never_two_series_share_one()
    {
        string[] keys = ["a,t=b", "a,u=b", "a,t=B", "a.b", "a,t=b.c", "a,t=b\\ c", "a,t=b-c", "ñ", "A", "_a", "a,x=1,y=2", "a,x=2,y=1", "a,t=" + new string('x', 300), "a,t=" + new string('x', 301)];
        IntakeSeries[] series = [.. keys.Select(key => IntakeSeries.Parse(Encoding.UTF8.GetBytes(key), "v"u8)), IntakeSeries.Parse("a"u8, "b.v"u8), IntakeSeries.Parse("a"u8, "b"u8)];
        string[] names = [.. series.Select(one => one.ChannelName())];
        Assert.All(names, name => Assert.True(Identifier.IsValid(name), name));
        Assert.All(series, one => Assert.True(Identifier.IsValid(one.MeterName()), one.MeterName()));
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(series.Length, series.Select(one => one.Profile).Distinct().Count());
        Assert.Equal(
            IntakeSeries.Parse("a,y=2,x=1"u8, "v"u8).ChannelName(),
            IntakeSeries.Parse("a,x=1,y=2"u8, "v"u8).ChannelName());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_bytes_make_the_reader_fail_hang_or_take_memory(int seed)
    {
        int rounds = Environment.GetEnvironmentVariable("METERING_LONG") == "1" ? 2_000_000 : 5_000;
        Random random = new(seed);
        for (int round = 0; round < rounds; round++)
        {
            byte[] body = Mutate(random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                (int points, int faults) = Walk(body);
                Assert.True(points + faults <= body.Length + 1);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, round {round}: {e.Message} for {Convert.ToBase64String(body)}"));
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesAllowedPerRun);
        }
    }

    // Counts points that were read to their end, and faults.
    private static (int Points, int Faults) Walk(byte[] body)
    {
        int points = 0;
        int faults = 0;
        LineProtocolReader reader = new(body);
        while (true)
        {
            try
            {
                if (!reader.ReadPoint())
                {
                    return (points, faults);
                }

                _ = IntakeSeries.Parse(reader.Series, "v"u8).ChannelName();
                while (reader.ReadField())
                {
                }

                points++;
            }
            catch (LineProtocolException)
            {
                faults++;
            }
        }
    }

    private static byte[] Mutate(Random random)
    {
        List<byte> body = [];
        for (int line = random.Next(1, 4); line > 0; line--)
        {
            body.AddRange(Encoding.UTF8.GetBytes(Samples[random.Next(Samples.Length)]));
        }

        ReadOnlySpan<byte> special = "\\\",= \n\r#iute.-+0\0\xff"u8;
        for (int change = random.Next(0, 8); change > 0; change--)
        {
            int at = random.Next(body.Count);
            byte value = random.Next(3) == 0 ? (byte)random.Next(256) : special[random.Next(special.Length)];
            switch (random.Next(3))
            {
                case 0: body[at] = value; break;
                case 1: body.Insert(at, value); break;
                default: body.RemoveRange(at, Math.Min(body.Count - at, random.Next(1, 6))); break;
            }

            if (body.Count == 0)
            {
                body.Add(value);
            }
        }

        return [.. body];
    }
}
