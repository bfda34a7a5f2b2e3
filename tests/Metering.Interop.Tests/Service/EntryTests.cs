using System.Globalization;
using System.Net;
using Metering.Interop.Tests.GatewayHost;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Service;

/// <summary>What people enter while the real gateway runs, by form and by command, as it leaves for the cloud.</summary>
public sealed class EntryTests
{
    private const string Mains = "{ id: mains, unit: 1, profile: test }";
    private const string Lab = "inputs: [ { id: lab, manual: { quantity: cod, unit: mg/L, decimals: 1 } } ]";

    [NeedsFact("mosquitto")]
    public async Task A_change_of_meter_entered_on_the_page_is_sent_as_the_two_readings_around_it()
    {
        using TestBroker broker = new();
        using RunningGateway gateway = new(broker.Port);
        await using BatchListener cloud = new(broker.Port);
        await cloud.ConnectAsync();
        string hash = gateway.Configure(Mains);
        using HttpClient client = gateway.StartWithPage();
        Uri form = new("/swap?lang=en", UriKind.Relative);
        string secret = (await client.GetStringAsync(form)).Split("name=\"secret\" value=\"")[1].Split('"')[0];
        DateTimeOffset at = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 1);
        Dictionary<string, string> fields = new()
        {
            ["secret"] = secret, ["channel"] = "mains.energy", ["final"] = "390000.5", ["initial"] = "12.5", ["at"] = Text(at), ["operator"] = "Luis", ["serial"] = "A-77", ["reason"] = "",
        };
        await AssertRefusedAsync(client, form, new(fields) { ["secret"] = "0123" }, HttpStatusCode.Forbidden, "comes from another page");
        await AssertRefusedAsync(client, form, new(fields) { ["initial"] = "" }, HttpStatusCode.UnprocessableEntity, "is no number");
        await AssertRefusedAsync(client, form, new(fields) { ["final"] = "1,5" }, HttpStatusCode.UnprocessableEntity, "can be read in two ways");
        await AssertRefusedAsync(client, form, new(fields) { ["channel"] = "mains.power" }, HttpStatusCode.UnprocessableEntity, "is no meter with a counter");
        await AssertRefusedAsync(client, form, new(fields) { ["initial"] = "429496729.6" }, HttpStatusCode.UnprocessableEntity, "outside what this channel can show");
        await AssertRefusedAsync(client, form, new(fields) { ["at"] = Text(at.AddDays(1)) }, HttpStatusCode.UnprocessableEntity, "has not come yet");
        await AssertRefusedAsync(client, form, new(fields) { ["operator"] = " " }, HttpStatusCode.UnprocessableEntity, "");
        Assert.False(File.Exists(gateway.At("state/events/00000001.note")));
        HttpResponseMessage kept = await PostAsync(client, form, fields);
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        Assert.Contains("signed as entry 1", await kept.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await AssertRefusedAsync(client, form, fields, HttpStatusCode.UnprocessableEntity, "recorded already");
        long instant = at.ToUnixTimeMilliseconds();
        Assert.Equal((3_900_005, "G"), await SentAsync(cloud, hash, "mains.energy", instant - 2));
        Assert.Equal((125, "G.reset"), await SentAsync(cloud, hash, "mains.energy", instant - 1));
        gateway.Stop();
    }

    [NeedsFact("mosquitto")]
    public async Task A_reading_and_a_laboratory_result_entered_by_command_are_sent_and_what_is_wrong_is_refused()
    {
        using TestBroker broker = new();
        using RunningGateway gateway = new(broker.Port);
        await using BatchListener cloud = new(broker.Port);
        await cloud.ConnectAsync();
        string hash = gateway.Configure(Mains, Lab);
        gateway.Start();
        _ = gateway.Heard("READY=1");
        DateTimeOffset at = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 3600);
        AssertRefused(gateway, 64, "There is no manual channel 'lab.bod'", "lab.bod", "1234.5", "mg/L", at);
        AssertRefused(gateway, 65, "Channel lab.cod is in mg/L, and you wrote g/L", "lab.cod", "1.2", "g/L", at);
        AssertRefused(gateway, 65, "has not come yet", "lab.cod", "1234.5", "mg/L", at.AddDays(2));
        AssertRefused(gateway, 64, "'1234,5' can be read in two ways", "lab.cod", "1234,5", "mg/L", at);
        (int exitCode, string output, string errors) = Add(gateway, "lab.cod", "1234.5", "mg/L", at);
        Assert.True(exitCode == 0 && output == "1\n", errors);
        (exitCode, output, errors) = Add(gateway, "lab.cod", "980", "mg/L", at.AddMinutes(10), "--method", "NMX-AA-030-SCFI-2012", "--json");
        Assert.True(exitCode == 0, errors);
        Assert.Contains("\"method\":\"NMX-AA-030-SCFI-2012\"", output, StringComparison.Ordinal);
        Assert.Equal((12_345, "G"), await SentAsync(cloud, hash, "lab.cod", at.ToUnixTimeMilliseconds()));
        Assert.Equal((9_800, "G"), await SentAsync(cloud, hash, "lab.cod", at.AddMinutes(10).ToUnixTimeMilliseconds()));
        gateway.Stop();
    }

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static (int ExitCode, string Output, string Errors) Add(RunningGateway gateway, string channel, string value, string unit, DateTimeOffset at, params string[] further) => gateway.Command(
        ["reading", "add", "--lang", "en", "--config", gateway.At("gateway.yaml"), "--channel", channel, "--value", value, "--unit", unit, "--at", Text(at), "--operator", "Ana", .. further]);

    private static void AssertRefused(RunningGateway gateway, int expected, string words, string channel, string value, string unit, DateTimeOffset at)
    {
        (int exitCode, string output, string errors) = Add(gateway, channel, value, unit, at);
        Assert.Equal((expected, ""), (exitCode, output));
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(HttpClient client, Uri form, Dictionary<string, string> fields, HttpStatusCode expected, string words)
    {
        HttpResponseMessage reply = await PostAsync(client, form, fields);
        Assert.Equal(expected, reply.StatusCode);
        Assert.Contains(words, WebUtility.HtmlDecode(await reply.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, Uri form, Dictionary<string, string> fields)
    {
        using FormUrlEncodedContent content = new(fields);
        return await client.PostAsync(form, content);
    }

    /// <summary>Value and quality with which a channel's reading of one instant was sent; waits until it was.</summary>
    private static async Task<(long Value, string Quality)> SentAsync(BatchListener cloud, string hash, string channel, long instant)
    {
        for (int count = 1; ; count++)
        {
            foreach (ChannelSegment segment in cloud.Batches.Values.SelectMany(batch => batch.ReadSegments()).Where(segment => segment.Channel.Id == channel))
            {
                int index = segment.UtcMilliseconds.Span.IndexOf(instant);
                if (index >= 0)
                {
                    return (segment.ScaledValues.Span[index], segment.Qualities.Span[index].ToString());
                }
            }

            await cloud.WaitForAsync(hash, count);
        }
    }
}
