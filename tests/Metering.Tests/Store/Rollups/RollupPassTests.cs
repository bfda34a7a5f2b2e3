using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Rollups;
using Xunit;

namespace Metering.Tests.Store.Rollups;

public sealed class RollupPassTests
{
    private const int Days = 130;
    private static readonly TimeZoneInfo[] Zones =
    [
        TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City"),
        TimeZoneInfo.FindSystemTimeZoneById("America/Tijuana"),
        TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata"),
        TimeZoneInfo.Utc,
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("METERING_LONG") == "1" ? 2000 : 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Months_put_together_equal_one_pass_over_a_counters_whole_history(int seed) => Compare(seed, ChannelKind.Counter);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Months_put_together_equal_one_pass_over_a_gauges_whole_history(int seed) => Compare(seed, ChannelKind.Gauge);

    [Fact]
    public void Closed_months_are_served_as_stored_and_only_changed_ones_are_made_again()
    {
        RollupHistory history = new(seed: 2, ChannelKind.Gauge, Days);
        IntervalRequest request = Request(RollupStep.QuarterHour, Zones[0]);
        IntervalReadings first = history.FromRollups(request);
        IntervalReadings second = history.FromRollups(request);
        Assert.Equal((6, 0), (first.ComputedMonths, first.StoredMonths));
        Assert.Equal((1, 5), (second.ComputedMonths, second.StoredMonths));
    }

    [Fact]
    public void A_month_with_unsealed_readings_is_computed_and_not_stored()
    {
        RollupHistory history = new(seed: 2, ChannelKind.Gauge, Days);
        IntervalRequest request = Request(RollupStep.Hour, Zones[0]);
        _ = history.FromRollups(request, unsealedFromDay: (RollupHistory.Start / 86_400_000) + 40);
        IntervalReadings second = history.FromRollups(request);
        Assert.Equal(2, second.StoredMonths);
    }

    private static IntervalRequest Request(RollupStep step, TimeZoneInfo zone) => new() { Gateway = "g", Channel = "c", Step = step, Zone = zone };

    private static void Compare(int seed, ChannelKind kind)
    {
        Random random = new(seed);
        RollupHistory history = new(seed, kind, Days);
        for (int round = 0; round < 4; round++)
        {
            RollupStep step = (RollupStep)random.Next(3);
            long from = RollupHistory.Start + random.NextInt64(Days * 86_400_000L);
            IntervalRequest request = Request(step, Zones[(seed + (round / 2)) % Zones.Length]);
            request = round == 0 || random.Next(2) == 0 ? request : request with { FromUtcMilliseconds = from, ToUtcMilliseconds = from + random.NextInt64(60 * 86_400_000L) };
            AssertSame(history, request, seed);
            AssertSame(history, request, seed);
            AssertSame(history, request with { Step = RollupStep.QuarterHour }, seed);
            if (round == 1)
            {
                history.Extend(days: 3);
            }
            else
            {
                history.Change(Days);
            }
        }

        Assert.True(kind == ChannelKind.Counter || history.StoredMonths > 0, $"seed {seed}: nothing was served from stored rollups");
    }

    private static void AssertSame(RollupHistory history, IntervalRequest request, int seed)
    {
        IntervalReadings read = history.FromRollups(request);
        RollupColumns whole = history.InOnePass(request);
        int first = whole.FirstFrom(request.FromUtcMilliseconds);
        int count = Math.Max(0, whole.FirstFrom(request.ToUtcMilliseconds) - first);
        Assert.True(count == read.Count, $"seed {seed}: {read.Count} intervals instead of {count}");
        for (int index = 0; index < count; index++)
        {
            if (Difference(read, whole, index, first + index) is string difference)
            {
                Assert.Fail(string.Create(
                    null, $"seed {seed}, {request.Step}, interval {index} of {count} at {DateTimeOffset.FromUnixTimeMilliseconds(read.BordersUtcMilliseconds[index]):u}: {difference}"));
            }

            if (read.Channel.Kind == ChannelKind.Gauge && index % 97 == 0)
            {
                (long, long) expected = history.Extremes(read.BordersUtcMilliseconds[index], read.BordersUtcMilliseconds[index + 1]);
                Assert.Equal(expected, (read.MinimumScaled[index], read.MaximumScaled[index]));
            }
        }
    }

    private static string? Difference(IntervalReadings read, RollupColumns whole, int index, int at)
    {
        if (whole.Borders[at] != read.BordersUtcMilliseconds[index] || whole.Borders[at + 1] != read.BordersUtcMilliseconds[index + 1])
        {
            return "other borders";
        }

        if (BitConverter.DoubleToInt64Bits(whole.Value[at]) != BitConverter.DoubleToInt64Bits(read.Value[index]))
        {
            return string.Create(null, $"{read.Value[index]:R} instead of {whole.Value[at]:R}");
        }

        return read.Channel.Kind == ChannelKind.Counter
            ? whole.Code[at] != read.Code[index] ? $"{read.Code[index]} instead of {whole.Code[at]}"
                : whole.Known[at] != read.KnownScaled[index] ? "another known use"
                : whole.KnownMilliseconds[at] != read.KnownMilliseconds[index] ? "another known time" : null
            : whole.Readings[at] != read.ReadingCount[index] ? "another number of readings"
                : double.IsNaN(read.Value[index]) != (read.Code[index] == IntervalCode.Missing) ? "a code that does not fit the mean" : null;
    }
}
