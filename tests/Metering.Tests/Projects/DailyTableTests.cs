using Metering.Analytics.Intervals;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Projects;

public sealed class DailyTableTests
{
    private const long Hour = 3_600_000;

    private static readonly ChannelName Use = new("g", "m.use");
    private static readonly ChannelName Outside = new("g", "w.temperature");
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");

    private static readonly Project Sample = new()
    {
        Id = "p",
        Plant = new("plant", new("p", "p"), "tannery", "Guanajuato", Zone, IsSimulated: true),
        Title = new("t", "t"),
        Measure = new("m", "m"),
        Resource = Resource.Electricity,
        Use = Use,
        Drivers = [new("cooling", DriverKind.Above, Outside, 18), new("workday", DriverKind.Workday, null, 0)],
        Baseline = new(new(2025, 1, 1), new(2025, 1, 5)),
        Installation = new(new(2025, 1, 6), new(2025, 1, 6)),
        Reporting = new(new(2025, 1, 7), new(2025, 1, 9)),
        ConfidencePercent = 90,
    };

    [Fact]
    public void Days_are_those_of_the_plant_and_use_is_the_difference_of_the_register()
    {
        IReadOnlyList<ProjectDay> days = Build(_ => true, hours: 24 * 9);
        Assert.Equal(9, days.Count);
        Assert.All(days, day => Assert.Equal(DayState.Measured, day.State));
        Assert.All(days, day => Assert.Equal(24, day.Use, 9));
        Assert.Equal([0, 1, 1, 1, 0], days.Take(5).Select(day => day.Drivers[1])); // New Year, then Thursday to Sunday
        Assert.Equal(DayPhase.Installation, days[5].Phase);
    }

    [Fact]
    public void A_momentary_value_is_no_use()
    {
        long[] instants = [.. Enumerable.Range(0, 24 * 9).Select(hour => PlantCalendar.StartOfDay(new(2025, 1, 1), Zone) + (hour * Hour))];
        Channel gauge = new() { Id = "m.use", Meter = "m", Unit = "degC", Kind = ChannelKind.Gauge, DecimalPlaces = 1, Profile = "simulated/1" };
        ChannelReadings readings = new(gauge, instants, [.. instants.Select((_, hour) => (long)(200 + (hour % 24)))], [.. instants.Select(_ => true)]);
        Assert.All(DailyTable.Build(Sample, new Dictionary<ChannelName, ChannelReadings> { [Use] = readings }), day => Assert.True(double.IsNaN(day.Use)));
    }

    [Fact]
    public void Degrees_above_a_base_are_cut_before_they_are_averaged()
    {
        ProjectDay day = Build(_ => true, hours: 24 * 9)[2];
        Assert.Equal(3, day.Drivers[0], 1); // half the day at 24, half at 12: 6 and 0
    }

    [Fact]
    public void A_long_gap_over_midnight_leaves_both_of_its_days_unknown()
    {
        IReadOnlyList<ProjectDay> days = Build(hour => hour is < 44 or > 54, hours: 24 * 9);
        Assert.Equal(DayState.Missing, days[1].State);
        Assert.Equal(DayState.Missing, days[2].State);
        Assert.True(double.IsNaN(days[1].Use));
        Assert.Equal(DayState.Measured, days[3].State);
    }

    [Fact]
    public void A_gap_between_two_read_midnights_costs_nothing()
    {
        ProjectDay day = Build(hour => hour is < 30 or > 40, hours: 24 * 9)[1];
        Assert.Equal(DayState.Measured, day.State);
        Assert.Equal(24, day.Use, 9);
    }

    [Fact]
    public void A_short_gap_over_midnight_is_told_apart_from_a_day_measured_in_full()
    {
        IReadOnlyList<ProjectDay> days = Build(hour => hour is not (48 or 49), hours: 24 * 9);
        Assert.Equal(DayState.Allocated, days[1].State);
        Assert.Equal(24, days[1].Use, 9);
    }

    [Fact]
    public void Days_after_the_last_reading_are_ahead_and_not_missing()
    {
        IReadOnlyList<ProjectDay> days = Build(_ => true, hours: 24 * 4 + 5);
        Assert.Equal(DayState.Measured, days[3].State);
        Assert.All(days.Skip(4), day => Assert.Equal(DayState.Ahead, day.State));
    }

    [Fact]
    public void A_day_without_its_driver_is_told_apart_from_a_day_without_use()
    {
        IReadOnlyList<ProjectDay> days = DailyTable.Build(Sample, new Dictionary<ChannelName, ChannelReadings> { [Use] = Register(_ => true, 24 * 9) });
        Assert.All(days, day => Assert.Equal(DayState.DriverMissing, day.State));
    }

    [Fact]
    public void Without_any_reading_every_day_is_ahead() =>
        Assert.All(DailyTable.Build(Sample, new Dictionary<ChannelName, ChannelReadings>()), day => Assert.Equal(DayState.Ahead, day.State));

    private static IReadOnlyList<ProjectDay> Build(Func<int, bool> isRead, int hours) => DailyTable.Build(
        Sample, new Dictionary<ChannelName, ChannelReadings> { [Use] = Register(isRead, hours), [Outside] = Temperature(hours) });

    // One unit an hour, read on the hour from local midnight of the first day.
    private static ChannelReadings Register(Func<int, bool> isRead, int hours)
    {
        int[] read = [.. Enumerable.Range(0, hours + 1).Where(isRead)];
        Channel channel = new() { Id = Use.Channel, Meter = "m", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Profile = "p/1" };
        return new(channel, [.. read.Select(Instant)], [.. read.Select(hour => 1000L + (hour * 10))], [.. read.Select(_ => true)]);
    }

    private static ChannelReadings Temperature(int hours)
    {
        int[] read = [.. Enumerable.Range(0, hours + 1)];
        Channel channel = new() { Id = Outside.Channel, Meter = "w", Unit = "degC", Kind = ChannelKind.Gauge, DecimalPlaces = 0, Profile = "p/1" };
        return new(channel, [.. read.Select(Instant)], [.. read.Select(hour => hour % 24 < 12 ? 24L : 12L)], [.. read.Select(_ => true)]);
    }

    private static long Instant(int hour) => PlantCalendar.StartOfDay(Sample.Baseline.First, Zone) + (hour * Hour);
}
