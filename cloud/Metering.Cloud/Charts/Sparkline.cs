namespace Metering.Cloud.Charts;

/// <summary>Small drawings without axes for tables; the numbers stand beside them.</summary>
internal static class Sparkline
{
    private const double Width = 160;
    private const double Height = 34;

    /// <summary>Two lines, metered and model, in blocks; gaps stay gaps. Empty when there is nothing to draw: no empty place is kept for it.</summary>
    public static string Savings(string id, IReadOnlyList<Block> blocks, string title)
    {
        double highest = blocks.Select(block => Math.Max(Or0(block.Use), Or0(block.Baseline))).DefaultIfEmpty(1).Max();
        double lowest = blocks.SelectMany(block => (double[])[block.Use, block.Baseline]).Where(double.IsFinite).DefaultIfEmpty(0).Min();
        if (blocks.Count < 2 || highest <= lowest)
        {
            return "";
        }

        Svg svg = new(id, Width, Height);
        Scale x = new(blocks[0].Middle, blocks[^1].Middle, 1, Width - 1);
        Scale y = new(lowest, highest, Height - 3, 3);
        svg.Path(Line(blocks, block => block.Phase == DayPhaseReporting ? block.Baseline : double.NaN, x, y), "baseline");
        svg.Path(Line(blocks, block => block.Use, x, y), "use");
        return svg.Finish(title, title, "sparkline");
    }

    /// <summary>Bars of daily use (counter) or a line of daily means (gauge); NaN leaves a hatched place. Empty when no day has a value.</summary>
    public static string Daily(string id, IReadOnlyList<double> values, bool asBars, string title)
    {
        const double DailyWidth = 300;
        const double DailyHeight = 56;
        double[] known = [.. values.Where(double.IsFinite)];
        if (known.Length == 0)
        {
            return "";
        }

        Svg svg = new(id, DailyWidth, DailyHeight);
        double lowest = asBars ? 0 : known.Min();
        double highest = Math.Max(known.Max(), lowest + 1e-9);
        Scale y = new(lowest, highest, DailyHeight - 3, 4);
        double slot = DailyWidth / values.Count;
        string hatch = svg.Hatch("gap", "hatch-gap", 5);
        PathData line = new();
        PathData bars = new();
        for (int index = 0; index < values.Count; index++)
        {
            double x = index * slot;
            if (!double.IsFinite(values[index]))
            {
                svg.HatchedRectangle(new(x, 4), slot, DailyHeight - 7, hatch);
                line.Lift();
            }
            else if (asBars)
            {
                bars.Box(new(x + (slot * 0.15), y[values[index]]), slot * 0.7, y[lowest] - y[values[index]]);
            }
            else
            {
                line.To(new(x + (slot / 2), y[values[index]]));
            }
        }

        svg.Path(bars, "spark-bar");
        svg.Path(line, "use");
        svg.Line(new(0, DailyHeight - 2.5), new(DailyWidth, DailyHeight - 2.5), "axis");
        return svg.Finish(title, title, "sparkline daily");
    }

    private const DayPhase DayPhaseReporting = DayPhase.Reporting;

    private static double Or0(double value) => double.IsFinite(value) ? value : 0;

    private static PathData Line(IReadOnlyList<Block> blocks, Func<Block, double> value, Scale x, Scale y)
    {
        PathData path = new();
        foreach (Block block in blocks)
        {
            if (double.IsFinite(value(block)))
            {
                path.To(new(x[block.Middle], y[value(block)]));
            }
            else
            {
                path.Lift();
            }
        }

        return path;
    }
}
