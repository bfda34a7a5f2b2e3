using Metering.Store;
using Metering.Store.Sqlite;
using Xunit;

namespace Metering.EndToEnd.Disks;

/// <summary>A disk that is full, or that may not be written.</summary>
public sealed class BadDiskTests
{
    private const int DiskMegabytes = 48;
    private const int Attempts = 3;

    [DiskFact]
    public async Task A_full_disk_costs_nothing_acknowledged_and_the_store_goes_on_when_there_is_room()
    {
        await using SnapshotDisk disk = await SnapshotDisk.MakeAsync(DiskMegabytes);
        using StoreLoad load = new();
        string path = Path.Combine(disk.Path, "metering.db");
        string ballast = Path.Combine(disk.Path, "ballast");
        using (SqliteStore store = SqliteStore.Open(path, TimeProvider.System))
        {
            load.EnrolIn(store);
            _ = await load.AppendNextAsync(store, 0, CancellationToken.None);
            Fill(ballast);
            StoreException full = await FailAsync(load, store);
            Assert.Contains("is full", full.Message, StringComparison.Ordinal);
            Assert.Equal(StoreException.InputOutput, full.ExitCode);

            // It stays readable, refuses again, and still has every acknowledged batch.
            Assert.NotEmpty(store.Channels());
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                _ = await FailAsync(load, store);
            }

            File.Delete(ballast);
            for (int gateway = 0; gateway < load.Count; gateway++)
            {
                _ = await load.AppendNextAsync(store, gateway, CancellationToken.None);
            }

            await store.SealAsync();
        }

        using SqliteStore again = SqliteStore.Open(path, TimeProvider.System);
        Assert.Equal(0, await load.MissingAsync(again, load.Acknowledged()));
    }

    [DiskFact]
    public async Task A_disk_that_may_not_be_written_is_named_and_the_store_on_it_is_as_it_was_afterwards()
    {
        await using SnapshotDisk disk = await SnapshotDisk.MakeAsync(DiskMegabytes);
        using StoreLoad load = new();
        string path = Path.Combine(disk.Path, "metering.db");
        using (SqliteStore store = SqliteStore.Open(path, TimeProvider.System))
        {
            load.EnrolIn(store);
            for (int gateway = 0; gateway < load.Count; gateway++)
            {
                _ = await load.AppendNextAsync(store, gateway, CancellationToken.None);
            }
        }

        await disk.RemountAsync(isReadOnly: true);
        StoreException refused = Assert.Throws<StoreException>(() =>
        {
            using SqliteStore store = SqliteStore.Open(path, TimeProvider.System);
            store.BecomeWriter();
        });
        Assert.Equal(StoreException.CannotCreate, refused.ExitCode);
        Assert.Contains(disk.Path, refused.Message, StringComparison.Ordinal);
        await disk.RemountAsync(isReadOnly: false);
        using SqliteStore again = SqliteStore.Open(path, TimeProvider.System);
        Assert.Equal(0, await load.MissingAsync(again, load.Acknowledged()));
    }

    private static async Task<StoreException> FailAsync(StoreLoad load, SqliteStore store)
    {
        // What the file has in reserve may take some more.
        for (int count = 0; count < 10_000; count++)
        {
            try
            {
                _ = await load.AppendNextAsync(store, count % load.Count, CancellationToken.None);
            }
            catch (StoreException e)
            {
                return e;
            }
        }

        throw new Xunit.Sdk.XunitException("a full disk took 10,000 batches");
    }

    private static void Fill(string path)
    {
        byte[] block = new byte[64 * 1024];
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int length = block.Length; length > 0;)
        {
            try
            {
                file.Write(block, 0, length);
                file.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                length /= 2;
            }
        }
    }
}
