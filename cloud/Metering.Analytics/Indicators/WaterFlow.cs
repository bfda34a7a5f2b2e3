namespace Metering.Analytics.Indicators;

/// <summary>Which way water goes.</summary>
public enum WaterDirection
{
    /// <summary>Taken in.</summary>
    Withdrawal = 0,

    /// <summary>Let out, whatever its quality.</summary>
    Discharge = 1,

    /// <summary>Known part of the consumption: in the product, evaporated, drunk. It is not counted in the balance, it explains it.</summary>
    KnownConsumption = 2,

    /// <summary>Rise of the stored water between the first and the last day; negative when it fell.</summary>
    StorageRise = 3,
}

/// <summary>Where water comes from or goes to. SOURCE: GRI 303: Water and Effluents 2018, disclosures 303-3 and 303-4.</summary>
public enum WaterPlace
{
    /// <summary>Rivers, lakes, collected rain.</summary>
    SurfaceWater = 0,

    /// <summary>Wells.</summary>
    Groundwater = 1,

    /// <summary>The sea.</summary>
    Seawater = 2,

    /// <summary>Water that came with raw material or extraction.</summary>
    ProducedWater = 3,

    /// <summary>A supplier, a sewer, another firm.</summary>
    ThirdParty = 4,

    /// <summary>Not applicable: known consumption and storage.</summary>
    None = 5,
}

/// <summary>Fresh or not. SOURCE: GRI 303-3 c: fresh water holds at most 1000 mg/L of total dissolved solids.</summary>
public enum WaterQuality
{
    /// <summary>Dissolved solids are not known.</summary>
    Unknown = 0,

    /// <summary>At most 1000 mg/L of total dissolved solids.</summary>
    Fresh = 1,

    /// <summary>More than that.</summary>
    Other = 2,
}

/// <summary>One metered flow over the days of the balance.</summary>
public sealed record WaterFlow
{
    /// <summary>Name, unique in the balance.</summary>
    public required string Name { get; init; }

    /// <summary>Which way.</summary>
    public required WaterDirection Direction { get; init; }

    /// <summary>Source or destination.</summary>
    public WaterPlace Place { get; init; } = WaterPlace.None;

    /// <summary>Volume, any unit of volume; NaN when missing.</summary>
    public required Quantity Volume { get; init; }

    /// <summary>Standard uncertainty in percent of the volume; NaN when not known. Meter class / 1.73 where only the class is known.</summary>
    public double StandardUncertaintyPercent { get; init; } = double.NaN;

    /// <summary>Days the volume covers.</summary>
    public required DateSpan Days { get; init; }

    /// <summary>Total dissolved solids in mg/L; NaN when not known.</summary>
    public double DissolvedSolidsMilligramsPerLitre { get; init; } = double.NaN;

    /// <summary>Whether source or destination lies in an area with water stress.</summary>
    public bool IsStressedArea { get; init; }

    /// <summary>Name of the main meter this one stands behind; null for a main meter. Sub-meters check their main and are not added again.</summary>
    public string? Main { get; init; }

    /// <summary>Fresh, other or unknown, from the dissolved solids.</summary>
    public WaterQuality Quality => DissolvedSolidsMilligramsPerLitre switch
    {
        double.NaN => WaterQuality.Unknown,
        <= 1000 => WaterQuality.Fresh,
        _ => WaterQuality.Other,
    };
}

/// <summary>Megalitres of one kind.</summary>
/// <param name="Direction">Withdrawal or discharge.</param>
/// <param name="Place">Source or destination.</param>
/// <param name="Quality">Fresh, other, unknown.</param>
/// <param name="IsStressedArea">In an area with water stress.</param>
/// <param name="Megalitres">Volume.</param>
public sealed record WaterCell(WaterDirection Direction, WaterPlace Place, WaterQuality Quality, bool IsStressedArea, double Megalitres);

/// <summary>A difference that should be zero.</summary>
public sealed record ClosingError
{
    /// <summary>What was compared: "well 1 = sum of its sub-meters".</summary>
    public required string Name { get; init; }

    /// <summary>Left less right side, ML.</summary>
    public required double Megalitres { get; init; }

    /// <summary>In percent of the left side; null when that is zero.</summary>
    public required double? Percent { get; init; }

    /// <summary>Standard uncertainty of the difference, ML, the meters taken as independent; NaN when one is not known.</summary>
    public required double StandardUncertaintyMegalitres { get; init; }

    /// <summary>Whether the difference is within twice its standard uncertainty; null when that is not known.</summary>
    public bool? IsExplainedByMeters => double.IsNaN(StandardUncertaintyMegalitres)
        ? null
        : Math.Abs(Megalitres) <= 2 * StandardUncertaintyMegalitres;
}

/// <summary>Water in, out and between, in ML.</summary>
public sealed record WaterBalanceResult
{
    /// <summary>Days of the balance.</summary>
    public required DateSpan Days { get; init; }

    /// <summary>Taken in, ML.</summary>
    public required double WithdrawalMegalitres { get; init; }

    /// <summary>Let out, ML.</summary>
    public required double DischargeMegalitres { get; init; }

    /// <summary>Consumption = withdrawal - discharge, ML (303-5). Negative when more went out than came in: see the notes.</summary>
    public double ConsumptionMegalitres => WithdrawalMegalitres - DischargeMegalitres;

    /// <summary>Of these, in areas with water stress: withdrawal - discharge there, ML.</summary>
    public required double StressedConsumptionMegalitres { get; init; }

    /// <summary>Rise of stored water, ML; stated apart (303-5 c) and not part of the consumption.</summary>
    public required double StorageRiseMegalitres { get; init; }

    /// <summary>The parts by direction, place, quality and stress; main meters only.</summary>
    public required IReadOnlyList<WaterCell> Cells { get; init; }

    /// <summary>Consumption and storage not explained by known consumption; null when no known consumption is stated.</summary>
    public ClosingError? Closing { get; init; }

    /// <summary>For each main meter with sub-meters: main less the sum of the sub-meters.</summary>
    public required IReadOnlyList<ClosingError> Mains { get; init; }
}

/// <summary>A water balance, or the reasons why there is none.</summary>
public sealed record WaterBalanceOutcome
{
    /// <summary>The balance; null when refused.</summary>
    public WaterBalanceResult? Result { get; init; }

    /// <summary>Why it is refused; empty when given.</summary>
    public required IReadOnlyList<IndicatorReason> Reasons { get; init; }

    /// <summary>What to know beside it.</summary>
    public required IReadOnlyList<IndicatorReason> Notes { get; init; }
}
