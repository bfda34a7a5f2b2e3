using System.Globalization;
using System.Text;

namespace Metering.Cloud.Charts;

/// <summary>Writes one SVG drawing. Coordinates have at most one decimal; every text is escaped.</summary>
internal sealed class Svg
{
    private readonly StringBuilder content = new();
    private readonly string id;
    private readonly double width;
    private readonly double height;

    /// <summary>A drawing of so many user units; the id is unique on its page and the same on every drawing of it.</summary>
    public Svg(string id, double width, double height)
    {
        this.id = id;
        this.width = width;
        this.height = height;
    }

    /// <summary>A straight line.</summary>
    public void Line(Point from, Point to, string style) =>
        content.Append(Invariant($"<line class=\"{style}\" x1=\"{N(from.X)}\" y1=\"{N(from.Y)}\" x2=\"{N(to.X)}\" y2=\"{N(to.Y)}\"/>"));

    /// <summary>A rectangle; nothing when it has no area.</summary>
    public void Rectangle(Point corner, double rectangleWidth, double rectangleHeight, string style)
    {
        if (rectangleWidth > 0 && rectangleHeight > 0)
        {
            content.Append(Invariant($"<rect class=\"{style}\" x=\"{N(corner.X)}\" y=\"{N(corner.Y)}\" width=\"{N(rectangleWidth)}\" height=\"{N(rectangleHeight)}\"/>"));
        }
    }

    /// <summary>A path from its data; nothing when the data are empty.</summary>
    public void Path(PathData data, string style)
    {
        if (!data.IsEmpty)
        {
            content.Append(Invariant($"<path class=\"{style}\" d=\"{data}\"/>"));
        }
    }

    /// <summary>A text; anchor is start, middle or end.</summary>
    public void Label(Point at, string text, string style, string anchor = "start") =>
        content.Append(Invariant($"<text class=\"{style}\" x=\"{N(at.X)}\" y=\"{N(at.Y)}\" text-anchor=\"{anchor}\">{Escape(text)}</text>"));

    /// <summary>A picture from an address of this site.</summary>
    public void Image(Point corner, double imageWidth, double imageHeight, string address) =>
        content.Append(Invariant($"<image x=\"{N(corner.X)}\" y=\"{N(corner.Y)}\" width=\"{N(imageWidth)}\" height=\"{N(imageHeight)}\" preserveAspectRatio=\"none\" class=\"pixels\" href=\"{Escape(address)}\"/>"));

    /// <summary>A picture that stands once in the page, see <see cref="Shared"/>.</summary>
    public void SharedImage(Point corner, double imageWidth, double imageHeight, string name) =>
        content.Append(Invariant($"<use href=\"#{Escape(name)}\" transform=\"translate({N(corner.X)} {N(corner.Y)}) scale({N(imageWidth)} {N(imageHeight)})\"/>"));

    /// <summary>A picture of one by one unit that several drawings of a file show: a file holds it once.</summary>
    public static string Shared(string name, string address) =>
        Invariant($"<svg class=\"shared\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs><image id=\"{Escape(name)}\" width=\"1\" height=\"1\" preserveAspectRatio=\"none\" class=\"pixels\" href=\"{Escape(address)}\"/></defs></svg>");

    /// <summary>A fill of slanted lines, referred to as url(#name).</summary>
    public string Hatch(string name, string style, double spacing)
    {
        string pattern = id + "-" + name;
        content.Append(Invariant($"<defs><pattern id=\"{pattern}\" width=\"{N(spacing)}\" height=\"{N(spacing)}\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><line class=\"{style}\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"{N(spacing)}\"/></pattern></defs>"));
        return pattern;
    }

    /// <summary>A rectangle filled with a pattern made by <see cref="Hatch"/>.</summary>
    public void HatchedRectangle(Point corner, double rectangleWidth, double rectangleHeight, string pattern) =>
        content.Append(Invariant($"<rect x=\"{N(corner.X)}\" y=\"{N(corner.Y)}\" width=\"{N(rectangleWidth)}\" height=\"{N(rectangleHeight)}\" fill=\"url(#{pattern})\"/>"));

    /// <summary>A path filled with a pattern made by <see cref="Hatch"/>; nothing when the data are empty.</summary>
    public void HatchedPath(PathData data, string style, string pattern)
    {
        if (!data.IsEmpty)
        {
            content.Append(Invariant($"<path class=\"{style}\" d=\"{data}\" fill=\"url(#{pattern})\"/>"));
        }
    }

    /// <summary>A linear gradient from left to right through colours; gives its id.</summary>
    public string Gradient(string name, IReadOnlyList<string> colours)
    {
        string gradient = id + "-" + name;
        content.Append("<defs><linearGradient id=\"").Append(gradient).Append("\">");
        for (int index = 0; index < colours.Count; index++)
        {
            content.Append(Invariant($"<stop offset=\"{N(100.0 * index / (colours.Count - 1))}%\" stop-color=\"{colours[index]}\"/>"));
        }

        content.Append("</linearGradient></defs>");
        return gradient;
    }

    /// <summary>The whole drawing with its title and description for those who do not see it.</summary>
    public string Finish(string title, string description, string style) => Invariant(
        $"<svg id=\"{id}\" class=\"{style}\" viewBox=\"0 0 {N(width)} {N(height)}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{Escape(title)}</title><desc id=\"{id}-d\">{Escape(description)}</desc>{content}</svg>");

    /// <summary>A coordinate in the shortest form with at most one decimal; never -0.</summary>
    public static string N(double value)
    {
        double rounded = Math.Round(value, 1, MidpointRounding.AwayFromZero);
        return (rounded == 0 ? 0 : rounded).ToString("0.#", CultureInfo.InvariantCulture);
    }

    /// <summary>The text with what XML gives a meaning replaced.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>A place in user units.</summary>
internal readonly record struct Point(double X, double Y);

/// <summary>The data of a path, written as it grows.</summary>
internal sealed class PathData
{
    private readonly StringBuilder data = new();
    private bool isPenDown;

    /// <summary>Nothing was drawn.</summary>
    public bool IsEmpty => data.Length == 0;

    /// <summary>Draws to a point, or begins there when the pen is up.</summary>
    public void To(Point point)
    {
        data.Append(isPenDown ? 'L' : 'M').Append(Svg.N(point.X)).Append(' ').Append(Svg.N(point.Y));
        isPenDown = true;
    }

    /// <summary>Lifts the pen: the next point begins anew. Used for gaps, which are never bridged.</summary>
    public void Lift() => isPenDown = false;

    /// <summary>Closes the shape and lifts the pen.</summary>
    public void Close()
    {
        data.Append('Z');
        isPenDown = false;
    }

    /// <summary>A closed rectangle.</summary>
    public void Box(Point corner, double width, double height)
    {
        data.Append('M').Append(Svg.N(corner.X)).Append(' ').Append(Svg.N(corner.Y))
            .Append('h').Append(Svg.N(width)).Append('v').Append(Svg.N(height)).Append('h').Append(Svg.N(-width)).Append('Z');
        isPenDown = false;
    }

    /// <summary>A small circle.</summary>
    public void Circle(Point centre, double radius)
    {
        string r = Svg.N(radius);
        string d = Svg.N(2 * radius);
        data.Append('M').Append(Svg.N(centre.X - radius)).Append(' ').Append(Svg.N(centre.Y))
            .Append('a').Append(r).Append(' ').Append(r).Append(" 0 1 0 ").Append(d).Append(" 0")
            .Append('a').Append(r).Append(' ').Append(r).Append(" 0 1 0 -").Append(d).Append(" 0");
        isPenDown = false;
    }

    /// <summary>A round dot as wide as the stroke: a line of no length with round ends, a quarter of the bytes of a circle.</summary>
    public void Dot(Point centre)
    {
        data.Append('M').Append(Svg.N(centre.X)).Append(' ').Append(Svg.N(centre.Y)).Append("h0");
        isPenDown = false;
    }

    /// <summary>A small cross of two strokes.</summary>
    public void Cross(Point centre, double radius)
    {
        string d = Svg.N(2 * radius);
        data.Append('M').Append(Svg.N(centre.X - radius)).Append(' ').Append(Svg.N(centre.Y - radius)).Append('l').Append(d).Append(' ').Append(d)
            .Append('m').Append('-').Append(d).Append(" 0l").Append(d).Append(" -").Append(d);
        isPenDown = false;
    }

    /// <inheritdoc/>
    public override string ToString() => data.ToString();
}
