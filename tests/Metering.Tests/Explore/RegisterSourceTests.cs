using System.Net;
using System.Text;
using Metering.Cloud.Explore;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Pages;
using Xunit;

namespace Metering.Tests.Explore;

public sealed class RegisterSourceTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private static readonly Channel Energy = new() { Id = "mains.energy", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Profile = "meter/1" };

    // Words written by hand from the layouts of the Modbus documents: 100000 = 0x000186A0; 12.5 as binary32 = 0x41480000.
    [Theory]
    [InlineData("uint32", "abcd", 1, 1, 100_000, "0x0001 0x86A0")]
    [InlineData("uint32", "cdab", 1, 1, 100_000, "0x86A0 0x0001")]
    [InlineData("uint32", "badc", 1, 1, 100_000, "0x0100 0xA086")]
    [InlineData("uint32", "dcba", 1, 1, 100_000, "0xA086 0x0100")]
    [InlineData("uint16", "abcd", 80, 1, 80_000, "0x03E8")]
    [InlineData("int16", "abcd", 1, 1, -2, "0xFFFE")]
    [InlineData("int64", "abcd", 1, 1, -2, "0xFFFF 0xFFFF 0xFFFF 0xFFFE")]
    [InlineData("float32", "abcd", 1, 1, 125, "0x4148 0x0000")]
    [InlineData("float32", "cdab", 10, 1, 1250, "0x0000 0x4148")]
    [InlineData("float64", "abcd", 1, 1, 125, "0x4029 0x0000 0x0000 0x0000")]
    [InlineData("uint16", "abcd", 1, 1, 70_000, null)]
    [InlineData("uint16", "abcd", 1, 1, -1, null)]
    [InlineData("uint16", "abcd", 80, 1, 81, null)]
    [InlineData("uint32", "abcd", 1, 3, 9, null)]
    [InlineData("bcd", "abcd", 1, 1, 9, null)]
    public void The_words_of_a_value_follow_from_its_layout(string format, string order, long numerator, long denominator, long scaled, string? words)
    {
        RegisterSource source = RegisterSource.Of(Birth(format, order, numerator, denominator, isWhole: true), Energy)!;
        Assert.Equal((3, 52, "input"), (source.UnitId, source.Address, source.Table));
        Assert.Equal(words, source.Words(Energy, scaled) is { } found ? RegisterSource.TextOf(found) : null);
        Assert.Null(RegisterSource.Of(Birth(format, order, numerator, denominator, isWhole: false), Energy)!.Words(Energy, scaled));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"meters":[],"channels":[]}""")]
    [InlineData("""{"meters":[{"id":"mains","bus":"a","unit":3}],"channels":[{"id":"mains.energy"}]}""")]
    [InlineData("""{"meters":[{"id":"mains","bus":"a","unit":"x"}],"channels":[{"id":"mains.energy","register":{}}]}""")]
    [InlineData("no json")]
    public void A_message_of_another_form_says_nothing(string message) =>
        Assert.Null(RegisterSource.Of(new("g", "c", "s", 0, Encoding.UTF8.GetBytes(message)), Energy));

    [Theory]
    [InlineData("es", "Palabras del registro, derivadas", "La nube lo recibió", "no va firmado")]
    [InlineData("en", "Register words, derived", "Received by the cloud", "is not signed")]
    public async Task The_page_of_a_reading_shows_its_registers_its_words_and_when_its_batch_came(string language, string derived, string received, string unsigned)
    {
        IReadingStore store = portal.Board.Store;
        StoredChannel stored = store.FindChannel("leon-tannery", "mains.active-energy-import")!;
        ReadingTrace trace = ReadingTrace.Find(store, stored.Gateway, stored.Channel.Id, stored.FirstUtcMilliseconds)!;
        const string message = """
            {"gateway":"leon-tannery","meters":[{"id":"mains","bus":"rs485","unit":7}],
             "channels":[{"id":"mains.active-energy-import","register":{"table":"holding","address":4096,"format":"uint32","order":"abcd","numerator":1,"denominator":1,"whole":true}}]}
            """;
        _ = store.KeepBirth(stored.Gateway, trace.Batch!.Manifest.ConfigHash, "1.0", Encoding.UTF8.GetBytes(message));
        string page = WebUtility.HtmlDecode(await portal.Client.GetStringAsync(new Uri($"/{language}/readings/leon-tannery/mains.active-energy-import/{stored.FirstUtcMilliseconds}", UriKind.Relative)));
        uint integer = (uint)trace.Reading.ScaledValue;
        Assert.Contains($"<code id=\"raw-words\">0x{integer >> 16:X4} 0x{integer & 0xFFFF:X4}</code>", page, StringComparison.Ordinal);
        Assert.All((string[])[derived, received, unsigned, "<code>rs485</code>", "0x1000", "uint32 abcd"], text => Assert.Contains(text, page, StringComparison.Ordinal));
    }

    private static GatewayBirth Birth(string format, string order, long numerator, long denominator, bool isWhole) => new("g", "c", "s", 0, Encoding.UTF8.GetBytes(
        $$$"""
        {"meters":[{"id":"mains","bus":"rs485","unit":3}],"channels":[{"id":"mains.energy","register":{"table":"input","address":52,
        "format":"{{{format}}}","order":"{{{order}}}","numerator":{{{numerator}}},"denominator":{{{denominator}}},"whole":{{{(isWhole ? "true" : "false")}}} } } ] }
        """));
}
