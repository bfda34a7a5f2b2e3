using Metering.Analytics.Statistics;

namespace Metering.Analytics.Towt;

/// <summary>Fits one model to all rows with equal weights.</summary>
internal static class TowtRegression
{
    private const double OccupiedShare = 0.65;
    private const int FewestOccupied = 3;
    private const int Months = 12;

    /// <summary>
    /// Times of the week whose use is above a regression on temperature alone in more than 65 % of the rows (Mathieu et al.
    /// 2011). Fewer than three such times count as none: their slopes would rest on too little.
    /// </summary>
    public static bool[] FindOccupied(TowtRows rows, int groups, double heating, double cooling)
    {
        double[] cold = new double[rows.Count];
        double[] warm = new double[rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            cold[i] = Math.Max(heating - rows.Temperature[i], 0);
            warm[i] = Math.Max(rows.Temperature[i] - cooling, 0);
        }

        double coldMean = Centre(cold);
        double warmMean = Centre(warm);
        double useMean = FixedSum.Mean(rows.Use);
        double[] use = [.. rows.Use.Select(value => value - useMean)];
        double[] squares = [FixedSum.SumOfSquares(cold), 0, FixedSum.Dot(warm, cold), FixedSum.SumOfSquares(warm)];
        double[] slopes = [FixedSum.Dot(cold, use), FixedSum.Dot(warm, use)];
        DropConstant(squares, rows.Count, coldMean, warmMean);
        SkippingCholesky.Factor(squares, 2);
        SkippingCholesky.Solve(squares, 2, slopes);
        int[] above = new int[groups];
        int[] all = new int[groups];
        for (int i = 0; i < rows.Count; i++)
        {
            all[rows.Group[i]]++;
            above[rows.Group[i]] += use[i] > (slopes[0] * cold[i]) + (slopes[1] * warm[i]) ? 1 : 0;
        }

        bool[] occupied = new bool[groups];
        for (int g = 0; g < groups; g++)
        {
            occupied[g] = all[g] > 0 && above[g] / (double)all[g] > OccupiedShare;
        }

        return occupied.Count(value => value) >= FewestOccupied ? occupied : new bool[groups];
    }

    /// <summary>Keeps the knots that leave every span of the given times enough rows.</summary>
    public static double[] KeepKnots(TowtRows rows, bool[] occupied, bool which, double[] knots)
    {
        int[] counts = new int[knots.Length + 1];
        for (int i = 0; i < rows.Count; i++)
        {
            if (occupied[rows.Group[i]] == which)
            {
                int span = 0;
                while (span < knots.Length && rows.Temperature[i] > knots[span])
                {
                    span++;
                }

                counts[span]++;
            }
        }

        bool[] kept = new bool[knots.Length];
        TemperatureScale.DropThin(counts, kept);
        return [.. knots.Where((_, i) => kept[i])];
    }

    /// <summary>
    /// Borders of parts of the rows with equal numbers, ascending in temperature, less outer ones beyond which there are fewer
    /// than twenty rows (the rule of nmecr 1.0.17 for daily models).
    /// </summary>
    public static double[] EqualCountKnots(TowtRows rows, int parts)
    {
        // A border that falls on a whole number of rows is not to fall below it by rounding.
        const double guard = 0.001;
        double[] sorted = [.. rows.Temperature];
        Array.Sort(sorted);
        List<double> knots = [];
        for (int part = 1; part <= parts; part++)
        {
            int position = (int)Math.Floor((sorted.Length * (double)part / parts) + guard);
            if (position > 0)
            {
                knots.Add(sorted[position - 1]);
            }
        }

        while (knots.Count > 1 && sorted.Count(value => value > knots[^1]) < TemperatureScale.FewestRows)
        {
            knots.RemoveAt(knots.Count - 1);
        }

        while (knots.Count > 1 && sorted.Count(value => value < knots[0]) < TemperatureScale.FewestRows)
        {
            knots.RemoveAt(0);
        }

        return [.. knots.Distinct()];
    }

    /// <summary>Fits the slopes and the means.</summary>
    public static TowtSegment Fit(TowtRows rows, bool[] occupied, double[] occupiedKnots, double[] unoccupiedKnots)
    {
        int groups = occupied.Length;
        TowtSegment frame = new()
        {
            MonthWeights = Enumerable.Repeat(1.0, Months).ToArray(),
            Occupied = occupied,
            OccupiedKnots = occupiedKnots,
            UnoccupiedKnots = unoccupiedKnots,
            DriverCount = rows.Drivers.Length,
            GroupWeight = new double[groups],
            GroupUse = new double[groups],
            GroupMeans = [],
            Slopes = [],
            Factor = [],
            Rank = 0,
        };
        double[][] columns = Columns(rows, frame);
        foreach (byte group in rows.Group)
        {
            frame.GroupWeight[group]++;
        }

        double[] means = new double[groups * columns.Length];
        double[] mean = new double[groups];
        for (int j = 0; j < columns.Length; j++)
        {
            CentreByGroup(rows.Group, frame.GroupWeight, columns[j], mean);
            for (int g = 0; g < groups; g++)
            {
                means[(g * columns.Length) + j] = mean[g];
            }
        }

        double[] use = [.. rows.Use];
        CentreByGroup(rows.Group, frame.GroupWeight, use, mean);
        double[] factor = Products(columns);
        double[] slopes = [.. columns.Select(column => FixedSum.Dot(column, use))];
        int rank = SkippingCholesky.Factor(factor, columns.Length);
        SkippingCholesky.Solve(factor, columns.Length, slopes);
        return new TowtSegment
        {
            MonthWeights = frame.MonthWeights,
            Occupied = occupied,
            OccupiedKnots = occupiedKnots,
            UnoccupiedKnots = unoccupiedKnots,
            DriverCount = rows.Drivers.Length,
            GroupWeight = frame.GroupWeight,
            GroupUse = mean,
            GroupMeans = means,
            Slopes = slopes,
            Factor = factor,
            Rank = rank,
        };
    }

    private static double[][] Columns(TowtRows rows, TowtSegment frame)
    {
        double[][] columns = new double[frame.Columns][];
        for (int j = 0; j < columns.Length; j++)
        {
            columns[j] = new double[rows.Count];
        }

        double[] row = new double[columns.Length];
        for (int i = 0; i < rows.Count; i++)
        {
            frame.Fill(rows, i, row);
            for (int j = 0; j < row.Length; j++)
            {
                columns[j][i] = row[j];
            }
        }

        return columns;
    }

    /// <summary>
    /// Takes from each value the mean of its time of the week; a second pass takes out the rounding of the first. What is left
    /// of a column that does not vary within any time of the week is made zero.
    /// </summary>
    private static void CentreByGroup(byte[] group, double[] weight, double[] column, double[] mean)
    {
        double before = FixedSum.SumOfSquares(column);
        double[] part = new double[mean.Length];
        Array.Clear(mean);
        for (int pass = 0; pass < 2; pass++)
        {
            Array.Clear(part);
            for (int i = 0; i < column.Length; i++)
            {
                part[group[i]] += column[i];
            }

            for (int g = 0; g < part.Length; g++)
            {
                part[g] = weight[g] > 0 ? part[g] / weight[g] : 0;
                mean[g] += part[g];
            }

            for (int i = 0; i < column.Length; i++)
            {
                column[i] -= part[group[i]];
            }
        }

        const double rounding = 1e-26;
        if (FixedSum.SumOfSquares(column) <= rounding * before)
        {
            Array.Clear(column);
        }
    }

    private static double[] Products(double[][] columns)
    {
        double[] products = new double[columns.Length * columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                products[(i * columns.Length) + j] = FixedSum.Dot(columns[i], columns[j]);
            }
        }

        return products;
    }

    private static double Centre(double[] column)
    {
        double mean = FixedSum.Mean(column);
        for (int i = 0; i < column.Length; i++)
        {
            column[i] -= mean;
        }

        return mean;
    }

    /// <summary>A column that is constant but for rounding must not be taken for one that varies.</summary>
    private static void DropConstant(double[] squares, int rows, double coldMean, double warmMean)
    {
        const double rounding = 1e-26;
        squares[0] = squares[0] <= rounding * rows * coldMean * coldMean ? 0 : squares[0];
        squares[3] = squares[3] <= rounding * rows * warmMean * warmMean ? 0 : squares[3];
    }
}
