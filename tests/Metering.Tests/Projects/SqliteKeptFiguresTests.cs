using Metering.Cloud.Projects;
using Metering.Store.Sqlite;
using Metering.Tests.Store;
using Xunit;

namespace Metering.Tests.Projects;

public sealed class SqliteKeptFiguresTests : KeptFiguresConformance
{
    private protected override int SeedCount => 3;

    private protected override IStoreHouse Build() => new SqliteHouse(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath());

    [Fact]
    public async Task Readings_that_are_dropped_on_purpose_are_seen_without_a_batch()
    {
        (ProjectBoard board, Action later) = await UsualAsync();
        await Writing.SealAsync();
        later();
        string[] before = Told(board);
        Assert.NotEmpty(((SqliteStore)Writing).Prune(new(StoreGateway.Start + (10 * StoreGateway.Day), [], ThinJournal: false), isDryRun: false).Channels);
        later();
        Assert.Equal(Told(Afresh()), Told(board));
        Assert.NotEqual(before, Told(board));
    }
}
