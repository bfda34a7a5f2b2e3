using System.Text;
using Metering.Store.Influx;
using Xunit;

namespace Metering.Tests.Influx;

public sealed class MessagePackReaderTests
{
    private static readonly byte[] Answer = ContractAnswers.MessagePack(new Dictionary<string, object?>
    {
        ["results"] = new object?[]
        {
            new Dictionary<string, object?>
            {
                ["statement_id"] = 0L,
                ["series"] = new object?[]
                {
                    new Dictionary<string, object?>
                    {
                        ["name"] = "reading",
                        ["tags"] = new Dictionary<string, object?> { ["channel"] = "mains.power", ["gateway"] = "león-1" },
                        ["columns"] = new object?[] { "time", "value", "quality", "text", "flag" },
                        ["values"] = new object?[]
                        {
                            new object?[] { 1_704_067_200_000L, 12.5, null, "a text that is longer than thirty-one bytes", true },
                            new object?[] { 1_704_067_260_000L, -1e300, 129L, "", false },
                        },
                    },
                },
            },
        },
    });

    [Fact]
    public async Task Every_kind_of_field_is_read()
    {
        InfluxSeries series = Assert.Single((await ReadAsync(Answer)).Series);
        Assert.Equal(("reading", "león-1", 2), (series.Name, series.TagOf(0, "gateway"), series.RowCount));
        Assert.Equal(1_704_067_260_000, series[1, series.ColumnOf("time")].AsInteger());
        Assert.Equal((12.5, -1e300, 129L), (series[0, 1].AsDouble(), series[1, 1].AsDouble(), series[1, 2].AsInteger()));
        Assert.Equal(InfluxCellKind.Null, series[0, 2].Kind);
        Assert.Equal("a text that is longer than thirty-one bytes", series[0, 3].AsText());
        Assert.True(series[0, 4].AsBoolean());
        _ = Assert.Throws<InfluxFormatException>(() => series[0, 3].AsDouble());
        _ = Assert.Throws<InfluxFormatException>(() => series.ColumnOf("nothing"));
    }

    [Theory]
    [InlineData("cc ff", 255)]
    [InlineData("cd ff fe", 65_534)]
    [InlineData("ce ff ff ff ff", 4_294_967_295)]
    [InlineData("cf 7f ff ff ff ff ff ff ff", long.MaxValue)]
    [InlineData("e0", -32)]
    [InlineData("d0 80", -128)]
    [InlineData("d1 80 00", -32_768)]
    [InlineData("d2 80 00 00 00", int.MinValue)]
    [InlineData("d3 80 00 00 00 00 00 00 00", long.MinValue)]
    public void Whole_numbers_of_every_length_are_read(string hexadecimal, long expected) =>
        Assert.Equal(expected, new MessagePackReader(Convert.FromHexString(hexadecimal.Replace(" ", "", StringComparison.Ordinal))).ReadCell().AsInteger());

    [Theory]
    [InlineData("c1")] // never used
    [InlineData("c4 01 00")] // binary
    [InlineData("c7 0c 05")] // extension: a time, which epoch=ms rules out
    [InlineData("d6 ff 00 00 00 00")] // extension of 4 bytes
    [InlineData("cf ff ff ff ff ff ff ff ff")] // above 2^63
    [InlineData("df ff ff ff ff")] // a map of 4,294,967,295 entries in five bytes
    [InlineData("81 a7 72 65 73 75 6c 74 73 dd ff ff ff ff")] // the same for an array
    [InlineData("81 a5 65 72 72 6f 72 db 7f ff ff ff")] // a text of 2 GiB
    [InlineData("81 01 02")] // a key that is no text
    [InlineData("81 a2 ff fe 01")] // a key that is not UTF-8
    [InlineData("90")] // an array instead of the object
    [InlineData("81 a7 72 65 73 75 6c 74 73 91 81 a6 73 65 72 69 65 73 91 82 a7 63 6f 6c 75 6d 6e 73 91 a1 61 a6 76 61 6c 75 65 73 91 92 01 02")] // two fields for one column
    public async Task A_hostile_answer_is_refused(string hexadecimal)
    {
        byte[] bytes = Convert.FromHexString(hexadecimal.Replace(" ", "", StringComparison.Ordinal));
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = await Assert.ThrowsAsync<InfluxFormatException>(() => ReadAsync(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public async Task An_answer_that_ends_anywhere_is_never_taken_for_a_whole_one()
    {
        for (int length = 0; length < Answer.Length; length++)
        {
            byte[] part = Answer[..length];
            if (length == 0)
            {
                Assert.False((await ReadAsync(part)).IsWhole);
                continue;
            }

            Assert.Equal(-1, MessagePackReader.Measure(part));
            _ = await Assert.ThrowsAsync<InfluxFormatException>(() => ReadAsync(part));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Changed_bytes_are_read_or_refused_and_nothing_else(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 4_000; round++)
        {
            byte[] changed = [.. Answer];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            try
            {
                _ = await ReadAsync(changed);
            }
            catch (InfluxFormatException)
            {
                // Refused.
            }
        }
    }

    [Fact]
    public void Nesting_has_an_end() =>
        Assert.Throws<InfluxFormatException>(() => MessagePackReader.Measure(Enumerable.Repeat((byte)0x91, 1_000_000).ToArray()));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Parts_that_arrive_in_pieces_are_put_together(int pieceLength)
    {
        byte[] three = [.. Answer, .. Answer, .. Answer];
        Assert.Equal(3, (await ReadAsync(three, pieceLength)).Series.Count);
        byte[] json = Encoding.UTF8.GetBytes("{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"m\",\"columns\":[\"time\",\"v\"],\"values\":[[1,7],[2,1.5]],\"partial\":true}],\"partial\":true}]}\n"
            + "{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"m\",\"columns\":[\"time\",\"v\"],\"values\":[[3,null]]}]}]}\r\n");
        (List<InfluxSeries> series, bool isWhole, string? error) = await ReadAsync(json, pieceLength, isMessagePack: false);
        Assert.True(isWhole);
        Assert.Null(error);
        Assert.Equal([7.0, 1.5], new[] { series[0][0, 1].AsDouble(), series[0][1, 1].AsDouble() });
        Assert.Equal(InfluxCellKind.Null, series[1][0, 1].Kind);
    }

    [Theory]
    [InlineData("{\"results\":[{\"statement_id\":0,\"series\":[{\"columns\":[\"time\"],\"values\":[[1]]}],\"partial\":true}]}", null, false)]
    [InlineData("{\"results\":[{\"statement_id\":0,\"series\":[{\"columns\":[\"time\"],\"values\":[[1]],\"partial\":true}]}]}", null, false)]
    [InlineData("{\"results\":[{\"statement_id\":0,\"partial\":true}]}\n{\"results\":[{\"statement_id\":0,\"error\":\"shard gone\"}]}", "shard gone", true)]
    [InlineData("{\"error\":\"timeout\"}", "timeout", true)]
    [InlineData("{\"results\":[]}", null, true)]
    [InlineData("", null, false)]
    public async Task An_error_or_a_cut_in_any_part_is_noticed(string json, string? expected, bool isWhole)
    {
        (_, bool whole, string? error) = await ReadAsync(Encoding.UTF8.GetBytes(json), isMessagePack: false);
        Assert.Equal((expected, isWhole), (error, whole));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[1,2]")]
    [InlineData("\"text\"")]
    [InlineData("{\"results\":5}")]
    [InlineData("{\"results\":[{\"series\":[{\"columns\":[\"a\"],\"values\":[[{}]]}]}]}")]
    [InlineData("{\"results\":[{\"series\":[{\"columns\":[\"a\"],\"values\":[[1,2]]}]}]}")]
    [InlineData("{\"results\":[{\"series\":[")]
    public async Task JSON_that_is_not_that_of_InfluxDB_is_refused(string json) =>
        await Assert.ThrowsAsync<InfluxFormatException>(() => ReadAsync(Encoding.UTF8.GetBytes(json), isMessagePack: false));

    private static async Task<(List<InfluxSeries> Series, bool IsWhole, string? Error)> ReadAsync(byte[] bytes, int pieceLength = int.MaxValue, bool isMessagePack = true)
    {
        List<InfluxSeries> series = [];
        InfluxAnswerReader reader = new(series.Add);
        await using PieceStream stream = new(bytes, pieceLength);
        await reader.ReadAsync(stream, isMessagePack, static () => { }, CancellationToken.None);
        return (series, reader.IsWhole, reader.Error);
    }

    private sealed class PieceStream(byte[] bytes, int pieceLength) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, pieceLength)], cancellationToken);
    }
}
