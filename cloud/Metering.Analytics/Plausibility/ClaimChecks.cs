using Metering.Analytics.Indicators;

namespace Metering.Analytics.Plausibility;

/// <summary>Checks of published or typed claims against what they claim to follow from.</summary>
public static class ClaimChecks
{
    /// <summary>Differences up to 5 % are rounding; 10 % and more have been seen between factors of neighbouring years.</summary>
    public const double DefaultTolerance = 0.05;

    private const double NearlyAll = 0.9;
    private const double SameFactor = 0.005;
    private const string CheckUnits = "Look at the unit and the separators in the source document, and ask for the derivation.";

    /// <summary>Claimed emissions against energy x factor.</summary>
    /// <param name="energy">Energy saved or used, any unit of energy.</param>
    /// <param name="claimedTonnes">Claimed t CO2e as printed ("8.065", "54,587"), without the unit.</param>
    /// <param name="factor">The factor that should apply, per unit of energy.</param>
    /// <param name="otherFactors">Factors of other years, to recognise one taken by mistake; may be empty.</param>
    /// <exception cref="ArgumentException">A factor not stated per unit of energy.</exception>
    public static PlausibilityFinding Emissions(Quantity energy, string claimedTonnes, EmissionFactor factor, IReadOnlyList<EmissionFactor> otherFactors)
    {
        ArgumentNullException.ThrowIfNull(claimedTonnes);
        ArgumentNullException.ThrowIfNull(factor);
        ArgumentNullException.ThrowIfNull(otherFactors);
        double expected = energy.To(factor.Per).Value * factor.KilogramsCarbonDioxideEquivalent / 1000;
        IReadOnlyList<double> readings = AmbiguousNumber.Readings(claimedTonnes);
        if (readings.Count == 0 || readings[0] <= 0 || !(expected > 0) || !double.IsFinite(expected))
        {
            return CannotCheck(FigureText.Line($"\"{claimedTonnes}\" t against {FigureText.Of(expected)} t expected: one is not a positive number."));
        }

        string derivation = FigureText.Line(
            $"{FigureText.Of(energy.Value)} {energy.Unit.Symbol} x {FigureText.Of(factor.KilogramsCarbonDioxideEquivalent)} kg/{factor.Per.Symbol} = {FigureText.Of(expected)} t CO2e ({factor.Note.Source}); claimed \"{claimedTonnes}\" t");
        PlausibilityFinding first = Compare(readings[0], expected, derivation, DefaultTolerance);
        if (readings.Count > 1 && first.Kind is not (PlausibilityKind.Consistent or PlausibilityKind.Differs)
            && SlipFactors.Distance(readings[1], expected) <= SlipFactors.OrdinaryFactor)
        {
            return first with
            {
                Kind = PlausibilityKind.SeparatorMisread,
                LikelyCauses = [new LikelyCause(readings[0] / readings[1], "the separator parts thousands (1000)"), .. first.LikelyCauses],
                Detail = FigureText.Line($"{derivation}. Read as {FigureText.Of(readings[1])} t it is {FigureText.Of(readings[1] / expected)} times what is expected."),
                WhatToCheck = "Whether the point or comma in the printed figure parts thousands or decimals.",
            };
        }

        return first.Kind == PlausibilityKind.Differs && OtherYear(readings[0] / expected, factor, otherFactors) is { } other
            ? first with
            {
                Kind = PlausibilityKind.OtherYear,
                LikelyCauses = [new LikelyCause(readings[0] / expected, FigureText.Line($"the factor of {other.Validity} ({other.Note.Source})"))],
                WhatToCheck = "Which year the energy was used in, and which year's factor was taken.",
            }
            : first;
    }

    /// <summary>One figure against another that should be equal: a sum and its parts, a report and its source.</summary>
    /// <param name="claimed">The figure to check.</param>
    /// <param name="expected">What it should be, in a unit that converts.</param>
    /// <param name="tolerance">Relative difference that is no finding, 0 to 0.5.</param>
    /// <exception cref="ArgumentException">Units that measure different things, or a tolerance out of range.</exception>
    public static PlausibilityFinding Equal(Quantity claimed, Quantity expected, double tolerance = DefaultTolerance)
    {
        if (!(tolerance >= 0 && tolerance <= SlipFactors.OrdinaryFactor - 1))
        {
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "A tolerance is 0 to 0.5.");
        }

        double there = claimed.To(expected.Unit).Value;
        return Compare(there, expected.Value, FigureText.Line(
            $"{FigureText.Of(claimed.Value)} {claimed.Unit.Symbol} against {FigureText.Of(expected.Value)} {expected.Unit.Symbol} expected"), tolerance);
    }

    /// <summary>A ratio such as m3/t or kWh/t against the bands of its sector.</summary>
    /// <param name="value">The ratio.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="day">A day of the period it describes.</param>
    /// <param name="bands">Bands of one sector and indicator.</param>
    public static IReadOnlyList<PlausibilityFinding> AgainstBands(double value, RatioUnit unit, DateOnly day, IReadOnlyList<SectorBand> bands)
    {
        BandOutcome outcome = SectorBands.Place(value, unit, day, bands);
        List<PlausibilityFinding> findings = [];
        foreach (IndicatorReason reason in outcome.Reasons)
        {
            findings.Add(CannotCheck(reason.Detail));
        }

        foreach (BandPosition position in outcome.Positions)
        {
            if (position.Side == BandSide.Within || !(position.RatioToNearestEnd > 0))
            {
                findings.Add(new PlausibilityFinding
                {
                    Kind = position.Side == BandSide.Within ? PlausibilityKind.Consistent : PlausibilityKind.Unexplained,
                    MeasuredRatio = position.RatioToNearestEnd,
                    LikelyCauses = [],
                    Detail = position.Sentence,
                    WhatToCheck = position.Side == BandSide.Within ? "" : CheckUnits,
                });
                continue;
            }

            findings.Add(OutsideBand(position));
        }

        return findings;
    }

    // Outside a band every slip that would bring the value inside is a candidate; a band is wide, so several may be.
    private static PlausibilityFinding OutsideBand(BandPosition position)
    {
        List<LikelyCause> causes = [];
        foreach ((double factor, string text) in new[] { (10.0, "a slipped decimal point (10)"), (1000.0, "L for m3, kWh for MWh or kg for t (1000)") })
        {
            double slip = position.Side == BandSide.Above ? factor : 1 / factor;
            double repaired = position.Value / slip;
            if (!(repaired < position.Band.Low) && !(repaired > position.Band.High))
            {
                causes.Add(new LikelyCause(slip, text));
            }
        }

        bool isNear = SlipFactors.Distance(position.RatioToNearestEnd, 1) <= SlipFactors.OrdinaryFactor;
        return new PlausibilityFinding
        {
            Kind = isNear ? PlausibilityKind.Differs : causes.Count > 0 ? PlausibilityKind.PowerOfTen : PlausibilityKind.Unexplained,
            MeasuredRatio = position.RatioToNearestEnd,
            LikelyCauses = isNear ? [] : causes,
            Detail = position.Sentence,
            WhatToCheck = isNear ? "Whether the boundary and process are those of the band." : CheckUnits,
        };
    }

    /// <summary>A saving against the use it was saved from, and the percentage printed beside it.</summary>
    /// <param name="saving">The saving.</param>
    /// <param name="useBefore">Use before, of the same span.</param>
    /// <param name="claimedPercent">The printed percentage; null when none is printed.</param>
    /// <exception cref="ArgumentException">Units that measure different things.</exception>
    public static PlausibilityFinding Saving(Quantity saving, Quantity useBefore, double? claimedPercent = null)
    {
        double ratio = saving.To(useBefore.Unit).Value / useBefore.Value;
        string detail = FigureText.Line($"{FigureText.Of(saving.Value)} {saving.Unit.Symbol} saved of {FigureText.Of(useBefore.Value)} {useBefore.Unit.Symbol} ({FigureText.Of(100 * ratio)} %)");
        if (!(useBefore.Value > 0) || !double.IsFinite(ratio) || claimedPercent is double.NaN)
        {
            return CannotCheck(detail + ": the use before is not a positive number, or a figure is missing.");
        }

        if (ratio > NearlyAll)
        {
            List<LikelyCause> causes = SlipFactors.Classify(ratio, DefaultTolerance).Causes;
            return new PlausibilityFinding
            {
                Kind = PlausibilityKind.SavingAboveUse,
                MeasuredRatio = ratio,
                LikelyCauses = causes,
                Detail = detail + (ratio > 1 ? ": more than was used." : ": nearly all that was used."),
                WhatToCheck = "Whether saving and use cover the same span, meters and unit; whether the meter still runs.",
            };
        }

        if (claimedPercent is { } percent && Math.Abs(percent - (100 * ratio)) > Math.Max(0.5, Math.Abs(100 * ratio) * DefaultTolerance))
        {
            return Arithmetic(percent / (100 * ratio), FigureText.Line($"{detail}, but {FigureText.Of(percent)} % are claimed."));
        }

        return new PlausibilityFinding { Kind = PlausibilityKind.Consistent, MeasuredRatio = ratio, LikelyCauses = [], Detail = detail + ".", WhatToCheck = "" };
    }

    /// <summary>A printed payback against investment / yearly saving.</summary>
    /// <param name="investment">Money spent.</param>
    /// <param name="yearlySaving">Money saved in a year, same currency.</param>
    /// <param name="claimed">The printed payback.</param>
    /// <exception cref="ArgumentException">Not money, or different money.</exception>
    public static PlausibilityFinding Payback(Quantity investment, Quantity yearlySaving, TimeSpan claimed)
    {
        if (investment.Unit.Dimension != Dimension.Money)
        {
            throw new ArgumentException("A payback relates money to money.", nameof(investment));
        }

        double years = investment.Value / yearlySaving.To(investment.Unit).Value;
        double claimedYears = claimed.TotalDays / 365.2425;
        string detail = FigureText.Line(
            $"{FigureText.Of(investment.Value)} / {FigureText.Of(yearlySaving.Value)} {investment.Unit.Symbol} a year = {FigureText.Of(years)} years; claimed are {FigureText.Of(claimedYears)} years");
        if (!(years > 0) || !double.IsFinite(years) || !(claimedYears > 0))
        {
            return CannotCheck(detail + ": investment, saving and payback have to be positive.");
        }

        double ratio = claimedYears / years;
        return SlipFactors.Distance(ratio, 1) <= 1 + (2 * DefaultTolerance)
            ? new PlausibilityFinding { Kind = PlausibilityKind.Consistent, MeasuredRatio = ratio, LikelyCauses = [], Detail = detail + ".", WhatToCheck = "" }
            : Arithmetic(ratio, detail + ".");
    }

    private static PlausibilityFinding Compare(double claimed, double expected, string text, double tolerance)
    {
        double ratio = claimed / expected;
        if (!(ratio > 0) || !double.IsFinite(ratio) || !(claimed > 0) || !double.IsFinite(1 / ratio))
        {
            return CannotCheck(text + ": one of them is not a positive number.");
        }

        (PlausibilityKind kind, List<LikelyCause> causes) = SlipFactors.Classify(ratio, tolerance);
        return new PlausibilityFinding
        {
            Kind = kind,
            MeasuredRatio = ratio,
            LikelyCauses = causes,
            Detail = FigureText.Line($"{text}: {FigureText.Of(ratio)} times."),
            WhatToCheck = kind switch
            {
                PlausibilityKind.Consistent => "",
                PlausibilityKind.Differs => "Which factor, year and boundary were taken.",
                PlausibilityKind.Unexplained => "What else is in the claimed figure: another fuel, several years, another boundary. Ask for the derivation.",
                _ => CheckUnits,
            },
        };
    }

    private static PlausibilityFinding Arithmetic(double ratio, string detail) => new()
    {
        Kind = PlausibilityKind.ArithmeticDiffers,
        MeasuredRatio = ratio,
        LikelyCauses = ratio > 0 && double.IsFinite(ratio) && double.IsFinite(1 / ratio) ? SlipFactors.Classify(ratio, DefaultTolerance).Causes : [],
        Detail = detail,
        WhatToCheck = "Which parts the figure was computed from; months may have been taken for years.",
    };

    private static EmissionFactor? OtherYear(double ratio, EmissionFactor factor, IReadOnlyList<EmissionFactor> others)
    {
        foreach (EmissionFactor other in others)
        {
            if (other.Per.IsConvertibleTo(factor.Per) && other.KilogramsCarbonDioxideEquivalent > 0)
            {
                double implied = ratio * factor.KilogramsCarbonDioxideEquivalent;
                double there = other.KilogramsCarbonDioxideEquivalent / other.Per.Convert(1, factor.Per);
                if (SlipFactors.Distance(implied, there) <= 1 + SameFactor)
                {
                    return other;
                }
            }
        }

        return null;
    }

    private static PlausibilityFinding CannotCheck(string detail) => new()
    {
        Kind = PlausibilityKind.CannotBeChecked,
        MeasuredRatio = double.NaN,
        LikelyCauses = [],
        Detail = detail,
        WhatToCheck = "The figures themselves.",
    };
}
