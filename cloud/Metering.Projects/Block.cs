namespace Metering.Projects;

/// <summary>Some days drawn as one point: their means per day.</summary>
/// <param name="First">First day.</param>
/// <param name="Days">Length in days.</param>
/// <param name="Use">Mean metered use per day; NaN for a gap.</param>
/// <param name="Baseline">Mean of the model over the same days; NaN when not known.</param>
/// <param name="HalfWidth">Half-width of the interval of the mean; NaN when not known.</param>
/// <param name="Phase">Their period: a block never crosses into another.</param>
internal sealed record Block(DateOnly First, int Days, double Use, double Baseline, double HalfWidth, DayPhase Phase)
{
    /// <summary>The middle of the block on a scale of day numbers.</summary>
    public double Middle => First.DayNumber + (Days / 2.0);

    /// <summary>
    /// Blocks of so many days from the first day of each period, so that a block of 7 holds each weekday once; a rest
    /// shorter than half a block joins the one before. Means are taken over the days on which everything is known, for
    /// use and model alike; with fewer than half of them known the block is a gap.
    /// </summary>
    public static IReadOnlyList<Block> Of(IReadOnlyList<ProjectDay> days, int length)
    {
        List<Block> blocks = [];
        int start = 0;
        while (start < days.Count)
        {
            DayPhase phase = days[start].Phase;
            int phaseEnd = start;
            while (phaseEnd < days.Count && days[phaseEnd].Phase == phase)
            {
                phaseEnd++;
            }

            while (start < phaseEnd)
            {
                int end = phaseEnd - start < length + ((length + 1) / 2) ? phaseEnd : start + length;
                blocks.Add(Mean(days, start, end));
                start = end;
            }
        }

        return blocks;
    }

    private static Block Mean(IReadOnlyList<ProjectDay> days, int start, int end)
    {
        double use = 0;
        double baseline = 0;
        double variance = 0;
        int used = 0;
        int modelled = 0;
        for (int index = start; index < end; index++)
        {
            ProjectDay day = days[index];
            if (day.Counts)
            {
                use += day.Use;
                baseline += day.Baseline;
                variance += day.HalfWidth * day.HalfWidth;
                modelled++;
            }
        }

        used = modelled;
        for (int index = start; index < end && modelled == 0; index++)
        {
            if (double.IsFinite(days[index].Use))
            {
                use += days[index].Use;
                used++;
            }
        }

        bool isKnown = 2 * used >= end - start;
        return new(
            days[start].Day,
            end - start,
            isKnown ? use / used : double.NaN,
            isKnown && modelled > 0 ? baseline / modelled : double.NaN,
            isKnown && modelled > 0 ? Math.Sqrt(variance) / modelled : double.NaN,
            days[start].Phase);
    }
}
