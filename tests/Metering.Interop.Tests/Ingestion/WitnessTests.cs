using System.Text;
using Metering.Evidence.Log;
using Metering.Gateway.Witness;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>Gateway, broker and ingestion as they are; only the log is the test's own.</summary>
public sealed class WitnessTests : IDisposable
{
    private const string Gateway = "leon-1";
    private readonly string _folder = Directory.CreateTempSubdirectory("metering-witness-").FullName;
    private readonly BatchFactory _factory = new(Gateway);
    private MerkleTree _tree = TreeOf(9, "");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _factory.Dispose();
    }

    [NeedsFact("mosquitto")]
    public async Task A_gateway_follows_the_log_and_tells_when_it_is_rewritten_while_its_readings_go_on()
    {
        await using IngestionRig rig = await IngestionRig.StartAsync(_factory);
        rig.LogSince = Since;
        await rig.StartIngestionAsync();
        WitnessFolder witness = new(_folder, IngestionRig.CloudName, rig.CloudKey);
        await RunAsync(rig, 0, () => witness.Standing().Last?.Size == 9);
        _tree = TreeOf(30, "");
        await RunAsync(rig, 8, () => witness.Standing().Last?.Size == 30);
        Assert.Null(witness.Standing().Open);
        _tree = TreeOf(40, "rewritten ");
        await RunAsync(rig, 16, () => witness.Standing().Open is not null);
        Assert.Equal(("unproven", 30L, 40L), (witness.Standing().Open!.Kind, witness.Standing().Open!.KeptSize, witness.Standing().Open!.SeenSize));
        using (witness.Lock())
        {
            Assert.NotNull(witness.Accept("the log was begun anew", 1));
        }

        _tree = TreeOf(41, "rewritten ");
        await RunAsync(rig, 24, () => witness.Standing().Last?.Size == 41);
        Assert.Null(witness.Standing().Open);
        Assert.Equal(64, rig.Store.Channels().Sum(channel => channel.Count));
    }

    [NeedsFact("mosquitto")]
    public async Task A_cloud_without_a_log_answers_for_the_chain_as_before()
    {
        await using IngestionRig rig = await IngestionRig.StartAsync(_factory);
        await rig.StartIngestionAsync();
        await RunAsync(rig, 0, () => true);
        Assert.Null(new WitnessFolder(_folder, IngestionRig.CloudName, rig.CloudKey).Standing().Last);
        Assert.Equal(16, rig.Store.Channels().Sum(channel => channel.Count));
    }

    // One start of the gateway: eight cycles of two readings, all confirmed.
    private async Task RunAsync(IngestionRig rig, int first, Func<bool> isSo)
    {
        await using OutboxGateway gateway = OutboxGateway.Start(rig, Gateway, _factory.Key, _folder);
        gateway.Add(first, 8);
        await gateway.DrainAsync();
        await IngestionRig.UntilAsync(isSo);
    }

    private LogStanding? Since(long size)
    {
        MerkleTree tree = _tree;
        long since = size <= tree.Count ? size : 0;
        return new("metering-cloud", tree.Count, tree.Root(tree.Count), 1_767_225_600_000, since, tree.ConsistencyProof(since, tree.Count));
    }

    private static MerkleTree TreeOf(int size, string word)
    {
        MerkleTree tree = new();
        for (int index = 0; index < size; index++)
        {
            _ = tree.Append(Encoding.ASCII.GetBytes($"{word}entry {index}"));
        }

        return tree;
    }
}
