using System.Globalization;
using System.Text;

namespace Metering.Gateway.Status;

/// <summary>A small line without axes, as SVG: the shape of the last hour. Holes stay holes.</summary>
internal static class Sparkline
{
    private const double Width = 240;
    private const double Height = 36;
    private const double Margin = 3;

    /// <param name="page">Where it is drawn.</param>
    /// <param name="points">The oldest first; NaN for none.</param>
    /// <param name="description">What it shows, for those who do not see it.</param>
    internal static void Write(HtmlWriter page, ReadOnlySpan<double> points, string description)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (double point in points)
        {
            if (double.IsFinite(point))
            {
                (low, high) = (Math.Min(low, point), Math.Max(high, point));
            }
        }

        if (low > high)
        {
            return;
        }

        // A steady value is a steady line in the middle, not noise blown up.
        double span = Math.Max(high - low, Math.Max(Math.Abs(high) * 0.02, 1e-9));
        double middle = (high + low) / 2;
        page.Write($"<svg class=\"spark\" viewBox=\"0 0 {Width:0} {Height:0}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{description}\"><path d=\"{PathOf(points, middle, span)}\"/></svg>");
    }

    private static string PathOf(ReadOnlySpan<double> points, double middle, double span)
    {
        StringBuilder path = new();
        bool isDown = false;
        for (int index = 0; index < points.Length; index++)
        {
            if (!double.IsFinite(points[index]))
            {
                isDown = false;
                continue;
            }

            double x = Margin + (index * (Width - (2 * Margin)) / (points.Length - 1));
            double y = (Height / 2) - ((points[index] - middle) / span * (Height - (2 * Margin)));
            _ = path.Append(CultureInfo.InvariantCulture, $"{(isDown ? 'L' : 'M')}{x:0.#} {y:0.#}");

            // A point alone between two holes would be a line without length: draw it as a dot.
            if (!isDown && (index + 1 == points.Length || !double.IsFinite(points[index + 1])))
            {
                _ = path.Append("h2");
            }

            isDown = true;
        }

        return path.ToString();
    }
}
