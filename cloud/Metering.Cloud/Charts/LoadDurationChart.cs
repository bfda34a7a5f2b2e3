using Metering.Cloud.Texts;

namespace Metering.Cloud.Charts;

/// <summary>Load against the share of time in which it is exceeded: the right end is what never stops.</summary>
internal static class LoadDurationChart
{
    /// <summary>The drawing; needs at least one period.</summary>
    public static string Draw(string id, IReadOnlyList<LoadAnalysis> loads, string unit, Formatter formatter, ChartWidth width)
    {
        (string rate, double factor) = UnitNames.PerHour(unit, formatter.Language);
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), 320);
        Frame frame = new(svg, 62, 48, Frame.WidthOf(width) - 14, 268);
        Scale y = frame.Values(0, loads.Max(load => load.Exceeded[0]) * factor, rate, 7);
        Scale x = frame.Along(0, LoadAnalysis.Steps, Words.LoadAxis.In(formatter.Language), 6);
        List<string> told = [];
        double key = frame.Left;
        foreach (LoadAnalysis load in loads)
        {
            bool isBaseline = load.Phase == DayPhase.Baseline;
            PathData curve = new();
            for (int step = 0; step < load.Exceeded.Count; step++)
            {
                curve.To(new(x[step], y[load.Exceeded[step] * factor]));
            }

            svg.Path(curve, isBaseline ? "baseline" : "use");
            string name = (isBaseline ? Words.BaselinePeriod : Words.ReportingPeriod).In(formatter.Language);
            svg.Line(new(key, 14), new(key + 22, 14), isBaseline ? "baseline" : "use");
            svg.Label(new(key + 28, 18), name, isBaseline ? "label ink-baseline" : "label ink-use");
            key += 130;
            int decimals = Formatter.DecimalsFor(load.Mean * factor / 10);
            told.Add(Words.LoadTold.In(
                formatter.Language,
                name,
                Formatter.Number(load.Base * factor, decimals),
                Formatter.Number(load.Night * factor, decimals),
                Formatter.Number(load.Mean * factor, decimals),
                Formatter.Number(load.Exceeded[0] * factor, decimals),
                rate));
        }

        return svg.Finish(Words.LoadChart.In(formatter.Language), string.Join(" ", told), Frame.StyleOf(width));
    }
}
