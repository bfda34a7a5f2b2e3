using Metering.Analytics.Intervals;

namespace Metering.Analytics.Effluent;

/// <summary>Why no load can be said to have been kept back.</summary>
public enum LoadSavingReason
{
    /// <summary>Of the baseline or of the reporting period, the flow of too many intervals is not known.</summary>
    FlowIncomplete = 0,

    /// <summary>Fewer composites than <see cref="LoadSaving.FewestSamples"/> stand for water of the baseline.</summary>
    FewSamplesBefore = 1,

    /// <summary>Fewer composites than <see cref="LoadSaving.FewestSamples"/> stand for water of the reporting period.</summary>
    FewSamplesAfter = 2,

    /// <summary>Results that cannot be used together: another unit, a negative value, two for the same water.</summary>
    ResultsUnusable = 3,
}

/// <summary>A load that was kept back, or the reason why none can be stated.</summary>
/// <param name="Result">The load; null when refused.</param>
/// <param name="Reason">Why it was refused; null when given.</param>
public sealed record LoadSavingOutcome(LoadSaving? Result, LoadSavingReason? Reason);

/// <summary>
/// What a discharge carries less than it did: the concentration of each period is the flow-weighted mean of its composites, spread over the metered
/// volume. Before: at the baseline's mean volume a day. Parts of a reporting period add up to it.
/// </summary>
public sealed record LoadSaving
{
    /// <summary>Composites needed on either side: with fewer their scatter, and with it the interval, means nothing.</summary>
    public const int FewestSamples = 3;

    /// <summary>Share of the intervals of either period of which the flow has to be known.</summary>
    public const double SmallestCoverage = 0.9;

    /// <summary>Concentration of the baseline.</summary>
    public required SampledConcentration Before { get; init; }

    /// <summary>Concentration of the whole reporting period.</summary>
    public required SampledConcentration After { get; init; }

    /// <summary>Mean volume of an interval of the baseline, m3.</summary>
    public required double BeforeM3 { get; init; }

    /// <summary>The intervals of the reporting period, or of a part of it, of which the flow is known.</summary>
    public required IReadOnlyList<FlowInterval> Flow { get; init; }

    /// <summary>Volume of these intervals, m3.</summary>
    public double AfterM3 => Flow.Sum(interval => interval.VolumeM3);

    /// <summary>What they would have carried as before, kg.</summary>
    public double KilogramsBefore => Before.MilligramsPerLitre * BeforeM3 * Flow.Count / 1000;

    /// <summary>What they carried, kg.</summary>
    public double KilogramsAfter => After.MilligramsPerLitre * AfterM3 / 1000;

    /// <summary>What was kept back, kg; negative when more was carried than before.</summary>
    public double Kilograms => KilogramsBefore - KilogramsAfter;

    /// <summary>Standard uncertainty of the flow meter in the baseline, percent of the volume; NaN when it is not known.</summary>
    public double BeforeFlowPercent { get; init; } = double.NaN;

    /// <summary>The same in the reporting period.</summary>
    public double AfterFlowPercent { get; init; } = double.NaN;

    /// <summary>Whether the flow meter's uncertainty is known, and so part of <see cref="StandardError"/>.</summary>
    public bool HasFlowError => !double.IsNaN(BeforeFlowPercent) && !double.IsNaN(AfterFlowPercent);

    /// <summary>
    /// Standard error of <see cref="Kilograms"/> from the flow meter, kg; NaN when it is not known. Within a period all days share one error, which does not average out; between the
    /// periods the errors are taken as independent. A meter whose error stays the same would cancel in part, so that this is the larger of the two: its square is the sum of squares of
    /// two loads, that of the other the square of their difference. SOURCE: JCGM 100:2008 (GUM), 5.1.2 and 5.2.2.
    /// </summary>
    public double FlowError => Math.Sqrt(Square(KilogramsBefore * BeforeFlowPercent / 100) + Square(KilogramsAfter * AfterFlowPercent / 100));

    /// <summary>Standard error of <see cref="Kilograms"/> from the scatter of the composites, kg: sampling, laboratory and the discharge's own ups and downs together.</summary>
    public double SampleError => Math.Sqrt(Square(BeforeError) + Square(AfterError));

    /// <summary>
    /// Standard error of <see cref="Kilograms"/>, kg: samples and flow meter in quadrature, since a load is a product of the two (JCGM 100:2008, 5.1.6). That of the samples alone
    /// when <see cref="HasFlowError"/> is false, which has to be said beside it.
    /// </summary>
    public double StandardError => HasFlowError ? Math.Sqrt(Square(SampleError) + Square(FlowError)) : SampleError;

    /// <summary>Degrees of freedom of it by Welch and Satterthwaite (JCGM 100:2008, G.4.1); the flow meter's class has as many as one likes.</summary>
    public double DegreesOfFreedom
    {
        get
        {
            double before = Square(BeforeError);
            double after = Square(AfterError);
            double sum = Square(StandardError);
            return before + after > 0
                ? sum * sum / ((before * before / (Before.Samples - 1)) + (after * after / (After.Samples - 1)))
                : Before.Samples + After.Samples - 2;
        }
    }

    private double BeforeError => Before.StandardError * BeforeM3 * Flow.Count / 1000;

    private double AfterError => After.StandardError * AfterM3 / 1000;

    private static double Square(double value) => value * value;

    /// <summary>Compares two periods. Grab samples are not used: one instant does not stand for a day.</summary>
    /// <param name="before">Flow and results of the baseline, in intervals of one length (days).</param>
    /// <param name="after">Flow and results of the reporting period up to now, in intervals of the same length.</param>
    public static LoadSavingOutcome Compute(LoadInput before, LoadInput after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (!IsCovered(before.Flow) || !IsCovered(after.Flow))
        {
            return new(null, LoadSavingReason.FlowIncomplete);
        }

        (SampledConcentration? first, LoadSavingReason? reason) = ConcentrationOf(before, LoadSavingReason.FewSamplesBefore);
        if (first is null)
        {
            return new(null, reason);
        }

        (SampledConcentration? second, reason) = ConcentrationOf(after, LoadSavingReason.FewSamplesAfter);
        return second is null ? new(null, reason) : new(
            new()
            {
                Before = first,
                After = second,
                BeforeM3 = before.Flow.Where(IsKnown).Average(interval => interval.VolumeM3),
                Flow = [.. after.Flow.Where(IsKnown)],
                BeforeFlowPercent = before.Options.FlowSharedPercent,
                AfterFlowPercent = after.Options.FlowSharedPercent,
            },
            null);
    }

    /// <summary>The part that lies in a period; null when no interval of known flow does.</summary>
    /// <param name="part">The period; intervals that lie in it in part are left out.</param>
    public LoadSaving? Within(Period part)
    {
        FlowInterval[] inside = [.. Flow.Where(interval => interval.Span.StartUtcMilliseconds >= part.StartUtcMilliseconds && interval.Span.EndUtcMilliseconds <= part.EndUtcMilliseconds)];
        return inside.Length == 0 ? null : this with { Flow = inside };
    }

    private static (SampledConcentration? Found, LoadSavingReason? Reason) ConcentrationOf(LoadInput input, LoadSavingReason few)
    {
        LabResult[] composites = [.. input.Results.Where(result => result.Sample == SampleType.Composite && input.Period.Overlaps(result.Taken))];
        if (composites.Length < FewestSamples)
        {
            return (null, few);
        }

        LoadOutcome load = EffluentLoad.Compute(input with { Results = composites });
        return load.Result is null
            ? (null, load.Reasons.Any(reason => reason.Kind is EffluentReasonKind.NothingCovered or EffluentReasonKind.NoResults) ? few : LoadSavingReason.ResultsUnusable)
            : SampledConcentration.Of(load.Result) is { } found ? (found, null) : (null, few);
    }

    private static bool IsCovered(IReadOnlyList<FlowInterval> flow) => flow.Count > 0 && flow.Count(IsKnown) >= SmallestCoverage * flow.Count;

    private static bool IsKnown(FlowInterval interval) => !double.IsNaN(interval.VolumeM3);
}

/// <summary>The flow-weighted mean of the intervals that a sample stands for in full.</summary>
/// <param name="Samples">Such intervals with any flow.</param>
/// <param name="MilligramsPerLitre">Their load divided by their volume, mg/L.</param>
/// <param name="StandardError">Standard error of it as that of a ratio, from the scatter of the loads about it, mg/L.</param>
public sealed record SampledConcentration(int Samples, double MilligramsPerLitre, double StandardError)
{
    /// <summary>The mean of a load; null with fewer than <see cref="LoadSaving.FewestSamples"/> intervals.</summary>
    /// <param name="load">The load.</param>
    public static SampledConcentration? Of(LoadResult load)
    {
        ArgumentNullException.ThrowIfNull(load);
        int samples = 0;
        double kilograms = 0;
        double volume = 0;
        for (int i = 0; i < load.Intervals.Count; i++)
        {
            if (IsSampled(load, i))
            {
                samples++;
                kilograms += load.IntervalKilograms[i];
                volume += load.Intervals[i].VolumeM3;
            }
        }

        if (samples < LoadSaving.FewestSamples)
        {
            return null;
        }

        double mean = kilograms / volume; // kg/m3
        double squares = 0;
        for (int i = 0; i < load.Intervals.Count; i++)
        {
            if (IsSampled(load, i))
            {
                double residual = load.IntervalKilograms[i] - (mean * load.Intervals[i].VolumeM3);
                squares += residual * residual;
            }
        }

        return new(samples, mean * 1000, Math.Sqrt(samples * squares / (samples - 1)) / volume * 1000);
    }

    private static bool IsSampled(LoadResult load, int index) => !double.IsNaN(load.IntervalKilograms[index]) && load.Intervals[index].VolumeM3 > 0;
}
