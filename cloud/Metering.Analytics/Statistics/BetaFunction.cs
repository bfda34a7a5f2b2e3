namespace Metering.Analytics.Statistics;

/// <summary>
/// The regularised incomplete beta function, by its continued fraction (NIST Digital Library of Mathematical Functions
/// 8.17.22, evaluated with Lentz's method). Relative error about 1e-13 for the arguments that t and F tests produce.
/// </summary>
internal static class BetaFunction
{
    private const int MaximumTerms = 20_000;
    private const double Precision = 1e-16;
    private const double Tiny = 1e-300;

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

        double logFront = Elementary.LogGamma(a + b) - Elementary.LogGamma(a) - Elementary.LogGamma(b)
            + (a * LogOrFloor(x)) + (b * LogOrFloor(complement));
        double front = Elementary.Exp(logFront);
        return x < (a + 1) / (a + b + 2)
            ? front * Fraction(a, b, x) / a
            : 1 - (front * Fraction(b, a, complement) / b);
    }

    private static double LogOrFloor(double x) => x < 1e-300 ? -700 : Elementary.Log(x);

    private static double Fraction(double a, double b, double x)
    {
        double c = 1;
        double d = 1 / NotZero(1 - ((a + b) * x / (a + 1)));
        double fraction = d;
        for (int m = 1; m <= MaximumTerms; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            fraction *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            double factor = d * c;
            fraction *= factor;
            double change = factor - 1;
            if (change < Precision && change > -Precision)
            {
                return fraction;
            }
        }

        return fraction;
    }

    private static double NotZero(double x) => x < Tiny && x > -Tiny ? Tiny : x;
}
