namespace Metering.Analytics.Statistics;

/// <summary>
/// Exponential and logarithms from + - * / alone, because the platform's mathematical library may differ in the last bit
/// between processors and systems. Relative error below 1e-15 for <see cref="Exp"/> and <see cref="Log"/>,
/// absolute error below 2e-14 times the size of the result for <see cref="LogGamma"/>.
/// </summary>
internal static class Elementary
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double SquareRootOfHalf = 0.70710678118654752;
    private const double HalfLogOfTwoPi = 0.91893853320467274178;
    private const double StirlingFrom = 16;
    private const double SmallestNormal = 2.2250738585072014e-308;
    private const int ExponentBias = 1023;
    private const int MantissaBits = 52;
    private const int LogTerms = 12;
    private const int ExpTerms = 15;

    /// <summary>1 / (2 term + 1), each one division as in the series of the logarithm.</summary>
    private static readonly double[] OddReciprocals = [.. Enumerable.Range(0, LogTerms + 1).Select(term => 1.0 / ((2 * term) + 1))];

    /// <summary>Natural logarithm of a positive normal number.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsInfinity(x) || x < SmallestNormal)
        {
            throw new ArgumentOutOfRangeException(nameof(x), x, "A logarithm needs a positive, finite, normal number.");
        }

        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> MantissaBits) - ExponentBias + 1;
        double mantissa = BitConverter.Int64BitsToDouble(
            (bits & ((1L << MantissaBits) - 1)) | ((long)(ExponentBias - 1) << MantissaBits));
        if (mantissa < SquareRootOfHalf)
        {
            mantissa *= 2;
            exponent--;
        }

        // log m = 2 artanh((m - 1) / (m + 1)); the argument is at most 0.172.
        double s = (mantissa - 1) / (mantissa + 1);
        double square = s * s;
        double series = 0;
        for (int term = LogTerms; term >= 1; term--)
        {
            series = (series + OddReciprocals[term]) * square;
        }

        return (exponent * Ln2High) + ((exponent * Ln2Low) + ((2 * s) + (2 * s * series)));
    }

    /// <summary>e to the power x; 0 below -708 (the result would not be a normal number). x at most 709.</summary>
    public static double Exp(double x)
    {
        const double smallest = -708;
        const double largest = 709;
        if (x < smallest)
        {
            return 0;
        }

        if (!(x <= largest))
        {
            throw new ArgumentOutOfRangeException(nameof(x), x, "The exponential would overflow.");
        }

        double scaled = x / (Ln2High + Ln2Low);
        int power = (int)(scaled + (scaled < 0 ? -0.5 : 0.5));
        double rest = (x - (power * Ln2High)) - (power * Ln2Low);
        double series = 0;
        for (int term = ExpTerms; term >= 1; term--)
        {
            series = (series + 1) * rest / term;
        }

        return (1 + series) * BitConverter.Int64BitsToDouble((long)(power + ExponentBias) << MantissaBits);
    }

    /// <summary>Logarithm of the gamma function for x above 0: Stirling's series after shifting x to 16 or more.</summary>
    public static double LogGamma(double x)
    {
        if (!(x > 0) || double.IsInfinity(x))
        {
            throw new ArgumentOutOfRangeException(nameof(x), x, "The gamma function is needed for positive numbers only.");
        }

        double product = 1;
        while (x < StirlingFrom)
        {
            product *= x;
            x += 1;
        }

        // Abramowitz and Stegun 6.1.41.
        double inverse = 1 / x;
        double square = inverse * inverse;
        double series = inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260)
            - (square * ((1.0 / 1680) - (square * (1.0 / 1188)))))))));
        return ((x - 0.5) * Log(x)) - x + HalfLogOfTwoPi + series - Log(product);
    }
}
