namespace Metering.Analytics.Indicators;

/// <summary>The six loads of the RECP enterprise indicators. SOURCE: UNIDO/UNEP, Enterprise-Level Indicators for Resource Productivity and Pollution Intensity, 2010.</summary>
public enum LoadKind
{
    /// <summary>Energy of all carriers, MWh.</summary>
    Energy = 0,

    /// <summary>Materials without fuel and water, t.</summary>
    Materials = 1,

    /// <summary>Water withdrawn, m3.</summary>
    Water = 2,

    /// <summary>Greenhouse gases, t CO2e.</summary>
    GreenhouseGas = 3,

    /// <summary>Wastewater, m3.</summary>
    Wastewater = 4,

    /// <summary>Waste, t.</summary>
    Waste = 5,
}

/// <summary>Whole runs of a process that does not follow the calendar (a campaign, a season).</summary>
/// <param name="Name">What one cycle is; equal on both sides of a comparison.</param>
/// <param name="Count">How many whole cycles the amount covers, 1 or more.</param>
public sealed record ProductionCycles(string Name, int Count);

/// <summary>An amount with what it covers.</summary>
public sealed record MeasuredAmount
{
    /// <summary>How much over all the days; NaN when missing.</summary>
    public required Quantity Amount { get; init; }

    /// <summary>The site boundary it belongs to, with its version.</summary>
    public required string Boundary { get; init; }

    /// <summary>The days for which there are data without holes.</summary>
    public required DateSpan Days { get; init; }

    /// <summary>Whole production cycles in those days; null when the amount is stated by the year.</summary>
    public ProductionCycles? Cycles { get; init; }

    /// <summary>The rules the amount was made by where there is a choice ("location, factors by year of use"); equal on both sides.</summary>
    public string Basis { get; init; } = "";

    /// <summary>The sum of amounts that cover the same boundary and days (gas and power make energy).</summary>
    /// <param name="parts">At least one.</param>
    /// <param name="unit">Unit of the sum.</param>
    /// <exception cref="ArgumentException">No parts, or their boundary, days, cycles, basis or dimension differ.</exception>
    public static MeasuredAmount Sum(IReadOnlyList<MeasuredAmount> parts, MeasureUnit unit)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
        {
            throw new ArgumentException("There is nothing to add.", nameof(parts));
        }

        MeasuredAmount first = parts[0];
        double sum = 0;
        foreach (MeasuredAmount part in parts)
        {
            if (part with { Amount = first.Amount } != first)
            {
                throw new ArgumentException("Only amounts of one boundary, one span of days and one basis are added.", nameof(parts));
            }

            sum += part.Amount.To(unit).Value;
        }

        return first with { Amount = new Quantity(sum, unit) };
    }
}

/// <summary>What the plant makes. A change of meaning is a new version, and versions are not compared.</summary>
/// <param name="Name">"dyed yarn, weighed dry".</param>
/// <param name="Version">Counted up when the meaning changes.</param>
public sealed record OutputDefinition(string Name, int Version);

/// <summary>Product output of one side.</summary>
public sealed record ProductOutput
{
    /// <summary>What is counted.</summary>
    public required OutputDefinition Definition { get; init; }

    /// <summary>Output that was right the first time, in any unit; the denominator of every ratio.</summary>
    public required MeasuredAmount FirstPass { get; init; }

    /// <summary>Output that had to be worked again, in the same unit; null when it is not recorded. It is never part of a denominator.</summary>
    public MeasuredAmount? Rework { get; init; }
}

/// <summary>One side of a comparison: a site in whole years or whole production cycles. What was not measured is null.</summary>
public sealed record EfficiencySide
{
    /// <summary>Energy, any unit of energy.</summary>
    public MeasuredAmount? Energy { get; init; }

    /// <summary>Materials, t or kg; fuel and water are not materials.</summary>
    public MeasuredAmount? Materials { get; init; }

    /// <summary>Water, any unit of volume.</summary>
    public MeasuredAmount? Water { get; init; }

    /// <summary>Greenhouse gases, t or kg CO2e.</summary>
    public MeasuredAmount? GreenhouseGas { get; init; }

    /// <summary>Wastewater, any unit of volume.</summary>
    public MeasuredAmount? Wastewater { get; init; }

    /// <summary>Waste, t or kg.</summary>
    public MeasuredAmount? Waste { get; init; }

    /// <summary>Product output.</summary>
    public ProductOutput? Output { get; init; }

    internal MeasuredAmount? Load(LoadKind kind) => kind switch
    {
        LoadKind.Energy => Energy,
        LoadKind.Materials => Materials,
        LoadKind.Water => Water,
        LoadKind.GreenhouseGas => GreenhouseGas,
        LoadKind.Wastewater => Wastewater,
        LoadKind.Waste => Waste,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not one of the six loads."),
    };
}
