using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Runtime.Versioning;
using Metering.Interop.Tests.GatewayHost;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Service;

/// <summary>The page, its JSON and its metrics, as the running executable serves them.</summary>
[SupportedOSPlatform("linux")]
public sealed class StatusPageTests
{
    private const string Meters = "{ id: mains, unit: 1, profile: test }, { id: water, unit: 2, profile: test }";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [NeedsFact("mosquitto")]
    public async Task The_running_gateway_shows_its_meters_and_live_prints_them()
    {
        using TestBroker broker = new();
        using RunningGateway gateway = new(broker.Port);
        gateway.Silent[2] = true;
        _ = gateway.Configure(Meters);
        gateway.Start();
        _ = gateway.Heard("READY=1");
        string file = gateway.At("state/status.address");
        Uri address = new(File.ReadAllText(file).Trim());
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(address.Host)));
        using HttpClient client = new() { BaseAddress = address, Timeout = Deadline };
        JsonElement status = await UntilAsync(client, element => StateOf(element, "mains") == "healthy" && StateOf(element, "water") is "failing" or "quarantined");
        Assert.Equal("plant", status.GetProperty("gateway").GetString());

        string page = await client.GetStringAsync(new Uri("/?lang=en", UriKind.Relative));
        Assert.Contains("mains", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        string spanish = await client.GetStringAsync(new Uri("/?lang=es", UriKind.Relative));
        Assert.Contains("Medidores", spanish, StringComparison.Ordinal);
        string metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("metering_modbus_requests_total{bus=\"bus\",meter=\"water\",outcome=\"timeout\"}", metrics, StringComparison.Ordinal);

        (int exitCode, string live) = Live(gateway, "--lang", "en");
        Assert.Equal(0, exitCode);
        string[] lines = live.TrimEnd().Split('\n');
        Assert.Equal("meter\tbus\tstate\tchannel\tvalue\tunit\tage\tretries\tfailures\tturnaround", lines[0]);
        Assert.StartsWith("mains\tbus\twell\tmains.energy\t", lines[1], StringComparison.Ordinal);
        gateway.Stop();
        Assert.False(File.Exists(file));
        Assert.Equal(69, Live(gateway, "--lang", "en").ExitCode);
    }

    [NeedsFact("mosquitto")]
    public async Task Visitors_who_send_nonsense_or_nothing_do_not_disturb_the_readings()
    {
        using TestBroker broker = new();
        using RunningGateway gateway = new(broker.Port);
        await using BatchListener cloud = new(broker.Port);
        await cloud.ConnectAsync();
        string hash = gateway.Configure(Meters);
        gateway.Start();
        _ = gateway.Heard("READY=1");
        Uri address = new(File.ReadAllText(gateway.At("state/status.address")).Trim());
        List<Socket> visitors = [];
        try
        {
            for (int visitor = 0; visitor < 200; visitor++)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, address.Port);
                byte[] nonsense = visitor % 3 == 0 ? "GET / HTTP/1.1\r\nHost:"u8.ToArray() : visitor % 3 == 1 ? new byte[9000] : [];
                try
                {
                    _ = await socket.SendAsync(nonsense);
                }
                catch (SocketException)
                {
                    // Turned away already.
                }

                visitors.Add(socket);
            }

            await cloud.WaitForAsync(hash, 3);
        }
        finally
        {
            visitors.ForEach(socket => socket.Dispose());
        }

        using HttpClient client = new() { BaseAddress = address, Timeout = Deadline };
        JsonElement status = await UntilAsync(client, element => StateOf(element, "mains") == "healthy");
        Assert.Equal(0, status.GetProperty("polling").GetProperty("passedSlots").GetInt64());
        gateway.Stop();
    }

    [NeedsFact("mosquitto")]
    public async Task With_a_token_nothing_is_shown_without_it_and_health_says_only_its_word()
    {
        using TestBroker broker = new();
        using RunningGateway gateway = new(broker.Port);
        File.WriteAllText(gateway.At("status.token"), "a-token-of-32-characters-a-token\n");
        _ = gateway.Configure(Meters, "statusPage: { tokenFile: status.token }");
        gateway.Start();
        _ = gateway.Heard("READY=1");
        Uri address = new(File.ReadAllText(gateway.At("state/status.address")).Trim());
        using HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = Deadline };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/status.json", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/metrics", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await client.GetAsync(new Uri("/", UriKind.Relative))).StatusCode);
        Assert.DoesNotContain("reasons", await (await client.GetAsync(new Uri("/health", UriKind.Relative))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "a-token-of-32-characters-a-token");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/status.json", UriKind.Relative))).StatusCode);
        Assert.Equal(0, Live(gateway).ExitCode);
        gateway.Stop();
    }

    [NeedsFact("mosquitto")]
    public async Task A_reading_entered_on_the_page_is_sent_and_a_form_of_another_page_is_refused()
    {
        using TestBroker broker = new();
        using RunningGateway gateway = new(broker.Port);
        await using BatchListener cloud = new(broker.Port);
        await cloud.ConnectAsync();
        string hash = gateway.Configure(Meters, "inputs: [ { id: lab, manual: { quantity: cod, unit: mg/L, decimals: 1 } } ]");
        using HttpClient client = gateway.StartWithPage();
        Uri form = new("/reading?lang=en", UriKind.Relative);
        string secret = (await client.GetStringAsync(form)).Split("name=\"secret\" value=\"")[1].Split('"')[0];
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(client, form, "", "12.5")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(client, form, secret, "twelve")).StatusCode);
        HttpResponseMessage kept = await PostAsync(client, form, secret, "12.5");
        Assert.Contains("signed as entry 1", await kept.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        for (int count = 1; !cloud.Batches.Values.Any(batch => batch.ReadSegments().Any(segment => segment.Channel.Id == "lab.cod" && segment.ScaledValues.Span[0] == 125)); count++)
        {
            await cloud.WaitForAsync(hash, count);
        }

        gateway.Stop();
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, Uri form, string secret, string value)
    {
        using FormUrlEncodedContent content = new(new Dictionary<string, string>
        {
            ["secret"] = secret, ["channel"] = "lab.cod", ["value"] = value, ["at"] = TimeProvider.System.GetUtcNow().AddMinutes(-5).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture), ["operator"] = "laboratory",
        });
        return await client.PostAsync(form, content);
    }

    private static string? StateOf(JsonElement status, string meter)
    {
        JsonElement polling = status.GetProperty("polling");
        if (polling.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        JsonElement found = polling.GetProperty("buses").EnumerateArray().SelectMany(bus => bus.GetProperty("meters").EnumerateArray()).FirstOrDefault(one => one.GetProperty("id").GetString() == meter);
        return found.ValueKind == JsonValueKind.Undefined ? null : found.GetProperty("state").GetString()?.ToLowerInvariant();
    }

    private static async Task<JsonElement> UntilAsync(HttpClient client, Func<JsonElement, bool> isSo)
    {
        string text = "";
        using CancellationTokenSource deadline = new(Deadline);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        while (!deadline.IsCancellationRequested)
        {
            try
            {
                text = await client.GetStringAsync(new Uri("/status.json", UriKind.Relative), deadline.Token);
                JsonElement element = JsonDocument.Parse(text).RootElement;
                if (isSo(element))
                {
                    return element;
                }
            }
            catch (HttpRequestException)
            {
                // All places are taken by others for a moment.
            }

            _ = await timer.WaitForNextTickAsync(deadline.Token);
        }

        throw new TimeoutException(text);
    }

    private static (int ExitCode, string Output) Live(RunningGateway gateway, params string[] further)
    {
        (int exitCode, string output, _) = gateway.Command(["live", "--config", gateway.At("gateway.yaml"), .. further]);
        return (exitCode, output);
    }
}
