using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Metering.Cloud.Hosting;
using Metering.Store.Sqlite;
using Xunit;

namespace Metering.Tests.CloudHost;

public sealed class CloudHostTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_web_role_says_when_it_is_ready_answers_health_and_stops_cleanly()
    {
        using CloudFolder folder = new();
        using CancellationTokenSource stop = new();
        await using LineWriter output = new();
        Task<int> running = Metering.Cloud.Hosting.CloudHost.RunAsync(folder.Config, CloudRole.Web, output, TextWriter.Null, stop.Token);
        using JsonDocument ready = JsonDocument.Parse(await ReadyAsync(output, running));
        Assert.True(ready.RootElement.GetProperty("ready").GetBoolean());
        Assert.Equal("web", ready.RootElement.GetProperty("role").GetString());
        string web = ready.RootElement.GetProperty("web").GetString()!;
        Assert.StartsWith("http://127.0.0.1:", web, StringComparison.Ordinal);
        using HttpClient client = new();
        using JsonDocument health = JsonDocument.Parse(await client.GetStringAsync(new Uri(web + "/health")));
        Assert.Equal("ok", health.RootElement.GetProperty("status").GetString());
        await stop.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(Deadline));
    }

    [Fact]
    public async Task Without_a_broker_the_cloud_still_answers_and_says_so()
    {
        using CloudFolder folder = new(brokerPort: 1);
        using CancellationTokenSource stop = new();
        await using LineWriter output = new();
        Task<int> running = Metering.Cloud.Hosting.CloudHost.RunAsync(folder.Config, CloudRole.All, output, TextWriter.Null, stop.Token);
        using JsonDocument ready = JsonDocument.Parse(await ReadyAsync(output, running));
        Assert.Equal("disconnected", ready.RootElement.GetProperty("broker").GetString());
        using HttpClient client = new();
        using JsonDocument health = JsonDocument.Parse(await client.GetStringAsync(new Uri(ready.RootElement.GetProperty("health").GetString()!)));
        Assert.Equal("degraded", health.RootElement.GetProperty("status").GetString());
        await stop.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_taken_port_is_said_plainly_with_code_69()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        using CloudFolder folder = new($"web: {{ port: {port} }}");
        (int exitCode, string output, string error) = await folder.RunAsync("run", "--config", "@cloud.yaml", "--role", "web");
        Assert.Equal((69, ""), (exitCode, output));
        Assert.Contains($"port {port} on 127.0.0.1 is taken by another program", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_another_process_fills_is_code_75()
    {
        using CloudFolder folder = new();
        using SqliteStore other = SqliteStore.Open(folder.At("metering.db"), TimeProvider.System);
        other.BecomeWriter();
        (int exitCode, _, string error) = await folder.RunAsync("run", "--config", "@cloud.yaml");
        Assert.Equal(75, exitCode);
        Assert.Contains("another process", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_key_in_place_of_the_private_one_is_code_78()
    {
        using CloudFolder folder = new();
        _ = await folder.RunAsync("key", "--out", "@other.pem");
        File.Move(folder.At("other.pem.pub"), folder.At("cloud.pem"), overwrite: true);
        (int exitCode, _, string error) = await folder.RunAsync("run", "--config", "@cloud.yaml");
        Assert.Equal(78, exitCode);
        Assert.Contains("holds only a public key", error, StringComparison.Ordinal);
    }

    // A host that ends instead of becoming ready shows its fault.
    private static async Task<string> ReadyAsync(LineWriter output, Task<int> running)
    {
        _ = await Task.WhenAny(output.FirstLine, running).WaitAsync(Deadline);
        return output.FirstLine.IsCompleted ? await output.FirstLine : $"ended with {await running}";
    }

    /// <summary>Completes with the first whole line written.</summary>
    private sealed class LineWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstLine => _line.Task;

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value) => _ = _line.TrySetResult(value ?? "");
    }
}
