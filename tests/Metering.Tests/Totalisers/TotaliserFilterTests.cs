using Metering.Meters.Totalisers;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Totalisers;

public sealed class TotaliserFilterTests
{
    private const long Start = 1_735_689_600_000;
    private const long Step = 60_000;

    // 600 steps an hour: 10 a minute, 11 with the margin, and one for the register's own step.
    private static readonly TotaliserLimits Rated = new() { Modulus = 65_536, MaximumStepsPerHour = 600 };

    [Fact]
    public void A_counter_that_rolls_over_yields_one_positive_interval()
    {
        TotaliserFilter filter = new(Rated);
        Assert.Equal(["G", "G", "U.rollover", "U.rollover", "G.rollover", "G"], Qualities(filter, 65_520, 65_530, 3, 9, 15, 20));
        Assert.Equal(36, filter.TotalSteps);
        Assert.Equal(0, filter.BreakCount);
    }

    [Fact]
    public void A_false_zero_is_dropped_and_never_counted_from()
    {
        TotaliserFilter filter = new(Rated);
        Assert.Equal(["G", "G", "U.reset", "G.glitch", "G"], Qualities(filter, 1000, 1010, 0, 1020, 1030));
        Assert.Equal(30, filter.TotalSteps);
    }

    [Fact]
    public void A_spike_is_dropped()
    {
        TotaliserFilter filter = new(Rated);
        Assert.Equal(["G", "G", "U.glitch", "U.glitch", "G.glitch"], Qualities(filter, 1000, 1010, 10_100, 10_110, 1035));
        Assert.Equal(35, filter.TotalSteps);
    }

    [Fact]
    public void A_reset_that_stays_needs_two_confirming_readings_and_its_own_use_is_unknown()
    {
        TotaliserFilter filter = new(Rated);
        Assert.Equal(["G", "G", "U.reset", "U.reset"], Qualities(filter, 1000, 1010, 4, 9));
        Assert.Equal((10, 0, 2, 5L), ((int)filter.TotalSteps, filter.BreakCount, filter.OpenReadingCount, filter.OpenSteps));
        Assert.Equal(["G.reset", "G"], QualitiesFrom(filter, 4, 15, 20));
        Assert.Equal((26, 1, 0), ((int)filter.TotalSteps, filter.BreakCount, filter.OpenReadingCount));
    }

    [Fact]
    public void Another_meter_with_a_higher_register_is_a_break_too()
    {
        TotaliserFilter filter = new(Rated);
        Assert.Equal(["G", "U.glitch", "U.glitch", "G.reset"], Qualities(filter, 1000, 50_000, 50_005, 50_010));
        Assert.Equal((10, 1), ((int)filter.TotalSteps, filter.BreakCount));
    }

    [Fact]
    public void A_false_low_that_lasts_long_enough_to_be_taken_for_a_reset_is_taken_back_exactly()
    {
        TotaliserFilter filter = new(Rated);
        string[] qualities = Qualities(filter, 1000, 1010, 0, 0, 0, 0, 1060, 1070, 1080, 1090);
        Assert.Equal(["G", "G", "U.reset", "U.reset", "G.reset", "G", "U.reset", "U.reset", "G.reset", "G"], qualities);
        Assert.Equal((90, 0), ((int)filter.TotalSteps, filter.BreakCount));
    }

    [Fact]
    public void A_gap_closes_with_its_total()
    {
        TotaliserFilter filter = new(Rated);
        _ = Qualities(filter, 1000, 1010);
        Reading after = filter.Take(Good(500, 5000), out TotaliserEvent happened);
        Assert.Equal(("G", TotaliserEventKind.GapClosed, 4000), (after.Quality.ToString(), happened.Kind, (int)filter.TotalSteps));
    }

    [Fact]
    public void A_register_that_stood_still_may_catch_up_at_once()
    {
        TotaliserFilter filter = new(Rated);
        Assert.Equal(["G", "G", "G", "G", "G.frozen"], Qualities(filter, 1000, 1000, 1000, 1000, 1040));
        Assert.Equal(40, filter.TotalSteps);
    }

    [Fact]
    public void Standing_still_longer_than_the_channel_may_is_marked_until_it_moves()
    {
        TotaliserFilter filter = new(Rated with { LongestStandstill = TimeSpan.FromMinutes(2) });
        Assert.Equal(["G", "G", "G", "U.frozen", "U.frozen", "G.frozen", "G"], Qualities(filter, 1000, 1000, 1000, 1000, 1000, 1005, 1010));
        Assert.Equal(["G", "G", "G", "G"], Qualities(new(Rated), 7, 7, 7, 7));
    }

    [Fact]
    public void A_duplicate_counts_once_a_late_reading_not_at_all_and_a_contradiction_is_told()
    {
        TotaliserFilter filter = new(Rated);
        _ = Qualities(filter, 1000, 1010, 1020);
        Assert.Equal("G", filter.Take(Good(2, 1020), out TotaliserEvent happened).Quality.ToString());
        Assert.Equal(TotaliserEventKind.Duplicate, happened.Kind);
        Assert.Equal("U.late", filter.Take(Good(1, 1010), out _).Quality.ToString());
        Assert.Equal("U.glitch", filter.Take(Good(2, 1021), out happened).Quality.ToString());
        Assert.Equal((TotaliserEventKind.Conflict, 20), (happened.Kind, (int)filter.TotalSteps));
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_stop_the_count()
    {
        TotaliserFilter filter = new(Rated);
        _ = Qualities(filter, 1000, 1010, 1020);
        Assert.Equal("G", filter.Take(Good(-500, 1030), out _).Quality.ToString());
        Assert.Equal("G", filter.Take(Good(-499, 1040), out _).Quality.ToString());
        Assert.Equal(40, filter.TotalSteps);
    }

    [Fact]
    public void Without_a_rate_the_fastest_rise_of_a_day_stands_in()
    {
        TotaliserFilter filter = new(new());
        long[] day = [.. Enumerable.Range(0, 100).Select(minute => 1000L + (10 * minute))];
        Assert.All(Qualities(filter, day), quality => Assert.Equal("G", quality));
        Assert.Equal(["U.glitch", "G.glitch", "U.glitch", "U.glitch", "G"], QualitiesFrom(filter, 100, 9_999_999, 2000, 3100, 3110, 3120));
        Assert.Equal(2120, filter.TotalSteps);
        Assert.Equal(["U.glitch", "U.glitch", "G.reset"], QualitiesFrom(filter, 105, 90_000_000, 90_000_010, 90_000_020));
        Assert.Equal((2140, 1), ((int)filter.TotalSteps, filter.BreakCount));
    }

    [Fact]
    public void A_lifetime_total_after_a_first_zero_is_no_use()
    {
        TotaliserFilter filter = new(new());
        Assert.Equal(["G", "G", "U.glitch", "U.glitch", "G.reset"], Qualities(filter, 0, 0, 123_456, 123_457, 123_459));
        Assert.Equal((3, 1), ((int)filter.TotalSteps, filter.BreakCount));
    }

    [Fact]
    public void A_register_that_moves_in_great_steps_is_not_called_a_spike()
    {
        TotaliserFilter filter = new(Rated with { RegisterStep = 1000 });
        Assert.Equal(["G", "G", "G"], Qualities(filter, 1000, 1000, 2000));
    }

    [Fact]
    public void What_the_register_cannot_show_is_bad_and_what_was_bad_stays_so()
    {
        TotaliserFilter filter = new(Rated);
        Assert.Equal(["G", "B.out-of-range", "B.out-of-range", "G"], Qualities(filter, 1000, -5, 65_536, 1030));
        Reading missing = Reading.Missing(Start + (9 * Step), 0, QualityReason.Timeout);
        Assert.Equal(missing, filter.Take(missing, out _));
        Assert.Equal(30, filter.TotalSteps);
    }

    [Fact]
    public void A_recorded_change_of_meter_keeps_the_total_exact_before_and_after_its_readings()
    {
        foreach (int toldAfter in new[] { 0, 1, 2, 3, 4 })
        {
            TotaliserFilter filter = new(Rated);
            _ = Qualities(filter, 1000, 1010);
            long[] later = [60_005, 60_010, 60_015, 60_020, 60_025];
            _ = QualitiesFrom(filter, 2, later[..toldAfter]);
            Assert.Equal(TotaliserEventKind.Replaced, filter.Replace(Start + Step + (Step / 2), 1014, 60_001).Kind);
            _ = QualitiesFrom(filter, 2 + toldAfter, later[toldAfter..]);
            Assert.Equal((38, 0, 0), ((int)filter.TotalSteps, filter.BreakCount, filter.OpenReadingCount));
        }
    }

    [Fact]
    public void A_final_register_below_what_was_read_is_refused_and_changes_nothing()
    {
        TotaliserFilter filter = new(Rated);
        _ = Qualities(filter, 1000, 1010);
        Assert.Equal(TotaliserEventKind.None, filter.Replace(Start + (2 * Step), 900, 0).Kind);
        Assert.Equal(["G"], QualitiesFrom(filter, 3, 1020));
    }

    [Fact]
    public void Judging_allocates_nothing()
    {
        CounterHistory history = new(7);
        TotaliserFilter filter = new(history.Limits);
        Reading[] readings = [.. history.Items.Select(item => item.Reading)];
        TakeAll(filter, readings);
        TotaliserFilter again = new(history.Limits);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TakeAll(again, readings);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_bank_remembers_its_channels_by_name_through_a_restart()
    {
        Channel[] channels = [ChannelOf("a.energy"), ChannelOf("b.energy")];
        TotaliserBank bank = new(channels, _ => Rated);
        Reading[] cycle = [Good(0, 1000), Good(0, 2000) with { ChannelIndex = 1 }];
        bank.Apply(cycle);
        Assert.Equal(2, bank.Events.Count);
        byte[] state = bank.Export();

        TotaliserBank next = new([channels[1], ChannelOf("c.energy")], _ => Rated);
        Assert.Equal(1, next.Import(state));
        Assert.Equal((2000L, null), (next[0]!.LastValue, next[1]!.LastValue));
        Assert.Equal(0, next.Import([1, 2, 3]));
        Assert.Equal(0, next.Import(state.AsSpan(0, state.Length - 1)));
    }

    private static void TakeAll(TotaliserFilter filter, Reading[] readings)
    {
        foreach (ref readonly Reading reading in readings.AsSpan())
        {
            _ = filter.Take(reading, out _);
        }
    }

    private static string[] Qualities(TotaliserFilter filter, params long[] values) => QualitiesFrom(filter, 0, values);

    private static string[] QualitiesFrom(TotaliserFilter filter, int first, params long[] values) =>
        [.. values.Select((value, index) => filter.Take(Good(first + index, value), out _).Quality.ToString())];

    private static Reading Good(int minute, long value) => new(Start + (minute * Step), value, 0, ReadingQuality.Good, HasValue: true);

    private static Channel ChannelOf(string id) => new()
    {
        Id = id, Meter = id[..1], Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Modulus = 65_536, Profile = "test/1",
    };
}
