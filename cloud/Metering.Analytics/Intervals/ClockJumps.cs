using System.Globalization;

namespace Metering.Analytics.Intervals;

/// <summary>
/// Finds stretches stamped by a clock that had been set wrong. While readings arrive the register goes on at its usual pace
/// and the stamp goes back: that is the clock, for a reading that only came late would bring back an older register too.
/// The stretch with wrong stamps lies between the step back and a step forward of the same size, before or after it; it is
/// dropped. Without such a step, of the readings before and after that claim the same time the fewer are dropped. What
/// dropped readings counted is in the difference across them.
/// </summary>
internal static class ClockJumps
{
    /// <summary>The register may have gone on for so many spacings when the clock is set back.</summary>
    internal const int PlausibleSpacings = 3;

    /// <summary>Readings in which the step forward is looked for, on each side.</summary>
    internal const int LongestStretch = 5000;

    /// <summary>Steps back that are looked at closely; the others are settled by counting alone.</summary>
    private const int MaximumSearches = 1000;

    /// <summary>Drops the stretches in place. Gives how many readings are left.</summary>
    /// <param name="times">Stamps in the order of arrival.</param>
    /// <param name="order">Index of each reading in <paramref name="value"/>.</param>
    /// <param name="value">Registers.</param>
    /// <param name="pace">What is usual.</param>
    /// <param name="findings">Where the stretches are listed.</param>
    public static int Drop(Span<long> times, Span<int> order, ReadOnlySpan<long> value, CounterPace pace, FindingLog findings)
    {
        if (!pace.IsKnown)
        {
            return times.Length;
        }

        int kept = 0;
        int i = 0;
        int searches = 0;
        while (i < times.Length)
        {
            if (kept > 0 && i > 0 && IsSetBack(i, times, order, value, pace))
            {
                long before = times[i - 1];
                long stamp = times[i];
                (int ahead, int behind) = searches++ < MaximumSearches
                    ? WrongStretch(new Arrivals(times, order, value, pace), kept, i)
                    : CountClaims(times, kept, i, before);
                if (ahead > 0)
                {
                    findings.Add(FindingKind.ClockJump, times[kept - ahead], Detail(ahead, before, stamp));
                    kept -= ahead;
                }
                else
                {
                    findings.Add(FindingKind.ClockJump, stamp, Detail(behind, before, stamp));
                    i += behind;
                    continue;
                }
            }

            (times[kept], order[kept]) = (times[i], order[i]);
            kept++;
            i++;
        }

        return kept;
    }

    /// <summary>How many readings to drop before or after a step back: one of the two is zero.</summary>
    private static (int Ahead, int Behind) WrongStretch(Arrivals arrivals, int kept, int from)
    {
        long back = arrivals.Times[from - 1] - arrivals.Times[from];
        int ahead = 0;
        for (int q = kept - 1; q > 0 && kept - q <= LongestStretch; q--)
        {
            if (arrivals.IsStepForward(q, back))
            {
                ahead = kept - q;
                break;
            }
        }

        int most = ahead > 0 ? Math.Min(ahead, LongestStretch) : LongestStretch;
        for (int j = from + 1; j < arrivals.Times.Length && j - from < most; j++)
        {
            if (arrivals.IsStepForward(j, back))
            {
                return (0, j - from);
            }
        }

        return ahead > 0 ? (ahead, 0) : CountClaims(arrivals.Times, kept, from, arrivals.Times[from - 1]);
    }

    private static bool IsSetBack(int i, Span<long> times, Span<int> order, ReadOnlySpan<long> value, CounterPace pace)
    {
        if (times[i] >= times[i - 1])
        {
            return false;
        }

        long rise = value[order[i]] - value[order[i - 1]];
        return rise > 0 && pace.IsPlausible(rise, PlausibleSpacings * pace.Spacing);
    }

    /// <summary>
    /// How many readings kept last have stamps not before the new one, and how many that follow have stamps not after the
    /// last one; the larger number is given as zero. Both are counted side by side and only as far as the smaller, which is
    /// dropped: no reading is walked over twice.
    /// </summary>
    private static (int Ahead, int Behind) CountClaims(ReadOnlySpan<long> times, int kept, int from, long last)
    {
        int ahead = 0;
        int behind = 0;
        while (true)
        {
            bool moreAhead = ahead < kept && times[kept - 1 - ahead] >= times[from];
            bool moreBehind = from + behind < times.Length && times[from + behind] <= last;
            if (!moreBehind)
            {
                return (0, behind);
            }

            behind++;
            if (!moreAhead)
            {
                return ahead > 0 ? (ahead, 0) : (0, behind);
            }

            ahead++;
        }
    }

    private static string Detail(int dropped, long before, long after) => string.Create(
        CultureInfo.InvariantCulture,
        $"The register went on while the stamps went back by {TimeSpan.FromMilliseconds(before - after):c}: the clock was set; {dropped} readings that claim the same time were dropped.");

    /// <summary>Readings in the order of arrival.</summary>
    private readonly ref struct Arrivals(ReadOnlySpan<long> times, ReadOnlySpan<int> order, ReadOnlySpan<long> value, CounterPace pace)
    {
        private readonly ReadOnlySpan<int> order = order;
        private readonly ReadOnlySpan<long> value = value;
        private readonly CounterPace pace = pace;

        public ReadOnlySpan<long> Times { get; } = times;

        /// <summary>Whether the stamp steps forward by about as much as it stepped back, while the register goes on at its usual pace.</summary>
        public bool IsStepForward(int i, long back)
        {
            long step = Times[i] - Times[i - 1];
            long rise = value[order[i]] - value[order[i - 1]];
            return step > 2 * pace.Spacing && Math.Abs(step - back - (2 * pace.Spacing)) <= PlausibleSpacings * pace.Spacing
                && rise >= 0 && pace.IsPlausible(rise, PlausibleSpacings * pace.Spacing);
        }
    }
}
