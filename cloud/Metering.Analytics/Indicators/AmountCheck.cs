namespace Metering.Analytics.Indicators;

/// <summary>The one way in which amounts are found fit to be calculated with.</summary>
internal static class AmountCheck
{
    /// <summary>Amounts beyond this are a slipped exponent, and products of three of them still fit into a double.</summary>
    public const double Largest = 1e15;

    /// <summary>Adds a reason when the amount is missing, too large, negative or without a unit.</summary>
    public static void Check(string name, Quantity amount, List<IndicatorReason> reasons)
    {
        IndicatorReason? fault = amount switch
        {
            { Unit.Dimension: Dimension.None } => new IndicatorReason(IndicatorReasonKind.UnitMismatch, name + ": the unit is not stated."),
            { Value: double.NaN } => new IndicatorReason(IndicatorReasonKind.Missing, name + ": the amount is missing."),
            { Value: double.PositiveInfinity or double.NegativeInfinity } => new IndicatorReason(IndicatorReasonKind.NotFinite, name + ": the amount is infinite."),
            { Value: > Largest } => new IndicatorReason(IndicatorReasonKind.NotFinite, FigureText.Line(
                $"{name}: {FigureText.Of(amount.Value)} {amount.Unit.Symbol} is too large to be meant.")),
            { Value: < 0 } => new IndicatorReason(IndicatorReasonKind.Negative, FigureText.Line(
                $"{name}: {FigureText.Of(amount.Value)} {amount.Unit.Symbol} is negative.")),
            _ => null,
        };
        if (fault is not null)
        {
            reasons.Add(fault);
        }
    }

    /// <summary><see cref="Check"/>, and the unit has to measure the right thing.</summary>
    public static void CheckDimension(string name, Quantity amount, Dimension dimension, List<IndicatorReason> reasons)
    {
        Check(name, amount, reasons);
        if (amount.Unit.Dimension != dimension && amount.Unit.Dimension != Dimension.None)
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.UnitMismatch, FigureText.Line(
                $"{name} is stated in {amount.Unit.Symbol}, which does not measure {dimension}.")));
        }
    }
}
