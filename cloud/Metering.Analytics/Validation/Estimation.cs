using Metering.Analytics.Intervals;

namespace Metering.Analytics.Validation;

/// <summary>
/// Fills missing intervals by rule, marks them, and says how far they may be off. What no rule covers stays missing.
/// SOURCE: the order of methods of the Californian estimation rules: up to two hours a straight line between good
/// neighbours, longer the mean of the same weekday and time in the last weeks (a holiday is a Sunday), then scaled to the
/// register's total; flat where only one side is known.
/// </summary>
public static class Estimation
{
    /// <summary>The next version of a series, with its gaps filled.</summary>
    /// <param name="series">The series; missing and rejected intervals are gaps.</param>
    /// <param name="totals">Totals that are known, not overlapping, in order of time; may be empty.</param>
    /// <param name="options">Rules.</param>
    /// <exception cref="ArgumentException">Totals off the borders, overlapping or not finite, or options out of range.</exception>
    public static ValidatedSeries Fill(ValidatedSeries series, IReadOnlyList<KnownTotal> totals, EstimationOptions options)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(totals);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        ValidatedSeries filled = series.Next(series.Version + 1);
        DonorWeeks donors = new(series, options);
        ReadOnlySpan<long> borders = series.Source.BordersUtcMilliseconds;
        for (int from = 0; from < series.Count;)
        {
            int to = from + 1;
            if (!IsGap(series.Code[from]))
            {
                from = to;
                continue;
            }

            while (to < series.Count && IsGap(series.Code[to]))
            {
                to++;
            }

            long length = borders[to] - borders[from];
            if (length <= options.LongestLinear.TotalMilliseconds)
            {
                FillShort(filled, series, donors, from, to);
            }
            else if (length <= options.LongestEstimated.TotalMilliseconds)
            {
                FillFromWeeks(filled, donors, from, to);
            }

            from = to;
        }

        KnownTotals.Apply(filled, series, totals);
        return filled;
    }

    internal static bool IsGap(IntervalCode code) => code is IntervalCode.Missing or IntervalCode.Rejected;

    private static void FillShort(ValidatedSeries filled, ValidatedSeries series, DonorWeeks donors, int from, int to)
    {
        double before = from > 0 && IsGood(series.Code[from - 1]) ? series.Value[from - 1] : double.NaN;
        double after = to < series.Count && IsGood(series.Code[to]) ? series.Value[to] : double.NaN;
        bool isBoth = !double.IsNaN(before) && !double.IsNaN(after);
        double only = double.IsNaN(before) ? after : before;
        if (double.IsNaN(only))
        {
            FillFromWeeks(filled, donors, from, to);
            return;
        }

        for (int i = from; i < to; i++)
        {
            double spread = donors.TryMean(i, out _, out double weeks) ? weeks : double.NaN;
            if (isBoth)
            {
                // Of two neighbours the variance is half their squared difference; other weeks may know of more.
                double share = (i - from + 1) / (double)(to - from + 1);
                double ofTwo = (after - before) * (after - before) / 2;
                filled.SetEstimate(i, before + ((after - before) * share), spread > ofTwo ? spread : ofTwo, EstimationMethod.Linear);
            }
            else
            {
                filled.SetEstimate(i, only, spread, EstimationMethod.Flat);
            }
        }
    }

    private static void FillFromWeeks(ValidatedSeries filled, DonorWeeks donors, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            if (donors.TryMean(i, out double mean, out double variance))
            {
                filled.SetEstimate(i, mean, variance, EstimationMethod.SameWeekday);
            }
        }
    }

    /// <summary>Edited values were set by a person and are as good as measured ones; estimated ones are never built upon.</summary>
    private static bool IsGood(IntervalCode code) => code is IntervalCode.Measured or IntervalCode.Edited;
}
