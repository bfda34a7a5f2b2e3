using Metering.Analytics.Indicators;

namespace Metering.Analytics.Portfolio;

/// <summary>Why the errors of several projects go the same way.</summary>
public enum SharedCause
{
    /// <summary>Meters of one type, class or calibration bench.</summary>
    MeterClass = 0,

    /// <summary>One weather station.</summary>
    WeatherStation = 1,

    /// <summary>One emission factor.</summary>
    EmissionFactor = 2,

    /// <summary>One tariff or price.</summary>
    Tariff = 3,

    /// <summary>One kind of model with a bias of its own.</summary>
    MethodBias = 4,
}

/// <summary>The part of a project's error that it shares with all projects that name the same cause.</summary>
/// <param name="Cause">Kind of cause.</param>
/// <param name="Name">Which one: "class 1, maker A", "station 76577". Equal names share their error.</param>
/// <param name="StandardError">Change of this project's saving when the cause is off by one standard deviation, in the unit of the saving; with its sign.</param>
public sealed record SharedError(SharedCause Cause, string Name, double StandardError);

/// <summary>What is saved. Savings of different resources are never counted twice by being of one meter.</summary>
public enum SavedResource
{
    /// <summary>Electricity.</summary>
    Electricity = 0,

    /// <summary>Fuel.</summary>
    Fuel = 1,

    /// <summary>Water.</summary>
    Water = 2,

    /// <summary>Load of an effluent.</summary>
    EffluentLoad = 3,

    /// <summary>Materials or waste.</summary>
    Material = 4,

    /// <summary>Greenhouse gases.</summary>
    GreenhouseGas = 5,

    /// <summary>Money.</summary>
    Money = 6,
}

/// <summary>The result of one project for one reporting period.</summary>
public sealed record ProjectSaving
{
    /// <summary>The project; may occur several times with different reporting periods.</summary>
    public required string Project { get; init; }

    /// <summary>The programme that claims it.</summary>
    public required string Programme { get; init; }

    /// <summary>A group for sub-totals (sector, state); may be empty.</summary>
    public string Group { get; init; } = "";

    /// <summary>What is saved.</summary>
    public required SavedResource Resource { get; init; }

    /// <summary>The saving; null when there is no result (refused, not yet verified). A missing one is listed and never counted as zero.</summary>
    public required Quantity? Saving { get; init; }

    /// <summary>Why there is no result; empty when there is one.</summary>
    public string WhyMissing { get; init; } = "";

    /// <summary>Standard error that no other project shares, in the unit of the saving, zero or more.</summary>
    public double IndependentStandardError { get; init; } = double.NaN;

    /// <summary>Degrees of freedom of that error; infinite when not stated.</summary>
    public double DegreesOfFreedom { get; init; } = double.PositiveInfinity;

    /// <summary>Errors shared with other projects.</summary>
    public IReadOnlyList<SharedError> Shared { get; init; } = [];

    /// <summary>Expected error of the model on data it has not seen (out-of-sample bias), in the unit of the saving; null when not known.</summary>
    public double? Bias { get; init; }

    /// <summary>Reporting period.</summary>
    public required DateSpan Reporting { get; init; }

    /// <summary>Names of the meter channels the saving was read from.</summary>
    public required IReadOnlyList<string> Channels { get; init; }

    /// <summary>Boundary as a path from the site inwards, "site/hall 2/boiler"; empty when not stated.</summary>
    public string Boundary { get; init; } = "";
}

/// <summary>How a portfolio is judged.</summary>
public sealed record PortfolioOptions
{
    /// <summary>Probability of the interval, above 0 and below 1.</summary>
    public double Confidence { get; init; } = 0.9;

    /// <summary>Largest half-width, as a fraction of the total, that passes. With 90 %: the 90/10 rule. SOURCE: FEMP M and V Guidelines 4.0, sampling; IPMVP.</summary>
    public double LargestRelativeHalfWidth { get; init; } = 0.1;

    /// <summary>Probability with which the true total is at least the "at least" figure, above 0.5 and below 1.</summary>
    public double AtLeastProbability { get; init; } = 0.9;
}
