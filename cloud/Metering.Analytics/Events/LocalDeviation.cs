using Metering.Analytics.Statistics;

namespace Metering.Analytics.Events;

/// <summary>
/// How far each row lies from its six neighbours. A shift that lasts five rows or longer moves the neighbours too and leaves
/// this distance small; single wild rows stand out. From the same distances: whether noise grows with use.
/// </summary>
internal sealed class LocalDeviation(EventSeries series, WhitenedModel model)
{
    private const int Reach = 3;
    private const int WideReach = 10;
    private const int LongestOutlier = 3;
    private const double RobustDeviation = 1.4826;
    private const double CertainSlope = 4;
    private const double SmallestScale = 0.25;

    private double[] deviation = [];
    private double[] sorted = [];
    private bool[] marked = [];

    /// <summary>Robust standard deviation of the distances, rows weighted.</summary>
    public double Scale { get; private set; }

    /// <summary>Whether the weights differ.</summary>
    public bool GrowsWithUse { get; private set; }

    /// <summary>Rows that are outliers.</summary>
    public ReadOnlySpan<bool> Marked => marked.AsSpan(0, series.Count);

    /// <summary>Distance of a row from its neighbours in units of <see cref="Scale"/>.</summary>
    public double Distance(int row) => deviation[row] * series.Weight[row] / Scale;

    /// <summary>Distances from the residuals of the model as built last; weights are set from them.</summary>
    public void Measure()
    {
        int n = series.Count;
        if (deviation.Length < n)
        {
            deviation = new double[n];
            sorted = new double[Math.Max(n, 2 * WideReach)];
            marked = new bool[n];
        }

        Span<double> weight = series.Weight;
        for (int i = 0; i < n; i++)
        {
            deviation[i] = (model.Noise[i] / weight[i]) - Neighbours(i, Reach);
        }

        SetWeights();
        for (int i = 0; i < n; i++)
        {
            sorted[i] = Math.Abs(deviation[i] * weight[i]);
        }

        Scale = RobustDeviation * OrderStatistic.Of(sorted.AsSpan(0, n), n / 2);
    }

    /// <summary>Marks runs of at most three rows beyond the limit. Gives how many rows.</summary>
    public int Mark(double limit)
    {
        int n = series.Count;
        Array.Clear(marked, 0, n);
        int count = 0;
        for (int i = 0; i < n; i++)
        {
            if (Math.Abs(Distance(i)) > limit && IsShort(i))
            {
                marked[i] = true;
                count++;
            }
        }

        return count;
    }

    /// <summary>Median of the residuals around a row, itself left out.</summary>
    public double Neighbours(int row, int reach)
    {
        int first = Math.Max(0, row - reach);
        int last = Math.Min(series.Count - 1, row + reach);
        Span<double> near = sorted.AsSpan(0, last - first);
        int k = 0;
        for (int i = first; i <= last; i++)
        {
            if (i == row)
            {
                continue;
            }

            double value = model.Noise[i] / series.Weight[i];
            int at = k++;
            while (at > 0 && near[at - 1] > value)
            {
                near[at] = near[at - 1];
                at--;
            }

            near[at] = value;
        }

        return (near[(k - 1) / 2] + near[k / 2]) / 2;
    }

    private bool IsShort(int row)
    {
        double level = Neighbours(row, WideReach);
        double half = ((model.Noise[row] / series.Weight[row]) - level) / 2;
        int length = 1;
        for (int i = row - 1; i >= 0 && IsBeyond(i, level, half) && length <= LongestOutlier; i--)
        {
            length++;
        }

        for (int i = row + 1; i < series.Count && IsBeyond(i, level, half) && length <= LongestOutlier; i++)
        {
            length++;
        }

        return length <= LongestOutlier;
    }

    private bool IsBeyond(int row, double level, double half)
    {
        double distance = (model.Noise[row] / series.Weight[row]) - level;
        return half > 0 ? distance > half : distance < half;
    }

    /// <summary>A line of the size of the distances over predicted use; it counts when its slope is four standard errors above zero.</summary>
    private void SetWeights()
    {
        int n = series.Count;
        ReadOnlySpan<double> use = series.Prediction;
        Span<double> weight = series.Weight;
        double meanUse = FixedSum.Mean(use);
        Span<double> sizes = sorted.AsSpan(0, n);
        for (int i = 0; i < n; i++)
        {
            sizes[i] = Math.Abs(deviation[i]);
        }

        double limit = 6 * Middle(n);
        double sum = 0;
        double cross = 0;
        double square = 0;
        for (int i = 0; i < n; i++)
        {
            // Wild rows do not decide how noise depends on use.
            double size = Math.Min(Math.Abs(deviation[i]), limit);
            double centred = use[i] - meanUse;
            sum += size;
            cross += centred * size;
            square += centred * centred;
        }

        double mean = sum / n;
        double slope = square > 0 ? cross / square : 0;
        double left = 0;
        for (int i = 0; i < n; i++)
        {
            double size = Math.Min(Math.Abs(deviation[i]), limit) - mean - (slope * (use[i] - meanUse));
            left += size * size;
        }

        double error = square > 0 ? Math.Sqrt(left / (n - 2) / square) : double.PositiveInfinity;
        GrowsWithUse = mean > 0 && slope > CertainSlope * error;
        for (int i = 0; i < n; i++)
        {
            weight[i] = GrowsWithUse ? mean / Math.Max(mean + (slope * (use[i] - meanUse)), SmallestScale * mean) : 1;
        }
    }

    private double Middle(int n) => OrderStatistic.Of(sorted.AsSpan(0, n), n / 2);
}
