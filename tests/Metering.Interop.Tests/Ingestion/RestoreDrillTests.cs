using System.Security.Cryptography;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>The store goes back to an older backup while gateways have moved on: real outbox, real broker, real ingestion.</summary>
public sealed class RestoreDrillTests : IDisposable
{
    private const string Name = "leon-tannery";
    private readonly string _folder = Directory.CreateTempSubdirectory("metering-drill-").FullName;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string State => Path.Combine(_folder, "state");

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [NeedsFact("mosquitto")]
    public async Task A_restored_cloud_is_filled_again_and_equals_one_that_was_never_restored()
    {
        await using IngestionRig rig = await StartAsync();
        await using OutboxGateway gateway = OutboxGateway.Start(rig, Name, _key, State);
        gateway.Add(0, 40);
        await gateway.DrainAsync();
        string backup = rig.Backup();
        gateway.Add(40, 40);
        await gateway.DrainAsync();
        await rig.StopIngestionAsync();
        SortedDictionary<string, byte[]> never = Export(rig.Store, "never");

        rig.Restore(backup);
        Assert.Equal(10, rig.Store.Head(Name, 1).Through);
        await rig.StartIngestionAsync();
        await IngestionRig.UntilAsync(() => rig.Store.Head(Name, 1).Through == 20);
        await rig.StopIngestionAsync();
        Assert.Equal(never, Export(rig.Store, "restored"));
        Assert.Empty(rig.Store.Losses());
        Assert.Equal(0, rig.Store.QuarantineCount);
    }

    [NeedsFact("mosquitto")]
    public async Task What_neither_side_keeps_is_stated_lost_and_the_chain_goes_on_behind_it()
    {
        await using IngestionRig rig = await StartAsync();
        await using OutboxGateway gateway = OutboxGateway.Start(rig, Name, _key, State, keepAckedLength: 0);
        gateway.Add(0, 40);
        await gateway.DrainAsync();
        string backup = rig.Backup();
        gateway.Add(40, 160);
        await gateway.DrainAsync();
        long oldest = gateway.Outbox.OldestKept()!.Value;
        Assert.InRange(oldest, 12, 50);

        await rig.StopIngestionAsync();
        rig.Restore(backup);
        await rig.StartIngestionAsync();
        await IngestionRig.UntilAsync(() => rig.Store.Head(Name, 1).Through == 50);
        gateway.Add(200, 8);
        await gateway.DrainAsync();
        Assert.Equal(52, rig.Store.Head(Name, 1).Through);
        LostBatches lost = Assert.Single(rig.Store.Losses());
        Assert.Equal((Name, 1, 11L, oldest - 1), (lost.Gateway, lost.KeyEpoch, lost.First, lost.Last));
        Assert.Equal((10 + 52 - oldest + 1) * 4, rig.Store.FindChannel(Name, "mains.energy")!.Count);
    }

    [NeedsFact("mosquitto")]
    public async Task A_new_key_takes_over_without_a_hole_and_survives_a_restore_from_before_it()
    {
        await using IngestionRig rig = await StartAsync();
        string backup;
        await using (OutboxGateway before = OutboxGateway.Start(rig, Name, _key, State))
        {
            before.Add(0, 20);
            await before.DrainAsync();
            backup = rig.Backup();
            before.Add(20, 20);
            await before.DrainAsync();
            await rig.StopIngestionAsync();

            // The old key signs these, and nobody takes them before the change.
            before.Add(40, 20);
        }

        Rotate();
        await using OutboxGateway gateway = OutboxGateway.Start(rig, Name, _key, State);
        gateway.Add(60, 20);
        await rig.StartIngestionAsync();
        await gateway.DrainAsync();
        Assert.Equal((15, 5), (rig.Store.Head(Name, 1).Through, rig.Store.Head(Name, 2).Through));
        Assert.Equal(15, rig.Store.FindEnd(Name, 1)!.ClosedThrough);
        Assert.Equal("leon", rig.Store.FindEnrolment(Name, 2)!.Plant);
        Assert.Equal(80, rig.Store.FindChannel(Name, "mains.energy")!.Count);
        SortedDictionary<string, byte[]> never = Export(rig.Store, "never");

        await rig.StopIngestionAsync();
        rig.Restore(backup);
        Assert.Null(rig.Store.FindEnrolment(Name, 2));
        await rig.StartIngestionAsync();
        await IngestionRig.UntilAsync(() => rig.Store.Head(Name, 2).Through == 5);
        await rig.StopIngestionAsync();
        Assert.Equal(never, Export(rig.Store, "restored"));
        Assert.Equal(0, rig.Store.QuarantineCount);
    }

    private void Rotate()
    {
        using KeyChain keys = KeyChain.Open(State, 1, _key);
        using BatchLog batches = BatchLog.Open(Path.Combine(State, GatewayOutbox.BatchesName), new(keys.KeyEpoch, keys.Steps));
        keys.Rotate(Name, batches.NextNumber - 1, batches.LastHash);
    }

    private async Task<IngestionRig> StartAsync()
    {
        _ = Directory.CreateDirectory(State);
        IngestionRig rig = await IngestionRig.StartAsync();
        rig.Store.Enrol(new(Name, 1, "leon", SigningKey.PublicPem(_key)));
        await rig.StartIngestionAsync();
        return rig;
    }

    private SortedDictionary<string, byte[]> Export(SqliteStore store, string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        _ = ReadingExport.Write(store, folder);
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            files[Path.GetRelativePath(folder, file)] = File.ReadAllBytes(file);
        }

        return files;
    }
}
