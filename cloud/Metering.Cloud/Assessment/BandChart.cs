using Metering.Cloud.Charts;
using Metering.Cloud.Pages;
using Metering.Programme.Assessment;

namespace Metering.Cloud.Assessment;

/// <summary>The intensity of a plant as a line through the bands of its sector, one bar each. The table beside it says the same.</summary>
internal static class BandChart
{
    private const double RowHeight = 40;
    private const double BarHeight = 14;
    private const double Top = 34;
    private const double Side = 10;
    private const double FigureWidth = 3;

    /// <summary>The drawing; every band is stated in the unit of the intensity.</summary>
    public static string Draw(AssessedIndicator indicator, AssessedFigure intensity, Language language, ChartWidth width)
    {
        string id = "bands-" + indicator.Load + Frame.SuffixOf(width);
        double right = Frame.WidthOf(width) - Side;
        double bottom = Top + (indicator.Bands.Count * RowHeight);
        Svg svg = new(id, Frame.WidthOf(width), bottom + 44);
        List<(PlacedBand Band, double Low, double High)> bars = [.. indicator.Bands.Select(band => Ends(band, intensity.Value))];
        double highest = bars.Select(bar => bar.High).Where(double.IsFinite).Append(intensity.Value).Max();
        Frame frame = new(svg, Side, Top, right, bottom);
        string unit = AssessmentWords.UnitText(intensity.Unit, language);
        Scale scale = frame.Along(0, highest * 1.05, unit, width == ChartWidth.Narrow ? 5 : 9);
        for (int index = 0; index < bars.Count; index++)
        {
            (PlacedBand band, double low, double high) = bars[index];
            double y = Top + (index * RowHeight);
            svg.Label(new(Side, y + 14), ReferenceDataNames.Subject(band.Row.Id[(band.Row.Id.IndexOf('.', StringComparison.Ordinal) + 1)..], language), "tick halo");
            double from = scale[double.IsFinite(low) ? low : 0];
            double to = double.IsFinite(high) ? scale[high] : right;
            svg.Rectangle(new(from, y + 20), Math.Max(FigureWidth, to - from), BarHeight, "bar");
        }

        double x = scale[intensity.Value];
        svg.Line(new(x, Top - 6), new(x, bottom), "use");
        string label = AssessmentWords.YourPlant.In(language, AssessmentTexts.Figure(intensity.Value), unit);
        string anchor = x < right / 3 ? "start" : x > right * 2 / 3 ? "end" : "middle";
        svg.Label(new(x, Top - 14), label, "label ink-use", anchor);
        string title = AssessmentWords.ChartTitle.In(language, AssessmentTexts.Name(indicator.Load).In(language));
        return svg.Finish(title, label, Frame.StyleOf(width));
    }

    // Ends in the unit of the intensity: the position holds the same value in the unit of the band.
    private static (PlacedBand Band, double Low, double High) Ends(PlacedBand band, double value)
    {
        double factor = value / band.Position.Value;
        return (band, band.Position.Band.Low * factor, band.Position.Band.High * factor);
    }
}
