namespace Metering.Analytics.Towt;

/// <summary>Copies a model out of the workspace of <see cref="MonthKernel"/>.</summary>
internal static class MonthSegment
{
    private const int Groups = MonthWorkspace.Groups;
    private const int Spans = MonthWorkspace.Spans;

    public static TowtSegment Read(MonthWorkspace workspace, int model, double[] weights)
    {
        bool[] occupied = workspace.Occupied.AsSpan(model * Groups, Groups).ToArray();
        double[] occupiedKnots = Knots(workspace, model, 0);
        double[] unoccupiedKnots = Knots(workspace, model, 1);
        int first = occupiedKnots.Length + 1;
        int second = unoccupiedKnots.Length + 1;
        int size = first + second;
        double[] slopes = new double[size];
        workspace.Slopes.AsSpan(model * 2 * Spans, first).CopyTo(slopes);
        workspace.Slopes.AsSpan(((model * 2) + 1) * Spans, second).CopyTo(slopes.AsSpan(first));
        double[] factor = new double[size * size];
        CopyFactor(workspace.Factors.AsSpan(model * 2 * Spans * Spans, first * first), first, factor, size);
        CopyFactor(
            workspace.Factors.AsSpan(((model * 2) + 1) * Spans * Spans, second * second), second, factor.AsSpan((first * size) + first), size);
        double[] means = new double[Groups * size];
        for (int g = 0; g < Groups; g++)
        {
            Span<double> row = means.AsSpan(g * size, size);
            ReadOnlySpan<double> source = workspace.Means.AsSpan(((model * Groups) + g) * Spans, Spans);
            if (occupied[g])
            {
                Join(source, workspace.KnotValues, occupiedKnots, row[..first]);
            }
            else
            {
                Join(source, workspace.KnotValues, unoccupiedKnots, row[first..]);
            }
        }

        return new TowtSegment
        {
            MonthWeights = weights,
            Occupied = occupied,
            OccupiedKnots = occupiedKnots,
            UnoccupiedKnots = unoccupiedKnots,
            DriverCount = 0,
            GroupWeight = workspace.Weight.AsSpan(model * Groups, Groups).ToArray(),
            GroupUse = workspace.Use.AsSpan(model * Groups, Groups).ToArray(),
            GroupMeans = means,
            Slopes = slopes,
            Factor = factor,
            Rank = workspace.Ranks[model * 2] + workspace.Ranks[(model * 2) + 1],
        };
    }

    /// <summary>Means of spans joined across dropped knots. The lowest span counts down from its own upper knot, or up from zero.</summary>
    private static void Join(ReadOnlySpan<double> means, double[] all, double[] kept, Span<double> joined)
    {
        int column = 0;
        for (int span = 0; span < means.Length; span++)
        {
            joined[column] += means[span];
            if (span < all.Length && column < kept.Length && all[span] == kept[column])
            {
                column++;
            }
        }

        joined[0] += all[0] - (kept.Length > 0 ? kept[0] : 0);
    }

    private static double[] Knots(MonthWorkspace workspace, int model, int mode)
    {
        List<double> kept = [];
        for (int i = 0; i < MonthWorkspace.Knots; i++)
        {
            if (workspace.Kept[(((model * 2) + mode) * MonthWorkspace.Knots) + i])
            {
                kept.Add(workspace.KnotValues[i]);
            }
        }

        return [.. kept];
    }

    private static void CopyFactor(ReadOnlySpan<double> source, int size, Span<double> target, int stride)
    {
        for (int row = 0; row < size; row++)
        {
            source.Slice(row * size, row + 1).CopyTo(target[(row * stride)..]);
        }
    }
}
