using Metering.Analytics.Statistics;

namespace Metering.Analytics.Intervals;

/// <summary>
/// What is usual for a register: the spacing of its readings, and the fastest rise that is not an exception. Taken from at
/// most <see cref="MaximumSample"/> pairs of neighbours, spread evenly.
/// </summary>
internal readonly record struct CounterPace
{
    private const int MaximumSample = 4096;
    /// <summary>More than the share of a sample that lies above the usual quantile.</summary>
    private const int FastestKept = 32;

    /// <summary>Time without readings beyond this multiple of the usual spacing is a gap.</summary>
    internal const int GapSpacings = 2;

    internal const int MinimumRises = 8;
    internal const double UsualQuantile = 0.995;

    /// <summary>A configured maximum may be passed by this much (clock and meter tolerance; research of validation rules).</summary>
    private const double ConfiguredMargin = 1.1;

    /// <summary>Beyond this multiple of the usual rise a reading needs an explanation.</summary>
    internal const double PlausibleFactor = 8;

    /// <summary>A rise beyond this multiple, straight after equal readings, is a register that had stood still.</summary>
    internal const double CatchUpFactor = 3;

    /// <summary>Beyond this multiple a rise is another meter, even when no maximum is configured.</summary>
    internal const double ImpossibleFactor = 400;

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

    /// <summary>From readings in the order given. Neighbours that do not go forward in time, or are out of range, are passed over.</summary>
    public static CounterPace Of(ReadOnlySpan<long> time, ReadOnlySpan<long> value, CounterOptions options, CounterWorkspace workspace)
    {
        int pairs = Math.Max(time.Length - 1, 0);
        int stride = Stride(pairs);
        long[] spacings = workspace.Spacings((pairs / stride) + 1);
        Span<double> fastest = stackalloc double[FastestKept];
        fastest.Fill(double.NegativeInfinity);
        int spacingCount = 0;
        int rateCount = 0;
        for (int i = 1; i <= pairs; i += stride)
        {
            long from = time[i - 1];
            long to = time[i];
            if (from >= to || from < IntervalBuilder.EarliestUtcMilliseconds || to > IntervalBuilder.LatestUtcMilliseconds)
            {
                continue;
            }

            long milliseconds = to - from;
            spacings[spacingCount++] = milliseconds;
            if (value[i] > value[i - 1] && value[i - 1] >= 0 && value[i] <= IntervalBuilder.MaximumRegister)
            {
                rateCount++;
                InsertFastest(fastest, (value[i] - value[i - 1]) / (double)milliseconds);
            }
        }

        double usual = rateCount < MinimumRises
            ? double.PositiveInfinity
            : fastest[rateCount - 1 - (int)(UsualQuantile * (rateCount - 1))];
        double configured = options.MaximumRatePerHour is { } perHour
            ? perHour * DecimalScale.Power(options.Exponent) * ConfiguredMargin / TimeSpan.MillisecondsPerHour
            : double.PositiveInfinity;
        bool isConfigured = double.IsFinite(configured);
        return new CounterPace
        {
            Spacing = Median(spacings.AsSpan(0, spacingCount)),
            PlausibleRate = isConfigured ? configured : usual * PlausibleFactor,
            CatchUpRate = Math.Min(configured, usual * CatchUpFactor),
            ImpossibleRate = isConfigured ? configured : usual * ImpossibleFactor,
        };
    }

    /// <summary>Keeps the fastest rates, the fastest first: the quantile wanted stands among them, and the others need no order.</summary>
    private static void InsertFastest(Span<double> fastest, double rate)
    {
        if (rate <= fastest[^1])
        {
            return;
        }

        int at = fastest.Length - 1;
        while (at > 0 && fastest[at - 1] < rate)
        {
            fastest[at] = fastest[at - 1];
            at--;
        }

        fastest[at] = rate;
    }

    private static long Median(Span<long> spacings)
    {
        if (spacings.IsEmpty)
        {
            return 0;
        }

        // Most meters are read by the clock: all spacings equal.
        return spacings.ContainsAnyExcept(spacings[0]) ? OrderStatistic.Of(spacings, spacings.Length / 2) : spacings[0];
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
