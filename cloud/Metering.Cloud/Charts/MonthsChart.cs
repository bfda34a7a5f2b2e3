using Metering.Cloud.Texts;

namespace Metering.Cloud.Charts;

/// <summary>The saving of each month as a bar with its interval.</summary>
internal static class MonthsChart
{
    private const double YearLabelWidth = 40;

    /// <summary>The drawing; needs at least one month.</summary>
    public static string Draw(string id, ProjectResult result, Formatter formatter, ChartWidth width)
    {
        IReadOnlyList<MonthRow> months = result.Months;
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), 260);
        Frame frame = new(svg, 62, 34, Frame.WidthOf(width) - 14, 216);
        double low = Math.Min(0, months.Min(month => month.Saving - Or0(month.HalfWidth)));
        double high = Math.Max(0, months.Max(month => month.Saving + Or0(month.HalfWidth)));
        Scale y = frame.Values(low, high, UnitNames.Of(result.Unit, formatter.Language), 7);
        double slot = (frame.Right - frame.Left) / months.Count;
        double bar = Math.Min(46, slot * 0.62);
        int lastYear = 0;
        for (int index = 0; index < months.Count; index++)
        {
            MonthRow month = months[index];
            double middle = frame.Left + ((index + 0.5) * slot);
            double top = y[Math.Max(0, month.Saving)];
            svg.Rectangle(new(middle - (bar / 2), top), bar, y[Math.Min(0, month.Saving)] - top, month.Saving >= 0 ? "bar" : "bar-more");
            if (double.IsFinite(month.HalfWidth))
            {
                double upper = y[month.Saving + month.HalfWidth];
                double lower = y[month.Saving - month.HalfWidth];
                svg.Line(new(middle, upper), new(middle, lower), "whisker");
                svg.Line(new(middle - 4, upper), new(middle + 4, upper), "whisker");
                svg.Line(new(middle - 4, lower), new(middle + 4, lower), "whisker");
            }

            if (slot >= 30 || index % 2 == 0)
            {
                svg.Label(new(middle, frame.Bottom + 18), formatter.MonthShort(month.Month), "tick", "middle");
            }

            // Two years beside each other need room for two labels: then the first, of a month or two, goes without.
            int ofYear = months.Skip(index).TakeWhile(other => other.Year == month.Year).Count();
            bool isCrowded = lastYear == 0 && ofYear < months.Count && ofYear * slot < YearLabelWidth;
            if (month.Year != lastYear && !isCrowded)
            {
                svg.Label(new(middle, frame.Bottom + 33), Svg.N(month.Year), "tick strong", "middle");
                lastYear = month.Year;
            }
        }

        return svg.Finish(Words.MonthsChart.In(formatter.Language), Words.MonthsDescription.In(formatter.Language), Frame.StyleOf(width));
    }

    private static double Or0(double value) => double.IsFinite(value) ? value : 0;
}
