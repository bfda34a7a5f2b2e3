using System.Globalization;

namespace Metering.Analytics.Intervals;

/// <summary>
/// Finds stretches stamped by a clock that had been set wrong. While readings arrive the register goes on at its usual pace
/// and the stamp goes back: that is the clock, for a reading that only came late would bring back an older register too.
/// Of the readings before and after that claim the same time the fewer are dropped; what they counted is in the difference
/// across them.
/// </summary>
internal static class ClockJumps
{
    /// <summary>The register may have gone on for so many spacings when the clock is set back.</summary>
    private const int PlausibleSpacings = 3;

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
        while (i < times.Length)
        {
            if (kept > 0 && i > 0 && IsSetBack(i, times, order, value, pace))
            {
                long before = times[i - 1];
                long stamp = times[i];
                (int ahead, int behind) = CountClaims(times, kept, i, before);
                if (ahead < behind)
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
    /// last one. Both are counted side by side and only as far as the smaller, which is dropped: no reading is walked over twice.
    /// </summary>
    private static (int Ahead, int Behind) CountClaims(Span<long> times, int kept, int from, long last)
    {
        int ahead = 0;
        int behind = 0;
        while (true)
        {
            bool moreAhead = ahead < kept && times[kept - 1 - ahead] >= times[from];
            bool moreBehind = from + behind < times.Length && times[from + behind] <= last;
            if (!moreBehind)
            {
                return (ahead, behind);
            }

            behind++;
            if (!moreAhead)
            {
                return (ahead, behind);
            }

            ahead++;
        }
    }

    private static string Detail(int dropped, long before, long after) => string.Create(
        CultureInfo.InvariantCulture,
        $"The register went on while the stamps went back by {TimeSpan.FromMilliseconds(before - after):c}: the clock was set; {dropped} readings that claim the same time were dropped.");
}
