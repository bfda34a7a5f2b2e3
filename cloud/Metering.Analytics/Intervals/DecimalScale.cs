namespace Metering.Analytics.Intervals;

/// <summary>Exact integers in units of 10^-exponent, and the nearest double to them.</summary>
internal static class DecimalScale
{
    /// <summary>Largest exponent: 10^18 is the last power of ten that a long holds.</summary>
    public const int MaximumExponent = 18;

    private static readonly long[] Powers = BuildPowers();

    public static long Power(int exponent) => Powers[exponent];

    // A double holds 10^0 to 10^22 exactly, so that one division is the only rounding for amounts below 2^53.
    public static double ToDouble(long scaled, int exponent) => scaled / (double)Powers[exponent];

    public static double ToDouble(Int128 scaled, int exponent) => (double)scaled / Powers[exponent];

    private static long[] BuildPowers()
    {
        long[] powers = new long[MaximumExponent + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
