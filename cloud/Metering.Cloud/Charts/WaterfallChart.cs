using Metering.Cloud.Texts;

namespace Metering.Cloud.Charts;

/// <summary>One bar of a waterfall.</summary>
/// <param name="Name">What it is.</param>
/// <param name="From">Where it begins, in the unit of use.</param>
/// <param name="To">Where it ends.</param>
/// <param name="IsTotal">It stands on zero.</param>
internal sealed record WaterfallBar(Text Name, double From, double To, bool IsTotal)
{
    /// <summary>What it adds.</summary>
    public double Change => To - From;
}

/// <summary>From the use of the baseline, step by step, to what was metered.</summary>
internal static class WaterfallChart
{
    /// <summary>The bars; the days that do not count and the register come last, where the register can tell.</summary>
    public static IReadOnlyList<WaterfallBar> Bars(WaterfallAnalysis steps)
    {
        List<WaterfallBar> bars =
        [
            new(Words.StepBaseline, 0, steps.Baseline, IsTotal: true),
            new(Words.StepRoutine, steps.Baseline, steps.Baseline + steps.Routine, IsTotal: false),
        ];
        if (steps.Events != 0)
        {
            bars.Add(new(Words.StepEvents, steps.Baseline + steps.Routine, steps.Adjusted, IsTotal: false));
        }

        bars.Add(new(Words.StepAdjusted, 0, steps.Adjusted, IsTotal: true));
        bars.Add(new(Words.StepMeasure, steps.Adjusted, steps.Adjusted - steps.Saving, IsTotal: false));
        bars.Add(new(Words.StepMetered, 0, steps.Metered, IsTotal: true));
        if (double.IsFinite(steps.Register))
        {
            bars.Add(new(Words.StepNotCounted, steps.Metered, steps.Register, IsTotal: false));
            bars.Add(new(Words.StepRegister, 0, steps.Register, IsTotal: true));
        }

        return bars;
    }

    /// <summary>The drawing: bars lie, so that their names are readable at any width.</summary>
    public static string Draw(string id, WaterfallAnalysis steps, string unit, Formatter formatter, ChartWidth width)
    {
        const double rowHeight = 34;
        IReadOnlyList<WaterfallBar> bars = Bars(steps);
        bool isNarrow = width == ChartWidth.Narrow;
        double names = isNarrow ? 8 : 236;
        double bottom = 12 + (bars.Count * (isNarrow ? rowHeight + 12 : rowHeight));
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), bottom + 42);
        Frame frame = new(svg, names, 12, Frame.WidthOf(width) - (isNarrow ? 40 : 110), bottom);
        double low = Math.Min(0, bars.Min(bar => Math.Min(bar.From, bar.To)));
        Scale x = frame.Along(low, bars.Max(bar => Math.Max(bar.From, bar.To)), UnitNames.Of(unit, formatter.Language), isNarrow ? 4 : 8);
        int decimals = Formatter.DecimalsFor(steps.Metered / 1000);
        for (int index = 0; index < bars.Count; index++)
        {
            WaterfallBar bar = bars[index];
            double top = 12 + (index * (isNarrow ? rowHeight + 12 : rowHeight)) + (isNarrow ? 16 : 4);
            double left = x[Math.Min(bar.From, bar.To)];
            double length = Math.Max(1.5, x[Math.Max(bar.From, bar.To)] - left);
            string style = bar.IsTotal ? "bar-total" : bar.Change <= 0 ? "bar" : "bar-more";
            svg.Rectangle(new(left, top), length, 20, style);
            string value = bar.IsTotal ? Formatter.Number(bar.To, decimals) : (bar.Change > 0 ? "+" : "") + Formatter.Number(bar.Change, decimals);
            svg.Label(new(isNarrow ? 8 : names - 10, isNarrow ? top - 4 : top + 15), bar.Name.In(formatter.Language), bar.IsTotal ? "label" : "", isNarrow ? "start" : "end");
            svg.Label(isNarrow ? new(Frame.WidthOf(width) - 14, top - 4) : new(Math.Max(left + length, x[bar.From]) + 6, top + 15), value, "label halo", isNarrow ? "end" : "start");
            if (index + 1 < bars.Count)
            {
                // On a narrow drawing names and values stand between the bars: the line ends above them.
                svg.Line(new(x[bar.To], top + 20), new(x[bar.To], top + (isNarrow ? 28 : rowHeight)), "marker");
            }
        }

        return svg.Finish(
            Words.WaterfallChart.In(formatter.Language),
            string.Join("; ", bars.Select(bar => $"{bar.Name.In(formatter.Language)}: {formatter.Quantity(bar.IsTotal ? bar.To : bar.Change, unit, decimals)}")),
            Frame.StyleOf(width));
    }
}
