using Metering.Analytics.Intervals;

namespace Metering.Analytics.Validation;

/// <summary>
/// Intervals of one channel as they came, dense in time: an interval without a value is there, with NaN and the code
/// missing. Nothing in it is ever changed; what estimation and edits make of it is a <see cref="ValidatedSeries"/>.
/// </summary>
public sealed class MeasuredSeries
{
    private readonly long[] borders;
    private readonly double[] values;
    private readonly IntervalCode[] codes;

    private MeasuredSeries(string channel, SeriesFrame frame, long[] borders, double[] values, IntervalCode[] codes)
    {
        Channel = channel;
        Frame = frame;
        this.borders = borders;
        this.values = values;
        this.codes = codes;
        Slots = WeekSlots.Of(borders, frame.Step, frame.Zone, frame.Holidays);
    }

    /// <summary>Name of the channel.</summary>
    public string Channel { get; }

    /// <summary>Step, zone and holidays.</summary>
    public SeriesFrame Frame { get; }

    /// <summary>Number of intervals.</summary>
    public int Count => values.Length;

    /// <summary>Borders, UTC milliseconds since 1970-01-01: one more than there are intervals, or none.</summary>
    public ReadOnlySpan<long> BordersUtcMilliseconds => borders;

    /// <summary>Use per interval in the channel's unit; NaN when missing.</summary>
    public ReadOnlySpan<double> Value => values;

    /// <summary>Code per interval.</summary>
    public ReadOnlySpan<IntervalCode> Code => codes;

    internal WeekSlots Slots { get; }

    /// <summary>Missing intervals of which a part is known, because the register begins, ends or breaks inside them.</summary>
    internal IReadOnlyDictionary<int, KnownPart> KnownParts { get; private init; } = new Dictionary<int, KnownPart>();

    /// <summary>The intervals of a counter.</summary>
    /// <param name="channel">Name of the channel.</param>
    /// <param name="series">Intervals, built with the step and zone of <paramref name="frame"/>.</param>
    /// <param name="frame">Step, zone and holidays.</param>
    /// <exception cref="ArgumentException">The series was not built with this step and zone.</exception>
    public static MeasuredSeries Of(string channel, IntervalSeries series, SeriesFrame frame)
    {
        Check(channel, frame);
        ArgumentNullException.ThrowIfNull(series);
        int count = series.Value.Count;
        if (count == 0)
        {
            return new MeasuredSeries(channel, frame, [], [], []);
        }

        long[] grid = IntervalBorders.Covering(series.StartUtcMilliseconds[0], series.EndUtcMilliseconds, frame.Step, frame.Zone);
        if (grid.Length != count + 1 || !grid.AsSpan(0, count).SequenceEqual(series.StartUtcMilliseconds.ToArray()))
        {
            throw new ArgumentException($"The intervals of {channel} do not lie on the borders of this step and zone.", nameof(series));
        }

        return new MeasuredSeries(channel, frame, grid, [.. series.Value], [.. series.Code]) { KnownParts = PartsOf(series, grid) };
    }

    /// <summary>Intervals that came as such, for example from a utility's file. Holes become missing intervals.</summary>
    /// <param name="channel">Name of the channel.</param>
    /// <param name="startUtcMilliseconds">Starts, UTC milliseconds since 1970-01-01, ascending, each on a border.</param>
    /// <param name="values">Use per interval; NaN when missing.</param>
    /// <param name="frame">Step, zone and holidays.</param>
    /// <exception cref="ArgumentException">Different lengths, a start that repeats, goes back or is on no border, an infinite value, or too many intervals.</exception>
    public static MeasuredSeries OfColumns(
        string channel, ReadOnlySpan<long> startUtcMilliseconds, ReadOnlySpan<double> values, SeriesFrame frame)
    {
        Check(channel, frame);
        if (startUtcMilliseconds.Length != values.Length)
        {
            throw new ArgumentException($"{channel}: {startUtcMilliseconds.Length} starts and {values.Length} values.", nameof(values));
        }

        if (values.IsEmpty)
        {
            return new MeasuredSeries(channel, frame, [], [], []);
        }

        if (startUtcMilliseconds[0] < IntervalBuilder.EarliestUtcMilliseconds
            || startUtcMilliseconds[^1] > IntervalBuilder.LatestUtcMilliseconds || startUtcMilliseconds[^1] < startUtcMilliseconds[0])
        {
            throw new ArgumentException($"{channel}: the starts go back, or lie before 1970 or after 2199.", nameof(startUtcMilliseconds));
        }

        long[] grid = IntervalBorders.Covering(startUtcMilliseconds[0], startUtcMilliseconds[^1] + 1, frame.Step, frame.Zone);
        double[] dense = new double[grid.Length - 1];
        Array.Fill(dense, double.NaN);
        IntervalCode[] denseCodes = new IntervalCode[dense.Length];
        Array.Fill(denseCodes, IntervalCode.Missing);
        int interval = -1;
        for (int i = 0; i < values.Length; i++)
        {
            int found = Array.BinarySearch(grid, startUtcMilliseconds[i]);
            if (found <= interval || double.IsInfinity(values[i]))
            {
                throw new ArgumentException($"{channel}: row {i} is not finite, or its start repeats, goes back or is on no border.", nameof(startUtcMilliseconds));
            }

            interval = found;
            dense[found] = values[i];
            denseCodes[found] = double.IsNaN(values[i]) ? IntervalCode.Missing : IntervalCode.Measured;
        }

        return new MeasuredSeries(channel, frame, grid, dense, denseCodes);
    }

    /// <summary>Index of the border at an instant, or -1.</summary>
    internal int IndexOfBorder(long instant) => Math.Max(Array.BinarySearch(borders, instant), -1);

    private static Dictionary<int, KnownPart> PartsOf(IntervalSeries series, long[] grid)
    {
        Dictionary<int, KnownPart> parts = [];
        for (int i = 0; i < series.Code.Count; i++)
        {
            if (series.Code[i] == IntervalCode.Missing && series.KnownMilliseconds[i] > 0)
            {
                double share = series.KnownMilliseconds[i] / (double)(grid[i + 1] - grid[i]);
                parts.Add(i, new KnownPart(DecimalScale.ToDouble(series.KnownScaled[i], series.Exponent), share));
            }
        }

        return parts;
    }

    private static void Check(string channel, SeriesFrame frame)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(channel);
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(frame.Zone);
        ArgumentNullException.ThrowIfNull(frame.Holidays);
    }
}

/// <summary>What is known of an interval that is not known as a whole.</summary>
/// <param name="Use">Use in the part that is known, in the channel's unit.</param>
/// <param name="Share">Share of the interval's time, above 0, below 1.</param>
internal readonly record struct KnownPart(double Use, double Share);

/// <summary>What the intervals of a plant have in common.</summary>
public sealed record SeriesFrame
{
    /// <summary>Length of the intervals.</summary>
    public required IntervalStep Step { get; init; }

    /// <summary>The plant's zone; UTC when not given. Its rules are those of the time zone database of the machine.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Local days without work; they are taken for Sundays.</summary>
    public IReadOnlySet<DateOnly> Holidays { get; init; } = new HashSet<DateOnly>();
}
