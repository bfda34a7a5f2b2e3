namespace Metering.Analytics.Indicators;

/// <summary>What an indicator relates.</summary>
public enum IndicatorForm
{
    /// <summary>The load itself, per year or per cycle; less is better.</summary>
    Absolute = 0,

    /// <summary>Output per load; more is better.</summary>
    Productivity = 1,

    /// <summary>Load per output; less is better.</summary>
    Intensity = 2,

    /// <summary>The product output itself, for the context.</summary>
    Output = 3,
}

/// <summary>An indicator before and after. Each value stands by itself: one refused does not take the others with it.</summary>
public sealed record Indicator
{
    /// <summary>"water productivity", "wastewater intensity".</summary>
    public required string Name { get; init; }

    /// <summary>What is related.</summary>
    public required IndicatorForm Form { get; init; }

    /// <summary>The load; null for the output itself.</summary>
    public required LoadKind? Load { get; init; }

    /// <summary>Unit, with "per year" or "per (cycle)" for absolute figures.</summary>
    public required string Unit { get; init; }

    /// <summary>Before; null when refused.</summary>
    public double? Before { get; init; }

    /// <summary>After; null when refused.</summary>
    public double? After { get; init; }

    /// <summary>(after / before - 1) x 100; null when refused. The change of a productivity is not the mirror image of that of the intensity.</summary>
    public double? ChangePercent { get; init; }

    /// <summary>Why a value or the change is missing; empty when all three are given.</summary>
    public required IReadOnlyList<IndicatorReason> Reasons { get; init; }
}

/// <summary>How load and output went apart.</summary>
public enum DecouplingKind
{
    /// <summary>The load per output did not fall.</summary>
    None = 0,

    /// <summary>Output grew, the load grew less.</summary>
    Relative = 1,

    /// <summary>The load held or fell while output grew, or fell while output held.</summary>
    Absolute = 2,

    /// <summary>The load per output fell, and so did the output: no growth, nothing to be decoupled from.</summary>
    OutputFell = 3,
}

/// <summary>
/// Decoupling factor D = 1 - (load/output) after / (load/output) before. SOURCE: OECD, Indicators to Measure Decoupling of
/// Environmental Pressure from Economic Growth, SG/SD(2002)1, ch. 1.
/// </summary>
public sealed record Decoupling
{
    /// <summary>The load.</summary>
    public required LoadKind Load { get; init; }

    /// <summary>D, at most 1; null when refused.</summary>
    public double? Factor { get; init; }

    /// <summary>Kind; null when refused.</summary>
    public DecouplingKind? Kind { get; init; }

    /// <summary>Why it is refused; empty when given.</summary>
    public required IReadOnlyList<IndicatorReason> Reasons { get; init; }
}

/// <summary>All indicators of a site before and after.</summary>
public sealed record EfficiencyComparison
{
    /// <summary>Output, then per load: absolute, productivity and intensity. The intensity of a resource is the inverse of its productivity, given because many sectors speak in it.</summary>
    public required IReadOnlyList<Indicator> Indicators { get; init; }

    /// <summary>One per load.</summary>
    public required IReadOnlyList<Decoupling> Decouplings { get; init; }

    /// <summary>Rework in percent of first-pass output and rework, before; null when not recorded.</summary>
    public double? ReworkPercentBefore { get; init; }

    /// <summary>The same, after.</summary>
    public double? ReworkPercentAfter { get; init; }

    /// <summary>What to know beside the figures.</summary>
    public required IReadOnlyList<IndicatorReason> Notes { get; init; }

    /// <summary>The indicator of one form and load.</summary>
    /// <param name="form">The form, not <see cref="IndicatorForm.Output"/>.</param>
    /// <param name="load">The load.</param>
    /// <exception cref="InvalidOperationException">There is none of that form (greenhouse gas, wastewater and waste have no productivity).</exception>
    public Indicator Of(IndicatorForm form, LoadKind load) => Indicators.First(indicator => indicator.Form == form && indicator.Load == load);
}
