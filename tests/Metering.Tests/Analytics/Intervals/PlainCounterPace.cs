using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;

namespace Metering.Tests.Analytics.Intervals;

/// <summary>
/// What is usual for a register: the spacing of its readings, and the fastest rise that is not an exception. Taken from at
/// most <see cref="MaximumSample"/> pairs of neighbours, spread evenly.
/// </summary>
internal readonly record struct PlainCounterPace
{
    private const int MaximumSample = 4096;
    private const int MinimumRises = 8;
    private const double UsualQuantile = 0.995;

    /// <summary>A configured maximum may be passed by this much (clock and meter tolerance; research of validation rules).</summary>
    private const double ConfiguredMargin = 1.1;

    /// <summary>Beyond this multiple of the usual rise a reading needs an explanation.</summary>
    private const double PlausibleFactor = 8;

    /// <summary>A rise beyond this multiple, straight after equal readings, is a register that had stood still.</summary>
    private const double CatchUpFactor = 3;

    /// <summary>Beyond this multiple a rise is another meter, even when no maximum is configured.</summary>
    private const double ImpossibleFactor = 400;

    /// <summary>Median time between readings, ms; 0 with fewer than two readings.</summary>
    public required long Spacing { get; init; }

    /// <summary>Steps per ms that need no explanation; infinite when nothing is known.</summary>
    public required double PlausibleRate { get; init; }

    /// <summary>Steps per ms above which equal readings before it mean a catch-up.</summary>
    public required double CatchUpRate { get; init; }

    /// <summary>Steps per ms that cannot be; infinite when nothing is known.</summary>
    public required double ImpossibleRate { get; init; }

    /// <summary>Whether a limit is known, configured or from the readings.</summary>
    public bool IsKnown => double.IsFinite(PlausibleRate);

    public bool IsPlausible(long rise, long milliseconds) => rise <= (PlausibleRate * milliseconds) + 1;

    public bool IsPossible(long rise, long milliseconds) => rise <= (ImpossibleRate * milliseconds) + 1;

    public bool IsCatchUp(long rise, long milliseconds) => rise > (CatchUpRate * milliseconds) + 1;

    public static PlainCounterPace Of(ReadOnlySpan<long> time, ReadOnlySpan<long> value, CounterOptions options)
    {
        int pairs = Math.Max(time.Length - 1, 0);
        int stride = Stride(pairs);
        long[] spacings = new long[(pairs / stride) + 1];
        double[] rates = new double[spacings.Length];
        int spacingCount = 0;
        int rateCount = 0;
        for (int i = 1; i <= pairs; i += stride)
        {
            long milliseconds = time[i] - time[i - 1];
            spacings[spacingCount++] = milliseconds;
            long rise = value[i] - value[i - 1];
            if (rise > 0)
            {
                rates[rateCount++] = rise / (double)milliseconds;
            }
        }

        double usual = rateCount < MinimumRises
            ? double.PositiveInfinity
            : OrderStatistic.Of(rates.AsSpan(0, rateCount), (int)(UsualQuantile * (rateCount - 1)));
        double configured = options.MaximumRatePerHour is { } perHour
            ? perHour * DecimalScale.Power(options.Exponent) * ConfiguredMargin / TimeSpan.MillisecondsPerHour
            : double.PositiveInfinity;
        bool isConfigured = double.IsFinite(configured);
        return new PlainCounterPace
        {
            Spacing = spacingCount == 0 ? 0 : OrderStatistic.Of(spacings.AsSpan(0, spacingCount), spacingCount / 2),
            PlausibleRate = isConfigured ? configured : usual * PlausibleFactor,
            CatchUpRate = Math.Min(configured, usual * CatchUpFactor),
            ImpossibleRate = isConfigured ? configured : usual * ImpossibleFactor,
        };
    }

    /// <summary>A stride that shares no factor with the readings of an hour or a day, so that the sample meets every hour.</summary>
    private static int Stride(int pairs)
    {
        int stride = (pairs / MaximumSample) + 1;
        while (stride > 1 && (stride % 2 == 0 || stride % 3 == 0 || stride % 5 == 0 || stride % 7 == 0))
        {
            stride++;
        }

        return stride;
    }
}
