using Metering.Cloud.Texts;

namespace Metering.Cloud.Charts;

/// <summary>Every quarter of an hour as one pixel: a column a day, midnight at the bottom. What is not known stays transparent.</summary>
internal static class CarpetChart
{
    private const int Shades = 255;
    private const double HighShare = 0.995;

    // Eleven places along the viridis map (van der Walt and Smith, matplotlib, CC0): even in lightness, so it survives colour blindness and grey paper.
    private static readonly int[] Viridis =
        [0x440154, 0x482475, 0x414487, 0x355F8D, 0x2A788E, 0x21918C, 0x22A884, 0x44BF70, 0x7AD151, 0xBDDF26, 0xFDE725];

    /// <summary>The value that the brightest colour stands for: 99.5 % of the known values lie below, so that one peak does not darken all.</summary>
    public static double Highest(Carpet carpet)
    {
        double[] known = [.. carpet.Values.Where(double.IsFinite).Order()];
        return known.Length == 0 ? 1 : Math.Max(known[(int)((known.Length - 1) * HighShare)], 1e-9);
    }

    /// <summary>The picture, one pixel a day wide and one pixel a quarter of an hour high.</summary>
    public static byte[] Picture(Carpet carpet)
    {
        double highest = Highest(carpet);
        byte[] pixels = new byte[carpet.Values.Length];
        for (int day = 0; day < carpet.Days; day++)
        {
            for (int slot = 0; slot < Carpet.Slots; slot++)
            {
                double value = carpet.Values[(day * Carpet.Slots) + slot];
                int row = Carpet.Slots - 1 - slot;
                pixels[(row * carpet.Days) + day] = double.IsFinite(value)
                    ? (byte)(1 + (int)Math.Round(Math.Clamp(value / highest, 0, 1) * (Shades - 1)))
                    : (byte)0;
            }
        }

        int[] palette = new int[Shades + 1];
        for (int shade = 0; shade < Shades; shade++)
        {
            palette[shade + 1] = Colour(shade / (double)(Shades - 1));
        }

        return Png.Write(carpet.Days, pixels, palette);
    }

    /// <summary>The drawing around the picture: hours, months, scale of colours; what is not known shows the hatch below.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="result">The result with its load.</param>
    /// <param name="pictureAddress">Address of the picture, or '#' and the name of one that stands in the page already.</param>
    /// <param name="formatter">The reader's language.</param>
    /// <param name="width">Room there is.</param>
    public static string Draw(string id, ProjectResult result, string pictureAddress, Formatter formatter, ChartWidth width)
    {
        Carpet carpet = result.Carpet!;
        bool isNarrow = width == ChartWidth.Narrow;
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), isNarrow ? 270 : 286);
        Frame frame = new(svg, isNarrow ? 46 : 62, 30, Frame.WidthOf(width) - 14, isNarrow ? 226 : 242);
        string hatch = svg.Hatch("gap", "hatch-gap", 6);
        svg.Rectangle(new(frame.Left, frame.Top), frame.Right - frame.Left, frame.Bottom - frame.Top, "gap");
        svg.HatchedRectangle(new(frame.Left, frame.Top), frame.Right - frame.Left, frame.Bottom - frame.Top, hatch);
        if (pictureAddress.StartsWith('#'))
        {
            svg.SharedImage(new(frame.Left, frame.Top), frame.Right - frame.Left, frame.Bottom - frame.Top, pictureAddress[1..]);
        }
        else
        {
            svg.Image(new(frame.Left, frame.Top), frame.Right - frame.Left, frame.Bottom - frame.Top, pictureAddress);
        }

        foreach (int hour in (int[])[0, 6, 12, 18, 24])
        {
            double y = frame.Bottom - (hour / 24.0 * (frame.Bottom - frame.Top));
            svg.Line(new(frame.Left - 4, y), new(frame.Left, y), "axis");
            svg.Label(new(frame.Left - 8, y + 4), Svg.N(hour) + ":00", "tick", "end");
        }

        _ = frame.Days(carpet.First, carpet.First.AddDays(carpet.Days - 1), formatter);
        DrawScale(svg, frame, Highest(carpet), result.Unit, formatter);
        return svg.Finish(Words.CarpetChart.In(formatter.Language), Words.CarpetDescription.In(formatter.Language), Frame.StyleOf(width));
    }

    private static void DrawScale(Svg svg, Frame frame, double highest, string unit, Formatter formatter)
    {
        (string rateUnit, double factor) = UnitNames.PerHour(unit, formatter.Language);
        double top = highest * factor;
        int decimals = Formatter.DecimalsFor(top);
        double right = frame.Right - 96;
        string gradient = svg.Gradient("scale", [.. Viridis.Select(Hex)]);
        svg.Label(new(right - 126, 16), "0", "tick", "end");
        svg.HatchedRectangle(new(right - 120, 7), 120, 10, gradient);
        svg.Label(new(right + 6, 16), $"≥ {Formatter.Number(top, decimals)}{Formatter.UnitSpace}{rateUnit}", "tick");
    }

    private static string Hex(int colour) => FormattableString.Invariant($"#{colour:x6}");

    private static int Colour(double share)
    {
        double place = share * (Viridis.Length - 1);
        int index = Math.Min(Viridis.Length - 2, (int)place);
        double rest = place - index;
        int colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8)
        {
            int from = (Viridis[index] >> shift) & 0xFF;
            int to = (Viridis[index + 1] >> shift) & 0xFF;
            colour |= (int)Math.Round(from + (rest * (to - from))) << shift;
        }

        return colour;
    }
}
