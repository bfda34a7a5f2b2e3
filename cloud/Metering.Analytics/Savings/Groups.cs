using Metering.Analytics.Statistics;

namespace Metering.Analytics.Savings;

/// <summary>Rows summed over groups of equal length (the hours of a day), where the correlation from group to group is looked at.</summary>
internal sealed record Groups
{
    private const int FarthestSteps = 1000;

    /// <summary>Sum of the rows' values per group, less the mean per row times the rows where only noise matters.</summary>
    public required double[] Errors { get; init; }

    /// <summary>Mean weight of the rows of each group.</summary>
    public required double[] Weights { get; init; }

    /// <summary>Groups since the one before; 1 without a gap.</summary>
    public required int[] Steps { get; init; }

    /// <summary>Group of each row.</summary>
    public required int[] GroupOfRow { get; init; }

    public int Count => Errors.Length;

    /// <summary>Groups rows by their time. A group with fewer rows is scaled to a full one, its weight in proportion less.</summary>
    /// <param name="start">Starts of the rows, ascending.</param>
    /// <param name="rowsPerGroup">Rows of a full group.</param>
    /// <param name="errors">Residuals of the rows.</param>
    /// <param name="weights">Weights of the rows; 1 when null.</param>
    public static Groups Of(IReadOnlyList<long> start, int rowsPerGroup, double[] errors, double[]? weights)
    {
        int n = start.Count;
        long length = rowsPerGroup * Spacing(start);
        int[] groupOfRow = new int[n];
        List<long> key = [];
        for (int i = 0; i < n; i++)
        {
            long own = rowsPerGroup == 1 ? i : (start[i] - start[0]) / length;
            if (key.Count == 0 || key[^1] != own)
            {
                key.Add(own);
            }

            groupOfRow[i] = key.Count - 1;
        }

        double[] sums = new double[key.Count];
        double[] weightSums = new double[key.Count];
        int[] counts = new int[key.Count];
        for (int i = 0; i < n; i++)
        {
            sums[groupOfRow[i]] += errors[i];
            weightSums[groupOfRow[i]] += weights is null ? 1 : weights[i];
            counts[groupOfRow[i]]++;
        }

        int[] steps = new int[key.Count];
        for (int g = 0; g < key.Count; g++)
        {
            sums[g] *= rowsPerGroup / (double)counts[g];
            weightSums[g] /= rowsPerGroup;
            steps[g] = g == 0 ? 0 : rowsPerGroup == 1 ? RowSteps(start, g, length) : (int)Math.Min(FarthestSteps, key[g] - key[g - 1]);
        }

        return new Groups { Errors = sums, Weights = weightSums, Steps = steps, GroupOfRow = groupOfRow };
    }

    /// <summary>Ljung-Box probability of the innovations; NaN with too few groups.</summary>
    public double LjungBox(double correlation) => ResidualBlocks.LjungBox(Errors, Steps, correlation);

    /// <summary>Variance of the growing weighted sum after each group, in units of a group's variance.</summary>
    public double[] NoiseByGroup(double correlation)
    {
        double[] variances = new double[Count];
        double pull = 0;
        double variance = 0;
        for (int g = 0; g < variances.Length; g++)
        {
            pull *= AutocorrelatedErrors.Decay(correlation, Steps[g]);
            variance += Weights[g] * (Weights[g] + (2 * pull));
            pull += Weights[g];
            variances[g] = variance;
        }

        return variances;
    }

    private static int RowSteps(IReadOnlyList<long> start, int row, long spacing) =>
        (int)Math.Clamp((start[row] - start[row - 1] + (spacing / 2)) / spacing, 1, FarthestSteps);

    private static long Spacing(IReadOnlyList<long> start)
    {
        if (start.Count < 2)
        {
            return 1;
        }

        long[] spacings = new long[start.Count - 1];
        for (int i = 0; i < spacings.Length; i++)
        {
            spacings[i] = start[i + 1] - start[i];
        }

        return Math.Max(1, OrderStatistic.Of(spacings, spacings.Length / 2));
    }
}
