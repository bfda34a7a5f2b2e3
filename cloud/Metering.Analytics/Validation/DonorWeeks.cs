using Metering.Analytics.Intervals;

namespace Metering.Analytics.Validation;

/// <summary>
/// Finds the intervals that an estimate is made of: the nearest good ones at the same weekday and time in the weeks before,
/// or, when those are too few, in the weeks after.
/// </summary>
internal sealed class DonorWeeks
{
    private const int DaysPerWeek = 7;
    private readonly ValidatedSeries series;
    private readonly EstimationOptions options;
    private readonly int firstDay;
    private readonly int[] intervalOf;
    private readonly int[] weekdayOf;

    public DonorWeeks(ValidatedSeries series, EstimationOptions options)
    {
        this.series = series;
        this.options = options;
        WeekSlots slots = series.Source.Slots;
        firstDay = slots.Count == 0 ? 0 : slots.Day(0);
        int days = slots.Count == 0 ? 0 : slots.Day(slots.Count - 1) - firstDay + 1;
        intervalOf = new int[days * slots.SlotsPerDay];
        weekdayOf = new int[days];
        Array.Fill(intervalOf, -1);
        Array.Fill(weekdayOf, -1);
        for (int i = 0; i < slots.Count; i++)
        {
            int day = slots.Day(i) - firstDay;
            weekdayOf[day] = slots.Weekday(i);

            // The hour that comes twice in autumn keeps its first interval.
            ref int place = ref intervalOf[(day * slots.SlotsPerDay) + slots.Slot(i)];
            place = place < 0 ? i : place;
        }
    }

    /// <summary>Mean of the donors, and the variance of an interval about it: their variance times (1 + 1/n).</summary>
    public bool TryMean(int interval, out double mean, out double variance)
    {
        Span<double> donors = stackalloc double[options.DonorWeeks];
        int count = Collect(interval, -1, donors);
        count = count < options.MinimumDonors ? Collect(interval, 1, donors) : count;
        mean = double.NaN;
        variance = double.NaN;
        if (count < options.MinimumDonors)
        {
            return false;
        }

        double sum = 0;
        foreach (double donor in donors[..count])
        {
            sum += donor;
        }

        mean = sum / count;
        double squares = 0;
        foreach (double donor in donors[..count])
        {
            squares += (donor - mean) * (donor - mean);
        }

        variance = squares / (count - 1) * (1 + (1.0 / count));
        return true;
    }

    private int Collect(int interval, int direction, Span<double> donors)
    {
        WeekSlots slots = series.Source.Slots;
        int day = slots.Day(interval) - firstDay;
        int weekday = slots.Weekday(interval);
        int count = 0;
        for (int away = 1; away <= donors.Length * DaysPerWeek && count < donors.Length; away++)
        {
            int other = day + (direction * away);
            if (other < 0 || other >= weekdayOf.Length)
            {
                break;
            }

            int candidate = weekdayOf[other] == weekday ? intervalOf[(other * slots.SlotsPerDay) + slots.Slot(interval)] : -1;
            if (candidate >= 0 && series.Code[candidate] is IntervalCode.Measured or IntervalCode.Edited)
            {
                donors[count++] = series.Value[candidate];
            }
        }

        return count;
    }
}
