namespace Metering.Analytics.Baselines;

/// <summary>Why no number is given, or what to look at beside the number.</summary>
public enum ReasonKind
{
    /// <summary>A period without a single usable row.</summary>
    EmptyPeriod = 0,

    /// <summary>Too few rows for the model.</summary>
    TooFewPoints = 1,

    /// <summary>A driver that does not vary in the baseline period explains nothing.</summary>
    ConstantDriver = 2,

    /// <summary>Drivers that move together cannot be told apart.</summary>
    Collinear = 3,

    /// <summary>Drivers in the reporting period lie outside what the baseline has seen.</summary>
    Extrapolation = 4,

    /// <summary>Baseline and reporting period share time, or stand in the wrong order.</summary>
    PeriodsOverlap = 5,

    /// <summary>An infinite value.</summary>
    NotFinite = 6,

    /// <summary>Negative use.</summary>
    NegativeUse = 7,

    /// <summary>Two rows with one start and different values.</summary>
    ConflictingRows = 8,

    /// <summary>Too little of a period is covered by usable rows.</summary>
    LowCoverage = 9,

    /// <summary>The model predicts no use, so that a saving in percent has no meaning.</summary>
    NoCounterfactual = 10,

    /// <summary>Use did not vary at all: the meter stood still, or the column is not a measurement.</summary>
    ConstantUse = 11,

    /// <summary>Rows were out of order, or came twice; put right without loss. Only a warning.</summary>
    RowsPutInOrder = 12,

    /// <summary>The scatter of the model is wide. Only a warning.</summary>
    WideScatter = 13,

    /// <summary>The saving is not larger than its uncertainty. Only a warning.</summary>
    NotSignificant = 14,

    /// <summary>Few rows: read the interval as an indication. Only a warning.</summary>
    Indicative = 15,

    /// <summary>A driver that could not be used was left out. Only a warning.</summary>
    DriverLeftOut = 16,

    /// <summary>The best candidate models disagree about the saving by more than its uncertainty. Only a warning.</summary>
    ModelsDisagree = 17,

    /// <summary>An event cannot be told from the model: it covers too much or too little of its period.</summary>
    EventNotEstimable = 18,

    /// <summary>Residuals are not described by a first-order autoregression. Only a warning.</summary>
    AutoregressionRejected = 19,

    /// <summary>A coefficient has a sign against physics. Only a warning.</summary>
    UnphysicalSign = 20,

    /// <summary>The model is not fit for this data.</summary>
    ModelUnsuitable = 21,

    /// <summary>A period that is part of a year only: seasons it did not see are not claimed. Only a warning.</summary>
    PartYear = 22,

    /// <summary>A quantity outside what it can be in nature, such as an outdoor temperature of 80 degrees Celsius.</summary>
    OutsidePhysicalRange = 23,

    /// <summary>The rows are longer or shorter than the model needs.</summary>
    WrongRowLength = 24,

    /// <summary>What is taken for the use is a momentary value and not a counter.</summary>
    UseIsNoCounter = 25,
}

/// <summary>A reason, with the figures in a sentence.</summary>
/// <param name="Kind">What.</param>
/// <param name="Detail">A sentence for the reader, in English, that says what was found, the limit and what to do.</param>
public sealed record Reason(ReasonKind Kind, string Detail);

/// <summary>The models.</summary>
public enum ModelKind
{
    /// <summary>The best of all models that the drivers allow, by BIC and cross-validation; see <see cref="CandidateModel"/>.</summary>
    Auto = 0,

    /// <summary>Ordinary least squares on all given drivers; the mean when there are none.</summary>
    Ols = 1,

    /// <summary>The mean of the baseline period; drivers are not used.</summary>
    Mean = 2,

    /// <summary>The best model with a change point in one driver; the others linear.</summary>
    ChangePoint = 3,

    /// <summary>Time of week and temperature, hourly.</summary>
    TowtHourly = 4,

    /// <summary>Day of week and temperature, daily.</summary>
    TowtDaily = 5,

    /// <summary>CalTRACK 2.0, daily.</summary>
    CalTrackDaily = 6,

    /// <summary>CalTRACK 2.0, bills.</summary>
    CalTrackBilling = 7,

    /// <summary>CalTRACK 2.0, hourly.</summary>
    CalTrackHourly = 8,
}

/// <summary>The limits at which a number is refused. The defaults carry their source.</summary>
public sealed record BaselineRules
{
    /// <summary>Rows needed when a row is six days or longer. Nine: below three quarters of a year no season is seen whole.</summary>
    public int MinimumLongRows { get; init; } = 9;

    /// <summary>Days of rows needed when rows are shorter than six days.</summary>
    public int MinimumDays { get; init; } = 30;

    /// <summary>Rows needed beyond the number of fitted parameters.</summary>
    public int MinimumDegreesOfFreedom { get; init; } = 5;

    /// <summary>Largest absolute correlation between two drivers.</summary>
    public double MaximumCorrelation { get; init; } = 0.95;

    /// <summary>Largest variance inflation factor of a driver.</summary>
    public double MaximumVarianceInflation { get; init; } = 10;

    /// <summary>How far, as a share of the baseline range, a driver may pass that range and still count as inside.</summary>
    public double RangeMargin { get; init; } = 0.10;

    /// <summary>Largest share of reporting rows that may lie outside the margin.</summary>
    public double MaximumShareOutside { get; init; } = 0.05;

    /// <summary>
    /// Smallest share of either period that usable rows must cover. Half, as for any aggregate in CalTRACK 2.0; its 90 % of
    /// days for a baseline is met by few plants that are not read at weekends, so below it the coverage is shown and warned of.
    /// </summary>
    public double MinimumCoverage { get; init; } = 0.5;

    /// <summary>Largest share of rows with negative use. A few are settlements of a meter; many are another quantity.</summary>
    public double MaximumNegativeShare { get; init; } = 0.01;
}
