using System.Globalization;
using System.Reflection;
using Metering.Store.Sqlite;
using Xunit;
using Xunit.Abstractions;

namespace Metering.EndToEnd.Disks;

/// <summary>
/// The plug is pulled at random moments while batches pour into the store: what was acknowledged is there, nothing is there
/// twice, and the store opens by itself. METERING_POWER_CUTS sets the number of cuts, METERING_SEED the seed of the moments.
/// </summary>
public sealed class PowerCutTests(ITestOutputHelper output)
{
    private const int DefaultCuts = 40;
    private const int ControlCuts = 20;
    private const int DefaultSeed = 20_260_201;
    private const int DiskMegabytes = 512;
    private const int LongestMoment = 120;

    [DiskFact]
    public async Task A_store_whose_power_is_cut_holds_every_acknowledged_batch_once()
    {
        int cuts = Setting("METERING_POWER_CUTS", DefaultCuts);
        long missing = await CutAsync(cuts, _ => { }, stopAtFirstLoss: false);
        Assert.Equal(0, missing);
    }

    [DiskFact]
    public async Task Without_the_flush_to_disk_power_cuts_lose_acknowledged_batches()
    {
        // The control: the same cuts find the loss when the store does not wait for the disk.
        long missing = await CutAsync(ControlCuts, SwitchSyncOff, stopAtFirstLoss: true);
        Assert.True(missing > 0, "a store that never flushes survived every cut, so the cuts prove nothing");
    }

    private async Task<long> CutAsync(int cuts, Action<SqliteStore> prepare, bool stopAtFirstLoss)
    {
        int seed = Setting("METERING_SEED", DefaultSeed);
        Random random = new(seed);
        await using SnapshotDisk disk = await SnapshotDisk.MakeAsync(DiskMegabytes);
        using StoreLoad load = new();
        List<(string Image, long[] Acknowledged)> kept = [];
        using (SqliteStore store = SqliteStore.Open(Path.Combine(disk.Path, "metering.db"), TimeProvider.System))
        {
            load.EnrolIn(store);
            prepare(store);
            using CancellationTokenSource end = new();
            Task running = load.RunAsync(store, end.Token);
            for (int cut = 0; cut < cuts; cut++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestMoment)), TimeProvider.System);
                if (cut % 4 == 3)
                {
                    // In the middle of sealing, too.
                    _ = store.SealAsync();
                }

                long[] acknowledged = load.Acknowledged();
                kept.Add((await disk.CutAsync(), acknowledged));
            }

            await end.CancelAsync();
            await running;
        }

        long missing = 0;
        int losses = 0;
        foreach ((string image, long[] acknowledged) in kept)
        {
            string folder = await disk.OpenAsync(image);
            long lost = await MissingAsync(load, Path.Combine(folder, "metering.db"), acknowledged);
            await disk.CloseAsync(image);
            missing += lost;
            losses += lost > 0 ? 1 : 0;
            if (lost > 0 && stopAtFirstLoss)
            {
                break;
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"METERING_SEED={seed}: {kept.Count} power cuts while {load.Acknowledged().Sum()} batches were stored; {losses} cuts lost {missing} acknowledged batches"));
        return missing;
    }

    private static async Task<long> MissingAsync(StoreLoad load, string path, long[] acknowledged)
    {
        if (!File.Exists(path))
        {
            return acknowledged.Sum();
        }

        using SqliteStore store = SqliteStore.Open(path, TimeProvider.System);
        return await load.MissingAsync(store, acknowledged);
    }

    // No setting of the product does this, on purpose.
    private static void SwitchSyncOff(SqliteStore store)
    {
        FieldInfo writer = typeof(SqliteFile).GetField("_writer", BindingFlags.Instance | BindingFlags.NonPublic)!;
        SqliteSession session = (SqliteSession)writer.GetValue(store.File)!;
        _ = session.Execute("PRAGMA synchronous=OFF");
        Assert.Equal(0, session.Scalar("PRAGMA synchronous"));
    }

    internal static int Setting(string name, int byDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : byDefault;
}
