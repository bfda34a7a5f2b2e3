namespace Metering.Analytics.Validation;

/// <summary>The checks. A number is never used again for another check.</summary>
public enum ValidationRule
{
    /// <summary>One interval of a day stands far above the third highest.</summary>
    Spike = 0,

    /// <summary>The intervals between two register readings do not add up to their difference.</summary>
    SumCheck = 1,

    /// <summary>The same value again and again where use usually varies.</summary>
    Stuck = 2,

    /// <summary>A day far above what is usual for its weekday.</summary>
    HighUse = 3,

    /// <summary>A day far below what is usual for its weekday.</summary>
    LowUse = 4,

    /// <summary>Zero at a time of the week that was never zero before.</summary>
    UnusualZero = 5,

    /// <summary>Active and reactive energy give a power factor that no plant has.</summary>
    PowerFactor = 6,

    /// <summary>Channels of one meter are not present together.</summary>
    Siblings = 7,

    /// <summary>The main meter and the sum of its sub-meters differ.</summary>
    MainAndSubs = 8,

    /// <summary>Intervals without a value.</summary>
    Gap = 9,

    /// <summary>The same stamp twice.</summary>
    Duplicate = 10,

    /// <summary>Use below zero.</summary>
    Negative = 11,

    /// <summary>The level changes by about a power of ten from one month to the next: a unit or multiplier, not a saving.</summary>
    UnitSlip = 12,

    /// <summary>Estimated for longer than is allowed.</summary>
    ProlongedEstimation = 13,

    /// <summary>Clock of the device and clock of the gateway differ.</summary>
    TimeSync = 14,

    /// <summary>A stamp before the one above it.</summary>
    OutOfOrder = 15,
}

/// <summary>One thing a check found.</summary>
/// <param name="Rule">The check.</param>
/// <param name="RuleVersion">Version of the check: it rises when the check can decide differently.</param>
/// <param name="Channel">The channel.</param>
/// <param name="FromUtcMilliseconds">Start, UTC milliseconds since 1970-01-01.</param>
/// <param name="ToUtcMilliseconds">End, exclusive.</param>
/// <param name="Value">What was found, in the unit of the limit.</param>
/// <param name="Limit">What it was held against.</param>
public sealed record ValidationFinding(
    ValidationRule Rule, int RuleVersion, string Channel, long FromUtcMilliseconds, long ToUtcMilliseconds, double Value, double Limit);

/// <summary>Limits of the checks. Where no source is given the default is our own choice, to be set for each plant.</summary>
public sealed record ValidationLimits
{
    /// <summary>Version of all checks as they stand in this library.</summary>
    public const int RuleVersion = 1;

    /// <summary>(max - third max) / third max of a day. SOURCE: spike check of the Californian validation rules (1.8, as handed down; not checked against the tariff text).</summary>
    public double SpikeRatio { get; init; } = 1.8;

    /// <summary>Register steps by which the sum may differ. SOURCE: sum check of the Californian validation rules (two multipliers).</summary>
    public double SumCheckSteps { get; init; } = 2;

    /// <summary>Equal values in a row that are still believed; at least 2.</summary>
    public int LongestEqual { get; init; } = 11;

    /// <summary>Factor on the usual day above which a day is high; above 1.</summary>
    public double HighUseFactor { get; init; } = 2;

    /// <summary>Factor on the usual day below which a day is low; 0 to 1.</summary>
    public double LowUseFactor { get; init; } = 0.4;

    /// <summary>Weeks before a day that make up what is usual for it, 3 to 52.</summary>
    public int HistoryWeeks { get; init; } = 8;

    /// <summary>Fewest earlier values that make a history; at least 2.</summary>
    public int MinimumHistory { get; init; } = 3;

    /// <summary>Lowest power factor of a day that is believed, 0 to 1.</summary>
    public double LowestPowerFactor { get; init; } = 0.3;

    /// <summary>Share by which the main meter may differ from the sum of its subs (two class-1 meters in opposite corners).</summary>
    public double MainAndSubsShare { get; init; } = 0.02;

    /// <summary>How far a jump between months may be from a power of ten, as a factor above 1 and below 3.</summary>
    public double UnitSlipFactor { get; init; } = 2;

    /// <summary>Longest stretch that may be estimated without a look.</summary>
    public TimeSpan LongestEstimation { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Most that clocks may differ. SOURCE: time check of the Californian validation rules (3 minutes, as handed down).</summary>
    public TimeSpan LargestClockError { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Throws when a limit is out of its range.</summary>
    internal void Check()
    {
        bool isGood = SpikeRatio > 0 && SumCheckSteps >= 0 && LongestEqual >= 2 && HighUseFactor > 1
            && LowUseFactor is >= 0 and <= 1 && HistoryWeeks is >= 3 and <= 52 && MinimumHistory >= 2
            && LowestPowerFactor is >= 0 and <= 1 && MainAndSubsShare >= 0 && UnitSlipFactor is > 1 and < 3
            && LongestEstimation >= TimeSpan.Zero && LargestClockError >= TimeSpan.Zero;
        if (!isGood)
        {
            throw new ArgumentOutOfRangeException(nameof(ValidationLimits), "A limit of validation is out of its range.");
        }
    }
}
