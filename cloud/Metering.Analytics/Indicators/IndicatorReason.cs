namespace Metering.Analytics.Indicators;

/// <summary>Why an indicator is not given, or what to know beside it.</summary>
public enum IndicatorReasonKind
{
    /// <summary>The amount was not measured or handed in. Nothing is put in its place.</summary>
    Missing = 0,

    /// <summary>An infinite amount, one above 1e15, or figures so far apart that their ratio is no number.</summary>
    NotFinite = 1,

    /// <summary>A negative amount.</summary>
    Negative = 2,

    /// <summary>A division by zero.</summary>
    ZeroDenominator = 3,

    /// <summary>The two amounts belong to different site boundaries.</summary>
    BoundaryDiffers = 4,

    /// <summary>The amount covers neither whole years nor stated production cycles.</summary>
    PeriodNotWhole = 5,

    /// <summary>The two amounts of a ratio cover different days, or one side is years and the other cycles.</summary>
    PeriodsDiffer = 6,

    /// <summary>The product output is defined differently on the two sides.</summary>
    OutputDefinitionChanged = 7,

    /// <summary>The unit does not measure what is asked for.</summary>
    UnitMismatch = 8,

    /// <summary>The two sides were made by different rules (for example emission factors by different policies).</summary>
    BasisDiffers = 9,

    /// <summary>No row of reference data is valid for the carrier and day.</summary>
    NoFactor = 10,

    /// <summary>Two rows of reference data are valid at once.</summary>
    FactorsOverlap = 11,

    /// <summary>The factor changes inside the period of a use.</summary>
    FactorChangesInside = 12,

    /// <summary>Output fell, and nothing tells saving from producing less.</summary>
    OutputFellUnadjusted = 13,

    /// <summary>The load did not fall.</summary>
    NoReduction = 14,

    /// <summary>Contracts or certificates cover more power than was used.</summary>
    ContractsExceedUse = 15,

    /// <summary>Rework is not recorded, so that the output may contain it. Only a note.</summary>
    ReworkNotRecorded = 16,

    /// <summary>The two sides begin in different months of the year. Only a note.</summary>
    StartMonthDiffers = 17,

    /// <summary>A row of reference data is not from an official text. Only a note.</summary>
    UnverifiedSource = 18,

    /// <summary>The figure is not adjusted for what drives it. Only a note.</summary>
    NotAdjusted = 19,

    /// <summary>The bands or figures do not agree with each other.</summary>
    Inconsistent = 20,

    /// <summary>No contract states the emissions of the power; the location figure stands in. Only a note.</summary>
    LocationStandsIn = 21,
}

/// <summary>A reason, with the figures in a sentence.</summary>
/// <param name="Kind">What.</param>
/// <param name="Detail">A sentence for the reader, in English.</param>
public sealed record IndicatorReason(IndicatorReasonKind Kind, string Detail);
