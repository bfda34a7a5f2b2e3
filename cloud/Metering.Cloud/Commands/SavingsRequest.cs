using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;

namespace Metering.Cloud.Commands;

/// <summary>What is done about non-routine events.</summary>
internal enum EventHandling
{
    /// <summary>They are not looked for.</summary>
    None = 0,

    /// <summary>They are listed; the saving stays as it is.</summary>
    Propose = 1,

    /// <summary>The proposals are taken as adjustments.</summary>
    Apply = 2,

    /// <summary>The decisions of a file are applied.</summary>
    ApplyFile = 3,
}

/// <summary>What is metered; decides what degree days may explain.</summary>
internal enum Fuel
{
    /// <summary>Heating and cooling.</summary>
    Electricity = 0,

    /// <summary>Heating only.</summary>
    Gas = 1,

    /// <summary>Heating and cooling are both tried, as for electricity; zero is a value.</summary>
    Water = 2,
}

/// <summary>What was asked.</summary>
internal sealed record SavingsRequest
{
    public required string Path { get; init; }

    public required string Time { get; init; }

    public required string Use { get; init; }

    /// <summary>Named drivers; all numeric columns when null.</summary>
    public required IReadOnlyList<string>? Drivers { get; init; }

    public required Period Baseline { get; init; }

    public required Period Reporting { get; init; }

    public required ModelKind Model { get; init; }

    public required double ConfidencePercent { get; init; }

    public required TimeZoneInfo Zone { get; init; }

    public string? TemperaturePath { get; init; }

    /// <summary>True for degrees Fahrenheit, false for Celsius, null to take it from the header.</summary>
    public bool? IsFahrenheit { get; init; }

    public Fuel Fuel { get; init; }

    public EventHandling Events { get; init; }

    public string? EventsPath { get; init; }

    /// <summary>Code of the country whose statutory holidays count; null for none.</summary>
    public string? Holidays { get; init; }

    /// <summary>Column of segment codes; null for none.</summary>
    public string? Segments { get; init; }

    public SavingsKind Kind { get; init; }

    public double? Claim { get; init; }

    public double MeterClassPercent { get; init; }

    public bool IsMeterReplaced { get; init; }
}
