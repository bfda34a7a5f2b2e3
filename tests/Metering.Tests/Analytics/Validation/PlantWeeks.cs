using Metering.Analytics.Intervals;
using Metering.Analytics.Validation;

namespace Metering.Tests.Analytics.Validation;

/// <summary>Weeks of hours of a plant with nights, Sundays and a little noise, from Monday 2025-01-06.</summary>
internal static class PlantWeeks
{
    public const long Hour = 3_600_000;
    public static readonly long Start = new DateTimeOffset(2025, 1, 6, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    public static readonly SeriesFrame Frame = new() { Step = IntervalStep.Hour };

    public static double[] Values(int weeks, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, weeks * 168).Select(i => Level(i) * (0.95 + (0.1 * random.NextDouble())))];
    }

    /// <summary>Usual use of an hour, counted from Monday 0:00.</summary>
    public static double Level(int hour) => (hour % 24 is >= 7 and < 19 ? 100 : 20) * (hour / 24 % 7 == 6 ? 0.5 : 1);

    public static MeasuredSeries Series(double[] values, SeriesFrame? frame = null, string channel = "kwh")
    {
        long[] starts = [.. Enumerable.Range(0, values.Length).Select(i => Start + (i * Hour))];
        return MeasuredSeries.OfColumns(channel, starts, values, frame ?? Frame);
    }

    public static long At(int hour) => Start + (hour * Hour);
}
