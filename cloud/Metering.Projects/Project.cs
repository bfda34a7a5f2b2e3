using Metering.Analytics.Intervals;

namespace Metering.Projects;

/// <summary>A plant of the programme.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Name">Its name.</param>
/// <param name="Sector">Word of the programme's list of sectors.</param>
/// <param name="State">State of Mexico, as written by the programme.</param>
/// <param name="Zone">Zone of its days and months.</param>
/// <param name="IsSimulated">Its meters are simulated; every page says so.</param>
internal sealed record Plant(string Id, Text Name, string Sector, string State, TimeZoneInfo Zone, bool IsSimulated);

/// <summary>What a project saves.</summary>
internal enum Resource
{
    /// <summary>Electricity.</summary>
    Electricity = 0,

    /// <summary>Water.</summary>
    Water = 1,

    /// <summary>Gas.</summary>
    Gas = 2,

    /// <summary>Effluent.</summary>
    Effluent = 3,
}

/// <summary>A channel of a gateway.</summary>
internal sealed record ChannelName(string Gateway, string Channel);

/// <summary>Days in the plant's zone, both inclusive.</summary>
internal readonly record struct DayRange(DateOnly First, DateOnly Last)
{
    /// <summary>Longest range: ten years and their leap days.</summary>
    public const int MostDays = 3653;

    /// <summary>Number of days.</summary>
    public int Count => Last.DayNumber - First.DayNumber + 1;

    /// <summary>Whether a day lies in it.</summary>
    public bool Contains(DateOnly day) => day >= First && day <= Last;
}

/// <summary>How a driver's day is made.</summary>
internal enum DriverKind
{
    /// <summary>Difference of a counter over the day.</summary>
    Difference = 0,

    /// <summary>Mean over the day.</summary>
    Mean = 1,

    /// <summary>Mean of what lies above a base.</summary>
    Above = 2,

    /// <summary>Mean of what lies below a base.</summary>
    Below = 3,

    /// <summary>1 from Monday to Saturday except on statutory holidays of Mexico, else 0.</summary>
    Workday = 4,

    /// <summary>Output of a product by the register's production records: each spread evenly over its days, a week at most; a day without one is not known.</summary>
    Production = 5,
}

/// <summary>Something that use follows: production, weather, working days.</summary>
/// <param name="Id">Identifier, unique in the project.</param>
/// <param name="Kind">How its day is made.</param>
/// <param name="Source">Its channel; null for a calendar.</param>
/// <param name="Base">Base of above or below, in the channel's unit; else 0.</param>
internal sealed record ProjectDriver(string Id, DriverKind Kind, ChannelName? Source, double Base)
{
    /// <summary>The product of <see cref="DriverKind.Production"/>, as the records name it; else null.</summary>
    public string? Product { get; init; }
}

/// <summary>A Cleaner Production project whose saving is measured.</summary>
internal sealed record Project
{
    private const long Lead = 6 * 60 * 60 * 1000L;

    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Its plant.</summary>
    public required Plant Plant { get; init; }

    /// <summary>Title.</summary>
    public required Text Title { get; init; }

    /// <summary>What was done.</summary>
    public required Text Measure { get; init; }

    /// <summary>What is saved.</summary>
    public required Resource Resource { get; init; }

    /// <summary>Channel of the metered use.</summary>
    public required ChannelName Use { get; init; }

    /// <summary>Drivers, in the order of the model.</summary>
    public required IReadOnlyList<ProjectDriver> Drivers { get; init; }

    /// <summary>Days on which the model is fitted.</summary>
    public required DayRange Baseline { get; init; }

    /// <summary>Days of installation.</summary>
    public required DayRange Installation { get; init; }

    /// <summary>Days on which the saving is counted.</summary>
    public required DayRange Reporting { get; init; }

    /// <summary>Confidence of the interval in percent, 50 to 99.9.</summary>
    public required double ConfidencePercent { get; init; }

    /// <summary>In which period a day lies.</summary>
    public DayPhase PhaseOf(DateOnly day) =>
        Baseline.Contains(day) ? DayPhase.Baseline
        : Reporting.Contains(day) ? DayPhase.Reporting
        : Installation.Contains(day) ? DayPhase.Installation
        : DayPhase.Outside;

    /// <summary>
    /// The time whose readings the project is analysed from, UTC milliseconds: from the first day of the baseline to the last of the reporting period, and six hours on
    /// either side, in which the register is read that belongs to a midnight.
    /// </summary>
    /// <returns>First instant, and first instant not wanted.</returns>
    public (long From, long To) Span() => (
        PlantCalendar.StartOfDay(Baseline.First, Plant.Zone) - Lead,
        PlantCalendar.StartOfDay(Reporting.Last.AddDays(1), Plant.Zone) + Lead);

    /// <summary>Every channel the project reads, the use first, none twice.</summary>
    public IReadOnlyList<ChannelName> Channels() =>
        [.. Drivers.Select(driver => driver.Source).OfType<ChannelName>().Prepend(Use).Distinct()];
}
