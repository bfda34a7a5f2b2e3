namespace Metering.Analytics.Statistics;

/// <summary>The chi-square distribution, by the incomplete gamma function (NIST Digital Library of Mathematical Functions 8.11.4 and 8.9.2).</summary>
internal static class ChiSquare
{
    private const int MaximumTerms = 10_000;
    private const double Precision = 1e-15;
    private const double Tiny = 1e-300;

    /// <summary>Probability that a chi-square variable is at least <paramref name="x"/>.</summary>
    public static double Tail(double x, double degreesOfFreedom)
    {
        if (!(x > 0))
        {
            return 1;
        }

        double a = degreesOfFreedom / 2;
        double z = x / 2;
        if (double.IsInfinity(z) || z > 1e300)
        {
            return 0;
        }

        double front = Elementary.Exp(Math.Min(0, (a * Elementary.Log(Math.Max(z, 1e-300))) - z - Elementary.LogGamma(a)));
        return z < a + 1 ? 1 - (front * Series(a, z)) : front * Fraction(a, z);
    }

    private static double Series(double a, double z)
    {
        double term = 1 / a;
        double sum = term;
        for (int k = 1; k <= MaximumTerms && term > Precision * sum; k++)
        {
            term *= z / (a + k);
            sum += term;
        }

        return sum;
    }

    private static double Fraction(double a, double z)
    {
        double b = z + 1 - a;
        double c = 1 / Tiny;
        double d = 1 / b;
        double fraction = d;
        for (int k = 1; k <= MaximumTerms; k++)
        {
            double numerator = -k * (k - a);
            b += 2;
            d = (numerator * d) + b;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = b + (numerator / c);
            c = Math.Abs(c) < Tiny ? Tiny : c;
            double factor = d * c;
            fraction *= factor;
            if (Math.Abs(factor - 1) < Precision)
            {
                break;
            }
        }

        return fraction;
    }
}
