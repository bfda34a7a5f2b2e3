namespace Metering.Analytics.Statistics;

/// <summary>
/// The regularised incomplete beta function, by its continued fraction (NIST Digital Library of Mathematical Functions
/// 8.17.22, by the recurrence of its numerators and denominators). Relative error about 1e-13 for the arguments that t and F tests
/// produce. Halves of whole numbers up to 149, as those tests have with few rows, need no logarithm.
/// </summary>
internal static class BetaFunction
{
    private const int MaximumTerms = 20_000;
    private const double Precision = 4e-16;

    /// <summary>Numerators and denominators are brought back to one outside 1e-100 to 1e100.</summary>
    private const double Large = 1e100;

    /// <summary>Twice the largest argument of the gamma function in the table; its value is below 1e260.</summary>
    private const int TableEnd = 298;

    /// <summary>Gamma of k/2 at k, by its recurrence from the root of pi and from 1.</summary>
    private static readonly double[] GammaOfHalves = Gammas();

    /// <summary>I_x(a, b). <paramref name="complement"/> is 1 - x, given apart so that small tails keep their digits.</summary>
    public static double Regularised(double a, double b, double x, double complement)
    {
        if (x <= 0)
        {
            return 0;
        }

        if (complement <= 0)
        {
            return 1;
        }

        double front = Front(a, b, x, complement);
        return x < (a + 1) / (a + b + 2)
            ? front * Fraction(a, b, x) / a
            : 1 - (front * Fraction(b, a, complement) / b);
    }

    private static double LogOrFloor(double x) => x < 1e-300 ? -700 : Elementary.Log(x);

    /// <summary>x^a (1 - x)^b / B(a, b).</summary>
    private static double Front(double a, double b, double x, double complement)
    {
        double twiceA = 2 * a;
        double twiceB = 2 * b;
        if (twiceA + twiceB <= TableEnd && twiceA == (int)twiceA && twiceB == (int)twiceB)
        {
            int i = (int)twiceA;
            int j = (int)twiceB;
            return GammaOfHalves[i + j] / (GammaOfHalves[i] * GammaOfHalves[j]) * HalfPower(x, i) * HalfPower(complement, j);
        }

        return Elementary.Exp(Elementary.LogGamma(a + b) - Elementary.LogGamma(a) - Elementary.LogGamma(b)
            + (a * LogOrFloor(x)) + (b * LogOrFloor(complement)));
    }

    /// <summary>x to the power of half a whole number.</summary>
    private static double HalfPower(double x, int halves)
    {
        double power = (halves & 1) == 1 ? Math.Sqrt(x) : 1;
        for (int rest = halves >> 1; rest > 0; rest >>= 1)
        {
            power *= (rest & 1) == 1 ? x : 1;
            x *= x;
        }

        return power;
    }

    private static double[] Gammas()
    {
        double[] gammas = new double[TableEnd + 1];
        gammas[1] = Math.Sqrt(Math.PI);
        gammas[2] = 1;
        for (int k = 3; k <= TableEnd; k++)
        {
            gammas[k] = gammas[k - 2] * ((k - 2) / 2.0);
        }

        return gammas;
    }

    /// <summary>
    /// The continued fraction, for x below (a + 1)/(a + b + 2), where it converges fast. Each partial numerator joins numerator and
    /// denominator of the convergent without a division in the chain.
    /// </summary>
    private static double Fraction(double a, double b, double x)
    {
        double first = 1;
        double below = 1 - ((a + b) * x / (a + 1));
        double before = 1;
        double belowBefore = 1;
        for (int m = 1; m <= MaximumTerms; m++)
        {
            double twice = a + (2 * m);
            double even = m * (b - m) * x / ((twice - 1) * twice);
            double odd = -(a + m) * (a + b + m) * x / (twice * (twice + 1));
            before = first + (even * before);
            belowBefore = below + (even * belowBefore);
            first = before + (odd * first);
            below = belowBefore + (odd * below);
            double change = (first * belowBefore) - (before * below);
            if (Math.Abs(change) <= Precision * Math.Abs(first * belowBefore))
            {
                break;
            }

            if (Math.Abs(below) > Large || Math.Abs(below) < 1 / Large)
            {
                double scale = 1 / below;
                first *= scale;
                below *= scale;
                before *= scale;
                belowBefore *= scale;
            }
        }

        return first / below;
    }
}
