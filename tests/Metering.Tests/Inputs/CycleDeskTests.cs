using Metering.Analytics.Intervals;
using Metering.Gateway.Inputs;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Meters.Totalisers;
using Metering.Readings;
using Metering.Readings.Field;
using Xunit;

namespace Metering.Tests.Inputs;

/// <summary>What engine and people give, as it goes to the outbox and as the cloud reads it.</summary>
public sealed class CycleDeskTests : IDisposable
{
    private const long Quarter = 900_000;
    private static readonly long Start = new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly GatewayFolder _folder = new();
    private readonly List<Reading> _sent = [];
    private readonly List<string> _refused = [];
    private int _flushes;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_manual_reading_goes_with_the_next_cycle_at_its_own_instant_and_once()
    {
        _ = Enter("1234.5");
        using (CycleDesk desk = Open(out _))
        {
            Add(desk, 0, 1000);
            Add(desk, 1, 1010);
        }

        using (CycleDesk desk = Open(out _))
        {
            _ = Enter("1240.0", corrects: 1);
            Add(desk, 2, 1020);
        }

        Reading[] manual = [.. _sent.Where(reading => reading.ChannelIndex == 5)];
        long at = new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        Assert.Equal([new Reading(at, 12_345, 5, ReadingQuality.Good, true), new Reading(at, 12_400, 5, ReadingQuality.Good, true)], manual);
        Assert.Equal(2, _flushes);
        Assert.Empty(_refused);
    }

    [Fact]
    public void An_entry_of_a_channel_that_is_gone_or_that_somebody_edited_is_told_and_not_sent()
    {
        _ = Enter("1");
        string path = _folder.StateFile("events/00000001.note");
        File.WriteAllText(path, File.ReadAllText(path).Replace("value 10", "value 11", StringComparison.Ordinal));
        using CycleDesk desk = Open(out _);
        Add(desk, 0, 1000);
        Add(desk, 1, 1010);
        Assert.DoesNotContain(_sent, reading => reading.ChannelIndex == 5);
        Assert.Contains("BadSignature", Assert.Single(_refused), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6_000_000L, 3)]
    [InlineData(6_000_000L, 6)]
    [InlineData(0L, 3)]
    [InlineData(0L, 6)]
    public void A_recorded_change_of_meter_makes_the_cloud_s_total_exact_across_it(long initial, int toldAt)
    {
        using CycleDesk desk = Open(out TotaliserBank bank);
        long used = Run(desk, initial, toldAt);
        Assert.Equal((used, 0), ((long)bank[0]!.TotalSteps, bank[0]!.BreakCount));
        Assert.Equal(used, (long)Cloud().TotalScaled);
    }

    /// <summary>The control: without the record the use across the change is not in the total, and not invented either.</summary>
    [Theory]
    [InlineData(6_000_000L)]
    [InlineData(0L)]
    public void Without_the_record_less_is_known(long initial)
    {
        using CycleDesk desk = Open(out TotaliserBank bank);
        long used = Run(desk, initial, toldAt: null);
        Assert.Equal(1, bank[0]!.BreakCount);
        Assert.InRange((long)bank[0]!.TotalSteps, used - 200, used - 1);
        Assert.InRange((long)Cloud().TotalScaled, used - 400, used - 1);
    }

    [Fact]
    public void Two_changes_of_one_meter_entered_in_the_wrong_order_are_followed_in_the_order_of_time()
    {
        using CycleDesk desk = Open(out TotaliserBank bank);
        Add(desk, 0, 1000);
        Add(desk, 1, 1010);
        Swap("500.0", "70.0", Quarter + 600_000);
        Swap("105.0", "400.0", Quarter + 300_000);
        Add(desk, 2, 705);
        Add(desk, 3, 715);
        Assert.Equal((10 + 40 + 1000 + 15, 0), ((long)bank[0]!.TotalSteps, bank[0]!.BreakCount));
        Assert.Empty(_refused);

        void Swap(string final, string initial, long after) => _ = _folder.Book.Swap(new()
        {
            Meter = "mains", Final = final, Initial = initial, Operator = "Luis", At = DateTimeOffset.FromUnixTimeMilliseconds(Start + after).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null),
        });
    }

    [Fact]
    public void The_filters_go_on_after_a_restart()
    {
        using (CycleDesk desk = Open(out _))
        {
            Add(desk, 0, 1000);
            Add(desk, 1, 0);
        }

        using (CycleDesk desk = Open(out TotaliserBank bank))
        {
            Add(desk, 2, 1020);
            Assert.Equal(20, bank[0]!.TotalSteps);
        }

        Assert.Equal(["G", "U.reset", "G.glitch"], _sent.Select(reading => reading.Quality.ToString()));
    }

    [Fact]
    public void A_cycle_without_news_allocates_nothing_per_reading()
    {
        using CycleDesk desk = Open(out _, static (in CycleHeader _, ReadOnlySpan<Reading> _) => { });
        Reading[] cycle = new Reading[40];
        long allocated = 0;
        for (int slot = 0; slot < 3; slot++)
        {
            Array.Fill(cycle, new(Start + slot, 215, 1, ReadingQuality.Good, true));
            cycle[0] = new(Start + slot, 1000 + slot, 0, ReadingQuality.Good, true);
            long before = GC.GetAllocatedBytesForCurrentThread();
            desk.Add(new CycleHeader(Start + slot, ClockState.Synchronised, slot, Start), cycle);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // One look at one file name a cycle; forty readings could not hide in it.
        Assert.InRange(allocated, 0, 512);
    }

    // 100 steps a quarter of an hour; the old meter ends 40 steps after its last reading, the new one has counted 50 at its first.
    private long Run(CycleDesk desk, long initial, int? toldAt)
    {
        long register = 4_000_000;
        long used = 0;
        for (int slot = 0; slot < 8; slot++)
        {
            if (slot == 3)
            {
                register = initial + 50;
                used += 40 + 50;
            }
            else if (slot > 0)
            {
                register += 100;
                used += 100;
            }

            if (slot == toldAt)
            {
                _ = _folder.Book.Swap(new()
                {
                    Meter = "mains", Final = "400024.0", Initial = FieldNumbers.Text(initial, 1), Operator = "Luis",
                    At = DateTimeOffset.FromUnixTimeMilliseconds(Start + (2 * Quarter) + 400_000).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null),
                });
            }

            Add(desk, slot, register);
        }

        return used;
    }

    /// <summary>As the cloud does: the last word on an instant counts, good readings only, in order of time.</summary>
    private IntervalSeries Cloud()
    {
        Reading[] stored = [.. _sent.Where(reading => reading.ChannelIndex == 0).GroupBy(reading => reading.UtcMilliseconds).Select(same => same.Last()).OrderBy(reading => reading.UtcMilliseconds)];
        return IntervalBuilder.FromCounter(
            stored.Select(reading => reading.UtcMilliseconds).ToArray(),
            stored.Select(reading => reading.ScaledValue).ToArray(),
            stored.Select(reading => reading.HasValue && reading.Quality.IsGood).ToArray(),
            new CounterOptions { Step = IntervalStep.Hour, Exponent = 1, Modulus = 4_294_967_296, MaximumRatePerHour = 600 });
    }

    private FieldEntry Enter(string value, long? corrects = null) => _folder.Book.Add(new()
    {
        Channel = "effluent-lab.cod", Value = value, Unit = "mg/L", At = "2026-03-01T09:30Z", Operator = "Ana", Corrects = corrects,
    });

    private CycleDesk Open(out TotaliserBank bank, CycleSink? sink = null)
    {
        _ = Directory.CreateDirectory(_folder.Configuration.StateDirectory);
        bank = new TotaliserBank(_folder.Configuration.Channels, _folder.Configuration.LimitsOf);
        FieldDelivery delivery = new(_folder.Configuration.StateDirectory, "leon-tannery", _folder.KeyOf, _folder.Configuration.Channels, bank, _refused.Add);
        return new(bank, delivery, _folder.Configuration.StateDirectory, (sink ?? Take, () => _flushes++), _ => { });
    }

    private void Take(in CycleHeader header, ReadOnlySpan<Reading> readings)
    {
        foreach (Reading reading in readings)
        {
            Assert.Equal(header.SlotUtcMilliseconds, reading.UtcMilliseconds);
            _sent.Add(reading);
        }
    }

    private static void Add(CycleDesk desk, int slot, long register)
    {
        long at = Start + (slot * Quarter);
        desk.Add(new CycleHeader(at, ClockState.Synchronised, slot, at), [new Reading(at, register, 0, ReadingQuality.Good, HasValue: true)]);
    }
}
