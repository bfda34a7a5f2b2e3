using Metering.Analytics.Intervals;

namespace Metering.Analytics.Validation;

/// <summary>How the value of an interval was put in the place of a missing one.</summary>
public enum EstimationMethod
{
    /// <summary>It was not: the value is as it came.</summary>
    None = 0,

    /// <summary>On a straight line between the intervals on both sides.</summary>
    Linear = 1,

    /// <summary>The mean of the same time of the week in other weeks.</summary>
    SameWeekday = 2,

    /// <summary>The value of the one interval beside it.</summary>
    Flat = 3,
}

/// <summary>
/// One version of a series: the values that count, beside the values as they came. Versions are never changed; estimation
/// and edits make new ones.
/// </summary>
public sealed class ValidatedSeries
{
    private readonly double[] values;
    private readonly IntervalCode[] codes;
    private readonly double[] variances;
    private readonly EstimationMethod[] methods;
    private readonly int[] edits;

    private ValidatedSeries(MeasuredSeries source, int version, ValidatedSeries? copied)
    {
        Source = source;
        Version = version;
        values = (copied is null ? source.Value : copied.values).ToArray();
        codes = (copied is null ? source.Code : copied.codes).ToArray();
        variances = copied?.variances.ToArray() ?? new double[source.Count];
        methods = copied?.methods.ToArray() ?? new EstimationMethod[source.Count];
        edits = copied?.edits.ToArray() ?? new int[source.Count];
    }

    /// <summary>The intervals as they came.</summary>
    public MeasuredSeries Source { get; }

    /// <summary>0 for the intervals as they came; higher for every version made from them.</summary>
    public int Version { get; }

    /// <summary>Number of intervals.</summary>
    public int Count => values.Length;

    /// <summary>Use per interval in the channel's unit; NaN when missing or rejected.</summary>
    public ReadOnlySpan<double> Value => values;

    /// <summary>Code per interval.</summary>
    public ReadOnlySpan<IntervalCode> Code => codes;

    /// <summary>
    /// Variance of the error of estimation per interval, in the unit squared; 0 where nothing was estimated, NaN where the
    /// method knows of no spread.
    /// </summary>
    public ReadOnlySpan<double> Variance => variances;

    /// <summary>How each interval was estimated.</summary>
    public ReadOnlySpan<EstimationMethod> Method => methods;

    /// <summary>Number of the edit that set each interval, 0 for none.</summary>
    public ReadOnlySpan<int> Edit => edits;

    /// <summary>Share of the intervals with a value that was measured, or allocated from a known total; 0 to 1, NaN when there are no intervals.</summary>
    public double MeasuredShare
    {
        get
        {
            int measured = 0;
            foreach (IntervalCode code in codes)
            {
                measured += code is IntervalCode.Measured or IntervalCode.Allocated ? 1 : 0;
            }

            return measured / (double)Count;
        }
    }

    /// <summary>The intervals as they came, as version 0.</summary>
    /// <param name="source">Intervals.</param>
    public static ValidatedSeries Of(MeasuredSeries source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ValidatedSeries(source, 0, null);
    }

    /// <summary>A copy that may still be written, with a higher version.</summary>
    internal ValidatedSeries Next(int version) => new(Source, version, this);

    /// <summary>Sets the estimate of a whole interval. Where a part of it is known that part stays, and only the rest is taken from the estimate.</summary>
    internal void SetEstimate(int interval, double value, double variance, EstimationMethod method)
    {
        if (codes[interval] == IntervalCode.Missing && Source.KnownParts.TryGetValue(interval, out KnownPart part))
        {
            double open = 1 - part.Share;
            value = part.Use + (value * open);
            variance *= open * open;
        }

        values[interval] = value;
        variances[interval] = variance;
        methods[interval] = method;
        codes[interval] = IntervalCode.Estimated;
    }

    internal void SetAllocated(int interval, double value, double variance)
    {
        values[interval] = value;
        variances[interval] = variance;
        codes[interval] = IntervalCode.Allocated;
    }

    internal void SetEdited(int interval, double value, int edit)
    {
        values[interval] = value;
        variances[interval] = 0;
        methods[interval] = EstimationMethod.None;
        codes[interval] = double.IsNaN(value) ? IntervalCode.Rejected : IntervalCode.Edited;
        edits[interval] = edit;
    }
}
