namespace Metering.Analytics.Indicators;

/// <summary>
/// Compares a site before and after: absolute loads, productivity, intensity, relative change and decoupling. SOURCE: UNIDO/UNEP,
/// Enterprise-Level Indicators for Resource Productivity and Pollution Intensity, 2010; OECD SG/SD(2002)1 for the decoupling.
/// A figure is given only when what it relates covers the same boundary and the same whole years or production cycles.
/// </summary>
public static class ResourceEfficiency
{
    private static readonly LoadKind[] Loads = Enum.GetValues<LoadKind>();

    /// <summary>All indicators of two sides; each is refused by itself, with reasons.</summary>
    /// <param name="before">The side before the change.</param>
    /// <param name="after">The side after it.</param>
    /// <exception cref="ArgumentNullException">A side is missing.</exception>
    public static EfficiencyComparison Compare(EfficiencySide before, EfficiencySide after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        List<Indicator> indicators = [];
        List<Decoupling> decouplings = [];
        OutputPair output = OutputPair.Of(before.Output, after.Output);
        indicators.Add(output.ToIndicator());
        foreach (LoadKind load in Loads)
        {
            LoadPair pair = LoadPair.Of(load, before.Load(load), after.Load(load));
            indicators.Add(pair.ToIndicator());
            Indicator intensity = Intensity(pair, output);
            if (load is LoadKind.Energy or LoadKind.Materials or LoadKind.Water)
            {
                indicators.Add(Productivity(pair, output));
            }

            indicators.Add(intensity);
            decouplings.Add(Decouple(pair, intensity, output));
        }

        return new EfficiencyComparison
        {
            Indicators = indicators,
            Decouplings = decouplings,
            ReworkPercentBefore = ReworkPercent(before.Output),
            ReworkPercentAfter = ReworkPercent(after.Output),
            Notes = Notes(before, after),
        };
    }

    /// <summary>Relative change in percent: (after / before - 1) x 100.</summary>
    internal static double Change(double before, double after) => ((after / before) - 1) * 100;

    private static Indicator Intensity(LoadPair load, OutputPair output)
    {
        List<IndicatorReason> reasons = [];
        double? before = Divide(load.Before, output.Before, reasons);
        double? after = Divide(load.After, output.After, reasons);
        double? change = RatioChange(before, after, load, output, reasons);
        return new Indicator
        {
            Name = PairText.Name(load.Kind) + " intensity",
            Form = IndicatorForm.Intensity,
            Load = load.Kind,
            Unit = new RatioUnit(PairText.UnitOf(load.Kind), output.Unit).Symbol,
            Before = before,
            After = after,
            ChangePercent = change,
            Reasons = reasons,
        };
    }

    private static Indicator Productivity(LoadPair load, OutputPair output)
    {
        List<IndicatorReason> reasons = [];
        double? before = Divide(output.Before, load.Before, reasons);
        double? after = Divide(output.After, load.After, reasons);
        return new Indicator
        {
            Name = PairText.Name(load.Kind) + " productivity",
            Form = IndicatorForm.Productivity,
            Load = load.Kind,
            Unit = new RatioUnit(output.Unit, PairText.UnitOf(load.Kind)).Symbol,
            Before = before,
            After = after,
            ChangePercent = RatioChange(before, after, load, output, reasons),
            Reasons = reasons,
        };
    }

    private static double? RatioChange(double? before, double? after, LoadPair load, OutputPair output, List<IndicatorReason> reasons)
    {
        List<IndicatorReason> against = [.. load.ChangeReasons, .. output.ChangeReasons];
        if (before is { } first && after is { } second && PairText.NoChange(PairText.Name(load.Kind), first, second) is { } fault)
        {
            against.Add(fault);
        }

        List<IndicatorReason> distinct = [.. reasons.Concat(against).Distinct()];
        reasons.Clear();
        reasons.AddRange(distinct);
        return before is not null && after is not null && against.Count == 0 ? Change(before.Value, after.Value) : null;
    }

    private static Decoupling Decouple(LoadPair load, Indicator intensity, OutputPair output)
    {
        double? loadChange = load.ToIndicator().ChangePercent;
        double? outputChange = output.ToIndicator().ChangePercent;
        if (intensity.ChangePercent is null || loadChange is null || outputChange is null)
        {
            return new Decoupling { Load = load.Kind, Reasons = intensity.Reasons };
        }

        double factor = 1 - (intensity.After!.Value / intensity.Before!.Value);
        DecouplingKind kind = factor switch
        {
            <= 0 => DecouplingKind.None,
            _ when outputChange < 0 => DecouplingKind.OutputFell,
            _ when loadChange > 0 => DecouplingKind.Relative,
            _ => DecouplingKind.Absolute,
        };
        return new Decoupling { Load = load.Kind, Factor = factor, Kind = kind, Reasons = [] };
    }

    // The ratio of one side: both parts are there, and belong to the same boundary and days.
    private static double? Divide(SideValue above, SideValue below, List<IndicatorReason> reasons)
    {
        reasons.AddRange(above.Reasons);
        reasons.AddRange(below.Reasons);
        if (above.Reasons.Count > 0 || below.Reasons.Count > 0)
        {
            return null;
        }

        MeasuredAmount upper = above.Source!;
        MeasuredAmount lower = below.Source!;
        if (upper.Boundary != lower.Boundary)
        {
            reasons.Add(PairText.Boundary(above.Name, upper, below.Name, lower));
            return null;
        }

        if (upper.Days != lower.Days || upper.Cycles != lower.Cycles)
        {
            reasons.Add(PairText.Days(above.Name, upper, below.Name, lower));
            return null;
        }

        double ratio = above.Value / below.Value;
        if (double.IsFinite(ratio))
        {
            return ratio;
        }

        reasons.Add(below.Value > 0
            ? new IndicatorReason(IndicatorReasonKind.NotFinite, above.Name + " is too large beside " + below.Name + ".")
            : new IndicatorReason(IndicatorReasonKind.ZeroDenominator, below.Name + " is zero, so that nothing can be related to it."));
        return null;
    }

    private static double? ReworkPercent(ProductOutput? output)
    {
        if (output?.Rework is not { } rework || rework with { Amount = output.FirstPass.Amount } != output.FirstPass)
        {
            return null;
        }

        List<IndicatorReason> faults = [];
        AmountCheck.CheckDimension("rework", rework.Amount, output.FirstPass.Amount.Unit.Dimension, faults);
        AmountCheck.Check("output", output.FirstPass.Amount, faults);
        if (faults.Count > 0 || !rework.Amount.Unit.IsConvertibleTo(output.FirstPass.Amount.Unit))
        {
            return null;
        }

        double again = rework.Amount.To(output.FirstPass.Amount.Unit).Value;
        double all = output.FirstPass.Amount.Value + again;
        return all > 0 ? 100 * again / all : null;
    }

    private static List<IndicatorReason> Notes(EfficiencySide before, EfficiencySide after)
    {
        List<IndicatorReason> notes = [];
        if (before.Output is not null && after.Output is not null && (ReworkPercent(before.Output) is null || ReworkPercent(after.Output) is null))
        {
            notes.Add(new IndicatorReason(IndicatorReasonKind.ReworkNotRecorded,
                "Rework is not recorded for the same boundary and days as the output, so that the output may contain it and look larger than it is."));
        }

        foreach (LoadKind load in Loads)
        {
            if (before.Load(load) is { Cycles: null } first && after.Load(load) is { Cycles: null } second && first.Days.Start.Month != second.Days.Start.Month)
            {
                notes.Add(new IndicatorReason(IndicatorReasonKind.StartMonthDiffers, FigureText.Line(
                    $"{PairText.Name(load)}: {first.Days} is compared with {second.Days}; the years begin in different months.")));
            }
        }

        return notes;
    }
}
