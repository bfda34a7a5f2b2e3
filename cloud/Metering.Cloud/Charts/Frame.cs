using Metering.Cloud.Texts;

namespace Metering.Cloud.Charts;

/// <summary>The two widths every chart is drawn in; the style sheet shows the one that fits.</summary>
internal enum ChartWidth
{
    /// <summary>1040 user units, for screens and paper.</summary>
    Wide = 0,

    /// <summary>380 user units, for a telephone held upright.</summary>
    Narrow = 1,

    /// <summary>500 user units: half a wide page, two charts side by side.</summary>
    Half = 2,
}

/// <summary>The plot area of a chart with its axes.</summary>
internal sealed class Frame
{
    private const double LabelGap = 8;
    private const double BaselineShift = 4;
    private const double MarkedDaysWidth = 90;
    private const double EighthDayWidth = 36;
    private const double AnswerMargin = 0.25;

    private readonly Svg svg;

    /// <summary>An area inside a drawing: left, top, right and bottom edges in user units.</summary>
    public Frame(Svg svg, double left, double top, double right, double bottom)
    {
        this.svg = svg;
        Left = left;
        Top = top;
        Right = right;
        Bottom = bottom;
    }

    /// <summary>Left edge.</summary>
    public double Left { get; }

    /// <summary>Top edge.</summary>
    public double Top { get; }

    /// <summary>Right edge.</summary>
    public double Right { get; }

    /// <summary>Bottom edge.</summary>
    public double Bottom { get; }

    /// <summary>The width of a kind of drawing.</summary>
    public static double WidthOf(ChartWidth width) => width switch
    {
        ChartWidth.Wide => 1040,
        ChartWidth.Half => 500,
        _ => 380,
    };

    /// <summary>The style class by which a drawing is shown or hidden.</summary>
    public static string StyleOf(ChartWidth width) => width == ChartWidth.Narrow ? "chart narrow" : "chart wide";

    /// <summary>Letter that keeps the ids of the variants apart.</summary>
    public static string SuffixOf(ChartWidth width) => width == ChartWidth.Narrow ? "-n" : "-w";

    /// <summary>Draws the value axis with its grid and unit; gives the scale.</summary>
    public Scale Values(double low, double high, string unit, int maximumTicks)
    {
        IReadOnlyList<double> ticks = Ticks.Around(low, high, maximumTicks);
        Scale scale = new(ticks[0], ticks[^1], Bottom, Top);
        int decimals = Ticks.Decimals(ticks);
        foreach (double tick in ticks)
        {
            double y = scale[tick];
            svg.Line(new(Left, y), new(Right, y), Math.Abs(tick) < 1e-12 ? "zero" : "grid");
            svg.Label(new(Left - LabelGap, y + BaselineShift), Formatter.Number(tick, decimals), "tick", "end");
        }

        svg.Label(new(Left - LabelGap, Top - 14), unit, "tick", "end");
        return scale;
    }

    /// <summary>Draws a plain axis at the bottom; gives the scale.</summary>
    public Scale Along(double low, double high, string unit, int maximumTicks)
    {
        IReadOnlyList<double> ticks = Ticks.Around(low, high, maximumTicks);
        Scale scale = new(ticks[0], ticks[^1], Left, Right);
        int decimals = Ticks.Decimals(ticks);
        foreach (double tick in ticks)
        {
            svg.Line(new(scale[tick], Bottom), new(scale[tick], Bottom + 4), "axis");
            svg.Label(new(scale[tick], Bottom + 18), Formatter.Number(tick, decimals), "tick", "middle");
        }

        svg.Label(new((Left + Right) / 2, Bottom + 36), unit, "tick", "middle");
        return scale;
    }

    /// <summary>Draws an axis of a question with two answers, zero and one; gives the scale.</summary>
    public Scale Answers(string zero, string one, string name)
    {
        Scale scale = new(-AnswerMargin, 1 + AnswerMargin, Left, Right);
        svg.Line(new(Left, Bottom), new(Right, Bottom), "axis");
        foreach ((double value, string answer) in ((double, string)[])[(0, zero), (1, one)])
        {
            svg.Line(new(scale[value], Bottom), new(scale[value], Bottom + 4), "axis");
            svg.Label(new(scale[value], Bottom + 18), answer, "tick", "middle");
        }

        svg.Label(new((Left + Right) / 2, Bottom + 36), name, "tick", "middle");
        return scale;
    }

    /// <summary>Draws the days axis: a mark at the first of each month, as many names as fit, the year below January and the first name.</summary>
    public Scale Days(DateOnly first, DateOnly last, Formatter formatter)
    {
        Scale scale = new(first.DayNumber, last.DayNumber + 1, Left, Right);
        double perMonth = (Right - Left) / (last.DayNumber + 1 - first.DayNumber) * 30.4;
        int every = perMonth >= 30 ? 1 : perMonth >= 15 ? 2 : perMonth >= 10 ? 3 : 6;
        int lastYear = 0;
        for (DateOnly month = new(first.Year, first.Month, 1); month <= last; month = month.AddMonths(1))
        {
            if (month < first)
            {
                continue;
            }

            double x = scale[month.DayNumber];
            svg.Line(new(x, Bottom), new(x, Bottom + (month.Month == 1 ? 8 : 4)), "axis");
            if ((month.Month - 1) % every != 0 || x > Right - 12)
            {
                continue;
            }

            svg.Label(new(x + 2, Bottom + 18), formatter.MonthShort(month.Month), "tick");
            bool isCrowded = lastYear == 0 && month.Month != 1 && (13 - month.Month) * perMonth < 44;
            if (month.Year != lastYear && !isCrowded)
            {
                svg.Label(new(x + 2, Bottom + 33), Svg.N(month.Year), "tick strong");
                lastYear = month.Year;
            }
        }

        if (perMonth >= MarkedDaysWidth)
        {
            MarkDays(first, last, scale);
        }

        svg.Line(new(Left, Bottom), new(Right, Bottom), "axis");
        return scale;
    }

    private void MarkDays(DateOnly first, DateOnly last, Scale scale)
    {
        for (DateOnly day = first; day <= last; day = day.AddDays(1))
        {
            // The name of the month stands before the eighth and needs the place on a telephone.
            bool isFree = day.Day != 8 || scale[day.DayNumber + 7] - scale[day.DayNumber] >= EighthDayWidth;
            if (day.Day is 8 or 15 or 22 && isFree)
            {
                svg.Line(new(scale[day.DayNumber], Bottom), new(scale[day.DayNumber], Bottom + 4), "axis");
                svg.Label(new(scale[day.DayNumber + 0.5], Bottom + 18), Svg.N(day.Day), "tick", "middle");
            }
        }
    }
}
