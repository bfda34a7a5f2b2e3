using System.Globalization;
using Metering.Gateway.Outbox;
using Xunit;
using Xunit.Abstractions;

namespace Metering.EndToEnd.Disks;

/// <summary>
/// The plug of a gateway is pulled at random moments while it polls, signs and sends: every reading that was durable is there
/// once, no number is signed twice, and it starts by itself. METERING_POWER_CUTS sets the number of cuts, METERING_SEED the
/// seed of the moments.
/// </summary>
public sealed class GatewayPowerCutTests(ITestOutputHelper output)
{
    private const int DefaultCuts = 40;
    private const int ControlCuts = 12;
    private const int DefaultSeed = 20_260_402;
    private const int DiskMegabytes = 256;
    private const int LongestMoment = 120;

    [DiskFact]
    public async Task A_gateway_whose_power_is_cut_keeps_every_durable_reading_once_and_signs_no_number_twice() =>
        Assert.Equal(0, await CutAsync(PowerCutTests.Setting("METERING_POWER_CUTS", DefaultCuts), files: null, stopAtFirstLoss: false));

    [DiskFact]
    public async Task Without_the_flush_to_disk_power_cuts_lose_durable_readings()
    {
        // The control: the same cuts find the loss when the outbox does not wait for the disk.
        long missing = await CutAsync(ControlCuts, folder => new UnflushedFolder(folder), stopAtFirstLoss: true);
        Assert.True(missing > 0, "an outbox that never flushes survived every cut, so the cuts prove nothing");
    }

    private async Task<long> CutAsync(int cuts, Func<string, ISegmentFiles>? files, bool stopAtFirstLoss)
    {
        int seed = PowerCutTests.Setting("METERING_SEED", DefaultSeed);
        Random random = new(seed);
        await using SnapshotDisk disk = await SnapshotDisk.MakeAsync(DiskMegabytes);
        using GatewayLoad load = new(seed);
        List<(string Image, GatewayPromise Promised)> kept = [];
        GatewayOutbox outbox = load.Open(disk.Path, files);
        using (CancellationTokenSource end = new())
        {
            Task running = Task.Factory.StartNew(() => load.Run(outbox, end.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            for (int cut = 0; cut < cuts; cut++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestMoment)), TimeProvider.System);
                GatewayPromise promised = load.Promised();
                kept.Add((await disk.CutAsync(), promised));
            }

            await end.CancelAsync();
            await running;
            outbox.Dispose();
        }

        (long missing, int losses) = (0, 0);
        foreach ((string image, GatewayPromise promised) in kept)
        {
            string folder = await disk.OpenAsync(image);
            long lost = load.Missing(folder, promised);
            await disk.CloseAsync(image);
            missing += lost;
            losses += lost > 0 ? 1 : 0;
            if (lost > 0 && stopAtFirstLoss)
            {
                break;
            }
        }

        GatewayPromise all = load.Promised();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"METERING_SEED={seed}: {kept.Count} power cuts while {all.DurableCycles} cycles became durable and {all.Published} batches left; {losses} cuts lost {missing} promised readings or numbers"));
        return missing;
    }

    /// <summary>What a gateway without fsync would be. No setting of the product does this, on purpose.</summary>
    private sealed class UnflushedFolder(string folder) : ISegmentFiles
    {
        private readonly SegmentFolder _inner = new(folder);

        public long[] List() => _inner.List();

        public string NameOf(long segment) => _inner.NameOf(segment);

        public byte[] ReadAll(long segment) => _inner.ReadAll(segment);

        public bool TryRead(long segment, long offset, Span<byte> destination) => _inner.TryRead(segment, offset, destination);

        public ISegmentFile Create(long segment) => new Segment(new FileStream(NameOf(segment), FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));

        public ISegmentFile Open(long segment, long length) => _inner.Open(segment, length);

        public void Delete(long segment) => _inner.Delete(segment);

        private sealed class Segment(FileStream file) : ISegmentFile
        {
            public void Append(ReadOnlySpan<byte> bytes) => file.Write(bytes);

            public void Flush()
            {
                // Nothing: the bytes stay in the kernel's memory.
            }

            public void CutTo(long length) => file.SetLength(length);

            public void Dispose() => file.Dispose();
        }
    }
}
