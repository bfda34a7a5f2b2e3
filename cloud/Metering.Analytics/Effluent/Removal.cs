using Metering.Analytics.Indicators;

namespace Metering.Analytics.Effluent;

/// <summary>
/// What a treatment keeps back: 1 - load out / load in, over the intervals in which both are known. The mean of daily percentages
/// gives small days the weight of large ones and is not offered.
/// </summary>
public sealed record Removal
{
    /// <summary>1 - out / in, percent; negative when more comes out than goes in; null when no load came in.</summary>
    public required double? Percent { get; init; }

    /// <summary>Load in over the common intervals, kg.</summary>
    public required double InletKilograms { get; init; }

    /// <summary>Load out over the common intervals, kg.</summary>
    public required double OutletKilograms { get; init; }

    /// <summary>Length of the common intervals.</summary>
    public required TimeSpan CommonTime { get; init; }

    /// <summary>Number of common intervals.</summary>
    public required int IntervalCount { get; init; }

    /// <summary>Load in per day of common time, kg/d.</summary>
    public double InletKilogramsPerDay => InletKilograms / CommonTime.TotalDays;

    /// <summary>Load out per day of common time, kg/d.</summary>
    public double OutletKilogramsPerDay => OutletKilograms / CommonTime.TotalDays;

    /// <summary>Relates two loads of one parameter.</summary>
    /// <param name="inlet">Before treatment.</param>
    /// <param name="outlet">After treatment.</param>
    /// <exception cref="ArgumentException">Different parameters, or not one interval known on both sides.</exception>
    public static Removal Of(LoadResult inlet, LoadResult outlet)
    {
        ArgumentNullException.ThrowIfNull(inlet);
        ArgumentNullException.ThrowIfNull(outlet);
        if (inlet.Parameter != outlet.Parameter)
        {
            throw new ArgumentException(FigureText.Line($"{inlet.Parameter} in and {outlet.Parameter} out are not related."), nameof(outlet));
        }

        double into = 0;
        double outOf = 0;
        long length = 0;
        int count = 0;
        int other = 0;
        for (int i = 0; i < inlet.Intervals.Count; i++)
        {
            long start = inlet.Intervals[i].Span.StartUtcMilliseconds;
            while (other < outlet.Intervals.Count && outlet.Intervals[other].Span.StartUtcMilliseconds < start)
            {
                other++;
            }

            if (other < outlet.Intervals.Count && outlet.Intervals[other].Span == inlet.Intervals[i].Span
                && !double.IsNaN(inlet.IntervalKilograms[i]) && !double.IsNaN(outlet.IntervalKilograms[other]))
            {
                into += inlet.IntervalKilograms[i];
                outOf += outlet.IntervalKilograms[other];
                length += inlet.Intervals[i].Span.EndUtcMilliseconds - start;
                count++;
            }
        }

        if (count == 0)
        {
            throw new ArgumentException("No interval has a known load on both sides.", nameof(outlet));
        }

        return new Removal
        {
            Percent = into > 0 ? 100 * (1 - (outOf / into)) : null,
            InletKilograms = into,
            OutletKilograms = outOf,
            CommonTime = TimeSpan.FromMilliseconds(length),
            IntervalCount = count,
        };
    }
}
