namespace Metering.Analytics.Towt;

/// <summary>
/// One fitted model: a mean per time of the week, slopes per temperature span of occupied and of other times, and slopes of
/// linear drivers. Columns stand in that order. Slopes are fitted on columns less their weighted mean at the same time of the
/// week, which gives the coefficients of the whole regression (Frisch and Waugh 1933).
/// </summary>
internal sealed class TowtSegment
{
    /// <summary>Weight of a baseline row per month, 0 to 11.</summary>
    public required double[] MonthWeights { get; init; }

    /// <summary>Per time of the week.</summary>
    public required bool[] Occupied { get; init; }

    public required double[] OccupiedKnots { get; init; }

    public required double[] UnoccupiedKnots { get; init; }

    public required int DriverCount { get; init; }

    /// <summary>Sum of weights per time of the week; 0 where the baseline has no row.</summary>
    public required double[] GroupWeight { get; init; }

    /// <summary>Weighted mean of use per time of the week.</summary>
    public required double[] GroupUse { get; init; }

    /// <summary>Weighted means of the columns per time of the week, one time after the other.</summary>
    public required double[] GroupMeans { get; init; }

    public required double[] Slopes { get; init; }

    /// <summary>Factor of the weighted sums of squares and products of the columns about their means.</summary>
    public required double[] Factor { get; init; }

    /// <summary>Slopes that do not follow from others.</summary>
    public required int Rank { get; init; }

    public int Columns => OccupiedKnots.Length + UnoccupiedKnots.Length + 2 + DriverCount;

    public int Parameters
    {
        get
        {
            int groups = 0;
            foreach (double weight in GroupWeight)
            {
                groups += weight > 0 ? 1 : 0;
            }

            return groups + Rank;
        }
    }

    /// <summary>The columns of a row.</summary>
    public void Fill(TowtRows rows, int row, Span<double> columns)
    {
        int occupied = OccupiedKnots.Length + 1;
        int unoccupied = UnoccupiedKnots.Length + 1;
        columns[..(occupied + unoccupied)].Clear();
        if (Occupied[rows.Group[row]])
        {
            TemperatureScale.Split(OccupiedKnots, rows.Temperature[row], columns[..occupied]);
        }
        else
        {
            TemperatureScale.Split(UnoccupiedKnots, rows.Temperature[row], columns.Slice(occupied, unoccupied));
        }

        for (int j = 0; j < DriverCount; j++)
        {
            columns[occupied + unoccupied + j] = rows.Drivers[j][row];
        }
    }

    /// <summary>The columns of a row less their means at its time of the week.</summary>
    public void FillCentred(TowtRows rows, int row, Span<double> columns)
    {
        Fill(rows, row, columns);
        ReadOnlySpan<double> means = GroupMeans.AsSpan(rows.Group[row] * columns.Length, columns.Length);
        for (int j = 0; j < means.Length; j++)
        {
            columns[j] -= means[j];
        }
    }

    /// <summary>The model's use for a row; NaN at a time of the week the baseline does not hold.</summary>
    public double Predict(TowtRows rows, int row, Span<double> scratch)
    {
        int group = rows.Group[row];
        if (!(GroupWeight[group] > 0))
        {
            return double.NaN;
        }

        FillCentred(rows, row, scratch);
        double use = GroupUse[group];
        for (int j = 0; j < scratch.Length; j++)
        {
            use += Slopes[j] * scratch[j];
        }

        return use;
    }

    /// <summary>Change of a row's own fitted value with its use.</summary>
    public double Leverage(TowtRows rows, int row, Span<double> scratch) =>
        MonthWeights[rows.Month[row]] * Spread(rows, row, scratch);

    /// <summary>
    /// Variance of a row's prediction per variance of an independent residual; with weights below 1 an upper bound of it.
    /// </summary>
    public double Spread(TowtRows rows, int row, Span<double> scratch)
    {
        FillCentred(rows, row, scratch);
        SkippingCholesky.Forward(Factor, scratch.Length, scratch);
        double sum = 0;
        foreach (double value in scratch)
        {
            sum += value * value;
        }

        return (1 / GroupWeight[rows.Group[row]]) + sum;
    }

    /// <summary>
    /// Adds the change of a sum of predictions with the use of each baseline row.
    /// </summary>
    /// <param name="baseline">Rows of the fit.</param>
    /// <param name="counts">Rows summed per time of the week.</param>
    /// <param name="centred">Sum of their centred columns; overwritten.</param>
    /// <param name="influence">One element per baseline row.</param>
    public void AddInfluence(TowtRows baseline, ReadOnlySpan<int> counts, Span<double> centred, Span<double> influence)
    {
        SkippingCholesky.Solve(Factor, centred.Length, centred);
        double[] columns = new double[centred.Length];
        for (int i = 0; i < influence.Length; i++)
        {
            double weight = MonthWeights[baseline.Month[i]];
            if (weight == 0)
            {
                continue;
            }

            FillCentred(baseline, i, columns);
            int group = baseline.Group[i];
            double sum = counts[group] / GroupWeight[group];
            for (int j = 0; j < columns.Length; j++)
            {
                sum += columns[j] * centred[j];
            }

            influence[i] += weight * sum;
        }
    }
}
