using System.IO.Compression;
using Metering.Ingestion;
using Metering.Mqtt;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Topics = Metering.Readings.Topics;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>The contract of ingestion over a real broker: keys that come and go, poison, several processes, a slow store.</summary>
public sealed class ContractTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [NeedsFact("mosquitto")]
    public async Task A_code_enrols_the_key_that_proves_it_and_no_other()
    {
        using BatchFactory factory = new();
        using BatchFactory thief = new();
        await using IngestionRig rig = await IngestionRig.StartAsync();
        await rig.StartIngestionAsync();
        string code = EnrolmentRequest.NewCode();
        rig.Store.OfferCode(new(factory.Gateway, "leon", EnrolmentRequest.HashOf(code)!, TimeProvider.System.GetUtcNow().AddHours(1)));

        Assert.Equal(EnrolmentResult.WrongCode, (await AskAsync(rig, thief, EnrolmentRequest.NewCode())).Result);
        EnrolmentAnswer answer = await AskAsync(rig, factory, code.ToLowerInvariant().Replace('-', ' '));
        Assert.Equal((EnrolmentResult.Enrolled, 1, "leon"), (answer.Result, answer.KeyEpoch, answer.Plant));
        Assert.Equal(EnrolmentResult.Used, (await AskAsync(rig, thief, code)).Result);
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        await uplink.DeliverAsync(factory.Next(3));
    }

    [NeedsFact("mosquitto")]
    public async Task A_revoked_key_is_refused_by_the_running_process_and_what_it_sent_before_stays()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);
        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        await uplink.DeliverAsync(factory.Next(3));
        rig.Store.Revoke(factory.Gateway, 1, TimeProvider.System.GetUtcNow(), "stolen");
        byte[][] later = [.. factory.Next(1000)];
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        for (int index = 0; rig.Store.QuarantineCount == 0; index++)
        {
            await uplink.PublishAsync(later[index]);
            _ = await timer.WaitForNextTickAsync();
        }

        long through = rig.Store.Head(factory.Gateway, 1).Through;
        int acks = uplink.Acks;
        await uplink.PublishAsync(later[^1]);
        await IngestionRig.UntilAsync(() => rig.State.Find(factory.Gateway)!.Refusals.GetValueOrDefault("revoked") >= 2);
        Assert.Equal((through, acks), (rig.Store.Head(factory.Gateway, 1).Through, uplink.Acks));
        Assert.StartsWith("revoked: ", rig.Store.Quarantined(0, 1, factory.Gateway)[0].Reason, StringComparison.Ordinal);
        Assert.Equal(through, rig.Store.Journal(0, int.MaxValue).Count);
    }

    [NeedsFact("mosquitto")]
    public async Task What_a_stranger_sent_is_taken_by_a_retry_once_it_is_enrolled()
    {
        using BatchFactory stranger = new("stranger");
        await using IngestionRig rig = await IngestionRig.StartAsync();
        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(stranger);
        foreach (byte[] batch in stranger.Next(3))
        {
            await uplink.PublishAsync(batch);
        }

        await IngestionRig.UntilAsync(() => rig.Store.QuarantineCount == 3);
        Assert.True(rig.Store.RequestRetry(1));
        await IngestionRig.UntilAsync(() => rig.Store.RetriesWanted(10).Count == 0);
        Assert.Equal((3, 0), (rig.Store.QuarantineCount, rig.Store.LastSequence));
        rig.Enrol(stranger);

        // The last first: it waits for its turn.
        foreach (QuarantinedMessage message in rig.Store.Quarantined(0, 10, null).Reverse())
        {
            Assert.True(rig.Store.RequestRetry(message.Number));
        }

        await uplink.WaitThroughAsync(3);
        await IngestionRig.UntilAsync(() => rig.Store.QuarantineCount == 0);
    }

    [NeedsFact("mosquitto")]
    public async Task Poison_of_some_gateways_never_stalls_the_others_nor_fills_their_shelf()
    {
        const int Sound = 12;
        const int Poisoners = 4;
        const int Messages = 120;
        BatchFactory[] factories = [.. Enumerable.Range(0, Sound + Poisoners).Select(index => new BatchFactory($"gateway-{index}"))];
        await using IngestionRig rig = await IngestionRig.StartAsync(factories);
        await rig.StartIngestionAsync();
        List<Task> work = [];
        for (int index = 0; index < factories.Length; index++)
        {
            GatewayUplink uplink = await rig.ConnectAsync(factories[index]);
            work.Add(index < Sound ? uplink.DeliverAsync(factories[index].Next(30)) : PoisonAsync(uplink, factories[index], index, Messages));
        }

        await Task.WhenAll(work).WaitAsync(Deadline);
        await IngestionRig.UntilAsync(() => rig.State.Totals().Quarantined == Poisoners * Messages);
        for (int index = 0; index < factories.Length; index++)
        {
            bool isSound = index < Sound;
            Assert.Equal(isSound ? 30 : 0, rig.Store.Head(factories[index].Gateway, 1).Through);
            Assert.InRange(rig.Store.QuarantinedOf(factories[index].Gateway), isSound ? 0 : 1, isSound ? 0 : Quarantine.MaximumAnHour);
            factories[index].Dispose();
        }

        Assert.All(rig.Store.QuarantineCounts(), count => Assert.Contains(count.Kind, (string[])["form", "later version", "signature", "other gateway"]));
        Assert.Contains(rig.Store.QuarantineCounts(), count => count.Kind == "later version");
    }

    [NeedsFact("mosquitto")]
    public async Task Batches_in_any_order_and_up_to_ten_times_end_as_one_chain()
    {
        foreach (int seed in (int[])[1, 2, 3])
        {
            Random random = new(seed);
            using BatchFactory factory = new();
            await using IngestionRig rig = await IngestionRig.StartAsync(factory);
            await rig.StartIngestionAsync();
            GatewayUplink uplink = await rig.ConnectAsync(factory);
            byte[][] batches = [.. factory.Next(30)];
            byte[][] shuffled = [.. Enumerable.Repeat(batches, 10).SelectMany(all => all)];
            random.Shuffle(shuffled);
            foreach (byte[] batch in shuffled)
            {
                await uplink.PublishAsync(batch);
            }

            await uplink.DeliverAsync(batches);
            Assert.True((30, 0L) == (rig.Store.LastSequence, rig.Store.QuarantineCount), $"seed {seed}: {rig.Store.LastSequence} batches, {rig.Store.QuarantineCount} refused");
            Assert.Equal(factory.ReadingsBuilt, rig.Store.Channels().Sum(channel => channel.Count));
        }
    }

    [NeedsFact("mosquitto")]
    public async Task A_store_that_stalls_leaves_the_rest_at_the_broker()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);
        const int ReceiveMaximum = 50;
        StallingStore stall = StallingStore.Over(rig.Store, out IReadingStore store);
        await rig.StartIngestionAsync(store, ReceiveMaximum);
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        IReadOnlyList<byte[]> batches = factory.Next(200);
        foreach (byte[] batch in batches)
        {
            await uplink.PublishAsync(batch);
        }

        // The broker has taken all of them from the gateway; not one more than the receive maximum has come through.
        await IngestionRig.UntilAsync(() => stall.Waiting == ReceiveMaximum);
        Assert.Equal(0, rig.Store.LastSequence);
        stall.GoOn();
        await uplink.WaitThroughAsync(200);
        Assert.Equal(ReceiveMaximum, stall.LargestWaiting);
    }

    [NeedsFact("mosquitto")]
    public async Task A_store_that_cannot_be_read_for_a_moment_ends_nothing()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);
        StallingStore stall = StallingStore.Over(rig.Store, out IReadingStore store);
        stall.GoOn();
        stall.FailsHeads = true;
        await rig.StartIngestionAsync(store);
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        IReadOnlyList<byte[]> batches = factory.Next(3);
        await uplink.PublishAsync(batches[0]);
        await IngestionRig.UntilAsync(() => rig.Store.LastSequence == 1 && stall.FailedHeads >= 1);
        stall.FailsHeads = false;
        await uplink.DeliverAsync(batches);
    }

    [NeedsFact("mosquitto")]
    public async Task Two_processes_of_a_share_divide_the_batches_and_lose_none()
    {
        BatchFactory[] factories = [.. Enumerable.Range(0, 6).Select(index => new BatchFactory($"gateway-{index}"))];
        await using IngestionRig rig = await IngestionRig.StartAsync(factories);
        IngestionState[] states = [new(), new()];
        IngestionWorker[] workers = [.. states.Select((state, index) => new IngestionWorker(
            rig.Options with { Share = "ingestion", ClientId = $"cloud-{index}" }, rig.Store, state, TimeProvider.System, NullLogger<IngestionWorker>.Instance))];
        foreach (IngestionWorker worker in workers)
        {
            await worker.StartAsync(CancellationToken.None);
            Assert.Null(await worker.FirstAttempt.WaitAsync(Deadline));
        }

        List<Task> work = [];
        foreach (BatchFactory factory in factories)
        {
            GatewayUplink uplink = await rig.ConnectAsync(factory);
            uplink.MayRunBack = true;
            work.Add(DeliverOneByOneAsync(uplink, factory.Next(20)));
        }

        await Task.WhenAll(work).WaitAsync(Deadline);
        Assert.All(states, state => Assert.True(state.Totals().Batches > 0, "one process got nothing"));
        Assert.Equal(120, states.Sum(state => state.Totals().Batches));
        Assert.Equal((120, 0), (rig.Store.LastSequence, rig.Store.QuarantineCount));
        foreach (IngestionWorker worker in workers)
        {
            await worker.StopAsync(CancellationToken.None);
            worker.Dispose();
        }
    }

    [NeedsFact("mosquitto")]
    public async Task A_batch_from_the_future_is_stored_and_told()
    {
        using BatchFactory factory = new(startUtcMilliseconds: TimeProvider.System.GetUtcNow().AddDays(30).ToUnixTimeMilliseconds());
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);
        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        await uplink.DeliverAsync(factory.Next(2));
        Assert.Equal((2, 2L), (rig.Store.LastSequence, rig.State.Find(factory.Gateway)!.ImplausibleClock));
    }

    private static async Task DeliverOneByOneAsync(GatewayUplink uplink, IReadOnlyList<byte[]> batches)
    {
        for (int index = 0; index < batches.Count; index++)
        {
            await uplink.PublishAsync(batches[index]);
            await uplink.WaitThroughAsync(index + 1);
        }
    }

    private static async Task PoisonAsync(GatewayUplink uplink, BatchFactory factory, int seed, int count)
    {
        Random random = new(seed);
        using BatchFactory otherKey = new(factory.Gateway);
        using BatchFactory otherName = new("gateway-0");
        byte[] sound = factory.Next();
        byte[] bomb = Bomb();
        for (int index = 0; index < count; index++)
        {
            byte[] bytes = (index % 6) switch
            {
                0 => sound[..random.Next(sound.Length)],
                1 => Flip(sound, random),
                2 => [.. "MTR2"u8, .. sound.AsSpan(4)],
                3 => otherKey.Next(),
                4 => otherName.Next(),
                _ => bomb,
            };
            await uplink.PublishAsync(bytes);
        }
    }

    // A bit of the content, not of its compression: about one flip in 700 of the latter opens as the same, rightly signed batch.
    private static byte[] Flip(byte[] sound, Random random)
    {
        using MemoryStream content = new();
        using (ZLibStream zlib = new(new MemoryStream(sound, 4, sound.Length - 4), CompressionMode.Decompress))
        {
            zlib.CopyTo(content);
        }

        byte[] bytes = content.ToArray();
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        using MemoryStream flipped = new();
        flipped.Write("MTR1"u8);
        using (ZLibStream zlib = new(flipped, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return flipped.ToArray();
    }

    // A few kilobytes that would open into many megabytes.
    private static byte[] Bomb()
    {
        using MemoryStream stream = new();
        stream.Write("MTR1"u8);
        using (ZLibStream zlib = new(stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] zeros = new byte[1024 * 1024];
            for (int index = 0; index < 16; index++)
            {
                zlib.Write(zeros);
            }
        }

        return stream.ToArray();
    }

    private static async Task<EnrolmentAnswer> AskAsync(IngestionRig rig, BatchFactory factory, string code)
    {
        byte[] request = EnrolmentRequest.Sign(factory.Gateway, EnrolmentRequest.HashOf(code)!, factory.Key);
        await using MqttSession session = new(rig.Broker.Options("asks-" + Guid.NewGuid().ToString("N")), TimeProvider.System, [new(Topics.Answer(factory.Gateway))]);
        session.Start();
        using CancellationTokenSource deadline = new(Deadline);
        await session.WaitUntilConnectedAsync(deadline.Token);
        _ = await session.PublishAsync(Topics.Request(factory.Gateway), request, MqttQoS.AtLeastOnce, retain: false, deadline.Token);
        MqttMessage message = await session.Messages.ReadAsync(deadline.Token);
        session.Acknowledge(message);
        return EnrolmentAnswer.Open(message.Payload.Span, IngestionRig.CloudName, rig.CloudKey);
    }
}
