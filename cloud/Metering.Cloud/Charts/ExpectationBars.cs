namespace Metering.Cloud.Charts;

/// <summary>Small bars of daily use with what was expected of each day as a stroke across it; the numbers stand beside them.</summary>
internal static class ExpectationBars
{
    private const double Width = 300;
    private const double Height = 64;

    /// <summary>The drawing; an unknown day is a hatched place, and no stroke stands where nothing was to be expected. Empty when nothing was used.</summary>
    /// <param name="id">Unique on the page.</param>
    /// <param name="values">Use of each day; NaN where not known.</param>
    /// <param name="expected">Expectation of the same days; NaN where there is none.</param>
    /// <param name="title">What is drawn.</param>
    public static string Draw(string id, IReadOnlyList<double> values, IReadOnlyList<double> expected, string title)
    {
        double highest = values.Concat(expected).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        if (values.Count == 0 || highest <= 0)
        {
            return "";
        }

        Svg svg = new(id, Width, Height);
        Scale y = new(0, highest, Height - 3, 4);
        double slot = Width / values.Count;
        string hatch = svg.Hatch("gap", "hatch-gap", 5);
        PathData bars = new();
        PathData strokes = new();
        for (int index = 0; index < values.Count; index++)
        {
            double x = index * slot;
            if (double.IsFinite(values[index]))
            {
                bars.Box(new(x + (slot * 0.15), y[values[index]]), slot * 0.7, y[0] - y[values[index]]);
            }
            else
            {
                svg.HatchedRectangle(new(x, 4), slot, Height - 7, hatch);
            }

            if (double.IsFinite(expected[index]))
            {
                strokes.To(new(x, y[expected[index]]));
                strokes.To(new(x + slot, y[expected[index]]));
            }
            else
            {
                strokes.Lift();
            }
        }

        svg.Path(bars, "spark-bar");
        svg.Path(strokes, "baseline");
        svg.Line(new(0, Height - 2.5), new(Width, Height - 2.5), "axis");
        return svg.Finish(title, title, "sparkline daily");
    }
}
