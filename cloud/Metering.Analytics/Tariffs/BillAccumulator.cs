using Metering.Analytics.Intervals;

namespace Metering.Analytics.Tariffs;

/// <summary>Adds up the intervals of one bill, in decimals.</summary>
internal sealed class BillAccumulator
{
    private readonly MeteredIntervals intervals;
    private readonly TimeZoneInfo zone;
    private readonly int periodCount;
    private readonly decimal perHour;
    private readonly decimal[] total;
    private readonly decimal?[] maximumKw;
    private readonly List<(DateOnly Month, decimal[] Kwh)> months = [];
    private long nextMonthUtcMilliseconds = long.MinValue;
    private decimal kvarh;

    public BillAccumulator(MeteredIntervals intervals, TimeZoneInfo zone, int periodCount)
    {
        this.intervals = intervals;
        this.zone = zone;
        this.periodCount = periodCount;
        perHour = TimeSpan.TicksPerHour / (decimal)intervals.Step.Ticks;
        total = new decimal[periodCount];
        maximumKw = new decimal?[periodCount];
    }

    public void Add(int index, int period)
    {
        long start = intervals.Starts[index];
        if (start >= nextMonthUtcMilliseconds)
        {
            DateOnly day = PlantCalendar.DayOf(start, zone);
            DateOnly month = new(day.Year, day.Month, 1);
            months.Add((month, new decimal[periodCount]));
            nextMonthUtcMilliseconds = PlantCalendar.StartOfDay(month.AddMonths(1), zone);
        }

        decimal kwh = MeteredIntervals.Exact(intervals.Kwh[index]);
        decimal kw = kwh * perHour;
        months[^1].Kwh[period] += kwh;
        total[period] += kwh;
        maximumKw[period] = maximumKw[period] is decimal known && known >= kw ? known : kw;
        kvarh += intervals.HasReactive ? MeteredIntervals.Exact(intervals.Kvarh[index]) : 0m;
    }

    public BillMeasurement Measurement(DateOnly firstDay, DateOnly lastDay, IReadOnlyList<string> notes)
    {
        List<BillMonth> parts = new(months.Count);
        foreach ((DateOnly month, decimal[] kwh) in months)
        {
            DateOnly from = month > firstDay ? month : firstDay;
            DateOnly end = month.AddMonths(1).AddDays(-1);
            DateOnly to = end < lastDay ? end : lastDay;
            parts.Add(new BillMonth(month, to.DayNumber - from.DayNumber + 1, kwh));
        }

        return new BillMeasurement
        {
            FirstDay = firstDay,
            LastDay = lastDay,
            Months = parts,
            KwhByPeriod = total,
            MaximumKwByPeriod = maximumKw,
            Kvarh = intervals.HasReactive ? kvarh : null,
            Notes = notes,
            DemandIsLowerBound = intervals.Step > TimeSpan.FromMinutes(15),
        };
    }
}
