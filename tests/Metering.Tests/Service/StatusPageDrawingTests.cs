using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Metering.Gateway.Diagnosis;
using Metering.Gateway.Polling;
using Metering.Gateway.Status;
using Xunit;

namespace Metering.Tests.Service;

/// <summary>What the page says, and that nothing from outside can become part of its markup.</summary>
public sealed class StatusPageDrawingTests
{
    [Theory]
    [InlineData(Language.Spanish, "Todo en orden", "hace 8 s")]
    [InlineData(Language.English, "All is well", "8 s ago")]
    public void A_meter_that_is_well_has_its_value_its_age_and_its_word(Language language, string verdict, string age)
    {
        string page = Draw(StatusSample.Of(StatusSample.Meter("mains")), language);
        Assert.Contains(verdict, page, StringComparison.Ordinal);
        Assert.Contains("123,456.7 <small>kWh", page, StringComparison.Ordinal);
        Assert.Contains(age, page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silent_meter_comes_with_what_to_do_and_the_others_that_answer()
    {
        string page = Draw(StatusSample.Of(StatusSample.Meter("mains"), StatusSample.Meter("water", MeterState.Quarantined, "timeout")), Language.English);
        Assert.Contains("✖ silent", page, StringComparison.Ordinal);
        Assert.Contains("gateway scan --rtu /dev/ttyUSB0", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{0}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("?.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_stands_in_names_and_problems_is_text()
    {
        const string Hostile = "<script>alert('1')</script>\" onload=\"x&y";
        GatewayStatus status = StatusSample.Of(StatusSample.Meter("mains", unit: Hostile)) with { KeptBecause = new(es: Hostile, en: Hostile), Gateway = Hostile };
        string page = Draw(status, Language.English);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\" onload", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot; onload=&quot;x&amp;y", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Symptom.PortMissing), Language.Spanish, "El puerto serie /dev/ttyUSB0 no existe.", "el adaptador no está conectado", "gateway doctor")]
    [InlineData(nameof(Symptom.PortMissing), Language.English, "The serial port /dev/ttyUSB0 does not exist.", "the adapter is not plugged in", "gateway doctor")]
    [InlineData(nameof(Symptom.PortGone), Language.Spanish, "El adaptador de /dev/ttyUSB0 se desconectó", "el conector USB está flojo", "gateway doctor --rtu /dev/ttyUSB0")]
    public void A_line_that_is_away_is_told_in_the_words_of_the_advice_table(string row, Language language, string what, string cause, string command)
    {
        GatewayStatus status = StatusSample.Of(StatusSample.Meter("mains"));
        BusSnapshot bus = status.Polling!.Buses[0] with { State = BusState.Disconnected, Symptom = Enum.Parse<Symptom>(row), Problem = "english words of the fieldbus" };
        string page = Draw(status with { Polling = status.Polling with { Buses = [bus] } }, language);
        Assert.Contains(what, page, StringComparison.Ordinal);
        Assert.Contains($"<li>{cause}</li>", page, StringComparison.Ordinal);
        Assert.Contains($"<code>{command}</code>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("english words", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_element_that_is_opened_is_closed()
    {
        foreach (Language language in Languages.All)
        {
            string page = Draw(StatusSample.Of(StatusSample.Meter("mains"), StatusSample.Meter("water", MeterState.Failing, "crcError")), language);
            string body = page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)];
            Assert.NotNull(XElement.Parse(body));
            Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_long_page_is_the_same_in_bytes_and_text()
    {
        HtmlWriter page = new();
        for (int line = 0; line < 20_000; line++)
        {
            page.Write($"<p>{line} {"ñ€𝄞"}</p>");
        }

        Assert.Equal(page.ToString(), Encoding.UTF8.GetString(page.ToBytes()));
    }

    [Fact]
    public void The_verdict_follows_what_is_wrong()
    {
        GatewayStatus well = StatusSample.Of(StatusSample.Meter("mains"));
        Assert.True(HealthVerdict.Of(well).IsHealthy);
        Assert.Empty(HealthVerdict.Of(well).Warnings);
        Assert.Equal(["outbox-full"], HealthVerdict.Of(well with { Outbox = well.Outbox with { IsFull = true } }).Reasons);
        Assert.Equal(["broker-refuses"], HealthVerdict.Of(well with { Uplink = well.Uplink with { Trouble = new(new("a", "b"), new("c", "d")) { IsRefusal = true } } }).Reasons);
        Assert.Equal(["clock-not-synchronised"], HealthVerdict.Of(well with { IsClockSynchronised = false }).Warnings);
        Assert.Equal(["meter-failing"], HealthVerdict.Of(StatusSample.Of(StatusSample.Meter("mains", MeterState.Failing))).Warnings);
    }

    [Fact]
    public void The_json_carries_the_polling_as_its_own_reader_takes_it()
    {
        using JsonDocument document = JsonDocument.Parse(StatusJson.Write(StatusSample.Of(StatusSample.Meter("mains"))));
        PollingSnapshot polling = PollingSnapshotJson.Read(document.RootElement.GetProperty("polling"));
        Assert.Equal("mains", polling.Buses[0].Meters[0].Id);
        Assert.True(document.RootElement.GetProperty("health").GetProperty("isHealthy").GetBoolean());
    }

    [Fact]
    public void A_counter_is_drawn_by_what_it_rose_and_a_missing_minute_is_a_hole()
    {
        RecentValues recent = new();
        long?[] values = [100, 110, 125, null, null, 150, 160];
        PollingSnapshot first = StatusSample.Of(StatusSample.Meter("mains")).Polling!;
        for (int minute = 0; minute < values.Length; minute++)
        {
            long at = StatusSample.Now + (minute * 60_000);
            ChannelSnapshot channel = first.Buses[0].Meters[0].Channels[0] with { ScaledValue = values[minute], Quality = values[minute] is null ? "B.timeout" : "G", SlotUtcMilliseconds = at };
            PollingSnapshot snapshot = first with { AtUtcMilliseconds = at, Buses = [first.Buses[0] with { Meters = [first.Buses[0].Meters[0] with { Channels = [channel] }] }] };
            recent.Take(snapshot, _ => true);
            recent.Take(snapshot, _ => true);
        }

        Assert.Equal([double.NaN, 1, 1.5, double.NaN, double.NaN, double.NaN, 1], recent.Points("mains.energy")[^7..].Select(point => Math.Round(point, 6)));
    }

    private static string Draw(GatewayStatus status, Language language) =>
        Encoding.UTF8.GetString(StatusPage.Draw(status, new(language, new RecentValues(), _ => true, _ => TimeSpan.FromMilliseconds(500))).ToBytes());
}
