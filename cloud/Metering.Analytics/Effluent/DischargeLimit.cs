using Metering.Analytics.Indicators;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Effluent;

/// <summary>What a limit is about, and thereby which samples it can be judged by.</summary>
public enum LimitKind
{
    /// <summary>At no instant; judged by grabs.</summary>
    Instant = 0,

    /// <summary>Mean of a day; judged by a composite of that day.</summary>
    Daily = 1,

    /// <summary>Mean of a month; judged by the flow-weighted mean of at least two composites.</summary>
    Monthly = 2,
}

/// <summary>One limit of one authority. All sets of limits are rows; none is built in.</summary>
public sealed record DischargeLimit
{
    /// <summary>Who sets it: the country, a state, a city, a permit.</summary>
    public required string Authority { get; init; }

    /// <summary>Into what: "river", "lake", "municipal sewer".</summary>
    public required string ReceivingBody { get; init; }

    /// <summary>The parameter, as the laboratory results spell it.</summary>
    public required string Parameter { get; init; }

    /// <summary>Instant, daily or monthly.</summary>
    public required LimitKind Kind { get; init; }

    /// <summary>Smallest allowed value (pH); NaN when there is none.</summary>
    public double Low { get; init; } = double.NaN;

    /// <summary>Largest allowed value; NaN when there is none. A value equal to a limit complies.</summary>
    public double High { get; init; } = double.NaN;

    /// <summary>Unit of both.</summary>
    public required ConcentrationUnit Unit { get; init; }

    /// <summary>Days on which it is in force.</summary>
    public required DateSpan Validity { get; init; }

    /// <summary>Norm, table, clause.</summary>
    public required SourceNote Note { get; init; }
}

/// <summary>What is judged.</summary>
public sealed record ComplianceInput
{
    /// <summary>Rows of limits; rows for other authorities and bodies are left aside.</summary>
    public required IReadOnlyList<DischargeLimit> Limits { get; init; }

    /// <summary>Laboratory results of any parameters.</summary>
    public required IReadOnlyList<LabResult> Results { get; init; }

    /// <summary>Flow, for the weights of monthly means; empty when not known.</summary>
    public required IReadOnlyList<FlowInterval> Flow { get; init; }

    /// <summary>Authority of this discharge.</summary>
    public required string Authority { get; init; }

    /// <summary>Receiving body of this discharge.</summary>
    public required string ReceivingBody { get; init; }

    /// <summary>The period; months are judged when they lie in it wholly.</summary>
    public required Period Period { get; init; }

    /// <summary>The plant's zone, which draws the borders of days and months.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Shortest composite that stands for a day. Four hours by default: plants that discharge for less state their own.</summary>
    public TimeSpan ShortestDailyComposite { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Composites a monthly mean needs. SOURCE: definition of the monthly average in NOM-002-SEMARNAT-1996 (at least two composite samples), from memory, to verify.</summary>
    public int MinimumMonthlyComposites { get; init; } = 2;
}

/// <summary>Outcome of one judgement.</summary>
public enum Verdict
{
    /// <summary>The value is inside the limit whatever the censored results stand for.</summary>
    Complies = 0,

    /// <summary>The value is outside.</summary>
    Exceeds = 1,

    /// <summary>The samples cannot tell; the sentence says why.</summary>
    CannotBeJudged = 2,
}

/// <summary>Why a limit could not be judged.</summary>
public enum NotJudgedReason
{
    /// <summary>It was judged.</summary>
    None = 0,

    /// <summary>The sample is of the wrong type for this kind of limit.</summary>
    SampleType = 1,

    /// <summary>No limit is in force on the day, or it changes within the month.</summary>
    NoLimitInForce = 2,

    /// <summary>Several limits are in force at once.</summary>
    SeveralLimits = 3,

    /// <summary>The limit of detection lies above the limit.</summary>
    NotSensitiveEnough = 4,

    /// <summary>Units that cannot be compared.</summary>
    Unit = 5,

    /// <summary>Flow during a composite is not known.</summary>
    FlowMissing = 6,

    /// <summary>Too few composites in the month.</summary>
    TooFewSamples = 7,

    /// <summary>The parameter has no arithmetic mean (pH, temperature, counts).</summary>
    NoMean = 8,

    /// <summary>The result is missing, negative or infinite, or its span does not fit its type.</summary>
    BadResult = 9,

    /// <summary>Two results for the same water.</summary>
    ResultsConflict = 10,
}

/// <summary>One limit held against one sample or one month.</summary>
public sealed record ComplianceFinding
{
    /// <summary>The parameter.</summary>
    public required string Parameter { get; init; }

    /// <summary>Instant, daily, monthly.</summary>
    public required LimitKind Kind { get; init; }

    /// <summary>Complies, exceeds, cannot be judged.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why it could not be judged.</summary>
    public NotJudgedReason Reason { get; init; }

    /// <summary>The limit; null when none is in force or several are.</summary>
    public DischargeLimit? Limit { get; init; }

    /// <summary>Smallest value the samples can stand for, in the limit's unit; null when there is none.</summary>
    public double? Low { get; init; }

    /// <summary>Largest value the samples can stand for; equal to <see cref="Low"/> without censored results.</summary>
    public double? High { get; init; }

    /// <summary>Whether the value lies so close to the limit that twice its own standard uncertainty reaches across; null when that is not stated or for means.</summary>
    public bool? IsWithinUncertainty { get; init; }

    /// <summary>Local day of the sample, or first day of the month.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The results it rests on.</summary>
    public required IReadOnlyList<string> ResultNumbers { get; init; }

    /// <summary>A sentence for the reader, in English, with source and mark of the limit.</summary>
    public required string Detail { get; init; }
}
