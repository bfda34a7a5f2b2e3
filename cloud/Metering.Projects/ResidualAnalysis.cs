using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Portfolio;

namespace Metering.Projects;

/// <summary>What the residuals of a baseline look like: their correlation in time, their blocks, their distribution.</summary>
internal sealed record ResidualAnalysis
{
    /// <summary>Days up to which the correlation is told: four weeks, so that a weekly pattern shows four times.</summary>
    public const int MostLags = 28;

    private const double TwoSided95 = 1.959963984540054;
    private const int LongestBlock = 30;

    /// <summary>Correlation of residuals so many days apart; index 0 is one day. NaN where fewer than two pairs exist.</summary>
    public required IReadOnlyList<double> Autocorrelation { get; init; }

    /// <summary>Uncorrelated residuals stay within this distance of zero in 95 of 100 lags (1.96/√n).</summary>
    public required double Bound { get; init; }

    /// <summary>Means of the residuals of each month-long block of the baseline.</summary>
    public required IReadOnlyList<ResidualBlock> Blocks { get; init; }

    /// <summary>Residuals in ascending order, divided by their standard deviation.</summary>
    public required IReadOnlyList<double> Ordered { get; init; }

    /// <summary>The normal quantile that belongs to each of <see cref="Ordered"/> (Blom's plotting positions, (i - 3/8)/(n + 1/4)).</summary>
    public required IReadOnlyList<double> NormalQuantiles { get; init; }

    /// <summary>Looks at the residuals of a fit of days.</summary>
    /// <param name="fit">The fit, at least two rows.</param>
    /// <param name="zone">Zone of the days.</param>
    public static ResidualAnalysis Of(BaselineFit fit, TimeZoneInfo zone)
    {
        int[] days = [.. fit.StartUtcMilliseconds.Select(start => PlantCalendar.DayOf(start, zone).DayNumber)];
        double[] residuals = [.. fit.Residuals];
        double deviation = Math.Sqrt(fit.SumOfSquaredErrors / (fit.N - fit.P));
        double[] ordered = [.. residuals.Order().Select(residual => deviation > 0 ? residual / deviation : 0)];
        return new()
        {
            Autocorrelation = Correlations(days, residuals),
            Bound = TwoSided95 / Math.Sqrt(residuals.Length),
            Blocks = BlocksOf(days, residuals),
            Ordered = ordered,
            NormalQuantiles = [.. Enumerable.Range(1, ordered.Length).Select(rank => NormalQuantile.Of((rank - 0.375) / (ordered.Length + 0.25)))],
        };
    }

    // Pairs exactly so many days apart: a gap in the rows makes no pair, and so no wrong lag.
    private static double[] Correlations(int[] days, double[] residuals)
    {
        double mean = residuals.Average();
        double variance = residuals.Sum(residual => (residual - mean) * (residual - mean)) / residuals.Length;
        Dictionary<int, double> byDay = [];
        for (int row = 0; row < days.Length; row++)
        {
            byDay[days[row]] = residuals[row] - mean;
        }

        double[] correlations = new double[Math.Min(MostLags, residuals.Length - 1)];
        for (int lag = 1; lag <= correlations.Length; lag++)
        {
            double sum = 0;
            int pairs = 0;
            foreach ((int day, double residual) in byDay)
            {
                if (byDay.TryGetValue(day - lag, out double before))
                {
                    sum += residual * before;
                    pairs++;
                }
            }

            correlations[lag - 1] = pairs >= 2 && variance > 0 ? sum / pairs / variance : double.NaN;
        }

        return correlations;
    }

    private static List<ResidualBlock> BlocksOf(int[] days, double[] residuals)
    {
        List<ResidualBlock> blocks = [];
        int start = 0;
        for (int row = 1; row <= days.Length; row++)
        {
            if (row == days.Length || days[row] >= days[start] + LongestBlock)
            {
                blocks.Add(new(DateOnly.FromDayNumber(days[start]), DateOnly.FromDayNumber(days[row - 1]), residuals[start..row].Average(), row - start));
                start = row;
            }
        }

        return blocks;
    }
}

/// <summary>The mean residual of a stretch of the baseline, per day.</summary>
internal sealed record ResidualBlock(DateOnly First, DateOnly Last, double Mean, int Days);
