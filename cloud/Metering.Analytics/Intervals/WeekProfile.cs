namespace Metering.Analytics.Intervals;

/// <summary>Mean use by place in the week, and by place in the day where a weekday was never measured.</summary>
internal sealed class WeekProfile
{
    private readonly double[] byWeek;
    private readonly double[] byDay;

    private WeekProfile(int perWeek, int perDay)
    {
        byWeek = new double[perWeek];
        byDay = new double[perDay];
    }

    /// <summary>Means of the measured intervals, added up in order of time.</summary>
    public static WeekProfile OfMeasured(WeekSlots slots, ReadOnlySpan<double> value, ReadOnlySpan<IntervalCode> code)
    {
        WeekProfile profile = new(slots.SlotsPerWeek, slots.SlotsPerDay);
        int[] weekCount = new int[slots.SlotsPerWeek];
        int[] dayCount = new int[slots.SlotsPerDay];
        for (int i = 0; i < slots.Count; i++)
        {
            if (code[i] == IntervalCode.Measured && double.IsFinite(value[i]))
            {
                profile.byWeek[slots.WeekSlot(i)] += value[i];
                weekCount[slots.WeekSlot(i)]++;
                profile.byDay[slots.Slot(i)] += value[i];
                dayCount[slots.Slot(i)]++;
            }
        }

        Divide(profile.byWeek, weekCount);
        Divide(profile.byDay, dayCount);
        return profile;
    }

    /// <summary>Expected use of an interval; 0 when its place in the day was never measured.</summary>
    public double Expected(WeekSlots slots, int interval)
    {
        double week = byWeek[slots.WeekSlot(interval)];
        double day = byDay[slots.Slot(interval)];
        return double.IsNaN(week) ? (double.IsNaN(day) ? 0 : day) : week;
    }

    private static void Divide(double[] sums, int[] counts)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = counts[i] == 0 ? double.NaN : sums[i] / counts[i];
        }
    }
}
