using System.Globalization;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.CalTrack;

/// <summary>
/// Hourly outdoor temperatures without gaps of up to six hours, which are filled along a straight line; longer gaps stay
/// missing (CalTRACK 2.0, 2.2.4.1). Immutable.
/// </summary>
public sealed class Weather
{
    /// <summary>Longest gap that is filled, in hours (CalTRACK 2.0, 2.2.4.1).</summary>
    public const int LongestFilledGapHours = 6;

    /// <summary>Most hours between the first and the last reading: 114 years.</summary>
    public const int MaximumHours = 1_000_000;

    internal const long Hour = TimeSpan.MillisecondsPerHour;
    private const double ColdestCelsius = -95;
    private const double HottestCelsius = 65;

    private readonly double[] hours;
    private readonly long firstHour;

    private Weather(double[] hours, long firstHour, int filledHours)
    {
        this.hours = hours;
        this.firstHour = firstHour;
        FilledHours = filledHours;
    }

    /// <summary>Hours that were filled.</summary>
    public int FilledHours { get; }

    /// <summary>From the first hour to the end of the last one.</summary>
    public Period Covered => new(firstHour * Hour, (firstHour + hours.Length) * Hour);

    /// <summary>Reads a series.</summary>
    /// <param name="series">The readings.</param>
    /// <returns>The weather, or why it cannot be used: nothing in it, infinite or impossible values, two values for one instant, a span beyond <see cref="MaximumHours"/>.</returns>
    /// <exception cref="ArgumentException">Columns of different lengths, an unknown unit, or an instant outside the years 1 to 9999.</exception>
    public static WeatherOutcome From(TemperatureSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        int count = series.UtcMilliseconds.Count;
        if (series.Values.Count != count)
        {
            throw new ArgumentException("The columns of instants and temperatures have different lengths.", nameof(series));
        }

        List<Reason> reasons = [];
        List<Reason> warnings = [];
        int used = Collect(series, reasons, warnings, out long[] times, out double[] values);
        if (used == 0)
        {
            reasons.Add(new Reason(ReasonKind.EmptyPeriod, "There is no temperature. Give hourly outdoor temperatures."));
            return new WeatherOutcome { Reasons = reasons, Warnings = warnings };
        }

        long first = FloorHour(times[0]);
        long span = FloorHour(times[used - 1]) - first + 1;
        if (span > MaximumHours)
        {
            reasons.Add(new Reason(ReasonKind.ConflictingRows, string.Create(CultureInfo.InvariantCulture,
                $"Temperatures span {span} hours; the limit is {MaximumHours}. A wrong date among them is the usual cause.")));
        }

        if (reasons.Count > 0)
        {
            return new WeatherOutcome { Reasons = reasons, Warnings = warnings };
        }

        double[] hourly = Average(times.AsSpan(0, used), values, first, (int)span);
        int filled = FillGaps(hourly);
        if (filled > 0)
        {
            warnings.Add(new Reason(ReasonKind.LowCoverage, string.Create(CultureInfo.InvariantCulture,
                $"{filled} hours without temperature, in gaps of up to {LongestFilledGapHours} hours, were filled along a straight line.")));
        }

        return new WeatherOutcome { Weather = new Weather(hourly, first, filled), Reasons = reasons, Warnings = warnings };
    }

    /// <summary>Mean temperature of a span, degrees Fahrenheit; NaN when more than half of its hours are missing (CalTRACK 2.0, 2.2.2.3).</summary>
    /// <param name="span">The span; an hour belongs to it when it starts inside.</param>
    public double MeanFahrenheit(Period span)
    {
        int present = Sum(span, out double sum, out long expected);
        return present > 0 && 2L * present >= expected ? sum / present : double.NaN;
    }

    /// <summary>Mean temperatures of the plant's days, degrees Fahrenheit, NaN where more than half of a day is missing.</summary>
    /// <param name="first">First local day.</param>
    /// <param name="last">Last local day, inclusive, less than <see cref="MaximumHours"/> hours after the first.</param>
    /// <param name="zone">The plant's zone; <see cref="TimeZoneInfo.Utc"/> for days of universal time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The last day is before the first, or too far from it.</exception>
    public double[] DailyMeansFahrenheit(DateOnly first, DateOnly last, TimeZoneInfo zone)
    {
        int days = last.DayNumber - first.DayNumber + 1;
        if (days is < 1 or > MaximumHours / 24)
        {
            throw new ArgumentOutOfRangeException(nameof(last), last, "The last day is before the first, or too far from it.");
        }

        double[] means = new double[days];
        long start = PlantCalendar.StartOfDay(first, zone);
        for (int day = 0; day < means.Length; day++)
        {
            long end = PlantCalendar.StartOfDay(first.AddDays(day + 1), zone);
            means[day] = MeanFahrenheit(new Period(start, end));
            start = end;
        }

        return means;
    }

    /// <summary>Sum over the hours that start in a span; gives how many there are, and how many the span has.</summary>
    internal int Sum(Period span, out double sum, out long expected)
    {
        long from = CeilingHour(span.StartUtcMilliseconds);
        long to = CeilingHour(span.EndUtcMilliseconds);
        expected = Math.Max(0, to - from);
        int present = 0;
        sum = 0;
        long last = Math.Min(to, firstHour + hours.Length);
        for (long hour = Math.Max(from, firstHour); hour < last; hour++)
        {
            double value = hours[hour - firstHour];
            if (!double.IsNaN(value))
            {
                sum += value;
                present++;
            }
        }

        return present;
    }

    /// <summary>Copies readings that are not missing, in order of time, each instant once.</summary>
    private static int Collect(TemperatureSeries series, List<Reason> reasons, List<Reason> warnings, out long[] times, out double[] values)
    {
        int count = series.Values.Count;
        times = new long[count];
        values = new double[count];
        int used = 0;
        int wrong = 0;
        bool sorted = true;
        for (int i = 0; i < count; i++)
        {
            double value = Temperature.ToFahrenheit(series.Values[i], series.Unit);
            long time = MeteredInterval.CheckInstant(series.UtcMilliseconds[i], nameof(series));
            if (double.IsNaN(value))
            {
                continue;
            }

            wrong += Temperature.ToCelsius(value) is >= ColdestCelsius and <= HottestCelsius ? 0 : 1;
            sorted &= used == 0 || time >= times[used - 1];
            times[used] = time;
            values[used++] = value;
        }

        if (wrong > 0)
        {
            reasons.Add(new Reason(ReasonKind.NotFinite, string.Create(CultureInfo.InvariantCulture,
                $"{wrong} temperatures lie outside {ColdestCelsius:0} to {HottestCelsius:0} degrees Celsius. Check the unit; leave missing values blank.")));
        }

        if (!sorted)
        {
            Array.Sort(times, values, 0, used);
            warnings.Add(new Reason(ReasonKind.RowsPutInOrder, "Temperatures were out of order and were sorted."));
        }

        return DropRepeats(times, values, used, reasons);
    }

    private static int DropRepeats(long[] times, double[] values, int used, List<Reason> reasons)
    {
        int kept = 0;
        int conflicts = 0;
        for (int i = 0; i < used; i++)
        {
            if (kept > 0 && times[kept - 1] == times[i])
            {
                conflicts += values[kept - 1].Equals(values[i]) ? 0 : 1;
                continue;
            }

            times[kept] = times[i];
            values[kept++] = values[i];
        }

        if (conflicts > 0)
        {
            reasons.Add(new Reason(ReasonKind.ConflictingRows, string.Create(CultureInfo.InvariantCulture,
                $"{conflicts} instants have two different temperatures. Keep one of each.")));
        }

        return kept;
    }

    private static double[] Average(ReadOnlySpan<long> times, ReadOnlySpan<double> values, long first, int span)
    {
        double[] hourly = new double[span];
        Array.Fill(hourly, double.NaN);
        int i = 0;
        while (i < times.Length)
        {
            long hour = FloorHour(times[i]);
            double sum = 0;
            int from = i;
            while (i < times.Length && FloorHour(times[i]) == hour)
            {
                sum += values[i++];
            }

            hourly[hour - first] = sum / (i - from);
        }

        return hourly;
    }

    private static int FillGaps(double[] hourly)
    {
        int filled = 0;
        int before = 0;
        for (int i = 1; i < hourly.Length; i++)
        {
            if (double.IsNaN(hourly[i]))
            {
                continue;
            }

            int missing = i - before - 1;
            if (missing is > 0 and <= LongestFilledGapHours)
            {
                double rise = (hourly[i] - hourly[before]) / (missing + 1);
                for (int k = 1; k <= missing; k++)
                {
                    hourly[before + k] = hourly[before] + (k * rise);
                }

                filled += missing;
            }

            before = i;
        }

        return filled;
    }

    private static long FloorHour(long milliseconds) => (milliseconds / Hour) - (milliseconds % Hour < 0 ? 1 : 0);

    private static long CeilingHour(long milliseconds) => (milliseconds / Hour) + (milliseconds % Hour > 0 ? 1 : 0);
}

/// <summary>Weather, or the reasons why it cannot be used.</summary>
public sealed record WeatherOutcome
{
    /// <summary>The weather; null when refused.</summary>
    public Weather? Weather { get; init; }

    /// <summary>Why it was refused; empty when it was not.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>What was put right.</summary>
    public required IReadOnlyList<Reason> Warnings { get; init; }
}
