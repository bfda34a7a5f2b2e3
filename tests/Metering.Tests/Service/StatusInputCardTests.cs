using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Metering.Gateway.Inputs;
using Metering.Gateway.Polling;
using Metering.Gateway.Status;
using Metering.Readings;
using Metering.Tests.Inputs;
using Xunit;

namespace Metering.Tests.Service;

/// <summary>Pulses, current loops, thermometers and people on the page.</summary>
public sealed class StatusInputCardTests
{
    [Theory]
    [InlineData("Pulse", "Pulsos", "Revise el cable del contacto")]
    [InlineData("Analogue", "Lazo de 4-20 mA", "Sin señal de 4-20 mA")]
    [InlineData("OneWire", "Termómetro 1-Wire", "resistencia de 4.7")]
    public void An_input_has_its_value_its_age_its_state_and_what_to_do_when_it_fails(string kind, string name, string advice)
    {
        InputSnapshot input = StatusSample.Input("tank", Enum.Parse<InputKind>(kind));
        string well = Draw([input], [], Language.Spanish);
        Assert.Contains("<h2>Entradas</h2>", well, StringComparison.Ordinal);
        Assert.Contains("<article class=\"card good\"><div class=\"top\"><h3>tank</h3><span class=\"state good\">✔ bien", well, StringComparison.Ordinal);
        Assert.Contains("12.345 <small>m3 · volume", well, StringComparison.Ordinal);
        Assert.Contains("hace 8 s", well, StringComparison.Ordinal);
        Assert.Contains(name, well, StringComparison.Ordinal);
        Assert.DoesNotContain(advice, well, StringComparison.Ordinal);

        string failing = Draw([input with { Channels = [input.Channels[0] with { Quality = "B.out-of-range", ScaledValue = null }] }], [], Language.Spanish);
        Assert.Contains("✖ con fallas", failing, StringComparison.Ordinal);
        Assert.Contains("<code>B.out-of-range</code>", failing, StringComparison.Ordinal);
        Assert.Contains(advice, failing, StringComparison.Ordinal);
        Assert.Contains("hay entradas con fallas", failing, StringComparison.Ordinal);

        string english = Draw([input with { Channels = [input.Channels[0] with { Quality = "U.frozen" }] }], [], Language.English);
        Assert.Contains("▲ doubtful", english, StringComparison.Ordinal);
        Assert.Contains("8 s ago", english, StringComparison.Ordinal);
        Assert.Contains("▲ not read yet", Draw([input with { LastGoodUtcMilliseconds = null, Channels = [input.Channels[0] with { Quality = null }] }], [], Language.English), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reading_by_hand_is_shown_with_its_age_and_the_newest_valid_one_counts()
    {
        using GatewayFolder folder = new();
        ManualReadings manual = new();
        FieldBook book = folder.Book;
        Assert.Contains("▲ nada anotado aún", Draw([], manual.Take(folder.Configuration, book), Language.Spanish), StringComparison.Ordinal);
        ReadingRequest request = new() { Channel = "effluent-lab.cod", Value = "1234.5", Unit = "mg/L", At = "2026-03-01T09:30Z", Operator = "Ana" };
        _ = book.Add(request);
        _ = book.Add(request with { At = "2026-03-01T08:30Z", Value = "1" });
        _ = book.Add(request with { Value = "1240", Corrects = 1 });
        string page = Draw([], manual.Take(folder.Configuration, book), Language.English, new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
        Assert.Contains("1,240.0 <small>mg/L · cod", page, StringComparison.Ordinal);
        Assert.Contains("3 h ago", page, StringComparison.Ordinal);
        Assert.Contains("Read by hand", page, StringComparison.Ordinal);
        Assert.Contains("✔ well", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_element_that_is_opened_is_closed_and_names_are_text()
    {
        const string Hostile = "<script>alert('1')</script>";
        foreach (Language language in Languages.All)
        {
            string page = Draw([StatusSample.Input(Hostile, InputKind.Pulse), StatusSample.Input("b", InputKind.Unknown)], [StatusSample.Input("lab", InputKind.Manual)], language);
            Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
            Assert.NotNull(XElement.Parse(page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)]));
        }
    }

    [Fact]
    public void A_snapshot_of_an_older_gateway_without_kinds_is_read()
    {
        PollingSnapshot snapshot = StatusSample.Of().Polling! with { Inputs = [StatusSample.Input("tank", InputKind.Pulse)] };
        string json = Encoding.UTF8.GetString(PollingSnapshotJson.ToBytes(snapshot));
        using JsonDocument same = JsonDocument.Parse(json);
        Assert.Equal((InputKind.Pulse, StatusSample.Now - 8000), (PollingSnapshotJson.Read(same.RootElement).Inputs[0].Kind, PollingSnapshotJson.Read(same.RootElement).Inputs[0].LastGoodUtcMilliseconds));
        using JsonDocument older = JsonDocument.Parse(json.Replace("\"kind\":\"Pulse\",", "", StringComparison.Ordinal).Replace("\"kind\":\"pulse\",", "", StringComparison.Ordinal));
        Assert.Equal(InputKind.Unknown, PollingSnapshotJson.Read(older.RootElement).Inputs[0].Kind);
    }

    [Fact]
    public void The_kinds_of_the_configuration_are_known()
    {
        using GatewayFolder folder = new();
        Assert.Equal(
            [InputKind.Unknown, InputKind.Unknown, InputKind.Pulse, InputKind.Analogue, InputKind.OneWire, InputKind.Manual],
            folder.Configuration.Channels.Select((Channel channel) => InputKinds.Of(channel)));
    }

    private static string Draw(InputSnapshot[] inputs, IReadOnlyList<InputSnapshot> manual, Language language, long now = StatusSample.Now)
    {
        GatewayStatus status = StatusSample.Of(StatusSample.Meter("mains"));
        status = status with { AtUtcMilliseconds = now, Manual = manual, Polling = status.Polling! with { Inputs = inputs } };
        return Encoding.UTF8.GetString(StatusPage.Draw(status, new(language, new RecentValues(), _ => true, _ => TimeSpan.FromMilliseconds(500))).ToBytes());
    }
}
