using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Xunit;
using static Metering.Tests.Store.StoreBench;

namespace Metering.Tests.Store.Rollups;

public sealed class StoredRollupTests
{
    private const int DayCount = 100;
    private static readonly TimeZoneInfo MexicoCity = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");

    private static IntervalRequest QuarterHours => new() { Gateway = GatewayName, Channel = Energy, Step = RollupStep.QuarterHour, Zone = MexicoCity };

    [Fact]
    public async Task Rollups_outlive_the_process_and_say_the_same_as_before()
    {
        using StoreBench bench = await FilledAsync();
        IntervalReadings first = bench.Store.ReadIntervals(QuarterHours);
        bench.Reopen();
        IntervalReadings reader = bench.Store.ReadIntervals(QuarterHours);
        Assert.Equal((DayCount * 96) - 1, first.Count);
        Assert.True(reader.StoredMonths >= 3, $"only {reader.StoredMonths} months were stored");
        AssertSame(first, reader);
        Assert.Equal(first.KnownScaled.ToArray().Sum(), bench.All().ScaledValues[^1] - bench.All().ScaledValues[0]);
    }

    [Fact]
    public async Task Sealing_changes_no_interval()
    {
        using StoreBench bench = await FilledAsync(isSealed: false);
        IntervalReadings before = bench.Store.ReadIntervals(QuarterHours);
        await bench.Store.SealAsync();
        IntervalReadings after = bench.Store.ReadIntervals(QuarterHours);
        Assert.Equal(0, before.StoredMonths);
        AssertSame(before, after);
        AssertSame(before, bench.Store.ReadIntervals(QuarterHours));
    }

    [Fact]
    public async Task A_late_reading_makes_its_month_anew_and_no_other()
    {
        using StoreBench bench = await FilledAsync();
        IntervalReadings first = bench.Store.ReadIntervals(QuarterHours);
        IntervalReadings stored = bench.Store.ReadIntervals(QuarterHours);
        long instant = Start + (45 * Day) + 60_000;
        long value = bench.Store.Read(GatewayName, Energy, instant - 60_000, instant).ScaledValues[0] + 1;
        _ = await bench.AppendAsync(Good(instant, value), Good(Start + (45 * Day) + 120_000, value));
        IntervalReadings overlaid = bench.Store.ReadIntervals(QuarterHours);
        await bench.Store.SealAsync();
        IntervalReadings remade = bench.Store.ReadIntervals(QuarterHours);
        IntervalReadings again = bench.Store.ReadIntervals(QuarterHours);
        Assert.Equal(stored.ComputedMonths + 1, overlaid.ComputedMonths);
        Assert.Equal(stored.ComputedMonths + 1, remade.ComputedMonths);
        Assert.Equal(stored.ComputedMonths, again.ComputedMonths);
        AssertSame(overlaid, remade);
        AssertSame(remade, again);
        Assert.Equal(first.KnownScaled.ToArray().Sum(), again.KnownScaled.ToArray().Sum());
    }

    [Fact]
    public async Task Another_process_reads_rollups_and_stores_none()
    {
        using StoreBench bench = await FilledAsync();
        using SqliteStore other = SqliteStore.Open(bench.Path, TimeProvider.System);
        IntervalReadings computed = other.ReadIntervals(QuarterHours);
        Assert.Equal(0, other.ReadIntervals(QuarterHours).StoredMonths);
        Assert.Equal(0, other.RefreshRollups(GatewayName, Energy, MexicoCity));
        Assert.True(bench.Store.RefreshRollups(GatewayName, Energy, MexicoCity) > 9);
        Assert.Equal(0, bench.Store.RefreshRollups(GatewayName, Energy, MexicoCity));
        IntervalReadings stored = other.ReadIntervals(QuarterHours);
        Assert.True(stored.StoredMonths >= 3);
        AssertSame(computed, stored);
    }

    [Theory]
    [InlineData("UPDATE rollup SET data=substr(data, 1, 30) || x'00' || substr(data, 32)")]
    [InlineData("UPDATE rollup SET data=(SELECT data FROM rollup WHERE step=0 ORDER BY period LIMIT 1)")]
    [InlineData("UPDATE rollup SET data=x''")]
    [InlineData("UPDATE rollup SET source=x'00'")]
    public async Task A_damaged_rollup_is_never_served(string damage)
    {
        using StoreBench bench = await FilledAsync();
        IntervalReadings first = bench.Store.ReadIntervals(QuarterHours);
        _ = bench.Store.File.Write(session => session.Execute(damage));
        AssertSame(first, bench.Store.ReadIntervals(QuarterHours));
    }

    [Fact]
    public async Task Days_add_up_to_what_the_quarter_hours_hold()
    {
        using StoreBench bench = await FilledAsync();
        _ = bench.Store.ReadIntervals(QuarterHours);
        IntervalReadings days = bench.Store.ReadIntervals(QuarterHours with { Step = RollupStep.Day });
        Assert.Equal(bench.Store.ReadIntervals(QuarterHours).KnownScaled.ToArray().Sum(), days.KnownScaled.ToArray().Sum());
        long from = PlantCalendar.StartOfDay(new(2024, 2, 10), MexicoCity);
        IntervalReadings one = bench.Store.ReadIntervals(QuarterHours with { Step = RollupStep.Day, FromUtcMilliseconds = from, ToUtcMilliseconds = from + 1 });
        IntervalReadings quarters = bench.Store.ReadIntervals(QuarterHours with { FromUtcMilliseconds = from, ToUtcMilliseconds = from + Day });
        Assert.Equal((1, 96), (one.Count, quarters.Count));
        Assert.Equal(quarters.KnownScaled.ToArray().Sum(), one.KnownScaled[0]);
        Assert.Equal(1, one.Completeness(0));
    }

    [Fact]
    public async Task A_channel_without_readings_is_an_error_and_an_empty_range_is_not()
    {
        using StoreBench bench = new();
        _ = Assert.Throws<KeyNotFoundException>(() => bench.Store.ReadIntervals(QuarterHours));
        _ = await bench.AppendAsync(Good(Start, 1), Good(Start + Day, 2));
        Assert.Equal(0, bench.Store.ReadIntervals(QuarterHours with { FromUtcMilliseconds = Start + (9 * Day) }).Count);
        Assert.Equal(0, bench.Store.ReadIntervals(QuarterHours with { FromUtcMilliseconds = 5, ToUtcMilliseconds = 5 }).Count);
        Assert.Equal(96, bench.Store.ReadIntervals(QuarterHours).Count);
    }

    private static async Task<StoreBench> FilledAsync(bool isSealed = true)
    {
        StoreBench bench = new();
        Random random = new(7);
        long value = 1000;
        for (int day = 0; day < DayCount; day += 10)
        {
            Reading[] readings = new Reading[960];
            for (int slot = 0; slot < readings.Length; slot++)
            {
                value += random.Next(1, 40);
                readings[slot] = Good(Start + (day * Day) + (slot * 900_000L), value);
            }

            _ = await bench.AppendAsync(readings);
        }

        if (isSealed)
        {
            await bench.Store.SealAsync();
        }

        return bench;
    }

    private static void AssertSame(IntervalReadings expected, IntervalReadings actual)
    {
        Assert.Equal(expected.BordersUtcMilliseconds.ToArray(), actual.BordersUtcMilliseconds.ToArray());
        Assert.Equal(expected.KnownScaled.ToArray(), actual.KnownScaled.ToArray());
        Assert.Equal(expected.Value.ToArray(), actual.Value.ToArray());
        Assert.Equal(expected.Code.ToArray(), actual.Code.ToArray());
        Assert.Equal(expected.KnownMilliseconds.ToArray(), actual.KnownMilliseconds.ToArray());
    }
}
