using System.Buffers.Binary;
using Metering.Gateway.Outbox;
using Xunit;

namespace Metering.Tests.GatewayHost;

/// <summary>The framed log on a simulated disk. METERING_CRASH_POINTS sets the number, METERING_SEED the first seed.</summary>
public sealed class CrashPointTests
{
    private const int DefaultCrashPoints = 20_000;
    private const int DefaultSeed = 20_260_404;
    private const long SegmentLength = 3_000;
    private const int LargestPayload = 1_500;

    private static readonly int Points = Setting("METERING_CRASH_POINTS", DefaultCrashPoints);
    private static readonly int FirstSeed = Setting("METERING_SEED", DefaultSeed);

    [Fact]
    public void At_every_crash_point_all_committed_frames_are_there_once_and_unchanged()
    {
        for (int seed = FirstSeed; seed < FirstSeed + Points; seed++)
        {
            Random random = new(seed);
            SimulatedDisk disk = new(random);
            SortedDictionary<long, byte[]> written = [];
            HashSet<long> durable = [];
            for (int life = random.Next(1, 4); life > 0; life--)
            {
                // What an earlier cut left is durable since the log was opened again.
                durable.Clear();
                using FramedLog log = FramedLog.Open(disk, SegmentLength, (address, _) => durable.Add(address.Sequence));
                disk.PowerFailsAtFlush = random.Next(2) == 0;
                Live(log, disk, random, written, durable);
                disk = disk.Cut();
                Check(disk, written, durable, $"METERING_SEED={seed}");
            }
        }
    }

    [Fact]
    public void A_log_that_calls_frames_durable_before_the_flush_is_found_out()
    {
        // The control: what was appended but not committed is taken for durable.
        bool found = false;
        for (int seed = FirstSeed; seed < FirstSeed + 200 && !found; seed++)
        {
            Random random = new(seed);
            SimulatedDisk disk = new(random) { FlushesUntilFailure = 0 };
            SortedDictionary<long, byte[]> written = [];
            FramedLog log = FramedLog.Open(disk, SegmentLength, (_, _) => { });
            long sequence = Append(log, random, written);
            try
            {
                log.Commit();
            }
            catch (DiskFlushException)
            {
                found = FramesOf(disk.Cut()).Count < sequence;
            }
        }

        Assert.True(found, "no crash point lost a frame that was never flushed, so the simulated disk proves nothing");
    }

    [Fact]
    public void A_flush_that_fails_is_never_tried_again()
    {
        for (int seed = FirstSeed; seed < FirstSeed + (Points / 10); seed++)
        {
            Random random = new(seed);
            SimulatedDisk disk = new(random) { FlushesUntilFailure = random.Next(6) };
            SortedDictionary<long, byte[]> written = [];
            FramedLog log = FramedLog.Open(disk, SegmentLength, (_, _) => { });
            HashSet<long> durable = [];
            try
            {
                while (true)
                {
                    Live(log, disk, random, written, durable);
                }
            }
            catch (DiskFlushException)
            {
                _ = Assert.Throws<IOException>(() => log.Append([1]));
                Assert.Equal(0, disk.WritesAfterFailure);
                Check(disk.Cut(), written, durable, $"METERING_SEED={seed}");
            }
        }
    }

    [Fact]
    public void One_rotten_bit_costs_one_frame_and_is_reported()
    {
        for (int seed = FirstSeed; seed < FirstSeed + (Points / 10); seed++)
        {
            Random random = new(seed);
            SimulatedDisk disk = new(random);
            SortedDictionary<long, byte[]> written = [];
            FramedLog log = FramedLog.Open(disk, SegmentLength, (_, _) => { });
            HashSet<long> durable = [];
            Live(log, disk, random, written, durable);
            disk.Rot();

            List<long> left = [];
            FramedLog again = FramedLog.Open(disk, SegmentLength, (address, payload) =>
            {
                Assert.True(payload.SequenceEqual(written[address.Sequence]), $"METERING_SEED={seed}: frame {address.Sequence} is another");
                left.Add(address.Sequence);
            });
            Assert.Equal(durable.Count - 1, left.Count);
            Assert.True(again.Damages.Count == 1 || again.TornLength > 0, $"METERING_SEED={seed}: the damage is not reported");
        }
    }

    // Appends and commits for a while; the power may fail in the last flush.
    private static void Live(FramedLog log, SimulatedDisk disk, Random random, SortedDictionary<long, byte[]> written, HashSet<long> durable)
    {
        bool powerFails = disk.PowerFailsAtFlush;
        int commits = random.Next(1, 6);
        for (int commit = 0; commit < commits; commit++)
        {
            List<long> appended = [];
            for (int frames = random.Next(1, 5); frames > 0; frames--)
            {
                appended.Add(Append(log, random, written));
            }

            disk.PowerFailsAtFlush = powerFails && commit == commits - 1;
            try
            {
                log.Commit();
            }
            catch (SimulatedDisk.PowerFailedException)
            {
                return;
            }

            durable.UnionWith(appended);
        }
    }

    private static long Append(FramedLog log, Random random, SortedDictionary<long, byte[]> written)
    {
        byte[] payload = new byte[random.Next(8, LargestPayload)];
        random.NextBytes(payload);
        BinaryPrimitives.WriteInt64BigEndian(payload, log.NextSequence);
        long sequence = log.Append(payload).Sequence;
        written[sequence] = payload;
        return sequence;
    }

    private static void Check(SimulatedDisk disk, SortedDictionary<long, byte[]> written, HashSet<long> durable, string what)
    {
        Dictionary<long, byte[]> frames = FramesOf(disk);
        foreach ((long sequence, byte[] payload) in frames)
        {
            Assert.True(written.TryGetValue(sequence, out byte[]? expected) && payload.AsSpan().SequenceEqual(expected), $"{what}: frame {sequence} was never written like this");
        }

        foreach (long sequence in durable)
        {
            Assert.True(frames.ContainsKey(sequence), $"{what}: the committed frame {sequence} is lost");
        }
    }

    private static Dictionary<long, byte[]> FramesOf(SimulatedDisk disk)
    {
        Dictionary<long, byte[]> frames = [];
        using FramedLog log = FramedLog.Open(disk, SegmentLength, (address, payload) => frames.Add(address.Sequence, payload.ToArray()));
        return frames;
    }

    private static int Setting(string name, int byDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), System.Globalization.NumberStyles.Integer, System.Globalization.CultureInfo.InvariantCulture, out int value) ? value : byDefault;
}
