namespace Metering.Analytics.Intervals;

/// <summary>How the value of an interval came about.</summary>
public enum IntervalCode
{
    /// <summary>Both borders were read, or lie between readings that stand close together.</summary>
    Measured = 0,

    /// <summary>The total over a gap is known exactly; its share of this interval was laid out evenly in time, or by profile.</summary>
    Allocated = 1,

    /// <summary>The total was not known and was estimated.</summary>
    Estimated = 2,

    /// <summary>A person set the value, with a reason.</summary>
    Edited = 3,

    /// <summary>Readings exist but were found wrong; there is no value.</summary>
    Rejected = 4,

    /// <summary>There is no value for the whole interval.</summary>
    Missing = 5,
}

/// <summary>Why a stretch of an unbroken register began.</summary>
public enum SegmentReason
{
    /// <summary>The first reading.</summary>
    First = 0,

    /// <summary>The register fell to less than a tenth of what it had shown, and counted on from there.</summary>
    Reset = 1,

    /// <summary>The register went on from another value: the meter was replaced, or set.</summary>
    Replacement = 2,
}

/// <summary>What was found while reading a register.</summary>
public enum FindingKind
{
    /// <summary>The register passed its modulus and began again at zero.</summary>
    Rollover = 0,

    /// <summary>The register was reset and a new segment begins; what was used across the reset is unknown.</summary>
    Reset = 1,

    /// <summary>The register went on from another value and a new segment begins; what was used across is unknown.</summary>
    Replacement = 2,

    /// <summary>Low readings between good ones, dropped.</summary>
    TransientLow = 3,

    /// <summary>High readings between good ones, dropped.</summary>
    Spike = 4,

    /// <summary>The register stood still and then caught up; the total was laid out over that time.</summary>
    StuckThenCaughtUp = 5,

    /// <summary>No readings for longer than twice the usual spacing, with use in it; the total was laid out over the gap.</summary>
    Gap = 6,

    /// <summary>The same reading twice; one dropped.</summary>
    Duplicate = 7,

    /// <summary>Different readings with the same time; none used.</summary>
    Conflict = 8,

    /// <summary>Readings out of order of time; sorted.</summary>
    OutOfOrder = 9,

    /// <summary>A reading below zero, at or above the modulus, or too large to be counted with; dropped.</summary>
    OutOfRange = 10,

    /// <summary>Readings marked unusable; dropped.</summary>
    Unusable = 11,

    /// <summary>A break that two further readings did not confirm; dropped.</summary>
    Unconfirmed = 12,

    /// <summary>A rise faster than usual that was kept because no maximum rate is configured.</summary>
    FastRise = 13,

    /// <summary>More findings than are listed.</summary>
    Truncated = 14,

    /// <summary>The meter was changed and a person recorded it; with both registers the use across is known.</summary>
    RecordedReplacement = 15,

    /// <summary>The stamps went back while the register went on: the clock was set; readings that claim the same time were dropped.</summary>
    ClockJump = 16,
}

/// <summary>One thing found.</summary>
/// <param name="Kind">What.</param>
/// <param name="UtcMilliseconds">When, UTC milliseconds since 1970-01-01.</param>
/// <param name="Detail">A sentence for the reader, in English, with the figures.</param>
public sealed record IntervalFinding(FindingKind Kind, long UtcMilliseconds, string Detail);

/// <summary>A stretch in which the register only counted up. Inside it, and only inside it, differences are use.</summary>
/// <param name="StartUtcMilliseconds">Time of its first reading.</param>
/// <param name="EndUtcMilliseconds">Time of its last reading.</param>
/// <param name="First">Register at its start, in units of 10^-exponent.</param>
/// <param name="Last">Register at its end with rollovers added, in units of 10^-exponent.</param>
/// <param name="Reason">Why it began.</param>
public sealed record CounterSegment(
    long StartUtcMilliseconds, long EndUtcMilliseconds, long First, long Last, SegmentReason Reason)
{
    /// <summary>Use in the segment, exact, in units of 10^-exponent.</summary>
    public long Used => Last - First;
}

/// <summary>
/// Intervals of a counter. The columns have one element per interval, ascending in time without holes. All amounts are kept
/// as exact integers in units of 10^-<see cref="Exponent"/>: the known parts of all intervals add up to the total, exactly.
/// </summary>
public sealed record IntervalSeries
{
    /// <summary>Decimal places of the exact amounts.</summary>
    public required int Exponent { get; init; }

    /// <summary>Starts of the intervals, UTC milliseconds since 1970-01-01.</summary>
    public required IReadOnlyList<long> StartUtcMilliseconds { get; init; }

    /// <summary>End of the last interval, UTC milliseconds since 1970-01-01; 0 when there are no intervals.</summary>
    public required long EndUtcMilliseconds { get; init; }

    /// <summary>Use per interval in the unit of the register; NaN when the code is missing or rejected.</summary>
    public required IReadOnlyList<double> Value { get; init; }

    /// <summary>
    /// Known use per interval, exact, in units of 10^-exponent. For a missing interval it is the part that is known
    /// (for example before a reset), which is not the use of the interval.
    /// </summary>
    public required IReadOnlyList<long> KnownScaled { get; init; }

    /// <summary>Known time per interval in milliseconds: equal to its length, unless the interval is missing.</summary>
    public required IReadOnlyList<long> KnownMilliseconds { get; init; }

    /// <summary>Code per interval.</summary>
    public required IReadOnlyList<IntervalCode> Code { get; init; }

    /// <summary>Exact total over all segments, in units of 10^-exponent.</summary>
    public required Int128 TotalScaled { get; init; }

    /// <summary>Total over all segments in the unit of the register.</summary>
    public double Total => DecimalScale.ToDouble(TotalScaled, Exponent);

    /// <summary>The unbroken stretches of the register, in order of time.</summary>
    public required IReadOnlyList<CounterSegment> Segments { get; init; }

    /// <summary>What was found, at most <see cref="IntervalBuilder.MaximumFindings"/> and a last one that says so.</summary>
    public required IReadOnlyList<IntervalFinding> Findings { get; init; }
}

/// <summary>Intervals of an instantaneous channel, such as temperature or pH.</summary>
public sealed record MeanSeries
{
    /// <summary>Starts of the intervals, UTC milliseconds since 1970-01-01.</summary>
    public required IReadOnlyList<long> StartUtcMilliseconds { get; init; }

    /// <summary>End of the last interval, UTC milliseconds since 1970-01-01; 0 when there are no intervals.</summary>
    public required long EndUtcMilliseconds { get; init; }

    /// <summary>Mean over time per interval, in the channel's unit; NaN when less than the required share of the interval is known.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>Usable readings per interval.</summary>
    public required IReadOnlyList<int> Count { get; init; }

    /// <summary>Share of the interval that lies between readings that stand close together, 0 to 1.</summary>
    public required IReadOnlyList<double> Completeness { get; init; }
}
