using System.Security.Cryptography;
using Metering.Gateway;
using Metering.Gateway.Configuration;
using Metering.Gateway.Polling;
using Metering.Readings;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Interop.Tests.GatewayHost;

/// <summary>The gateway's half of the way of a reading: real Modbus, real outbox, real broker, checked by a cloud of a few lines.</summary>
public sealed class PathTests : IDisposable
{
    private const int Channels = 8;
    private static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("metering-path-").FullName;
    private readonly ECDsa _gatewayKey;

    public PathTests() => _gatewayKey = SigningKey.Create(Path.Combine(_folder, "gateway.pem"));

    public void Dispose()
    {
        _gatewayKey.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [NeedsFact("mosquitto")]
    public async Task A_history_arrives_reading_for_reading_and_the_gateway_ends_when_all_is_confirmed()
    {
        if (!TestBroker.IsThere())
        {
            return;
        }

        using TestBroker broker = new();
        using VirtualField field = new();
        await using FakeCloud cloud = new(broker.Port, _gatewayKey);
        await cloud.ConnectAsync();
        const int Slots = 2000;
        GatewayConfiguration configuration = Configure(cloud, broker, field, "");
        long begun = TimeProvider.System.GetTimestamp();
        await RunAsync(configuration, field, Slots);
        TimeSpan took = TimeProvider.System.GetElapsedTime(begun);
        Console.WriteLine($"{Slots * Channels} readings in {took.TotalSeconds:F2} s = {Slots * Channels / took.TotalSeconds:F0} readings/s, {field.Requests} requests");
        Assert.Empty(cloud.Faults);
        AssertHistory(cloud, Slots);
        Assert.Contains("\"mains.q0\"", cloud.Meta, StringComparison.Ordinal);
        Assert.Equal(["online", "offline"], cloud.Statuses.Select(text => text.Contains("online", StringComparison.Ordinal) ? "online" : "offline"));
    }

    [NeedsFact("mosquitto")]
    public async Task A_broker_that_forgets_everything_and_a_restarted_gateway_lose_and_double_nothing()
    {
        if (!TestBroker.IsThere())
        {
            return;
        }

        using TestBroker broker = new();
        using VirtualField field = new();
        await using FakeCloud cloud = new(broker.Port, _gatewayKey);
        GatewayConfiguration configuration = Configure(cloud, broker, field, "");

        // Nobody is subscribed: the broker takes the batches and throws them away.
        await using (Gateway.GatewayHost first = Host(configuration, field, 300))
        {
            first.Start();
            Assert.True(SpinWait.SpinUntil(() => first.ReadingCount == 300 * Channels && first.Outbox.LastBatch > 0, Deadline));
        }

        broker.KillAndRestart();
        await cloud.ConnectAsync();
        await RunAsync(configuration, field, 600);
        Assert.Empty(cloud.Faults);
        AssertHistory(cloud, 600);
    }

    [NeedsFact("mosquitto")]
    public async Task A_cloud_restored_from_a_backup_gets_the_missing_batches_again()
    {
        if (!TestBroker.IsThere())
        {
            return;
        }

        using TestBroker broker = new();
        using VirtualField field = new();
        await using FakeCloud cloud = new(broker.Port, _gatewayKey);
        await cloud.ConnectAsync();
        GatewayConfiguration configuration = Configure(cloud, broker, field, "");
        await RunAsync(configuration, field, 400);
        long before = cloud.Through;
        Assert.True(before > 2);
        cloud.RestoreTo(0, BatchManifest.NoPrevious);
        await RunAsync(configuration, field, 500);
        Assert.True(cloud.Through > before);
        Assert.Empty(cloud.Faults);
        AssertHistory(cloud, 500);
    }

    [NeedsFact("mosquitto")]
    public async Task A_silent_meter_gets_marks_and_the_others_keep_every_reading()
    {
        if (!TestBroker.IsThere())
        {
            return;
        }

        using TestBroker broker = new();
        using VirtualField field = new();
        await using FakeCloud cloud = new(broker.Port, _gatewayKey);
        await cloud.ConnectAsync();
        GatewayConfiguration configuration = Configure(cloud, broker, field, "      - { id: dead, unit: 9, profile: test }\n");
        await RunAsync(configuration, field, 30);
        AssertHistory(cloud, 30);
        for (int slot = 0; slot < 30; slot++)
        {
            Assert.Equal((null, "B.timeout"), cloud.Readings[("dead.q0", From.Add(Interval * slot).ToUnixTimeMilliseconds())]);
        }
    }

    private static void AssertHistory(FakeCloud cloud, int slots)
    {
        string[] meters = ["mains", "water"];
        Assert.Equal(slots * Channels, cloud.Readings.Count(pair => !pair.Key.Channel.StartsWith("dead", StringComparison.Ordinal)));
        for (int slot = 0; slot < slots; slot++)
        {
            long instant = From.Add(Interval * slot).ToUnixTimeMilliseconds();
            for (int channel = 0; channel < Channels; channel++)
            {
                int meter = channel / 4;
                long expected = VirtualField.ValueOf(meter + 1, (channel % 4) * 5, instant);
                Assert.Equal((expected, "G"), cloud.Readings[($"{meters[meter]}.q{channel % 4}", instant)]);
            }
        }
    }

    private static async Task RunAsync(GatewayConfiguration configuration, VirtualField field, int slots)
    {
        using CancellationTokenSource deadline = new(Deadline);
        await using Gateway.GatewayHost host = Host(configuration, field, slots);
        host.Start();
        await host.WaitAsync(deadline.Token);
        Assert.False(deadline.IsCancellationRequested, $"only {host.Outbox.AckedThrough} of {host.Outbox.LastBatch} batches were confirmed in time");
    }

    private static Gateway.GatewayHost Host(GatewayConfiguration configuration, VirtualField field, int slots) => new(
        configuration,
        new GatewayRun { History = new HistoryWalk(From, From.Add(Interval * slots), ThenLive: false), VirtualField = ("127.0.0.1", field.ControlPort, "plant") },
        TimeProvider.System,
        NullLoggerFactory.Instance);

    private GatewayConfiguration Configure(FakeCloud cloud, TestBroker broker, VirtualField field, string furtherMeter)
    {
        _ = Directory.CreateDirectory(Path.Combine(_folder, "profiles"));
        string registers = string.Concat(Enumerable.Range(0, 4).Select(index =>
            $"  - {{ quantity: q{index}, address: {index * 10}, format: uint32, decimals: 0, unit: kWh, kind: counter, modulus: 4294967296 }}\n"));
        File.WriteAllText(
            Path.Combine(_folder, "profiles", "test.yaml"),
            "profile: test\nrevision: 1\nsource: test\ntrust: simulated\naddressing: wire\ntable: holding\nmaximumHole: 8\nregisters:\n" + registers);
        File.WriteAllText(Path.Combine(_folder, "cloud.pub.pem"), SigningKey.PublicPem(cloud.Key));
        string path = Path.Combine(_folder, "gateway.yaml");
        File.WriteAllText(path, $$"""
            gateway: plant
            keyFile: gateway.pem
            keyEpoch: 1
            stateDirectory: state
            profilesDirectory: profiles
            cloud: { name: metering-cloud, keyFile: cloud.pub.pem }
            broker: { host: 127.0.0.1, port: {{broker.Port}} }
            polling: { interval: 15m }
            batch: { maximumAge: 60s, maximumReadings: 1000 }
            buses:
              - id: bus
                tcp: { host: 127.0.0.1, port: {{field.Port}} }
                answerTimeout: 300ms
                meters:
                  - { id: mains, unit: 1, profile: test }
                  - { id: water, unit: 2, profile: test }

            """ + furtherMeter);
        return ConfigurationFile.Load(path);
    }
}
