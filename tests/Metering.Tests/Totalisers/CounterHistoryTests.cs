using System.Globalization;
using Metering.Meters.Totalisers;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Totalisers;

public sealed class CounterHistoryTests
{
    private const int Histories = 10_000;

    [Fact]
    public void Ten_thousand_histories_end_at_the_exact_total_and_no_false_reading_is_good()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            CounterHistory history = new(seed);
            TotaliserFilter filter = new(history.Limits);
            foreach (HistoryItem item in history.Items)
            {
                if (item.Swap is (long time, long final, long initial))
                {
                    Assert.True(filter.Replace(time, final, initial).Kind == TotaliserEventKind.Replaced, Of(seed, "swap refused"));
                }

                Reading given = filter.Take(item.Reading, out _);
                Assert.Equal(item.Reading with { Quality = given.Quality }, given);
                Assert.False(item.IsFalse && given.Quality.IsGood, Of(seed, string.Create(CultureInfo.InvariantCulture, $"{given} is false and good")));
            }

            Assert.True(history.Known == filter.TotalSteps, Of(seed, string.Create(CultureInfo.InvariantCulture, $"total {filter.TotalSteps}, truth {history.Known}")));
            Assert.True(history.Breaks == filter.BreakCount, Of(seed, "breaks"));
            Assert.Equal(0, filter.OpenReadingCount);
        }
    }

    /// <summary>The control: what most gateways do must fail on the same histories.</summary>
    [Fact]
    public void Plain_differences_are_wrong_on_most_of_the_same_histories()
    {
        int wrong = 0;
        for (int seed = 0; seed < Histories; seed++)
        {
            CounterHistory history = new(seed);
            wrong += PlainTotal(history) == history.Known ? 0 : 1;
        }

        Assert.InRange(wrong, Histories * 9 / 10, Histories);
    }

    [Fact]
    public void A_filter_that_is_stopped_and_started_anywhere_judges_as_one_that_ran_through()
    {
        byte[] state = new byte[TotaliserFilter.StateLength];
        for (int seed = 0; seed < 200; seed++)
        {
            CounterHistory history = new(seed);
            TotaliserFilter through = new(history.Limits);
            TotaliserFilter stopped = new(history.Limits);
            foreach (HistoryItem item in history.Items)
            {
                stopped.Export(state);
                stopped = TotaliserFilter.Import(history.Limits, state)!;
                if (item.Swap is (long time, long final, long initial))
                {
                    _ = through.Replace(time, final, initial);
                    _ = stopped.Replace(time, final, initial);
                }

                Assert.Equal(through.Take(item.Reading, out TotaliserEvent expected), stopped.Take(item.Reading, out TotaliserEvent happened));
                Assert.Equal(expected, happened);
            }

            Assert.Equal(through.TotalSteps, stopped.TotalSteps);
        }
    }

    private static long PlainTotal(CounterHistory history)
    {
        long total = 0;
        long? before = null;
        foreach (HistoryItem item in history.Items.Where(item => item.Reading.HasValue))
        {
            long value = item.Reading.ScaledValue;
            long rise = value - (before ?? value);
            total += rise >= 0 ? rise : rise + (history.Limits.Modulus ?? 0);
            before = value;
        }

        return total;
    }

    private static string Of(int seed, string what) => string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {what}");
}
