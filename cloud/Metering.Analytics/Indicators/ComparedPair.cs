namespace Metering.Analytics.Indicators;

/// <summary>One amount turned into its unit per year or per cycle, or the reasons why not.</summary>
internal sealed record SideValue(string Name, MeasuredAmount? Source, double Value, IReadOnlyList<IndicatorReason> Reasons)
{
    /// <summary>The amount in the unit wanted, divided by the whole years or cycles it covers.</summary>
    public static SideValue Of(string name, MeasuredAmount? amount, MeasureUnit unit)
    {
        List<IndicatorReason> reasons = [];
        if (amount is null)
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.Missing, name + ": not measured."));
            return new SideValue(name, null, double.NaN, reasons);
        }

        AmountCheck.Check(name, amount.Amount, reasons);
        if (amount.Amount.Unit.Dimension != Dimension.None && !amount.Amount.Unit.IsConvertibleTo(unit))
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.UnitMismatch, FigureText.Line(
                $"{name} is stated in {amount.Amount.Unit.Symbol}, which cannot be stated in {unit.Symbol}.")));
        }

        int count = amount.Cycles is { } cycles ? cycles.Count : amount.Days.WholeYears();
        if (count < 1 || amount.Days.DayCount <= 0)
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.PeriodNotWhole, FigureText.Line(
                $"{name} covers {amount.Days}: neither whole years to the day nor a stated number of production cycles. A part of a year shows the season.")));
        }

        double value = reasons.Count == 0 ? amount.Amount.To(unit).Value / count : double.NaN;
        return new SideValue(name, amount, value, reasons);
    }
}

/// <summary>A load on both sides.</summary>
internal sealed record LoadPair(LoadKind Kind, SideValue Before, SideValue After, IReadOnlyList<IndicatorReason> ChangeReasons)
{
    public static LoadPair Of(LoadKind kind, MeasuredAmount? before, MeasuredAmount? after)
    {
        SideValue first = SideValue.Of(PairText.Name(kind) + " before", before, PairText.UnitOf(kind));
        SideValue second = SideValue.Of(PairText.Name(kind) + " after", after, PairText.UnitOf(kind));
        return new LoadPair(kind, first, second, PairText.Comparable(first, second));
    }

    public Indicator ToIndicator() => PairText.Absolute(
        PairText.Name(Kind), IndicatorForm.Absolute, Kind, PairText.UnitOf(Kind), (Before, After, ChangeReasons));
}

/// <summary>Product output on both sides.</summary>
internal sealed record OutputPair(MeasureUnit Unit, SideValue Before, SideValue After, IReadOnlyList<IndicatorReason> ChangeReasons)
{
    public static OutputPair Of(ProductOutput? before, ProductOutput? after)
    {
        MeasureUnit unit = before?.FirstPass.Amount.Unit ?? after?.FirstPass.Amount.Unit ?? default;
        SideValue first = SideValue.Of("output before", before?.FirstPass, unit);
        SideValue second = SideValue.Of("output after", after?.FirstPass, unit);
        List<IndicatorReason> reasons = [.. PairText.Comparable(first, second)];
        if (before is not null && after is not null && before.Definition != after.Definition)
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.OutputDefinitionChanged, FigureText.Line(
                $"Output before is \"{before.Definition.Name}\" version {before.Definition.Version}, after \"{after.Definition.Name}\" version {after.Definition.Version}. Restate one side by the other's definition.")));
        }

        return new OutputPair(unit, first, second, reasons);
    }

    public Indicator ToIndicator() => PairText.Absolute(
        "product output, right the first time", IndicatorForm.Output, null, Unit, (Before, After, ChangeReasons));
}

/// <summary>Names, units and sentences of compared pairs.</summary>
internal static class PairText
{
    public static string Name(LoadKind kind) => kind switch
    {
        LoadKind.Energy => "energy",
        LoadKind.Materials => "materials",
        LoadKind.Water => "water",
        LoadKind.GreenhouseGas => "carbon",
        LoadKind.Wastewater => "wastewater",
        LoadKind.Waste => "waste",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not one of the six loads."),
    };

    public static MeasureUnit UnitOf(LoadKind kind) => MeasureUnit.Of(kind switch
    {
        LoadKind.Energy => QuantityUnit.MegawattHour,
        LoadKind.Water or LoadKind.Wastewater => QuantityUnit.CubicMetre,
        LoadKind.GreenhouseGas => QuantityUnit.TonneCarbonDioxideEquivalent,
        _ => QuantityUnit.Tonne,
    });

    /// <summary>Why the two sides must not be compared although each may be right by itself.</summary>
    public static IReadOnlyList<IndicatorReason> Comparable(SideValue before, SideValue after)
    {
        List<IndicatorReason> reasons = [];
        if (before.Source is not { } first || after.Source is not { } second)
        {
            return reasons;
        }

        if (first.Boundary != second.Boundary)
        {
            reasons.Add(Boundary(before.Name, first, after.Name, second));
        }

        if (first.Cycles?.Name != second.Cycles?.Name || first.Days.Overlaps(second.Days) || second.Days.Start < first.Days.Start)
        {
            reasons.Add(Days(before.Name, first, after.Name, second));
        }

        if (first.Basis != second.Basis)
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.BasisDiffers, FigureText.Line(
                $"{before.Name} is made by \"{first.Basis}\", {after.Name} by \"{second.Basis}\".")));
        }

        return reasons;
    }

    public static Indicator Absolute(
        string name, IndicatorForm form, LoadKind? load, MeasureUnit unit, (SideValue Before, SideValue After, IReadOnlyList<IndicatorReason> Change) pair)
    {
        (SideValue before, SideValue after, IReadOnlyList<IndicatorReason> change) = pair;
        List<IndicatorReason> reasons = [.. before.Reasons, .. after.Reasons, .. change];
        if (reasons.Count == 0 && NoChange(name, before.Value, after.Value) is { } fault)
        {
            reasons.Add(fault);
        }

        string? cycle = (before.Source ?? after.Source)?.Cycles?.Name;
        return new Indicator
        {
            Name = name,
            Form = form,
            Load = load,
            Unit = unit.Symbol + " per " + (cycle ?? "year"),
            Before = before.Reasons.Count == 0 ? before.Value : null,
            After = after.Reasons.Count == 0 ? after.Value : null,
            ChangePercent = reasons.Count == 0 ? ResourceEfficiency.Change(before.Value, after.Value) : null,
            Reasons = reasons,
        };
    }

    /// <summary>Why two good figures have no change in percent; null when they have one.</summary>
    public static IndicatorReason? NoChange(string name, double before, double after) => before switch
    {
        0 => new IndicatorReason(IndicatorReasonKind.ZeroDenominator, name + ": the figure before is zero, so that there is no change in percent."),
        _ when !double.IsFinite(ResourceEfficiency.Change(before, after)) => new IndicatorReason(IndicatorReasonKind.NotFinite, name + ": the figures before and after are too far apart."),
        _ => null,
    };

    public static IndicatorReason Boundary(string name, MeasuredAmount amount, string otherName, MeasuredAmount other) =>
        new(IndicatorReasonKind.BoundaryDiffers, FigureText.Line(
            $"{name} covers the boundary \"{amount.Boundary}\", {otherName} \"{other.Boundary}\"."));

    public static IndicatorReason Days(string name, MeasuredAmount amount, string otherName, MeasuredAmount other) =>
        new(IndicatorReasonKind.PeriodsDiffer, FigureText.Line(
            $"{name} covers {Span(amount)}, {otherName} {Span(other)}; they have to fit together, and the sides of a comparison must follow each other."));

    private static string Span(MeasuredAmount amount) => amount.Cycles is { } cycles
        ? FigureText.Line($"{amount.Days} ({cycles.Count} x {cycles.Name})")
        : amount.Days.ToString();
}
