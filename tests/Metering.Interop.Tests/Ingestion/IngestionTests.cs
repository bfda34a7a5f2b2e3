using System.Security.Cryptography;
using System.Text;
using Metering.Ingestion;
using Metering.Interop.Tests.Mqtt;
using Metering.Mqtt;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Interop.Tests.Ingestion;

public sealed class IngestionTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [NeedsFact("mosquitto")]
    public async Task What_is_stored_is_what_was_sent_reading_for_reading()
    {
        using BatchFactory tannery = new(channels: 3, slotsPerBatch: 16);
        using BatchFactory hotel = new("silao-hotel", channels: 2);
        await using IngestionRig rig = await IngestionRig.StartAsync(tannery, hotel);

        await rig.StartIngestionAsync();
        GatewayUplink first = await rig.ConnectAsync(tannery);
        GatewayUplink second = await rig.ConnectAsync(hotel);
        await Task.WhenAll(first.DeliverAsync(tannery.Next(60)), second.DeliverAsync(hotel.Next(25)));
        AssertStored(rig.Store, tannery);
        AssertStored(rig.Store, hotel);
        Assert.Equal(tannery.ReadingsBuilt + hotel.ReadingsBuilt, rig.State.Totals().Readings);
        Assert.Equal(85, rig.Store.LastSequence);
    }

    [NeedsFact("mosquitto")]
    public async Task Duplicates_are_acknowledged_again_and_stored_once()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);

        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        IReadOnlyList<byte[]> batches = factory.Next(5);
        await uplink.DeliverAsync(batches);
        int acks = uplink.Acks;
        await uplink.PublishAsync(batches[1]);
        await uplink.PublishAsync(batches[4]);
        await IngestionRig.UntilAsync(() => rig.State.Find(factory.Gateway)!.Duplicates >= 2 && uplink.Acks > acks);
        Assert.Equal(5, rig.Store.LastSequence);
        Assert.Equal(0, rig.Store.QuarantineCount);
        AssertStored(rig.Store, factory);
    }

    [NeedsFact("mosquitto")]
    public async Task A_second_batch_with_the_same_number_is_set_aside_and_the_first_kept()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);

        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        byte[] first = factory.Next();
        string head = factory.Head;
        byte[] second = factory.Next();
        (byte[] other, _) = factory.Build(2, head, valueOffset: 100);
        foreach (byte[] batch in new[] { first, second, other, factory.Next() })
        {
            await uplink.PublishAsync(batch);
        }

        await uplink.WaitThroughAsync(3);

        // Batch 3 may be durable, and acknowledged, a moment before the fork that came before it has been set aside.
        await IngestionRig.UntilAsync(() => rig.Store.QuarantineCount == 1);
        Assert.Equal((1, 1), (rig.State.Find(factory.Gateway)!.Forks, rig.Store.QuarantineCount));
        Assert.Equal(second, rig.Store.Journal(1, 1).Single().Envelope.ToArray());
        AssertStored(rig.Store, factory);
    }

    [NeedsFact("mosquitto")]
    public async Task Poison_is_set_aside_and_the_batches_behind_it_arrive()
    {
        using BatchFactory factory = new();
        using BatchFactory sameNameOtherKey = new();
        using BatchFactory other = new("silao-hotel");
        await using IngestionRig rig = await IngestionRig.StartAsync(factory, other);

        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        byte[] batch = factory.Next();
        byte[][] poison = [[], [0], Encoding.ASCII.GetBytes("MTR1"), batch[..^20], RandomNumberGenerator.GetBytes(600_000), sameNameOtherKey.Next(), other.Next()];
        foreach (byte[] bytes in poison)
        {
            await uplink.PublishAsync(bytes);
        }

        await uplink.PublishAsync(batch);
        await uplink.WaitThroughAsync(1);
        Assert.Equal(poison.Length, rig.Store.QuarantineCount);
        Assert.Equal((1, 0), (rig.Store.LastSequence, rig.Store.Head(other.Gateway, 1).Through));
    }

    [NeedsFact("mosquitto")]
    public async Task A_retained_batch_is_refused()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);

        GatewayUplink uplink = await rig.ConnectAsync(factory);
        byte[] batch = factory.Next();
        await uplink.PublishAsync(batch, retain: true);
        await rig.StartIngestionAsync();
        await IngestionRig.UntilAsync(() => rig.State.Totals().Retained == 1);
        Assert.Equal(0, rig.Store.LastSequence);
        await uplink.PublishAsync(batch);
        await uplink.WaitThroughAsync(1);
    }

    [NeedsFact("mosquitto")]
    public async Task A_gateway_that_is_not_enrolled_is_refused_until_it_is()
    {
        using BatchFactory factory = new();
        using BatchFactory stranger = new("stranger");
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);

        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(stranger);
        byte[] batch = stranger.Next();
        await uplink.PublishAsync(batch);
        await IngestionRig.UntilAsync(() => rig.State.Totals().UnknownGateway == 1 && rig.Store.QuarantineCount == 1);
        Assert.Equal((-1, 0), (uplink.Through, rig.Store.LastSequence));
        rig.Enrol(stranger);
        await uplink.PublishAsync(batch);
        await uplink.WaitThroughAsync(1);
    }

    [NeedsFact("mosquitto")]
    public async Task Batches_before_their_turn_wait_for_the_missing_one()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);

        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        IReadOnlyList<byte[]> batches = factory.Next(6);
        foreach (int index in new[] { 0, 5, 3, 2, 4, 1 })
        {
            await uplink.PublishAsync(batches[index]);
        }

        await uplink.WaitThroughAsync(6);
        Assert.Equal((6, 0), (rig.Store.LastSequence, rig.Store.QuarantineCount));
        AssertStored(rig.Store, factory);
    }

    [NeedsFact("mosquitto")]
    public async Task A_gateway_far_ahead_is_told_where_the_store_stands_and_nothing_stalls()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);

        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        IReadOnlyList<byte[]> batches = factory.Next(400);

        // More than may be held in memory and more than the broker may leave unacknowledged, all before their turn.
        foreach (byte[] batch in batches.Skip(1))
        {
            await uplink.PublishAsync(batch);
        }

        await uplink.WaitThroughAsync(0);
        await uplink.DeliverAsync(batches);
        AssertStored(rig.Store, factory);
    }

    [NeedsFact("mosquitto")]
    public async Task A_broker_that_is_killed_and_comes_back_loses_nothing()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);

        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        IReadOnlyList<byte[]> batches = factory.Next(300);
        Task delivery = uplink.DeliverAsync(batches);
        for (int kill = 1; kill <= 3; kill++)
        {
            await uplink.WaitThroughAsync(kill * 40);
            await rig.Broker.KillAsync();
            await rig.Broker.StartAgainAsync();
        }

        await delivery.WaitAsync(Deadline);
        Assert.Equal(300, rig.Store.LastSequence);
        AssertStored(rig.Store, factory);
    }

    [NeedsFact("mosquitto")]
    public async Task An_ingestion_that_starts_tells_every_enrolled_gateway_where_it_stands()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);

        GatewayUplink uplink = await rig.ConnectAsync(factory);
        await rig.StartIngestionAsync();
        await uplink.WaitThroughAsync(0);
        await uplink.DeliverAsync(factory.Next(3));
        await rig.StopIngestionAsync();
        int acks = uplink.Acks;
        await rig.StartIngestionAsync();
        await IngestionRig.UntilAsync(() => uplink.Acks > acks);
        Assert.Equal(3, uplink.Through);
    }

    [NeedsFact("mosquitto")]
    public async Task What_came_while_ingestion_was_away_is_taken_after_its_return()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);

        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        await rig.StopIngestionAsync();
        foreach (byte[] batch in factory.Next(10))
        {
            await uplink.PublishAsync(batch);
        }

        await rig.StartIngestionAsync();
        await uplink.WaitThroughAsync(10);
        AssertStored(rig.Store, factory);
    }

    [NeedsFact("mosquitto")]
    public async Task The_status_of_a_gateway_is_followed()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);

        GatewayUplink uplink = await rig.ConnectAsync(factory);
        await uplink.PublishAsync(Encoding.ASCII.GetBytes("""{"v":1,"state":"online"}"""), Topics.Status(factory.Gateway), retain: true);
        await rig.StartIngestionAsync();
        await IngestionRig.UntilAsync(() => rig.State.Find(factory.Gateway)?.IsOnline == true);
        await uplink.PublishAsync(Encoding.ASCII.GetBytes("not json"), Topics.Status(factory.Gateway));
        await uplink.PublishAsync(Encoding.ASCII.GetBytes("""{"v":1,"state":"offline"}"""), Topics.Status(factory.Gateway), retain: true);
        await IngestionRig.UntilAsync(() => rig.State.Find(factory.Gateway)?.IsOnline == false);
    }

    [NeedsFact("mosquitto")]
    public async Task A_refused_login_is_known_after_the_first_attempt()
    {
        Dictionary<string, string> passwords = new(StringComparer.Ordinal) { ["metering-cloud"] = "right" };
        await using Mosquitto broker = await Mosquitto.StartAsync(new MosquittoSettings { Passwords = passwords });

        string folder = Directory.CreateTempSubdirectory("metering-refused-").FullName;
        using (SqliteStore store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System))
        using (ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            IngestionOptions options = new() { Name = "metering-cloud", Key = key, BrokerHost = "127.0.0.1", BrokerPort = broker.Port, UserName = "metering-cloud", Password = "wrong" };
            using IngestionWorker worker = new(options, store, new(), TimeProvider.System, NullLogger<IngestionWorker>.Instance);
            await worker.StartAsync(CancellationToken.None);
            MqttException? fault = await worker.FirstAttempt.WaitAsync(Deadline);
            Assert.Equal((MqttErrorKind.Refused, false), (fault!.Kind, fault.IsTransient));
            await worker.StopAsync(CancellationToken.None);
        }

        Directory.Delete(folder, recursive: true);
    }

    [NeedsFact("mosquitto")]
    public async Task A_cloud_whose_login_is_refused_ends_with_77_and_says_what_to_do()
    {
        Dictionary<string, string> passwords = new(StringComparer.Ordinal) { ["metering-cloud"] = "right" };
        await using Mosquitto broker = await Mosquitto.StartAsync(new MosquittoSettings { Passwords = passwords });

        string folder = Directory.CreateTempSubdirectory("metering-refused-").FullName;
        SigningKey.Create(Path.Combine(folder, "cloud.pem")).Dispose();
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), "wrong\n");
        string file = Path.Combine(folder, "cloud.yaml");
        await File.WriteAllTextAsync(file, $"name: metering-cloud\nkeyFile: cloud.pem\nstore: metering.db\nbroker: {{ host: 127.0.0.1, port: {broker.Port}, userName: metering-cloud, passwordFile: password }}\n");
        using StringWriter output = new();
        using StringWriter error = new();
        int exitCode = await Metering.Cloud.Hosting.CloudCommandLine.RunAsync(["run", "--config", file, "--role", "ingestion"], output, error).WaitAsync(Deadline);
        Assert.Equal((77, ""), (exitCode, output.ToString()));
        Assert.Contains("refuses user metering-cloud", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Check broker.userName and broker.passwordFile", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", error.ToString(), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static void AssertStored(SqliteStore store, BatchFactory factory)
    {
        for (int channel = 0; channel < factory.Channels.Count; channel++)
        {
            ReadingColumns columns = store.Read(factory.Gateway, factory.Channels[channel].Id, 0, long.MaxValue);
            Assert.Equal(factory.ReadingsBuilt / factory.Channels.Count, columns.Count);
            for (int slot = 0; slot < columns.Count; slot++)
            {
                Assert.Equal(
                    (BatchFactory.StartUtcMilliseconds + (slot * BatchFactory.StepMilliseconds), BatchFactory.ValueAt(channel, slot), true),
                    (columns.UtcMilliseconds[slot], columns.ScaledValues[slot], columns.HasValues[slot]));
            }
        }
    }
}
