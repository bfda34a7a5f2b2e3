using Metering.Analytics.Finance;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Tariffs;

/// <summary>The part of a bill that lies in one calendar month: rates hold for calendar months, bills do not keep to them.</summary>
/// <param name="Month">First day of the month.</param>
/// <param name="Days">Days of the bill in the month.</param>
/// <param name="Kwh">Energy in the month by <see cref="TariffPeriod"/>, kWh; one element in all when the tariff has no hours.</param>
public sealed record BillMonth(DateOnly Month, int Days, IReadOnlyList<decimal> Kwh)
{
    /// <summary>The bill's share of the month, 0 to 1.</summary>
    public decimal ShareOfMonth => (decimal)Days / DateTime.DaysInMonth(Month.Year, Month.Month);
}

/// <summary>What a bill is computed from: energy by period and month, largest demands, reactive energy.</summary>
public sealed record BillMeasurement
{
    private const int LongestBillDays = 400;

    /// <summary>First local day.</summary>
    public required DateOnly FirstDay { get; init; }

    /// <summary>Last local day, inclusive.</summary>
    public required DateOnly LastDay { get; init; }

    /// <summary>The calendar months the bill touches, in order.</summary>
    public required IReadOnlyList<BillMonth> Months { get; init; }

    /// <summary>Energy by period, kWh; one element in all when the tariff has no hours.</summary>
    public required IReadOnlyList<decimal> KwhByPeriod { get; init; }

    /// <summary>Largest demand by period, kW; null for a period without an interval. Same elements as <see cref="KwhByPeriod"/>.</summary>
    public required IReadOnlyList<decimal?> MaximumKwByPeriod { get; init; }

    /// <summary>Inductive reactive energy, kvarh; null when it was not metered.</summary>
    public required decimal? Kvarh { get; init; }

    /// <summary>Whether demands are means over an hour: the largest 15 minutes were at least that, and may have been more.</summary>
    public required bool DemandIsLowerBound { get; init; }

    /// <summary>What a reader must know about the tables of periods used, one sentence in English each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Days of the bill.</summary>
    public int Days => LastDay.DayNumber - FirstDay.DayNumber + 1;

    /// <summary>Energy of the bill, kWh.</summary>
    public decimal Kwh
    {
        get
        {
            decimal sum = 0m;
            foreach (decimal part in KwhByPeriod)
            {
                sum += part;
            }

            return sum;
        }
    }

    /// <summary>Largest demand of the bill, kW.</summary>
    public decimal MaximumKw
    {
        get
        {
            decimal largest = 0m;
            foreach (decimal? part in MaximumKwByPeriod)
            {
                largest = Math.Max(largest, part ?? 0m);
            }

            return largest;
        }
    }

    /// <summary>Power factor kWh / sqrt(kWh2 + kvarh2), to 4 places; null without reactive energy or without energy.</summary>
    public decimal? PowerFactor => Kvarh is decimal reactive && Kwh > 0m
        ? decimal.Round(Kwh / DecimalRoot.Of((Kwh * Kwh) + (reactive * reactive)), 4, MidpointRounding.AwayFromZero)
        : null;

    /// <summary>Measures a bill from local day to local day.</summary>
    /// <param name="intervals">The intervals; others than the bill's are passed over.</param>
    /// <param name="calendar">Periods and zone.</param>
    /// <param name="tariff">The tariff: without hours, energy and demand are not divided.</param>
    /// <param name="firstDay">First local day.</param>
    /// <param name="lastDay">Last local day, inclusive.</param>
    /// <returns>The measurement, or why a bill cannot be computed: an interval is missing, or its period is not known.</returns>
    public static Answer<BillMeasurement> Measure(
        MeteredIntervals intervals, TariffCalendar calendar, CfeTariff tariff, DateOnly firstDay, DateOnly lastDay)
    {
        ArgumentNullException.ThrowIfNull(intervals);
        ArgumentNullException.ThrowIfNull(calendar);
        if (lastDay < firstDay || lastDay.DayNumber - firstDay.DayNumber >= LongestBillDays)
        {
            return Answer<BillMeasurement>.Refuse($"a bill from {firstDay:yyyy-MM-dd} to {lastDay:yyyy-MM-dd} has no days or more than {LongestBillDays}.");
        }

        Period span = Period.FromDays(firstDay, lastDay, calendar.Zone);
        int first = LowerBound(intervals.Starts, span.StartUtcMilliseconds);
        int end = LowerBound(intervals.Starts, span.EndUtcMilliseconds);
        if (MissingIn(intervals, first, end, span) is string missing)
        {
            return Answer<BillMeasurement>.Refuse(missing);
        }

        TariffPeriod[] periods = new TariffPeriod[end - first];
        if (tariff == CfeTariff.Gdmth
            && calendar.Fill(intervals.Starts[first..end], intervals.Step, periods) is string unplaced)
        {
            return Answer<BillMeasurement>.Refuse(unplaced);
        }

        BillAccumulator accumulator = new(intervals, calendar.Zone, tariff == CfeTariff.Gdmth ? TariffCalendar.PeriodCount : 1);
        for (int index = first; index < end; index++)
        {
            accumulator.Add(index, (int)periods[index - first]);
        }

        IReadOnlyList<string> notes = tariff == CfeTariff.Gdmth ? calendar.Notes(firstDay, lastDay) : [];
        return Answer<BillMeasurement>.Of(accumulator.Measurement(firstDay, lastDay, notes));
    }

    private static string? MissingIn(MeteredIntervals intervals, int first, int end, Period span)
    {
        long step = (long)intervals.Step.TotalMilliseconds;
        long expected = (span.EndUtcMilliseconds - span.StartUtcMilliseconds) / step;
        long present = 0;
        long? firstMissing = null;
        long next = span.StartUtcMilliseconds;
        for (int index = first; index < end; index++)
        {
            long start = intervals.Starts[index];
            if ((start - span.StartUtcMilliseconds) % step != 0)
            {
                return $"the interval that begins {Utc(start)} does not begin on a multiple of {intervals.Step} of the plant's day.";
            }

            bool isMissing = double.IsNaN(intervals.Kwh[index]) || (intervals.HasReactive && double.IsNaN(intervals.Kvarh[index]));
            firstMissing ??= start != next ? next : isMissing ? start : null;
            present += isMissing ? 0 : 1;
            next = start + step;
        }

        return present == expected
            ? null
            : $"{expected - present} of {expected} intervals are missing, the first at {Utc(firstMissing ?? next)}; missing is not zero, so there is no bill.";
    }

    private static string Utc(long milliseconds) => $"{DateTimeOffset.FromUnixTimeMilliseconds(milliseconds):yyyy-MM-dd HH:mm} UTC";

    private static int LowerBound(ReadOnlySpan<long> starts, long at)
    {
        int low = 0;
        int high = starts.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = starts[middle] < at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
