using Metering.Analytics.Intervals;

namespace Metering.Analytics.Effluent;

/// <summary>Volume discharged in one interval.</summary>
/// <param name="Span">The interval.</param>
/// <param name="VolumeM3">m3 in it, zero or more; NaN when missing.</param>
public readonly record struct FlowInterval(Period Span, double VolumeM3);

/// <summary>How laboratory results are laid over the flow.</summary>
public sealed record LoadOptions
{
    /// <summary>How long a grab stands for the water after it, unless another sample comes earlier. One day by default.</summary>
    public TimeSpan GrabValidity { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The share of its limit a censored result counts with, 0 to 1. Half by default. SOURCE: Directive 2009/90/EC, article 5(1). The bounds with 0 and 1 are always given.</summary>
    public double CensoredShare { get; init; } = 0.5;

    /// <summary>Standard uncertainty of the flow that all intervals share (calibration), percent; NaN when not known.</summary>
    public double FlowSharedPercent { get; init; } = double.NaN;

    /// <summary>Standard uncertainty of the flow of each interval by itself, percent.</summary>
    public double FlowIndependentPercent { get; init; }

    /// <summary>Standard uncertainty of the concentration that all results share (bias of the method or laboratory), percent.</summary>
    public double ConcentrationSharedPercent { get; init; }
}

/// <summary>What a load is computed from.</summary>
public sealed record LoadInput
{
    /// <summary>The period asked for.</summary>
    public required Period Period { get; init; }

    /// <summary>Flow in any order, without overlaps.</summary>
    public required IReadOnlyList<FlowInterval> Flow { get; init; }

    /// <summary>Results of one parameter in any order.</summary>
    public required IReadOnlyList<LabResult> Results { get; init; }

    /// <summary>Rules; the defaults when not stated.</summary>
    public LoadOptions Options { get; init; } = new();
}

/// <summary>Why there is no load, or what to know beside it.</summary>
public enum EffluentReasonKind
{
    /// <summary>No usable flow in the period.</summary>
    NoFlow = 0,

    /// <summary>No usable result.</summary>
    NoResults = 1,

    /// <summary>Results exist, but none covers any flow.</summary>
    NothingCovered = 2,

    /// <summary>A unit that is no mass per volume.</summary>
    UnitIsNoConcentration = 3,

    /// <summary>Results of several parameters.</summary>
    MixedParameters = 4,

    /// <summary>Intervals of flow that share time.</summary>
    FlowOverlaps = 5,

    /// <summary>Two results for the same water.</summary>
    ResultsConflict = 6,

    /// <summary>A negative flow or concentration.</summary>
    Negative = 7,

    /// <summary>An infinite figure.</summary>
    NotFinite = 8,

    /// <summary>A period, interval or composite without length, or a grab with one.</summary>
    EmptySpan = 9,

    /// <summary>Rows out of order, or twice; put right without loss. Only a note.</summary>
    PutInOrder = 10,

    /// <summary>Time without flow. Only a note.</summary>
    FlowMissing = 11,

    /// <summary>Flow no result stands for. Only a note.</summary>
    Uncovered = 12,

    /// <summary>Results below their limit of detection. Only a note.</summary>
    Censored = 13,

    /// <summary>Load that rests on grabs. Only a note.</summary>
    Grabs = 14,

    /// <summary>Intervals that a result covers in part; their volume was split evenly in time. Only a note.</summary>
    SplitEvenly = 15,

    /// <summary>The uncertainty cannot be stated. Only a note.</summary>
    UncertaintyUnknown = 16,

    /// <summary>Lost samples. Only a note.</summary>
    ResultsMissing = 17,
}

/// <summary>A reason, with the figures in a sentence.</summary>
/// <param name="Kind">What.</param>
/// <param name="Detail">A sentence for the reader, in English.</param>
public sealed record EffluentReason(EffluentReasonKind Kind, string Detail);

/// <summary>Load over the covered flow. Nothing is added for flow or time that is not covered.</summary>
public sealed record LoadResult
{
    /// <summary>The parameter.</summary>
    public required string Parameter { get; init; }

    /// <summary>Sum of volume x concentration, kg.</summary>
    public required double Kilograms { get; init; }

    /// <summary>The same with censored results as zero, kg.</summary>
    public required double LowKilograms { get; init; }

    /// <summary>The same with censored results at their limit, kg.</summary>
    public required double HighKilograms { get; init; }

    /// <summary>Mean load per day of covered time, kg/d.</summary>
    public double KilogramsPerDay => Kilograms / CoveredTime.TotalDays;

    /// <summary>Load divided by covered volume: the flow-weighted mean, mg/L; NaN when no water flowed.</summary>
    public double MeanMilligramsPerLitre => 1000 * Kilograms / CoveredM3;

    /// <summary>Volume a result stands for, m3.</summary>
    public required double CoveredM3 { get; init; }

    /// <summary>Volume no result stands for, m3.</summary>
    public required double UncoveredM3 { get; init; }

    /// <summary>Time with both flow and a result.</summary>
    public required TimeSpan CoveredTime { get; init; }

    /// <summary>Time of the period without known flow.</summary>
    public required TimeSpan FlowMissingTime { get; init; }

    /// <summary>Load that rests on grab samples, kg.</summary>
    public required double GrabKilograms { get; init; }

    /// <summary>Results that were used.</summary>
    public required int ResultCount { get; init; }

    /// <summary>Standard uncertainty from flow, kg; null when not known.</summary>
    public required double? FlowUncertaintyKilograms { get; init; }

    /// <summary>Standard uncertainty from sampling, analysis and censoring, kg; null when a result does not state its own.</summary>
    public required double? ConcentrationUncertaintyKilograms { get; init; }

    /// <summary>Both together, taken as independent, kg; null when one is not known. It holds for the covered flow, not for the rest.</summary>
    public double? StandardUncertaintyKilograms => FlowUncertaintyKilograms is { } flow && ConcentrationUncertaintyKilograms is { } concentration
        ? Math.Sqrt((flow * flow) + (concentration * concentration))
        : null;

    /// <summary>The intervals of flow inside the period, ascending.</summary>
    public required IReadOnlyList<FlowInterval> Intervals { get; init; }

    /// <summary>Load of each interval, kg; NaN when flow is missing or results do not cover all of it.</summary>
    public required IReadOnlyList<double> IntervalKilograms { get; init; }
}

/// <summary>A load, or the reasons why there is none.</summary>
public sealed record LoadOutcome
{
    /// <summary>The load; null when refused.</summary>
    public LoadResult? Result { get; init; }

    /// <summary>Why it was refused; empty when given.</summary>
    public required IReadOnlyList<EffluentReason> Reasons { get; init; }

    /// <summary>What to know beside it.</summary>
    public required IReadOnlyList<EffluentReason> Notes { get; init; }
}
