using Metering.Analytics.CalTrack;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Towt;

/// <summary>
/// The weighted hourly models of CalTRACK 2.0 (3.7.5 to 3.11) from one pass over the rows. The pass fills a table of sums per
/// month, hour of the week and temperature span; a model of any weights per month is a sum of rows of that table. Within an hour
/// of the week all rows are either occupied or not, so that the slopes of the two modes are two regressions of at most seven
/// columns on deviations from the means of the hours (Frisch and Waugh 1933).
/// </summary>
internal static class MonthKernel
{
    /// <summary>Numbers per month for the regression that finds occupied hours.</summary>
    public const int PerMonth = 8;

    private const int Months = MonthWorkspace.Months;
    private const int Groups = MonthWorkspace.Groups;
    private const int Knots = MonthWorkspace.Knots;
    private const int Spans = MonthWorkspace.Spans;
    private const int PerSpan = MonthWorkspace.PerSpan;
    private const int PerCell = MonthWorkspace.PerCell;
    private const double OccupiedShare = 0.65;
    private const double NeighbourWeight = 0.5;

    /// <summary>The twelve models: weight 1 for a month, 0.5 for its neighbours.</summary>
    public static void FitMonths(TowtRows rows, TemperatureUnit unit, MonthWorkspace workspace)
    {
        Load(rows, unit, workspace);
        Span<double> weights = stackalloc double[Months];
        for (int month = 0; month < Months; month++)
        {
            WeightsOf(month, weights);
            FitModel(workspace, weights, month);
        }
    }

    /// <summary>One model of all months with equal weights, as the last one of the workspace.</summary>
    public static void FitSingle(TowtRows rows, TemperatureUnit unit, MonthWorkspace workspace)
    {
        Load(rows, unit, workspace);
        Span<double> weights = stackalloc double[Months];
        weights.Fill(1);
        FitModel(workspace, weights, Months);
    }

    public static void WeightsOf(int month, Span<double> weights)
    {
        weights.Clear();
        weights[month] = 1;
        weights[(month + 1) % Months] = NeighbourWeight;
        weights[(month + Months - 1) % Months] = NeighbourWeight;
    }

    /// <summary>The one pass over the rows.</summary>
    private static void Load(TowtRows rows, TemperatureUnit unit, MonthWorkspace workspace)
    {
        workspace.Reset(rows.Count);
        FillKnots(unit, workspace.KnotValues);
        SortMonths(rows, workspace.MonthStart);
        workspace.MeanUse = FixedSum.Mean(rows.Use);
        double heating = TemperatureScale.Heating(unit);
        double cooling = TemperatureScale.Cooling(unit);
        Span<int> next = stackalloc int[Months];
        workspace.MonthStart.AsSpan(0, Months).CopyTo(next);
        Span<double> cold = workspace.Cold;
        Span<double> warm = workspace.Warm;
        Span<double> sortedUse = workspace.SortedUse;
        Span<byte> sortedGroup = workspace.SortedGroup;
        ReadOnlySpan<double> knots = workspace.KnotValues;
        double[] cells = workspace.Cells;
        for (int i = 0; i < rows.Use.Length; i++)
        {
            int month = rows.Month[i];
            int group = rows.Group[i];
            double temperature = rows.Temperature[i];
            double use = rows.Use[i] - workspace.MeanUse;
            int span = 0;
            while (span < Knots && temperature > knots[span])
            {
                span++;
            }

            double part = temperature - knots[Math.Max(0, span - 1)];
            Span<double> cell = cells.AsSpan((((month * Groups) + group) * PerCell) + (span * PerSpan), PerSpan);
            cell[0] += 1;
            cell[1] += part;
            cell[2] += part * part;
            cell[3] += use;
            cell[4] += part * use;
            int place = next[month]++;
            cold[place] = Math.Max(heating - temperature, 0);
            warm[place] = Math.Max(temperature - cooling, 0);
            sortedUse[place] = use;
            sortedGroup[place] = (byte)group;
        }

        SumMonths(workspace);
    }

    private static void FillKnots(TemperatureUnit unit, double[] knots)
    {
        for (int i = 0; i < Knots; i++)
        {
            knots[i] = TemperatureScale.StandardKnot(i, unit);
        }
    }

    private static void SortMonths(TowtRows rows, int[] start)
    {
        Array.Clear(start);
        foreach (byte month in rows.Month)
        {
            start[month + 1]++;
        }

        for (int month = 0; month < Months; month++)
        {
            start[month + 1] += start[month];
        }
    }

    private static void SumMonths(MonthWorkspace workspace)
    {
        for (int month = 0; month < Months; month++)
        {
            Span<double> sums = workspace.MonthSums.AsSpan(month * PerMonth, PerMonth);
            for (int i = workspace.MonthStart[month]; i < workspace.MonthStart[month + 1]; i++)
            {
                double cold = workspace.Cold[i];
                double warm = workspace.Warm[i];
                double use = workspace.SortedUse[i];
                sums[0] += 1;
                sums[1] += cold;
                sums[2] += warm;
                sums[3] += cold * cold;
                sums[4] += warm * warm;
                sums[5] += use;
                sums[6] += cold * use;
                sums[7] += warm * use;
            }
        }
    }

    private static void FitModel(MonthWorkspace workspace, ReadOnlySpan<double> weights, int model)
    {
        FindOccupied(workspace, weights, workspace.Occupied.AsSpan(model * Groups, Groups));
        Span<int> counts = stackalloc int[2 * Spans];
        counts.Clear();
        Accumulate(workspace, weights, model, counts);
        for (int mode = 0; mode < 2; mode++)
        {
            Solve(workspace, model, mode, counts.Slice(mode * Spans, Spans));
        }
    }

    /// <summary>Occupied: more than 65 % of the residuals of use on cold and warm degrees are above zero (CalTRACK 2.0, 3.8.4).</summary>
    private static void FindOccupied(MonthWorkspace workspace, ReadOnlySpan<double> weights, Span<bool> occupied)
    {
        Span<double> sums = stackalloc double[PerMonth];
        sums.Clear();
        for (int month = 0; month < Months; month++)
        {
            for (int k = 0; k < PerMonth; k++)
            {
                sums[k] += weights[month] * workspace.MonthSums[(month * PerMonth) + k];
            }
        }

        Span<double> slopes = stackalloc double[2];
        double level = Regress(sums, slopes);
        double coldSlope = slopes[0];
        double warmSlope = slopes[1];
        int[] positive = workspace.Positive;
        int[] seen = workspace.Seen;
        Array.Clear(positive);
        Array.Clear(seen);
        for (int month = 0; month < Months; month++)
        {
            if (weights[month] == 0)
            {
                continue;
            }

            int first = workspace.MonthStart[month];
            int count = workspace.MonthStart[month + 1] - first;
            ReadOnlySpan<double> cold = workspace.Cold.Slice(first, count);
            ReadOnlySpan<double> warm = workspace.Warm.Slice(first, count);
            ReadOnlySpan<double> use = workspace.SortedUse.Slice(first, count);
            ReadOnlySpan<byte> group = workspace.SortedGroup.Slice(first, count);
            for (int i = 0; i < count; i++)
            {
                double residual = use[i] - (level + (coldSlope * cold[i]) + (warmSlope * warm[i]));
                seen[group[i]]++;
                positive[group[i]] += residual > 0 ? 1 : 0;
            }
        }

        for (int g = 0; g < Groups; g++)
        {
            occupied[g] = seen[g] > 0 && positive[g] / (double)seen[g] > OccupiedShare;
        }
    }

    /// <summary>Slopes of cold and warm degrees; gives the constant.</summary>
    private static double Regress(ReadOnlySpan<double> sums, Span<double> slopes)
    {
        if (!(sums[0] > 0))
        {
            return 0;
        }

        double cold = sums[1] / sums[0];
        double warm = sums[2] / sums[0];
        double use = sums[5] / sums[0];
        Span<double> squares = stackalloc double[4];
        squares[0] = Deviation(sums[3], sums[1] * cold);
        squares[2] = -sums[1] * warm;
        squares[3] = Deviation(sums[4], sums[2] * warm);
        slopes[0] = sums[6] - (sums[1] * use);
        slopes[1] = sums[7] - (sums[2] * use);
        SkippingCholesky.Factor(squares, 2);
        SkippingCholesky.Solve(squares, 2, slopes);
        return use - (slopes[0] * cold) - (slopes[1] * warm);
    }

    /// <summary>Squares about the mean; zero when only rounding is left.</summary>
    private static double Deviation(double squares, double ofMean)
    {
        const double rounding = 1e-12;
        double difference = squares - ofMean;
        return difference > rounding * squares ? difference : 0;
    }

    /// <summary>Means per hour of the week, and sums about them per mode.</summary>
    private static void Accumulate(MonthWorkspace workspace, ReadOnlySpan<double> weights, int model, Span<int> counts)
    {
        Array.Clear(workspace.Products);
        Array.Clear(workspace.WithUse);
        Span<double> cell = stackalloc double[PerCell];
        for (int g = 0; g < Groups; g++)
        {
            int mode = workspace.Occupied[(model * Groups) + g] ? 0 : 1;
            cell.Clear();
            for (int month = 0; month < Months; month++)
            {
                double weight = weights[month];
                if (weight == 0)
                {
                    continue;
                }

                ReadOnlySpan<double> source = workspace.Cells.AsSpan(((month * Groups) + g) * PerCell, PerCell);
                for (int k = 0; k < PerCell; k++)
                {
                    cell[k] += weight * source[k];
                }

                for (int span = 0; span < Spans; span++)
                {
                    counts[(mode * Spans) + span] += (int)source[span * PerSpan];
                }
            }

            AddHour(workspace, cell, (model * Groups) + g, mode);
        }
    }

    /// <summary>
    /// Adds one hour of the week. A row in a span has the whole width of every span below, nothing of those above, and nothing of
    /// the lowest span, whose part is counted down from its upper knot.
    /// </summary>
    private static void AddHour(MonthWorkspace workspace, ReadOnlySpan<double> cell, int place, int mode)
    {
        Span<double> means = workspace.Means.AsSpan(place * Spans, Spans);
        Span<double> products = workspace.Products.AsSpan(mode * Spans * Spans, Spans * Spans);
        Span<double> withUse = workspace.WithUse.AsSpan(mode * Spans, Spans);
        double weight = 0;
        double use = 0;
        for (int span = 0; span < Spans; span++)
        {
            weight += cell[span * PerSpan];
            use += cell[(span * PerSpan) + 3];
        }

        workspace.Weight[place] = weight;
        workspace.Use[place] = weight > 0 ? workspace.MeanUse + (use / weight) : 0;
        if (!(weight > 0))
        {
            means.Clear();
            return;
        }

        double weightAbove = weight;
        double useAbove = use;
        for (int j = 0; j < Spans; j++)
        {
            double width = Width(workspace.KnotValues, j);
            weightAbove -= cell[j * PerSpan];
            useAbove -= cell[(j * PerSpan) + 3];
            double sum = cell[(j * PerSpan) + 1] + (width * weightAbove);
            double square = cell[(j * PerSpan) + 2] + (width * width * weightAbove);
            means[j] = sum / weight;
            products[(j * Spans) + j] += Deviation(square, sum * means[j]);
            withUse[j] += cell[(j * PerSpan) + 4] + (width * useAbove) - (means[j] * use);
            for (int i = 0; i < j; i++)
            {
                products[(j * Spans) + i] += (Width(workspace.KnotValues, i) * sum) - (sum * means[i]);
            }
        }
    }

    /// <summary>The whole width of a span; 0 for the lowest, whose part is zero for all rows above it.</summary>
    private static double Width(double[] knots, int span) => span is 0 or Knots ? 0 : knots[span] - knots[span - 1];

    /// <summary>Joins spans across dropped knots and solves for the slopes of one mode.</summary>
    private static void Solve(MonthWorkspace workspace, int model, int mode, Span<int> counts)
    {
        Span<bool> kept = workspace.Kept.AsSpan(((model * 2) + mode) * Knots, Knots);
        TemperatureScale.DropThin(counts, kept);
        Span<int> columnOf = stackalloc int[Spans];
        int size = 1;
        for (int span = 0; span < Spans; span++)
        {
            columnOf[span] = size - 1;
            size += span < Knots && kept[span] ? 1 : 0;
        }

        Span<double> factor = workspace.Factors.AsSpan(((model * 2) + mode) * Spans * Spans, size * size);
        Span<double> slopes = workspace.Slopes.AsSpan(((model * 2) + mode) * Spans, size);
        factor.Clear();
        slopes.Clear();
        for (int j = 0; j < Spans; j++)
        {
            slopes[columnOf[j]] += workspace.WithUse[(mode * Spans) + j];
            for (int i = 0; i <= j; i++)
            {
                // A product of two spans that are joined counts on both sides of the diagonal.
                double value = workspace.Products[(mode * Spans * Spans) + (j * Spans) + i];
                double times = i != j && columnOf[i] == columnOf[j] ? 2 : 1;
                factor[(columnOf[j] * size) + columnOf[i]] += times * value;
            }
        }

        workspace.Ranks[(model * 2) + mode] = SkippingCholesky.Factor(factor, size);
        SkippingCholesky.Solve(factor, size, slopes);
    }
}
