namespace Metering.Analytics.Intervals;

/// <summary>
/// Intervals of a counter in columns that are used again from one counter to the next: nothing is allocated per reading or
/// per interval once the columns have grown. Filled by <see cref="IntervalBuilder.FromCounter(ReadOnlySpan{long}, ReadOnlySpan{long}, ReadOnlySpan{bool}, CounterOptions, IntervalColumns)"/>;
/// the spans are valid until the next filling. Not for use by two threads at once.
/// </summary>
public sealed class IntervalColumns
{
    private long[] borders = [];
    private long[] known = [];
    private long[] knownMilliseconds = [];
    private double[] values = [];
    private IntervalCode[] codes = [];

    /// <summary>Number of intervals.</summary>
    public int Count { get; private set; }

    /// <summary>Decimal places of the exact amounts.</summary>
    public int Exponent { get; private set; }

    /// <summary>Borders of the intervals, UTC milliseconds since 1970-01-01: one more than there are intervals, or none.</summary>
    public ReadOnlySpan<long> BordersUtcMilliseconds => borders.AsSpan(0, Count == 0 ? 0 : Count + 1);

    /// <summary>Use per interval in the unit of the register; NaN when the code is missing.</summary>
    public ReadOnlySpan<double> Value => values.AsSpan(0, Count);

    /// <summary>Known use per interval, exact, in units of 10^-exponent (see <see cref="IntervalSeries.KnownScaled"/>).</summary>
    public ReadOnlySpan<long> KnownScaled => known.AsSpan(0, Count);

    /// <summary>Known time per interval in milliseconds.</summary>
    public ReadOnlySpan<long> KnownMilliseconds => knownMilliseconds.AsSpan(0, Count);

    /// <summary>Code per interval.</summary>
    public ReadOnlySpan<IntervalCode> Code => codes.AsSpan(0, Count);

    /// <summary>Exact total over all segments, in units of 10^-exponent.</summary>
    public Int128 TotalScaled { get; internal set; }

    /// <summary>The unbroken stretches of the register, in order of time.</summary>
    public IReadOnlyList<CounterSegment> Segments => Workspace.Segments;

    /// <summary>What was found, in order of time, at most <see cref="IntervalBuilder.MaximumFindings"/> and a last one that says so.</summary>
    public IReadOnlyList<IntervalFinding> Findings { get; internal set; } = [];

    internal CounterWorkspace Workspace { get; } = new();

    internal Span<long> KnownBuffer => known;

    internal Span<long> KnownMillisecondsBuffer => knownMilliseconds.AsSpan(0, Count);

    internal Span<double> ValueBuffer => values.AsSpan(0, Count);

    internal Span<IntervalCode> CodeBuffer => codes.AsSpan(0, Count);

    /// <summary>Sets the borders and makes room for the other columns. Their contents are left over until they are filled.</summary>
    internal void Begin(Period span, CounterOptions options, bool isEmpty)
    {
        Exponent = options.Exponent;
        TotalScaled = 0;
        Findings = [];
        int borderCount = isEmpty
            ? 0
            : IntervalBorders.Fill(ref borders, span.StartUtcMilliseconds, span.EndUtcMilliseconds, options.Step, options.Zone);
        Count = Math.Max(borderCount - 1, 0);

        // The register at each border is kept in the column of known use until differences are taken: one more than intervals.
        CounterWorkspace.Sized(ref known, borderCount);
        CounterWorkspace.Sized(ref knownMilliseconds, Count);
        CounterWorkspace.Sized(ref values, Count);
        CounterWorkspace.Sized(ref codes, Count);
    }

    /// <summary>The columns as a series of their own. They are handed over, not copied: these columns must not be filled again.</summary>
    internal IntervalSeries Detach() => new()
    {
        Exponent = Exponent,
        StartUtcMilliseconds = new ArraySegment<long>(borders, 0, Count),
        EndUtcMilliseconds = Count == 0 ? 0 : borders[Count],
        Value = new ArraySegment<double>(values, 0, Count),
        KnownScaled = new ArraySegment<long>(known, 0, Count),
        KnownMilliseconds = new ArraySegment<long>(knownMilliseconds, 0, Count),
        Code = new ArraySegment<IntervalCode>(codes, 0, Count),
        TotalScaled = TotalScaled,
        Segments = Workspace.Segments,
        Findings = Findings,
    };
}
