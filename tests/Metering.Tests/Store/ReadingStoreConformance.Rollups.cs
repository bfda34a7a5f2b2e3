using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Maintenance;
using Xunit;
using static Metering.Tests.Store.StoreGateway;

namespace Metering.Tests.Store;

/// <content>Intervals, rollups, versions, and what the store tells of itself.</content>
public abstract partial class ReadingStoreConformance
{
    private const int DayCount = 100;
    private static readonly TimeZoneInfo MexicoCity = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");

    private static IntervalRequest QuarterHours => new() { Gateway = GatewayName, Channel = Energy, Step = RollupStep.QuarterHour, Zone = MexicoCity };

    [StoreFact]
    public async Task Rollups_outlive_the_process_and_say_the_same_as_before()
    {
        await FillAsync();
        IntervalReadings first = Store.ReadIntervals(QuarterHours);
        Reopen();
        IntervalReadings reader = Store.ReadIntervals(QuarterHours);
        Assert.Equal((DayCount * 96) - 1, first.Count);
        Assert.True(reader.StoredMonths >= 3, $"only {reader.StoredMonths} months were stored");
        AssertSame(first, reader);
        Assert.Equal(first.KnownScaled.ToArray().Sum(), All().ScaledValues[^1] - All().ScaledValues[0]);
    }

    [StoreFact]
    public async Task No_difference_is_taken_across_a_reading_with_which_the_register_began_anew()
    {
        const long Quarter = 900_000;
        Reading[] readings = [.. Enumerable.Range(0, 8).Select(slot => Good(Start + (slot * Quarter), 100 + slot))];

        // A pulse input that lost its count shows more than before by chance.
        readings[4] = readings[4] with { Quality = ReadingQuality.Of(QualityClass.Good, QualityReason.Reset), ScaledValue = 500 };
        for (int slot = 5; slot < readings.Length; slot++)
        {
            readings[slot] = readings[slot] with { ScaledValue = 500 + slot - 4 };
        }

        _ = await SendAsync(readings);
        IntervalReadings unsealed = Store.ReadIntervals(QuarterHours);
        await Store.SealAsync();
        IntervalReadings intervals = Store.ReadIntervals(QuarterHours);
        AssertSame(unsealed, intervals);
        Assert.Equal([1, 1, 1, 0, 1, 1, 1], intervals.KnownScaled.ToArray());
    }

    [StoreFact]
    public async Task Sealing_changes_no_interval()
    {
        await FillAsync(isSealed: false);
        IntervalReadings before = Store.ReadIntervals(QuarterHours);
        await Store.SealAsync();
        IntervalReadings after = Store.ReadIntervals(QuarterHours);
        Assert.Equal(0, before.StoredMonths);
        AssertSame(before, after);
        AssertSame(before, Store.ReadIntervals(QuarterHours));
    }

    [StoreFact]
    public async Task A_late_reading_makes_its_month_anew_and_no_other()
    {
        await FillAsync();
        IntervalReadings first = Store.ReadIntervals(QuarterHours);
        IntervalReadings stored = Store.ReadIntervals(QuarterHours);
        long instant = Start + (45 * Day) + 60_000;
        long value = Store.Read(GatewayName, Energy, instant - 60_000, instant).ScaledValues[0] + 1;
        _ = await SendAsync(Good(instant, value), Good(Start + (45 * Day) + 120_000, value));
        IntervalReadings overlaid = Store.ReadIntervals(QuarterHours);
        await Store.SealAsync();
        IntervalReadings remade = Store.ReadIntervals(QuarterHours);
        IntervalReadings again = Store.ReadIntervals(QuarterHours);
        Assert.Equal(stored.ComputedMonths + 1, overlaid.ComputedMonths);
        Assert.Equal(stored.ComputedMonths + 1, remade.ComputedMonths);
        Assert.Equal(stored.ComputedMonths, again.ComputedMonths);
        AssertSame(overlaid, remade);
        AssertSame(remade, again);
        Assert.Equal(first.KnownScaled.ToArray().Sum(), again.KnownScaled.ToArray().Sum());
    }

    [StoreFact]
    public async Task Another_process_reads_rollups_and_stores_none()
    {
        await FillAsync();
        using IReadingStore other = House.Open();
        IntervalReadings computed = other.ReadIntervals(QuarterHours);
        Assert.Equal(0, other.ReadIntervals(QuarterHours).StoredMonths);
        Assert.Equal(0, other.RefreshRollups(GatewayName, Energy, MexicoCity));
        Assert.True(Store.RefreshRollups(GatewayName, Energy, MexicoCity) > 9);
        Assert.Equal(0, Store.RefreshRollups(GatewayName, Energy, MexicoCity));
        IntervalReadings stored = other.ReadIntervals(QuarterHours);
        Assert.True(stored.StoredMonths >= 3);
        AssertSame(computed, stored);
    }

    [StoreTheory]
    [InlineData(RollupDamage.Byte)]
    [InlineData(RollupDamage.Empty)]
    [InlineData(RollupDamage.Exchanged)]
    [InlineData(RollupDamage.Source)]
    public async Task A_damaged_rollup_is_never_served(RollupDamage damage)
    {
        await FillAsync();
        IntervalReadings first = Store.ReadIntervals(QuarterHours);
        House.Damage(damage);
        AssertSame(first, Store.ReadIntervals(QuarterHours));
    }

    [StoreFact]
    public async Task Days_add_up_to_what_the_quarter_hours_hold()
    {
        await FillAsync();
        _ = Store.ReadIntervals(QuarterHours);
        IntervalReadings days = Store.ReadIntervals(QuarterHours with { Step = RollupStep.Day });
        Assert.Equal(Store.ReadIntervals(QuarterHours).KnownScaled.ToArray().Sum(), days.KnownScaled.ToArray().Sum());
        long from = PlantCalendar.StartOfDay(new(2024, 2, 10), MexicoCity);
        IntervalReadings one = Store.ReadIntervals(QuarterHours with { Step = RollupStep.Day, FromUtcMilliseconds = from, ToUtcMilliseconds = from + 1 });
        IntervalReadings quarters = Store.ReadIntervals(QuarterHours with { FromUtcMilliseconds = from, ToUtcMilliseconds = from + Day });
        Assert.Equal((1, 96), (one.Count, quarters.Count));
        Assert.Equal(quarters.KnownScaled.ToArray().Sum(), one.KnownScaled[0]);
        Assert.Equal(1, one.Completeness(0));
    }

    [StoreFact]
    public async Task A_channel_without_readings_is_an_error_and_an_empty_range_is_not()
    {
        _ = Assert.Throws<KeyNotFoundException>(() => Store.ReadIntervals(QuarterHours));
        _ = await SendAsync(Good(Start, 1), Good(Start + Day, 2));
        Assert.Equal(0, Store.ReadIntervals(QuarterHours with { FromUtcMilliseconds = Start + (9 * Day) }).Count);
        Assert.Equal(0, Store.ReadIntervals(QuarterHours with { FromUtcMilliseconds = 5, ToUtcMilliseconds = 5 }).Count);
        Assert.Equal(96, Store.ReadIntervals(QuarterHours).Count);
    }

    [StoreFact]
    public async Task A_gauge_of_binary_values_keeps_its_form_and_has_intervals()
    {
        Channel[] channels = [Channels[1] with { DecimalPlaces = 0, Form = ValueForm.Binary64 }];
        Reading[] readings = new Reading[3 * 96];
        for (int slot = 0; slot < readings.Length; slot++)
        {
            Assert.True(channels[0].TryToScaled((slot % 2 == 0 ? -1 : 1) * (slot + (1 / 3.0)), out long value));
            readings[slot] = Good(Start + (slot * 300_000L), value);
        }

        Assert.Equal(AppendOutcome.Stored, await AppendAsync(Store, _gateway.Next(readings, channels)));
        IntervalRequest request = new() { Gateway = GatewayName, Channel = channels[0].Id, Step = RollupStep.QuarterHour, Zone = MexicoCity };
        IntervalReadings unsealed = Store.ReadIntervals(request);
        await Store.SealAsync();
        Reopen();
        Assert.Equal(channels[0], All(channels[0].Id).Channel);
        IntervalReadings intervals = Store.ReadIntervals(request);
        AssertSame(unsealed, intervals);
        Assert.Equal((96, 3), (intervals.Count, intervals.ReadingCount[1]));
        Assert.Equal((-(4 + (1 / 3.0)), 5 + (1 / 3.0)), (channels[0].ToDouble(intervals.MinimumScaled[1]), channels[0].ToDouble(intervals.MaximumScaled[1])));
        Assert.InRange(intervals.Value[1], -(4 + (1 / 3.0)), 5 + (1 / 3.0));
    }

    [StoreFact]
    public async Task Any_change_of_a_reading_changes_the_version_and_nothing_else_does()
    {
        await FillAsync();
        List<string> versions = [Version()];
        Assert.Equal(versions[0], Version());
        Reading first = Good(Start, All().ScaledValues[0]);
        foreach (Reading change in (Reading[])
            [
                first with { ScaledValue = first.ScaledValue + 1 },
                first,
                first with { Quality = ReadingQuality.Uncertain(QualityReason.Late) },
                Reading.Missing(Start, 0, QualityReason.Crc),
                first with { UtcMilliseconds = Start + 1 },
            ])
        {
            _ = await SendAsync(change);
            string unsealed = Version();
            await Store.SealAsync();
            Assert.Equal(unsealed, Version());
            Assert.Equal(unsealed, Version());
            versions.Add(unsealed);
        }

        // The second change put back what was there in the beginning.
        Assert.Equal(versions[0], versions[2]);
        Assert.Equal(5, versions.Distinct().Count());
        _ = await SendAsync(Good(Start + (70 * Day) + 3, 5));
        Assert.Equal(versions[^1], Version());

        string Version() => Store.VersionOf(GatewayName, Energy, Start, Start + (50 * Day));
    }

    [StoreFact]
    public async Task A_sound_store_verifies_sealed_or_not()
    {
        await FillAsync();
        _ = Store.ReadIntervals(QuarterHours);
        VerificationReport report = Verify();
        Assert.Empty(report.Differences);
        Assert.Equal((10, 10 * 960, DayCount), (report.Batches, report.Readings, report.Chunks));
        Assert.True(report.FreshRollups >= 3 && report.StaleRollups == 0, $"{report.FreshRollups} fresh, {report.StaleRollups} stale");
        _ = await SendAsync(Good(Start + 17, 5), Good(Start + (20 * Day) + 17, 6));
        Assert.Empty(Verify().Differences);
        await Store.SealAsync();
        VerificationReport late = Verify();
        Assert.Empty(late.Differences);
        Assert.True(late.StaleRollups > 0);
        StoreInfo info = Store.Info();
        Assert.Equal((11, 11, 11, DayCount, 9602), (info.Batches, info.LastSequence, info.SealedThrough, info.Chunks, info.SealedReadings));
        Assert.True(info.FileLength > info.ChunkLength && info.ChunkLength > 0 && info.Rollups > 0 && info.RollupLength > 0);
    }

    [StoreTheory]
    [InlineData(ChunkDamage.Byte, "does not fit its check sum", DayCount)]
    [InlineData(ChunkDamage.Exchanged, "does not fit its check sum", DayCount - 1)]
    [InlineData(ChunkDamage.CountTooHigh, "does not fit its check sum", DayCount)]
    public async Task Verification_finds_every_damaged_chunk(ChunkDamage damage, string difference, int count)
    {
        await FillAsync();
        House.Damage(damage);
        VerificationReport report = Verify();
        Assert.Equal(count, report.DifferenceCount);
        Assert.All(report.Differences, found => Assert.Contains(difference, found, StringComparison.Ordinal));
    }

    [StoreFact]
    public async Task A_rebuilt_store_has_the_same_bytes_however_it_was_sealed_and_damaged()
    {
        await FillAsync();
        _ = await SendAsync(Good(Start + 17, 5), Good(Start + (20 * Day), 7), Reading.Missing(Start + (20 * Day) + 1, 0, QualityReason.Crc));
        await Store.SealAsync();
        _ = Store.ReadIntervals(QuarterHours);
        string before = House.Chunks();
        string version = Store.VersionOf(GatewayName, Energy, 0, long.MaxValue);
        StoredChannel channel = Store.Channels()[0];
        _ = await SendAsync(Good(Start + (150 * Day), 8));
        _store!.Dispose();
        House.Damage(ChunkDamage.Byte);
        Assert.Equal(DayCount + 1, House.Rebuild());
        Assert.StartsWith(before, House.Chunks(), StringComparison.Ordinal);
        Reopen();
        Assert.Equal(channel with { Count = channel.Count + 1, LastUtcMilliseconds = Start + (150 * Day) }, Store.Channels()[0]);
        Assert.Equal(version, Store.VersionOf(GatewayName, Energy, 0, Start + (150 * Day)));
        Assert.Equal((0, 12), (Store.Info().Rollups, Store.Info().SealedThrough));
        Assert.Empty(Verify().Differences);
        _ = await SendAsync(Good(Start + (150 * Day) + 1, 9));
        await Store.SealAsync();
        Assert.Equal([8, 9], Store.Read(GatewayName, Energy, Start + (150 * Day), long.MaxValue).ScaledValues);
        Assert.Equal(13, Store.Info().SealedThrough);
        Assert.Empty(Verify().Differences);
    }

    private VerificationReport Verify() => Store.Verify((_, _, _) => { }, CancellationToken.None);

    private async Task FillAsync(bool isSealed = true)
    {
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

            _ = await SendAsync(readings);
        }

        if (isSealed)
        {
            await Store.SealAsync();
        }
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
