namespace Metering.Analytics.Indicators;

/// <summary>What an emission factor is for.</summary>
public enum EmissionKind
{
    /// <summary>Fuel burnt on the site (scope 1).</summary>
    Fuel = 0,

    /// <summary>Purchased power at the mean of the grid it comes from (scope 2, location based).</summary>
    PowerByLocation = 1,

    /// <summary>Purchased power that no contract covers, at the residual mix of the market (scope 2, market based).</summary>
    PowerResidualMix = 2,
}

/// <summary>One row of an emission factor: what, how much, from when to when, according to whom.</summary>
public sealed record EmissionFactor
{
    /// <summary>The fuel or the grid, as in <see cref="CarrierUse.Carrier"/>.</summary>
    public required string Carrier { get; init; }

    /// <summary>What the factor is for.</summary>
    public required EmissionKind Kind { get; init; }

    /// <summary>kg CO2e for one <see cref="Per"/>, zero or more.</summary>
    public required double KilogramsCarbonDioxideEquivalent { get; init; }

    /// <summary>The unit of the carrier the factor is stated for.</summary>
    public required MeasureUnit Per { get; init; }

    /// <summary>The days of use it holds for.</summary>
    public required DateSpan Validity { get; init; }

    /// <summary>Where it comes from.</summary>
    public required SourceNote Note { get; init; }
}

/// <summary>Use of one carrier in one span of days; months or years, as the factors change.</summary>
/// <param name="Carrier">The fuel or the grid.</param>
/// <param name="Amount">How much.</param>
/// <param name="Days">When it was used.</param>
public sealed record CarrierUse(string Carrier, Quantity Amount, DateSpan Days);

/// <summary>A contract or certificate that states the emissions of a part of the purchased power.</summary>
public sealed record PowerContract
{
    /// <summary>Its name or number.</summary>
    public required string Name { get; init; }

    /// <summary>Energy it covers in all, kWh, MWh or another unit of energy.</summary>
    public required Quantity Energy { get; init; }

    /// <summary>kg CO2e for one MWh, zero or more.</summary>
    public required double KilogramsPerMegawattHour { get; init; }

    /// <summary>Days of use it may be counted for.</summary>
    public required DateSpan Validity { get; init; }
}

/// <summary>What emissions are computed from.</summary>
public sealed record EmissionInput
{
    /// <summary>Fuels and power used. A use must not straddle a change of its factor: hand in months.</summary>
    public required IReadOnlyList<CarrierUse> Uses { get; init; }

    /// <summary>The rows of factors; rows for other carriers and days do no harm.</summary>
    public required IReadOnlyList<EmissionFactor> Factors { get; init; }

    /// <summary>Contracts for power; empty when there are none.</summary>
    public IReadOnlyList<PowerContract> Contracts { get; init; } = [];

    /// <summary>Emissions of the process itself (not from burning), in t or kg CO2e; null when there are none.</summary>
    public Quantity? Process { get; init; }

    /// <summary>A day of the baseline year, at which the frozen policy takes its factors.</summary>
    public required DateOnly BaselineDay { get; init; }
}

/// <summary>Which year's factors.</summary>
public enum FactorPolicy
{
    /// <summary>The factor valid on the days of use: what was emitted. The default.</summary>
    YearOfUse = 0,

    /// <summary>The factor of the baseline year for all years: what the site itself changed.</summary>
    FrozenAtBaselineYear = 1,
}

/// <summary>One use turned into emissions, for the derivation printed under the figure.</summary>
/// <param name="Use">The use.</param>
/// <param name="Factor">The row that was applied.</param>
/// <param name="Tonnes">t CO2e.</param>
public sealed record EmissionLine(CarrierUse Use, EmissionFactor Factor, double Tonnes);

/// <summary>Emissions by one policy, t CO2e.</summary>
public sealed record EmissionFigures
{
    /// <summary>Which year's factors were taken.</summary>
    public required FactorPolicy Policy { get; init; }

    /// <summary>Fuels burnt on the site.</summary>
    public required double FuelTonnes { get; init; }

    /// <summary>The process itself.</summary>
    public required double ProcessTonnes { get; init; }

    /// <summary>Purchased power at the mean of the grid.</summary>
    public required double PowerByLocationTonnes { get; init; }

    /// <summary>Purchased power by contracts, the rest at the residual mix or, where there is none, at the mean of the grid; null when there is neither a contract nor a residual mix.</summary>
    public required double? PowerByMarketTonnes { get; init; }

    /// <summary>Fuel, process and power by location.</summary>
    public double TotalByLocationTonnes => FuelTonnes + ProcessTonnes + PowerByLocationTonnes;

    /// <summary>Fuel, process and power by market; null when there is no market figure.</summary>
    public double? TotalByMarketTonnes => FuelTonnes + ProcessTonnes + PowerByMarketTonnes;

    /// <summary>How each use was converted (power by location).</summary>
    public required IReadOnlyList<EmissionLine> Lines { get; init; }
}

/// <summary>Emissions by both policies, or the reasons why one of them is missing.</summary>
public sealed record EmissionOutcome
{
    /// <summary>With the factors of the days of use; null when refused.</summary>
    public EmissionFigures? YearOfUse { get; init; }

    /// <summary>With the factors of the baseline year; null when refused.</summary>
    public EmissionFigures? Frozen { get; init; }

    /// <summary>Why a figure was refused; empty when both are given.</summary>
    public required IReadOnlyList<IndicatorReason> Reasons { get; init; }

    /// <summary>What to know beside the figures.</summary>
    public required IReadOnlyList<IndicatorReason> Notes { get; init; }
}
