using Metering.Analytics.CalTrack;
using Metering.Analytics.Baselines;

namespace Metering.Analytics.Towt;

/// <summary>What a time-of-week-and-temperature model is made of.</summary>
public sealed record TowtOptions
{
    /// <summary>The plant's zone: hours and days of the week are those on its clock, with the clock changes of each year.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Name of the driver that holds the outdoor temperature.</summary>
    public required string Temperature { get; init; }

    /// <summary>Unit of the temperature.</summary>
    public required TemperatureUnit Unit { get; init; }

    /// <summary>Local days that count as Sundays, in both periods.</summary>
    public IReadOnlySet<DateOnly> Holidays { get; init; } = new HashSet<DateOnly>();

    /// <summary>
    /// Name of the driver that holds a code of the operating mode or shift, at most <see cref="TowtModel.MaximumModes"/> different
    /// ones; each adds its own constant use. Null when there is none.
    /// </summary>
    public string? OperatingMode { get; init; }

    /// <summary>Names of drivers with a constant use per unit, such as production.</summary>
    public IReadOnlyList<string> LinearDrivers { get; init; } = [];

    /// <summary>
    /// Temperatures at which the slope may change, in <see cref="Unit"/>, ascending, at most 12. Null chooses: for hours
    /// 30, 45, 55, 65, 75 and 90 degrees Fahrenheit (CalTRACK 2.0, 3.9.1.1), for days the borders of six parts with equal numbers of days.
    /// </summary>
    public IReadOnlyList<double>? TemperatureKnots { get; init; }

    /// <summary>When a number is refused.</summary>
    public BaselineRules Rules { get; init; } = new();
}

/// <summary>What the CalTRACK 2.0 hourly method is told.</summary>
public sealed record CalTrackHourlyOptions
{
    /// <summary>Name of the driver that holds the outdoor temperature.</summary>
    public required string Temperature { get; init; }

    /// <summary>Unit of the temperature.</summary>
    public TemperatureUnit Unit { get; init; } = TemperatureUnit.Fahrenheit;

    /// <summary>Zone of the hours, weeks and months. The reference program takes the zone of its input, which is mostly UTC.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Whether an hour with a use of exactly zero is a missing one: CalTRACK 2.0, 2.2.1.4, says so for electricity and not for gas.</summary>
    public bool ZeroUseIsMissing { get; init; }

    /// <summary>
    /// Whether one model for the whole baseline may stand in when months are too thin for the twelve, or have seen too few
    /// temperatures (CalTRACK 2.0, 3.7.5.1 and 3.7.5.2). It is accepted only if at most two months have a mean error above 1 % of
    /// their use, which is stricter than the method where temperatures are the cause. The reference program never does this.
    /// </summary>
    public bool AllowSingleModel { get; init; }

    /// <summary>When a number is refused.</summary>
    public BaselineRules Rules { get; init; } = new();
}
