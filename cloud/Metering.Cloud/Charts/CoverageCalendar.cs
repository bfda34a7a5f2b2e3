using Metering.Cloud.Texts;

namespace Metering.Cloud.Charts;

/// <summary>A square a day, a column a week: what is known of each day, told by shape as well as by colour.</summary>
internal static class CoverageCalendar
{
    private const int DaysInWeek = 7;

    /// <summary>The drawing; long spans are broken into rows so that a square stays large enough to see.</summary>
    public static string Draw(string id, IReadOnlyList<ProjectDay> days, Formatter formatter, ChartWidth width)
    {
        bool isNarrow = width == ChartWidth.Narrow;
        double left = isNarrow ? 30 : 62;
        int weeksInRow = isNarrow ? 36 : 53;
        double cell = (Frame.WidthOf(width) - left - 14) / weeksInRow;
        int offset = ((int)days[0].Day.DayOfWeek + 6) % DaysInWeek; // Monday on top
        int weeks = (days.Count + offset + DaysInWeek - 1) / DaysInWeek;
        int rows = (weeks + weeksInRow - 1) / weeksInRow;
        double rowHeight = (DaysInWeek * cell) + 24;
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), (rows * rowHeight) + 2);
        PathData[] squares = [new(), new(), new(), new(), new(), new()];
        PathData crosses = new();
        double gap = Math.Max(1, cell * 0.12);
        for (int index = 0; index < days.Count; index++)
        {
            int place = index + offset;
            int week = place / DaysInWeek;
            Point corner = new(
                left + (week % weeksInRow * cell),
                (week / weeksInRow * rowHeight) + (place % DaysInWeek * cell));
            double side = cell - gap;
            squares[(int)days[index].State].Box(corner, side, side);
            if (days[index].State is DayState.Missing or DayState.Excluded)
            {
                crosses.Cross(new(corner.X + (side / 2), corner.Y + (side / 2)), side * 0.28);
            }

            if (days[index].Day.Day == 1 || index == 0)
            {
                LabelMonth(svg, days[index].Day, new(corner.X, (week / weeksInRow * rowHeight) + (DaysInWeek * cell) + 13), isNarrow, formatter);
            }
        }

        string hatch = svg.Hatch("part", "hatch-part", 4);
        svg.Path(squares[(int)DayState.Measured], "day-measured");
        svg.HatchedPath(squares[(int)DayState.Allocated], "day-allocated", hatch);
        svg.Path(squares[(int)DayState.DriverMissing], "day-driver");
        svg.Path(squares[(int)DayState.Missing], "day-missing");
        svg.Path(squares[(int)DayState.Excluded], "day-driver");
        svg.Path(crosses, "day-cross");
        svg.Path(squares[(int)DayState.Ahead], "day-ahead");
        string description = string.Join("; ", Enum.GetValues<DayState>().Select(
            state => $"{StateName(state).In(formatter.Language)}: {Formatter.Count(days.Count(day => day.State == state))}"));
        return svg.Finish(Words.CoverageCalendar.In(formatter.Language), description, Frame.StyleOf(width));
    }

    /// <summary>A single square as it stands in the calendar, for the key.</summary>
    public static string Sample(string id, DayState state)
    {
        Svg svg = new(id, 14, 14);
        PathData square = new();
        square.Box(new(1, 1), 12, 12);
        switch (state)
        {
            case DayState.Allocated:
                svg.HatchedPath(square, "day-allocated", svg.Hatch("part", "hatch-part", 4));
                break;
            case DayState.Missing:
                svg.Path(square, "day-missing");
                PathData cross = new();
                cross.Cross(new(7, 7), 3.4);
                svg.Path(cross, "day-cross");
                break;
            case DayState.Excluded:
                svg.Path(square, "day-driver");
                PathData mark = new();
                mark.Cross(new(7, 7), 3.4);
                svg.Path(mark, "day-cross");
                break;
            case DayState.Measured:
                svg.Path(square, "day-measured");
                break;
            case DayState.DriverMissing:
                svg.Path(square, "day-driver");
                break;
            default:
                svg.Path(square, "day-ahead");
                break;
        }

        return svg.Finish(state.ToString(), state.ToString(), "sample").Replace(" role=\"img\"", " aria-hidden=\"true\"", StringComparison.Ordinal);
    }

    /// <summary>The word for a state.</summary>
    public static Text StateName(DayState state) => state switch
    {
        DayState.Measured => Words.DayMeasured,
        DayState.Allocated => Words.DayAllocated,
        DayState.DriverMissing => Words.DayDriverMissing,
        DayState.Missing => Words.DayMissing,
        DayState.Excluded => Words.DayExcluded,
        _ => Words.DayAhead,
    };

    private static void LabelMonth(Svg svg, DateOnly day, Point at, bool isNarrow, Formatter formatter)
    {
        if (day.Day != 1 || (isNarrow && day.Month % 2 == 0))
        {
            return;
        }

        string year = day.Month == 1 ? " " + Svg.N(day.Year) : "";
        svg.Label(at, formatter.MonthShort(day.Month) + year, day.Month == 1 ? "tick strong" : "tick");
    }
}
