using Metering.Analytics.Statistics;

namespace Metering.Tests.Analytics.Simulation;

/// <summary>
/// Chance that a seed fixes on every processor and every version of the platform: SplitMix64 (Steele, Lea and Flood 2014) and
/// normal deviates by Marsaglia's polar method with the library's own logarithm.
/// </summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong state = seed;
    private double spare = double.NaN;

    /// <summary>64 even bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>From 0 to below 1, in steps of 2^-53.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>From <paramref name="low"/> to below <paramref name="high"/>.</summary>
    public double Uniform(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>A whole number from <paramref name="low"/> to <paramref name="high"/>, both possible.</summary>
    public int Whole(int low, int high) => low + (int)((high - low + 1) * Uniform());

    /// <summary>One of the values, each as likely.</summary>
    public double Pick(ReadOnlySpan<double> values) => values[Whole(0, values.Length - 1)];

    /// <summary>Mean 0, standard deviation 1.</summary>
    public double Normal()
    {
        if (!double.IsNaN(spare))
        {
            double kept = spare;
            spare = double.NaN;
            return kept;
        }

        double x;
        double y;
        double square;
        do
        {
            x = Uniform(-1, 1);
            y = Uniform(-1, 1);
            square = (x * x) + (y * y);
        }
        while (square >= 1 || square < 1e-300);

        double length = Math.Sqrt(-2 * Elementary.Log(square) / square);
        spare = y * length;
        return x * length;
    }
}
