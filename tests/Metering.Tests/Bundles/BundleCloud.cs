using System.Security.Cryptography;
using Metering.Cloud.Evidence;
using Metering.Cloud.Projects;
using Metering.Evidence.Bundle;
using Metering.Programme.Log;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Pages;
using Metering.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Metering.Tests.Bundles;

/// <summary>A store with two plants, a register, a log and a follower: all that bundles are made from.</summary>
internal sealed class BundleCloud : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly LogFollower _follower;

    private BundleCloud(string projects)
    {
        Store = SqliteStore.Open(_folder.Combine("metering.db"), Clock);
        ProgrammeDatabase database = ProgrammeDatabase.Open(StoreLocation.AtFile(_folder.Combine("programme.db")));
        Register = new(database, Clock);
        ProjectSource source = new(ProjectRegister.Load(_folder.Write("projects.yaml", projects)), Register);
        Log = new(database, "bajio", Clock);
        _follower = new(Log, Store, database, source, Clock);
        Parts = new(new(source, Store, Clock), Log, _follower.CatchUpAsync, Key);
    }

    public ManualTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 3, 12, 0, 0, TimeSpan.Zero));

    public SqliteStore Store { get; }

    public RecordStore Register { get; }

    public EvidenceLog Log { get; }

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public EvidenceParts Parts { get; }

    public string Folder => _folder.Path;

    /// <summary>Plants that save, as the pages' tests have them.</summary>
    public static async Task<BundleCloud> FilledAsync()
    {
        BundleCloud cloud = new(SampleProjects.Yaml());
        await new SamplePlant("leon-tannery", 1) { WithGaps = true }.FillAsync(cloud.Store);
        await new SamplePlant("silao-auto", 2).FillAsync(cloud.Store);
        return cloud;
    }

    /// <summary>One plant whose hides a person counts once a day; what was entered has not come yet.</summary>
    public static async Task<(BundleCloud Cloud, IReadOnlyList<byte[]> Notes)> WithPeopleAsync()
    {
        BundleCloud cloud = new(SampleProjects.Yaml());
        SamplePlant plant = new("leon-tannery", 1) { SlotsPerDay = 1, IsReadByEye = true };
        await plant.FillAsync(cloud.Store);
        return (cloud, plant.Notes);
    }

    /// <summary>A bundle in memory.</summary>
    public async Task<(byte[] Bytes, BundleFile File, BundleSummary Summary)> MakeAsync(string project = SampleProjects.Accepted)
    {
        using MemoryStream stream = new();
        BundleSummary summary = await new BundleMaker(Parts).MakeAsync(project, stream, Folder, null, CancellationToken.None);
        byte[] bytes = stream.ToArray();
        return (bytes, BundleFile.Open(new MemoryStream(bytes)), summary);
    }

    public void Dispose()
    {
        _follower.Dispose();
        Store.Dispose();
        Key.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
