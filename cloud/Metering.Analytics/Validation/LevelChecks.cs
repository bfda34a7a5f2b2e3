using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Validation;

/// <summary>Checks of days and months against what came before.</summary>
public static class LevelChecks
{
    private const int DaysPerWeek = 7;

    /// <summary>Share of a month that must be there for its mean to be compared.</summary>
    private const double LeastOfMonth = 0.5;

    private static readonly double[] Slips = [0.001, 0.01, 0.1, 10, 100, 1000];

    /// <summary>
    /// Whole days far above or below the median of the same weekday in the weeks before (holidays are Sundays). The value is
    /// the day's use, the limit the use it was held against. A day with a missing interval is passed over.
    /// </summary>
    /// <param name="series">Intervals of at most a day.</param>
    /// <param name="limits">Limits.</param>
    public static IReadOnlyList<ValidationFinding> HighAndLow(MeasuredSeries series, ValidationLimits limits)
    {
        ValidationChecks.Check(series, limits);
        FindingList high = new(ValidationRule.HighUse, series.Channel);
        FindingList low = new(ValidationRule.LowUse, series.Channel);
        List<DayTotal> days = DaysOf(series);
        Span<double> earlier = stackalloc double[limits.HistoryWeeks * DaysPerWeek];
        for (int d = 0; d < days.Count; d++)
        {
            DayTotal day = days[d];
            int count = 0;
            int oldest = day.Day - (limits.HistoryWeeks * DaysPerWeek);
            for (int e = d - 1; e >= 0 && days[e].Day >= oldest; e--)
            {
                if (days[e].Weekday == day.Weekday && !double.IsNaN(days[e].Use))
                {
                    earlier[count++] = days[e].Use;
                }
            }

            if (count < limits.MinimumHistory || double.IsNaN(day.Use))
            {
                continue;
            }

            double usual = OrderStatistic.Of(earlier[..count], count / 2);
            if (day.Use > usual * limits.HighUseFactor)
            {
                high.Add(day.From, day.To, day.Use, usual * limits.HighUseFactor);
            }
            else if (day.Use < usual * limits.LowUseFactor)
            {
                low.Add(day.From, day.To, day.Use, usual * limits.LowUseFactor);
            }
        }

        return [.. high.Close(), .. low.Close()];
    }

    /// <summary>
    /// Months whose mean use per hour is about 10, 100 or 1000 times, or a tenth, hundredth or thousandth of the month
    /// before: a unit or multiplier changed. The value is the ratio, the limit the power of ten. Months less than half known
    /// are passed over.
    /// </summary>
    /// <param name="series">Intervals of at most a month.</param>
    /// <param name="limits">Limits.</param>
    public static IReadOnlyList<ValidationFinding> UnitSlips(MeasuredSeries series, ValidationLimits limits)
    {
        ValidationChecks.Check(series, limits);
        FindingList findings = new(ValidationRule.UnitSlip, series.Channel);
        double before = double.NaN;
        for (int from = 0; from < series.Count;)
        {
            int to = EndOfMonth(series, from);
            double mean = MeanOf(series, from, to);
            double ratio = mean / before;
            foreach (double slip in Slips)
            {
                if (ratio >= slip / limits.UnitSlipFactor && ratio <= slip * limits.UnitSlipFactor)
                {
                    findings.Add(series.BordersUtcMilliseconds[from], series.BordersUtcMilliseconds[to], ratio, slip);
                    break;
                }
            }

            before = double.IsNaN(mean) ? before : mean;
            from = to;
        }

        return findings.Close();
    }

    private static List<DayTotal> DaysOf(MeasuredSeries series)
    {
        List<DayTotal> days = [];
        for (int from = 0; from < series.Count;)
        {
            int to = ValidationChecks.EndOfDay(series, from);
            days.Add(new DayTotal(
                series.Slots.Day(from),
                series.Slots.Weekday(from),
                IsWhole(series, from, to) ? FixedSum.Sum(series.Value[from..to]) : double.NaN,
                series.BordersUtcMilliseconds[from],
                series.BordersUtcMilliseconds[to]));
            from = to;
        }

        return days;
    }

    /// <summary>A series may begin and end inside a day; what is there of such a day is not its use.</summary>
    private static bool IsWhole(MeasuredSeries series, int from, int to)
    {
        DateOnly day = DateOnly.FromDayNumber(series.Slots.Day(from));
        return (from > 0 || series.BordersUtcMilliseconds[from] <= PlantCalendar.StartOfDay(day, series.Frame.Zone))
            && (to < series.Count || series.BordersUtcMilliseconds[to] >= PlantCalendar.StartOfDay(day.AddDays(1), series.Frame.Zone));
    }

    private static int EndOfMonth(MeasuredSeries series, int from)
    {
        DateOnly first = DateOnly.FromDayNumber(series.Slots.Day(from));
        int next = new DateOnly(first.Year, first.Month, 1).AddMonths(1).DayNumber;
        int to = from + 1;
        while (to < series.Count && series.Slots.Day(to) < next)
        {
            to++;
        }

        return to;
    }

    /// <summary>Mean per hour of the intervals that are there; NaN when they are too few, or in total not above zero.</summary>
    private static double MeanOf(MeasuredSeries series, int from, int to)
    {
        double sum = 0;
        long known = 0;
        for (int i = from; i < to; i++)
        {
            if (!double.IsNaN(series.Value[i]))
            {
                sum += series.Value[i];
                known += series.BordersUtcMilliseconds[i + 1] - series.BordersUtcMilliseconds[i];
            }
        }

        long length = series.BordersUtcMilliseconds[to] - series.BordersUtcMilliseconds[from];
        return known < LeastOfMonth * length || !(sum > 0) ? double.NaN : sum / known * TimeSpan.MillisecondsPerHour;
    }

    private readonly record struct DayTotal(int Day, int Weekday, double Use, long From, long To);
}
