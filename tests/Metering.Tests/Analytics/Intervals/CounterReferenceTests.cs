using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Analytics.Intervals;

/// <summary>Raw counter histories with one fault each, against the true use of every interval.</summary>
public class CounterReferenceTests
{
    [NeedsTheory("shared:reference/mv/synthetic/counters")]
    [InlineData("ctr-00-clean", 1, null)]
    [InlineData("ctr-02-rollover_u32_wh", 3, 4294967296L)]
    [InlineData("ctr-04-reset_to_zero", 1, null)]
    [InlineData("ctr-06-transient_zero", 1, null)]
    [InlineData("ctr-08-stuck_then_catchup", 1, null)]
    [InlineData("ctr-10-gap_3days", 1, null)]
    public void The_total_is_within_one_register_step_of_the_truth_and_nothing_is_invented(string name, int exponent, long? modulus)
    {
        foreach (double? maximumRate in new double?[] { null, 30 })
        {
            foreach (IntervalStep step in new[] { IntervalStep.QuarterHour, IntervalStep.Hour, IntervalStep.Day })
            {
                Compare(name, new CounterOptions { Step = step, Exponent = exponent, Modulus = modulus, MaximumRatePerHour = maximumRate });
            }
        }
    }

    private static void Compare(string name, CounterOptions options)
    {
        string folder = Repository.SharedFile("reference/mv/synthetic/counters")!;
        (long[] time, long[] register) = Read(Path.Combine(folder, name + ".csv"), options.Exponent);
        (long[] truthEnd, double[] truth) = ReadTruth(Path.Combine(folder, name + ".truth.csv"));
        IntervalSeries series = IntervalBuilder.FromCounter(time, register, [], options);
        double step = 1.0 / Math.Pow(10, options.Exponent);

        Int128 parts = 0;
        foreach (long known in series.KnownScaled)
        {
            Assert.True(known >= 0);
            parts += known;
        }

        Assert.Equal(series.TotalScaled, parts);
        double trueTotal = 0;
        foreach (CounterSegment segment in series.Segments)
        {
            double inSegment = 0;
            for (int i = 0; i < truth.Length; i++)
            {
                if (truthEnd[i] > segment.StartUtcMilliseconds && truthEnd[i] <= segment.EndUtcMilliseconds)
                {
                    inSegment += truth[i];
                }
            }

            Assert.InRange((segment.Used * step) - inSegment, -1.001 * step, 1.001 * step);
            trueTotal += inSegment;
        }

        Assert.InRange(series.Total - trueTotal, -1.001 * step, 1.001 * step);
        Assert.Equal(name.Contains("reset", StringComparison.Ordinal) ? 2 : 1, series.Segments.Count);

        // At the step of the readings a border is exact, unless its reading is one of the false zeros.
        HashSet<long> read = [.. time.Where((_, i) => register[i] > 0)];
        CheckIntervals(name, series, truthEnd, truth, (start, end) =>
            options.Step == IntervalStep.QuarterHour && read.Contains(start) && read.Contains(end) ? 1.001 * step : double.PositiveInfinity);
    }

    private static void CheckIntervals(string name, IntervalSeries series, long[] truthEnd, double[] truth, Func<long, long, double> allowed)
    {
        for (int i = 0; i < series.Value.Count; i++)
        {
            long start = series.StartUtcMilliseconds[i];
            long end = i + 1 < series.Value.Count ? series.StartUtcMilliseconds[i + 1] : series.EndUtcMilliseconds;
            bool missing = series.Code[i] is IntervalCode.Missing or IntervalCode.Rejected;
            Assert.Equal(missing, double.IsNaN(series.Value[i]));
            if (missing)
            {
                continue;
            }

            Assert.True(series.Value[i] >= 0);
            if (series.Code[i] == IntervalCode.Measured)
            {
                double expected = 0;
                for (int k = 0; k < truth.Length; k++)
                {
                    expected += truthEnd[k] > start && truthEnd[k] <= end ? truth[k] : 0;
                }

                Assert.True(Math.Abs(series.Value[i] - expected) <= allowed(start, end), $"{name}: {series.Value[i]} at {DateTimeOffset.FromUnixTimeMilliseconds(start):u}, truth {expected}");
            }
        }
    }

    private static (long[] Time, long[] Register) Read(string path, int exponent)
    {
        string[][] rows = ReferenceFiles.ReadCsv(path)[1..];
        decimal power = (decimal)Math.Pow(10, exponent);
        return ([.. rows.Select(row => Milliseconds(row[0]))],
            [.. rows.Select(row => (long)(decimal.Parse(row[1], CultureInfo.InvariantCulture) * power))]);
    }

    private static (long[] End, double[] Use) ReadTruth(string path)
    {
        string[][] rows = ReferenceFiles.ReadCsv(path)[1..];
        return ([.. rows.Select(row => Milliseconds(row[0]))],
            [.. rows.Select(row => double.Parse(row[1], CultureInfo.InvariantCulture))]);
    }

    private static long Milliseconds(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
