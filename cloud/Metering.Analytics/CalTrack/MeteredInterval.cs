namespace Metering.Analytics.CalTrack;

/// <summary>What a meter counted between two instants: a day or a bill.</summary>
/// <param name="StartUtcMilliseconds">First instant inside, UTC milliseconds since 1970-01-01.</param>
/// <param name="EndUtcMilliseconds">First instant after.</param>
/// <param name="Use">Use in the unit of the meter; NaN where it is missing.</param>
/// <param name="IsEstimated">Whether the reading at the end was estimated: the use is then known only together with the next interval's.</param>
public readonly record struct MeteredInterval(
    long StartUtcMilliseconds, long EndUtcMilliseconds, double Use, bool IsEstimated = false)
{
    private const long FirstInstant = -62_135_596_800_000;
    private const long LastInstant = 253_402_300_799_999;

    /// <summary>The length in days of 24 hours.</summary>
    public double Days => (EndUtcMilliseconds - StartUtcMilliseconds) / (double)TimeSpan.MillisecondsPerDay;

    /// <summary>The length in whole days, rounded, so that a change of clocks does not make a bill longer.</summary>
    internal int WholeDays => (int)((EndUtcMilliseconds - StartUtcMilliseconds + (TimeSpan.MillisecondsPerDay / 2)) / TimeSpan.MillisecondsPerDay);

    /// <summary>Intervals from a column of starts: each lasts until the next start, and the last row only ends the one before.</summary>
    /// <param name="startUtcMilliseconds">Starts, ascending.</param>
    /// <param name="use">Use per row; that of the last row is not used.</param>
    /// <exception cref="ArgumentException">Columns of different lengths, or starts that do not ascend.</exception>
    public static IReadOnlyList<MeteredInterval> FromStarts(IReadOnlyList<long> startUtcMilliseconds, IReadOnlyList<double> use)
    {
        ArgumentNullException.ThrowIfNull(startUtcMilliseconds);
        ArgumentNullException.ThrowIfNull(use);
        if (startUtcMilliseconds.Count != use.Count)
        {
            throw new ArgumentException("The columns of starts and use have different lengths.", nameof(use));
        }

        MeteredInterval[] intervals = new MeteredInterval[Math.Max(0, use.Count - 1)];
        for (int i = 0; i < intervals.Length; i++)
        {
            if (startUtcMilliseconds[i + 1] <= startUtcMilliseconds[i])
            {
                throw new ArgumentException("The starts do not ascend.", nameof(startUtcMilliseconds));
            }

            intervals[i] = new MeteredInterval(startUtcMilliseconds[i], startUtcMilliseconds[i + 1], use[i]);
        }

        return intervals;
    }

    /// <summary>Gives the instant back when it lies in the years 1 to 9999.</summary>
    internal static long CheckInstant(long utcMilliseconds, string parameter) =>
        utcMilliseconds is >= FirstInstant and <= LastInstant
            ? utcMilliseconds
            : throw new ArgumentException("An instant lies outside the years 1 to 9999.", parameter);
}
