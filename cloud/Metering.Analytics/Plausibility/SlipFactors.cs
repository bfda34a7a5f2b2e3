using Metering.Analytics.Indicators;

namespace Metering.Analytics.Plausibility;

/// <summary>Tells a slipped point or a mistaken unit from an ordinary difference, by the ratio of two figures.</summary>
internal static class SlipFactors
{
    /// <summary>Ratios from 1/1.5 to 1.5 are no slip. Between two powers of ten lies a factor 3.2, so that 1.5 around each leaves room for "unexplained".</summary>
    public const double OrdinaryFactor = 1.5;

    /// <summary>How close a ratio has to come to the exact factor of two units.</summary>
    private const double UnitTolerance = 0.04;

    private const int LargestExponent = 9;

    private static readonly LikelyCause[] Units =
    [
        new(3.6, "MJ against kWh (3.6)"),
        new(3600, "kJ against kWh, or per second against per hour (3600)"),
        new(277.777777777777777, "GJ against kWh (277.8)"),
        new(3.785411784, "US gallons against litres (3.785)"),
        new(264.172052358148, "m3 against US gallons (264.2)"),
        new(35.3146667214886, "m3 against cubic feet (35.31)"),
        new(2.83168465925, "hundred cubic feet against m3 (2.832)"),
        new(3.66412590124844, "carbon against carbon dioxide (44/12)"),
        new(12, "one month against one year (12)"),
        new(365.2425, "one day against one year (365)"),
        new(24, "one hour against one day (24)"),
        new(60, "per minute against per hour (60)"),
        new(158.987294928, "barrels against litres (159)"),
    ];

    /// <summary>The kind of a positive ratio and the causes that would lead to it.</summary>
    public static (PlausibilityKind Kind, List<LikelyCause> Causes) Classify(double ratio, double tolerance)
    {
        double size = ratio >= 1 ? ratio : 1 / ratio;
        List<LikelyCause> causes = [];
        if (size <= OrdinaryFactor)
        {
            return (size <= 1 + tolerance ? PlausibilityKind.Consistent : PlausibilityKind.Differs, causes);
        }

        PlausibilityKind kind = PlausibilityKind.Unexplained;
        foreach (LikelyCause unit in Units)
        {
            if (Distance(size, unit.Factor) <= 1 + UnitTolerance)
            {
                causes.Add(Directed(ratio, unit));
                kind = PlausibilityKind.UnitFactor;
            }
        }

        double power = 1;
        for (int exponent = 1; exponent <= LargestExponent; exponent++)
        {
            power *= 10;
            if (Distance(size, power) <= OrdinaryFactor)
            {
                causes.Add(Directed(ratio, new LikelyCause(power, PowerText(exponent, power))));
                kind = kind == PlausibilityKind.UnitFactor && Distance(size, power) > Distance(size, NearestUnit(size)) ? kind : PlausibilityKind.PowerOfTen;
            }
        }

        causes.Sort((left, right) => Distance(ratio, left.Factor).CompareTo(Distance(ratio, right.Factor)));
        return (kind, causes);
    }

    /// <summary>How many times one positive figure is the other, at least 1.</summary>
    public static double Distance(double left, double right) => left >= right ? left / right : right / left;

    private static double NearestUnit(double size)
    {
        double nearest = double.PositiveInfinity;
        foreach (LikelyCause unit in Units)
        {
            nearest = double.IsInfinity(nearest) || Distance(size, unit.Factor) < Distance(size, nearest) ? unit.Factor : nearest;
        }

        return nearest;
    }

    private static LikelyCause Directed(double ratio, LikelyCause cause) =>
        ratio >= 1 ? cause : new LikelyCause(1 / cause.Factor, cause.Cause);

    private static string PowerText(int exponent, double power) => exponent switch
    {
        1 => "a slipped decimal point (10)",
        3 => "a thousands point read as a decimal one, or a prefix (kWh for MWh, L for m3, kg for t) (1000)",
        6 => "two prefixes (kWh for GWh, g for t) (1 000 000)",
        _ => FigureText.Line($"a slipped decimal point or prefix ({FigureText.Of(power)})"),
    };
}
