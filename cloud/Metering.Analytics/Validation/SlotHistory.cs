namespace Metering.Analytics.Validation;

/// <summary>What the intervals of each time of the week have shown: for judging one of them by the others.</summary>
internal sealed class SlotHistory
{
    private readonly MeasuredSeries series;
    private readonly int[] count;
    private readonly int[] zeros;
    private readonly double[] lowest;
    private readonly double[] highest;

    public SlotHistory(MeasuredSeries series)
    {
        this.series = series;
        int slots = series.Slots.SlotsPerWeek;
        count = new int[slots];
        zeros = new int[slots];
        lowest = new double[slots];
        highest = new double[slots];
        Array.Fill(lowest, double.PositiveInfinity);
        Array.Fill(highest, double.NegativeInfinity);
        for (int i = 0; i < series.Count; i++)
        {
            double value = series.Value[i];
            if (double.IsNaN(value))
            {
                continue;
            }

            int slot = series.Slots.WeekSlot(i);
            count[slot]++;
            if (value == 0)
            {
                zeros[slot]++;
            }
            else
            {
                lowest[slot] = Math.Min(lowest[slot], value);
                highest[slot] = Math.Max(highest[slot], value);
            }
        }
    }

    /// <summary>Whether this zero is the only one at its time of the week, among enough others.</summary>
    public bool IsNeverZero(int interval, int fewest, out double least)
    {
        int slot = series.Slots.WeekSlot(interval);
        least = lowest[slot];
        return zeros[slot] == 1 && count[slot] - 1 >= fewest && least > 0;
    }

    /// <summary>How many of these intervals are at times of the week that have enough values, vary, and are not zero as a rule.</summary>
    public int CountVarying(int from, int to, int fewest)
    {
        int varying = 0;
        for (int i = from; i < to; i++)
        {
            int slot = series.Slots.WeekSlot(i);
            bool isUsuallyUsed = 2 * zeros[slot] < count[slot];
            if (count[slot] > fewest && isUsuallyUsed && (zeros[slot] > 0 || highest[slot] > lowest[slot]))
            {
                varying++;
            }
        }

        return varying;
    }
}
