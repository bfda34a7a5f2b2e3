namespace Metering.Analytics.Indicators;

/// <summary>A saving adjusted for what drives the load, from the baseline model.</summary>
/// <param name="Saving">Adjusted baseline less metered load, per year or per cycle as the indicators are.</param>
/// <param name="HalfWidth">Half-width of its interval, same unit, zero or more.</param>
public sealed record AdjustedSaving(Quantity Saving, double HalfWidth);

/// <summary>Whether the word "reduction" may be used, and for which figure.</summary>
public sealed record ReductionResult
{
    /// <summary>The reduction per year or cycle; null when the word is refused. The adjusted figure wherever there is one.</summary>
    public Quantity? Reduction { get; init; }

    /// <summary>Whether <see cref="Reduction"/> is adjusted for output and other drivers.</summary>
    public required bool IsAdjusted { get; init; }

    /// <summary>Plain difference before less after, per year or cycle, which may not be called a reduction when output fell; null when refused.</summary>
    public Quantity? PlainDifference { get; init; }

    /// <summary>Why the word is refused; empty when it may be used.</summary>
    public required IReadOnlyList<IndicatorReason> Reasons { get; init; }

    /// <summary>What to know beside the figure.</summary>
    public required IReadOnlyList<IndicatorReason> Notes { get; init; }
}

/// <summary>
/// The rule of GRI 302-4 and 305-5: a reduction comes from doing better, not from producing less or having others produce.
/// SOURCE: GRI 302: Energy 2016, disclosure 302-4, requirement 2.7 and its guidance.
/// </summary>
public static class ReductionClaim
{
    /// <summary>Judges the reduction of one load.</summary>
    /// <param name="comparison">The comparison of both sides.</param>
    /// <param name="load">The load.</param>
    /// <param name="adjusted">The adjusted saving; null when there is none.</param>
    /// <exception cref="ArgumentNullException">No comparison.</exception>
    public static ReductionResult Judge(EfficiencyComparison comparison, LoadKind load, AdjustedSaving? adjusted)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        Indicator amount = comparison.Of(IndicatorForm.Absolute, load);
        Indicator output = comparison.Indicators.First(indicator => indicator.Form == IndicatorForm.Output);
        Quantity? plain = amount is { ChangePercent: not null, Before: { } before, After: { } after }
            ? new Quantity(before - after, PairText.UnitOf(load))
            : null;
        if (adjusted is not null)
        {
            return ByAdjustment(adjusted, load, plain);
        }

        List<IndicatorReason> reasons = [];
        if (plain is null)
        {
            reasons.AddRange(amount.Reasons);
        }
        else if (plain.Value.Value <= 0)
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.NoReduction, FigureText.Line(
                $"{PairText.Name(load)} did not fall: {FigureText.Of(amount.ChangePercent!.Value)} %.")));
        }

        if (output.ChangePercent is null)
        {
            reasons.AddRange(output.Reasons);
        }
        else if (output.ChangePercent < 0)
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.OutputFellUnadjusted, FigureText.Line(
                $"Output fell by {FigureText.Of(-output.ChangePercent.Value)} %, and there is no baseline adjusted for output: the fall of the load may be less work, not a reduction.")));
        }

        return new ReductionResult
        {
            Reduction = reasons.Count == 0 ? plain : null,
            IsAdjusted = false,
            PlainDifference = plain,
            Reasons = reasons,
            Notes = reasons.Count > 0 ? [] : [new IndicatorReason(IndicatorReasonKind.NotAdjusted,
                "The figure is the plain difference. Output did not fall, so it is not overstated by less work; weather and product mix are not allowed for.")],
        };
    }

    private static ReductionResult ByAdjustment(AdjustedSaving adjusted, LoadKind load, Quantity? plain)
    {
        List<IndicatorReason> reasons = [];
        List<IndicatorReason> notes = [];
        Quantity saving = adjusted.Saving;
        if (!double.IsFinite(saving.Value) || !(adjusted.HalfWidth >= 0) || double.IsInfinity(adjusted.HalfWidth))
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.NotFinite, "The adjusted saving or its half-width is no finite number."));
        }
        else if (!saving.Unit.IsConvertibleTo(PairText.UnitOf(load)))
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.UnitMismatch, FigureText.Line(
                $"The adjusted saving is stated in {saving.Unit.Symbol}, which does not measure {PairText.Name(load)}.")));
        }
        else if (saving.Value <= 0)
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.NoReduction, FigureText.Line(
                $"The adjusted saving is {FigureText.Of(saving.Value)} {saving.Unit.Symbol}: no reduction, whatever the plain difference says.")));
        }
        else if (saving.Value <= adjusted.HalfWidth)
        {
            notes.Add(new IndicatorReason(IndicatorReasonKind.Inconsistent, FigureText.Line(
                $"The half-width {FigureText.Of(adjusted.HalfWidth)} {saving.Unit.Symbol} is not smaller than the saving: it may as well be zero.")));
        }

        return new ReductionResult
        {
            Reduction = reasons.Count == 0 ? saving.To(PairText.UnitOf(load)) : null,
            IsAdjusted = true,
            PlainDifference = plain,
            Reasons = reasons,
            Notes = notes,
        };
    }
}
