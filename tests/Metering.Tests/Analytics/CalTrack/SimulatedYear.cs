using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;

namespace Metering.Tests.Analytics.CalTrack;

/// <summary>A year of hourly temperatures and of daily use that follows them, from a seed.</summary>
internal sealed class SimulatedYear
{
    public const long Day = TimeSpan.MillisecondsPerDay;
    private const int HoursPerDay = 24;
    private readonly double[] dayMeans;
    private uint state;

    public SimulatedYear(int seed, int days = 730)
    {
        state = unchecked((uint)seed * 2_654_435_761u) + 1;
        long[] times = new long[days * HoursPerDay];
        double[] values = new double[times.Length];
        dayMeans = new double[days];
        double drift = 0;
        for (int day = 0; day < days; day++)
        {
            drift = (0.7 * drift) + (16 * (Next() - 0.5));
            double phase = ((day + 20) % 365 / 182.5) - 1;
            double season = 25 + (70 * (1 - (phase * phase)));
            double sum = 0;
            for (int hour = 0; hour < HoursPerDay; hour++)
            {
                int row = (day * HoursPerDay) + hour;
                times[row] = row * TimeSpan.MillisecondsPerHour;
                values[row] = season + drift - 10 + (Math.Abs(hour - 12) * -1.2);
                sum += values[row];
            }

            dayMeans[day] = sum / HoursPerDay;
        }

        Weather = Weather.From(new() { UtcMilliseconds = times, Values = values, Unit = TemperatureUnit.Fahrenheit }).Weather!;
    }

    public Weather Weather { get; }

    public IReadOnlyList<double> DayMeans => dayMeans;

    public static Period First { get; } = new(0, 365 * Day);

    public static Period Second { get; } = new(365 * Day, 730 * Day);

    /// <summary>Daily use: base, slopes beyond two balance points, and noise.</summary>
    public MeteredInterval[] Days(double heating, double cooling, double noise)
    {
        MeteredInterval[] days = new MeteredInterval[dayMeans.Length];
        for (int day = 0; day < days.Length; day++)
        {
            double mean = dayMeans[day];
            double use = 40 + (heating * Math.Max(0, 55 - mean)) + (cooling * Math.Max(0, mean - 65)) + (noise * (Next() + Next() + Next() - 1.5));
            days[day] = new MeteredInterval(day * Day, (day + 1) * Day, use);
        }

        return days;
    }

    /// <summary>The days added up to bills of the given lengths, over and over.</summary>
    public static MeteredInterval[] Bills(MeteredInterval[] days, params int[] lengths)
    {
        List<MeteredInterval> bills = [];
        int from = 0;
        for (int bill = 0; from + lengths[bill % lengths.Length] <= days.Length; bill++)
        {
            int length = lengths[bill % lengths.Length];
            double use = 0;
            for (int day = from; day < from + length; day++)
            {
                use += days[day].Use;
            }

            bills.Add(new MeteredInterval(days[from].StartUtcMilliseconds, days[from + length - 1].EndUtcMilliseconds, use));
            from += length;
        }

        return [.. bills];
    }

    private double Next()
    {
        state = unchecked((state * 1_664_525) + 1_013_904_223);
        return (state >> 8) / (double)(1 << 24);
    }
}
