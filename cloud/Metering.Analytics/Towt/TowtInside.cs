using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Towt;

/// <summary>What a fit keeps for predictions and for their variance.</summary>
internal sealed class TowtInside(TowtLayout layout, TowtRows baseline, TowtSegment[] segments)
{
    /// <summary>The rows fitted.</summary>
    public TowtRows Baseline => baseline;

    public IReadOnlyList<TowtSegment> Segments => segments;

    public TowtLayout Layout => layout;

    /// <summary>Predictions of a period.</summary>
    /// <param name="table">The caller's table.</param>
    /// <param name="period">Which rows.</param>
    /// <param name="meteredOnly">Whether rows without use are left out.</param>
    public TowtPrediction Predict(ModelTable table, Period period, bool meteredOnly)
    {
        ArgumentNullException.ThrowIfNull(table);
        List<Reason> conflicts = [];
        PeriodRows metered = Select(table, period, true, conflicts);
        PeriodRows rows = meteredOnly ? metered : Select(table, period, false, conflicts);
        if (conflicts.Count > 0)
        {
            throw new ArgumentException(conflicts[0].Detail, nameof(table));
        }

        double[] use = new double[rows.Count];
        for (int i = 0, j = 0; i < use.Length; i++)
        {
            while (j < metered.Count && metered.Start[j] < rows.Start[i])
            {
                j++;
            }

            use[i] = j < metered.Count && metered.Start[j] == rows.Start[i] ? metered.Use[j] : double.NaN;
        }

        return Predict(layout.Build(rows with { Use = use }));
    }

    /// <summary>Predictions of rows with the columns of this model.</summary>
    public TowtPrediction Predict(TowtRows rows)
    {
        List<int> taken = new(rows.Count);
        double[] predicted = new double[rows.Count];
        double[] spread = new double[rows.Count];
        double[] influence = new double[baseline.Count];
        for (int s = 0; s < segments.Length; s++)
        {
            TowtSegment segment = segments[s];
            double[] columns = new double[segment.Columns];
            double[] sum = new double[segment.Columns];
            int[] counts = new int[segment.GroupWeight.Length];
            for (int i = 0; i < rows.Count; i++)
            {
                if (SegmentOf(rows, i) != s)
                {
                    continue;
                }

                predicted[i] = segment.Predict(rows, i, columns);
                if (double.IsNaN(predicted[i]))
                {
                    continue;
                }

                counts[rows.Group[i]]++;
                for (int j = 0; j < columns.Length; j++)
                {
                    sum[j] += columns[j];
                }

                spread[i] = segment.Spread(rows, i, columns);
            }

            segment.AddInfluence(baseline, counts, sum, influence);
        }

        for (int i = 0; i < rows.Count; i++)
        {
            if (!double.IsNaN(predicted[i]))
            {
                taken.Add(i);
            }
        }

        double[] kept = [.. taken.Select(i => predicted[i])];
        return new TowtPrediction
        {
            StartUtcMilliseconds = [.. taken.Select(i => rows.Start[i])],
            Metered = [.. taken.Select(i => rows.Use[i])],
            Predicted = kept,
            VarianceFactor = [.. taken.Select(i => spread[i])],
            TotalPredicted = FixedSum.Sum(kept),
            Influence = influence,
            RowsLeftOut = rows.UnknownModes + rows.Count - taken.Count,
            Coverage = rows.Count == 0 ? 0 : rows.Coverage * taken.Count / rows.Count,
        };
    }

    /// <summary>Fitted use of the baseline rows.</summary>
    public double[] Fitted()
    {
        double[] fitted = new double[baseline.Count];
        double[][] columns = [.. segments.Select(segment => new double[segment.Columns])];
        for (int i = 0; i < fitted.Length; i++)
        {
            int s = SegmentOf(baseline, i);
            fitted[i] = segments[s].Predict(baseline, i, columns[s]);
        }

        return fitted;
    }

    /// <summary>Sum of the changes of each fitted value with its own use.</summary>
    public double HatTrace()
    {
        if (segments.Length == 1)
        {
            return segments[0].Parameters;
        }

        double trace = 0;
        double[][] columns = [.. segments.Select(segment => new double[segment.Columns])];
        for (int i = 0; i < baseline.Count; i++)
        {
            int s = SegmentOf(baseline, i);
            trace += segments[s].Leverage(baseline, i, columns[s]);
        }

        return trace;
    }

    /// <summary>Sum over all pairs of rows of the change of one's fitted value with the other's use, times r^|i-j|.</summary>
    public double HatTraceUnder(double r)
    {
        double trace = 0;
        double[] powers = Powers(r, baseline.Count);
        for (int s = 0; s < segments.Length; s++)
        {
            trace += OfMeans(s, powers) + OfSlopes(s, r);
        }

        return trace;
    }

    /// <summary>The part of the means per time of the week: pairs of rows at the same time of the week.</summary>
    private double OfMeans(int s, double[] powers)
    {
        TowtSegment segment = segments[s];
        int groups = segment.GroupWeight.Length;
        double[] sum = new double[groups];
        double[] own = new double[groups];
        double[] weighted = new double[groups];
        int[] last = new int[groups];
        for (int i = 0; i < baseline.Count; i++)
        {
            int g = baseline.Group[i];
            double mine = SegmentOf(baseline, i) == s ? 1 : 0;
            double weight = segment.MonthWeights[baseline.Month[i]];
            double decay = powers[i - last[g]];
            own[g] *= decay;
            weighted[g] *= decay;
            last[g] = i;

            // Pairs with every earlier row, both ways round, and the row with itself.
            sum[g] += (mine * weighted[g]) + (own[g] * weight) + (mine * weight);
            own[g] += mine;
            weighted[g] += weight;
        }

        double trace = 0;
        for (int g = 0; g < groups; g++)
        {
            trace += segment.GroupWeight[g] > 0 ? sum[g] / segment.GroupWeight[g] : 0;
        }

        return trace;
    }

    /// <summary>The part of the slopes. In coordinates in which the factor is a unit matrix it is a sum over columns.</summary>
    private double OfSlopes(int s, double r)
    {
        TowtSegment segment = segments[s];
        double[] columns = new double[segment.Columns];
        double[] own = new double[segment.Columns];
        double[] weighted = new double[segment.Columns];
        double trace = 0;
        for (int i = 0; i < baseline.Count; i++)
        {
            double mine = SegmentOf(baseline, i) == s ? 1 : 0;
            double weight = segment.MonthWeights[baseline.Month[i]];
            if (weight > 0)
            {
                segment.FillCentred(baseline, i, columns);
                SkippingCholesky.Forward(segment.Factor, columns.Length, columns);
            }

            for (int j = 0; j < columns.Length; j++)
            {
                own[j] *= r;
                weighted[j] *= r;
                if (weight > 0)
                {
                    trace += ((mine * weighted[j]) + (own[j] * weight) + (mine * weight * columns[j])) * columns[j];
                    own[j] += mine * columns[j];
                    weighted[j] += weight * columns[j];
                }
            }
        }

        return trace;
    }

    private PeriodRows Select(ModelTable table, Period period, bool metered, List<Reason> conflicts)
    {
        ModelRows rows = ModelRows.Order(layout.Narrow(table, metered), useDrivers: true, conflicts, []);
        return layout.Select(rows, period);
    }

    private int SegmentOf(TowtRows rows, int row) => segments.Length == 1 ? 0 : rows.Month[row];

    private static double[] Powers(double r, int count)
    {
        double[] powers = new double[count + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * r;
        }

        return powers;
    }
}
