namespace Metering.Analytics.Indicators;

/// <summary>What others of a sector use, from one source: a range, never a target and never a score.</summary>
public sealed record SectorBand
{
    /// <summary>Sector, as the country pack spells it.</summary>
    public required string Sector { get; init; }

    /// <summary>What is related to what: "water per salted hide".</summary>
    public required string Indicator { get; init; }

    /// <summary>Unit of both ends.</summary>
    public required RatioUnit Unit { get; init; }

    /// <summary>Lower end; NaN when the source states none.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end; NaN when the source states none.</summary>
    public required double High { get; init; }

    /// <summary>Years the band describes; open when the source does not say until when.</summary>
    public required DateSpan Validity { get; init; }

    /// <summary>Where it comes from.</summary>
    public required SourceNote Note { get; init; }

    /// <summary>What has to be alike for a comparison to mean something: process, climate, boundary.</summary>
    public string Conditions { get; init; } = "";
}

/// <summary>Where a value lies.</summary>
public enum BandSide
{
    /// <summary>Below the lower end.</summary>
    Below = 0,

    /// <summary>Between the ends, both included.</summary>
    Within = 1,

    /// <summary>Above the upper end.</summary>
    Above = 2,
}

/// <summary>A value beside one band.</summary>
/// <param name="Band">The band.</param>
/// <param name="Value">The value in the band's unit.</param>
/// <param name="Side">Where it lies.</param>
/// <param name="RatioToNearestEnd">Value divided by the end it has passed; 1 inside the band. NaN when that end is zero.</param>
/// <param name="Sentence">The position with source and mark, for the page.</param>
public sealed record BandPosition(SectorBand Band, double Value, BandSide Side, double RatioToNearestEnd, string Sentence);

/// <summary>Positions beside all bands that apply, or the reasons why a band does not.</summary>
/// <param name="Positions">One per band that applies; sources may disagree, and then both are shown.</param>
/// <param name="Reasons">Bands that do not apply, and faults of the value.</param>
public sealed record BandOutcome(IReadOnlyList<BandPosition> Positions, IReadOnlyList<IndicatorReason> Reasons);

/// <summary>Places an indicator beside dated, sourced bands.</summary>
public static class SectorBands
{
    /// <summary>The position of a value beside each band of the same sector and indicator.</summary>
    /// <param name="value">The value, zero or more.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="day">A day of the period the value describes.</param>
    /// <param name="bands">Bands of one sector and indicator; others are the caller's to leave out.</param>
    /// <exception cref="ArgumentNullException">No bands.</exception>
    public static BandOutcome Place(double value, RatioUnit unit, DateOnly day, IReadOnlyList<SectorBand> bands)
    {
        ArgumentNullException.ThrowIfNull(bands);
        List<BandPosition> positions = [];
        List<IndicatorReason> reasons = [];
        AmountCheck.Check("value", new Quantity(value, unit.Numerator), reasons);
        foreach (SectorBand band in reasons.Count == 0 ? bands : [])
        {
            IndicatorReason? against = WhyNot(band, unit, day);
            if (against is not null)
            {
                reasons.Add(against);
                continue;
            }

            double there = unit.Convert(value, band.Unit);
            (BandSide side, double end) = there < band.Low ? (BandSide.Below, band.Low)
                : there > band.High ? (BandSide.Above, band.High)
                : (BandSide.Within, there);
            double ratio = side == BandSide.Within ? 1 : there / end;
            ratio = double.IsFinite(ratio) ? ratio : double.NaN;
            positions.Add(new BandPosition(band, there, side, ratio, Sentence(band, there, side)));
        }

        return new BandOutcome(positions, reasons);
    }

    private static IndicatorReason? WhyNot(SectorBand band, RatioUnit unit, DateOnly day)
    {
        if (!unit.IsConvertibleTo(band.Unit))
        {
            return new IndicatorReason(IndicatorReasonKind.UnitMismatch, FigureText.Line(
                $"The band of {band.Note.Source} is stated in {band.Unit.Symbol}, the value in {unit.Symbol}."));
        }

        if (!band.Validity.Contains(day))
        {
            return new IndicatorReason(IndicatorReasonKind.NoFactor, FigureText.Line(
                $"The band of {band.Note.Source} describes {band.Validity}, not {day:yyyy-MM-dd}."));
        }

        bool isEmpty = double.IsNaN(band.Low) && double.IsNaN(band.High);
        return isEmpty || band.Low > band.High || band.Low < 0 || double.IsInfinity(band.Low) || double.IsInfinity(band.High)
            ? new IndicatorReason(IndicatorReasonKind.Inconsistent, FigureText.Line($"The band of {band.Note.Source} has no usable ends."))
            : null;
    }

    private static string Sentence(SectorBand band, double value, BandSide side)
    {
        string where = side switch { BandSide.Below => "below", BandSide.Above => "above", _ => "within" };
        string low = double.IsNaN(band.Low) ? "" : "from " + FigureText.Of(band.Low) + " ";
        string high = double.IsNaN(band.High) ? "" : "to " + FigureText.Of(band.High) + " ";
        string mark = band.Note.Mark is { } text ? "; " + text : "";
        string conditions = band.Conditions.Length > 0 ? "; " + band.Conditions : "";
        return FigureText.Line($"{FigureText.Of(value)} {band.Unit.Symbol} is {where} the band {low}{high}({band.Note.Source}{mark}{conditions}).");
    }
}
