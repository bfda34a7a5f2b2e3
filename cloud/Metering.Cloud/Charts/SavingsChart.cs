using Metering.Cloud.Texts;

namespace Metering.Cloud.Charts;

/// <summary>Metered use against the adjusted baseline: the saving is the surface between them.</summary>
internal sealed class SavingsChart
{
    private const double LabelHeight = 15;

    private readonly IReadOnlyList<ProjectDay> days;
    private readonly IReadOnlyList<Block> blocks;
    private readonly string unit;
    private readonly Formatter formatter;

    /// <summary>A chart of days, drawn by the blocks made of them.</summary>
    public SavingsChart(IReadOnlyList<ProjectDay> days, IReadOnlyList<Block> blocks, string unit, Formatter formatter)
    {
        this.days = days;
        this.blocks = blocks;
        this.unit = unit;
        this.formatter = formatter;
    }

    /// <summary>The drawing in one width; the id is that of the chart on its page.</summary>
    public string Draw(string id, ChartWidth width)
    {
        bool isNarrow = width == ChartWidth.Narrow;
        double right = isNarrow ? 372 : 888;
        double height = isNarrow ? 320 : 372;
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), height);
        Frame frame = new(svg, isNarrow ? 56 : 62, isNarrow ? 62 : 46, right, height - 42);
        Scale x = DaysScale(frame);
        double highest = blocks.Max(block => Math.Max(Or0(block.Use), Or0(block.Baseline) + Or0(block.HalfWidth)));
        string gapPattern = svg.Hatch("gap", "hatch-gap", 6);
        string savingPattern = svg.Hatch("more", "hatch-more", 4);
        DrawPeriods(svg, frame, x);
        Scale y = frame.Values(0, highest, UnitNames.PerDay(unit, formatter.Language), isNarrow ? 6 : 8);
        _ = frame.Days(days[0].Day, days[^1].Day, formatter);
        DrawGaps(svg, frame, x, gapPattern);
        svg.Path(Band(x, y), "band");
        svg.Path(Surface(x, y, savesUse: true), "saving");
        svg.HatchedPath(Surface(x, y, savesUse: false), "more", savingPattern);
        svg.Path(Curve(x, y, block => block.Phase == DayPhase.Baseline ? block.Baseline : double.NaN), "fitted");
        svg.Path(Curve(x, y, block => block.Phase == DayPhase.Reporting ? block.Baseline : double.NaN), "baseline");
        svg.Path(Curve(x, y, block => block.Use), "use");
        if (isNarrow)
        {
            DrawKey(svg);
        }
        else
        {
            DrawLabels(svg, right, y);
        }

        return svg.Finish(Words.SavingsChart.In(formatter.Language), Description(), Frame.StyleOf(width));
    }

    private static double Or0(double value) => double.IsFinite(value) ? value : 0;

    private Scale DaysScale(Frame frame) => new(days[0].Day.DayNumber, days[^1].Day.DayNumber + 1, frame.Left, frame.Right);

    private void DrawPeriods(Svg svg, Frame frame, Scale x)
    {
        int start = 0;
        for (int index = 1; index <= days.Count; index++)
        {
            if (index < days.Count && days[index].Phase == days[start].Phase)
            {
                continue;
            }

            double left = x[days[start].Day.DayNumber];
            double right = x[days[index - 1].Day.DayNumber + 1];
            Text? name = days[start].Phase switch
            {
                DayPhase.Baseline => Words.BaselinePeriod,
                DayPhase.Installation => Words.Installation,
                DayPhase.Reporting => Words.ReportingPeriod,
                _ => null,
            };
            if (days[start].Phase == DayPhase.Installation)
            {
                svg.Rectangle(new(left, frame.Top), right - left, frame.Bottom - frame.Top, "installation");
                svg.Line(new(right, frame.Top - 8), new(right, frame.Bottom), "marker");
            }

            svg.Line(new(left + 1, frame.Top - 8), new(right - 1, frame.Top - 8), "bracket");
            if (name is not null)
            {
                bool isShort = right - left < 80;
                svg.Label(new((left + right) / 2, frame.Top - (isShort && frame.Right < 400 ? 28 : 14)), name.In(formatter.Language), "tick", "middle");
            }

            start = index;
        }
    }

    private void DrawGaps(Svg svg, Frame frame, Scale x, string pattern)
    {
        double lastLabelEnd = double.MinValue;
        foreach ((DateOnly first, int count) in Gaps.Of(days))
        {
            double left = x[first.DayNumber];
            double gapWidth = Math.Max(2.5, x[first.DayNumber + count] - left);
            svg.Rectangle(new(left, frame.Top), gapWidth, frame.Bottom - frame.Top, "gap");
            svg.HatchedRectangle(new(left, frame.Top), gapWidth, frame.Bottom - frame.Top, pattern);
            double middle = left + (gapWidth / 2);
            if (count >= 3 && middle - 30 > lastLabelEnd && middle < frame.Right - 30)
            {
                svg.Label(new(middle, frame.Bottom - 8), Words.NoData.In(formatter.Language), "tick halo", "middle");
                lastLabelEnd = middle + 30;
            }
        }
    }

    private PathData Curve(Scale x, Scale y, Func<Block, double> value)
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

    private PathData Band(Scale x, Scale y)
    {
        PathData path = new();
        foreach (IReadOnlyList<Block> run in Runs(block => double.IsFinite(block.HalfWidth)))
        {
            foreach (Block block in run)
            {
                path.To(new(x[block.Middle], y[block.Baseline + block.HalfWidth]));
            }

            foreach (Block block in run.Reverse())
            {
                path.To(new(x[block.Middle], y[Math.Max(0, block.Baseline - block.HalfWidth)]));
            }

            path.Close();
        }

        return path;
    }

    // The surface is bounded by the model and by whichever of use and model lies on the wished side; where the curves
    // cross, the crossing itself is a corner, so that neither surface runs over the other.
    private PathData Surface(Scale x, Scale y, bool savesUse)
    {
        PathData path = new();
        foreach (IReadOnlyList<Block> run in Runs(block => double.IsFinite(block.Use)))
        {
            List<(double X, double Use, double Baseline)> corners = Corners(run);
            foreach ((double at, double use, double baseline) in corners)
            {
                path.To(new(x[at], y[savesUse ? Math.Min(use, baseline) : Math.Max(use, baseline)]));
            }

            corners.Reverse();
            foreach ((double at, _, double baseline) in corners)
            {
                path.To(new(x[at], y[baseline]));
            }

            path.Close();
        }

        return path;
    }

    private static List<(double X, double Use, double Baseline)> Corners(IReadOnlyList<Block> run)
    {
        List<(double X, double Use, double Baseline)> corners = [];
        for (int index = 0; index < run.Count; index++)
        {
            if (index > 0)
            {
                double before = run[index - 1].Baseline - run[index - 1].Use;
                double after = run[index].Baseline - run[index].Use;
                if (before * after < 0)
                {
                    double share = before / (before - after);
                    double value = run[index - 1].Baseline + (share * (run[index].Baseline - run[index - 1].Baseline));
                    corners.Add((run[index - 1].Middle + (share * (run[index].Middle - run[index - 1].Middle)), value, value));
                }
            }

            corners.Add((run[index].Middle, run[index].Use, run[index].Baseline));
        }

        return corners;
    }

    private List<IReadOnlyList<Block>> Runs(Func<Block, bool> isKnown)
    {
        List<IReadOnlyList<Block>> runs = [];
        List<Block> run = [];
        foreach (Block block in blocks)
        {
            if (block.Phase == DayPhase.Reporting && double.IsFinite(block.Baseline) && isKnown(block))
            {
                run.Add(block);
            }
            else if (run.Count > 0)
            {
                runs.Add(run);
                run = [];
            }
        }

        if (run.Count > 0)
        {
            runs.Add(run);
        }

        return runs;
    }

    private void DrawLabels(Svg svg, double right, Scale y)
    {
        Block? last = blocks.LastOrDefault(block => double.IsFinite(block.Use));
        if (last is null)
        {
            return;
        }

        double useAt = y[last.Use];
        double x = right + 10;
        if (double.IsFinite(last.Baseline) && last.Phase == DayPhase.Reporting)
        {
            double baselineAt = y[last.Baseline];
            double apart = 2.6 * LabelHeight;
            double middle = (useAt + baselineAt) / 2;
            bool isAbove = baselineAt <= useAt;
            double half = Math.Max(Math.Abs(useAt - baselineAt), apart) / 2;
            baselineAt = middle + (isAbove ? -half : half);
            useAt = middle + (isAbove ? half : -half);
            svg.Label(new(x, baselineAt + 4), Words.AdjustedBaseline.In(formatter.Language), "label ink-baseline");
            Text between = isAbove ? Words.Saving : Words.MoreUse;
            svg.Label(new(x, middle + 4), between.In(formatter.Language), "label ink-saving");
        }

        svg.Label(new(x, useAt + 4), Words.Metered.In(formatter.Language), "label ink-use");
    }

    private void DrawKey(Svg svg)
    {
        svg.Line(new(30, 10), new(50, 10), "use");
        svg.Label(new(55, 14), Words.Metered.In(formatter.Language), "label ink-use");
        svg.Line(new(118, 10), new(138, 10), "baseline");
        svg.Label(new(143, 14), Words.AdjustedBaseline.In(formatter.Language), "label ink-baseline");
        svg.Rectangle(new(298, 4), 16, 12, "saving");
        svg.Label(new(319, 14), Words.Saving.In(formatter.Language), "label ink-saving");
    }

    private string Description() => Words.SavingsChartDescription.In(
        formatter.Language,
        formatter.Date(days[0].Day),
        formatter.Date(days[^1].Day),
        Formatter.Count(days.Count(day => day.State == DayState.Missing)));
}

/// <summary>Runs of days without a known use.</summary>
internal static class Gaps
{
    /// <summary>First day and length of each run, days that have not arrived left out.</summary>
    public static IEnumerable<(DateOnly First, int Count)> Of(IReadOnlyList<ProjectDay> days)
    {
        int count = 0;
        for (int index = 0; index <= days.Count; index++)
        {
            if (index < days.Count && days[index].State == DayState.Missing)
            {
                count++;
            }
            else if (count > 0)
            {
                yield return (days[index - count].Day, count);
                count = 0;
            }
        }
    }
}
