using System.Globalization;
using Metering.Analytics.Intervals;

namespace Metering.Tests.Analytics.Intervals;

/// <summary>Readings of a register that can be counted with: usable, in range, one per instant, ascending in time.</summary>
internal readonly ref struct PlainCounterInput
{
    private PlainCounterInput(ReadOnlySpan<long> time, ReadOnlySpan<long> value, Period span)
    {
        Time = time;
        Value = value;
        Span = span;
    }

    public ReadOnlySpan<long> Time { get; }

    public ReadOnlySpan<long> Value { get; }

    /// <summary>From the first to the last reading, good or not.</summary>
    public Period Span { get; }

    public static PlainCounterInput Clean(
        ReadOnlySpan<long> time, ReadOnlySpan<long> value, ReadOnlySpan<bool> usable, CounterOptions options, FindingLog findings)
    {
        long ceiling = options.Modulus is { } modulus ? modulus - 1 : IntervalBuilder.MaximumRegister;
        if (IsClean(time, value, usable, ceiling))
        {
            return new PlainCounterInput(time, value, time.IsEmpty ? default : new Period(time[0], time[^1]));
        }

        long[] times = new long[time.Length];
        int[] order = new int[time.Length];
        int count = KeepGood(time, value, usable, ceiling, findings, times, order);

        // Clock jumps have tests of their own; here both ways share the rule.
        CounterPace pace = CounterPace.Of(time, value, options, new CounterWorkspace());
        count = ClockJumps.Drop(times.AsSpan(0, count), order.AsSpan(0, count), value, pace, findings);
        Sort(times.AsSpan(0, count), order.AsSpan(0, count), findings);
        Period span = count == 0 ? default : new Period(times[0], times[count - 1]);
        long[] values = new long[count];
        int kept = 0;
        for (int i = 0; i < count;)
        {
            int end = i + 1;
            bool conflict = false;
            while (end < count && times[end] == times[i])
            {
                conflict |= value[order[end]] != value[order[i]];
                end++;
            }

            if (conflict)
            {
                findings.Add(FindingKind.Conflict, times[i], string.Create(
                    CultureInfo.InvariantCulture, $"{end - i} readings with the same time differ: {findings.Text(value[order[i]])} and {findings.Text(value[order[end - 1]])}; none is used."));
            }
            else
            {
                if (end - i > 1)
                {
                    findings.Add(FindingKind.Duplicate, times[i], string.Create(
                        CultureInfo.InvariantCulture, $"The reading {findings.Text(value[order[i]])} came {end - i} times; it counts once."));
                }

                values[kept] = value[order[i]];
                times[kept++] = times[i];
            }

            i = end;
        }

        return new PlainCounterInput(times.AsSpan(0, kept), values.AsSpan(0, kept), span);
    }

    private static bool IsClean(ReadOnlySpan<long> time, ReadOnlySpan<long> value, ReadOnlySpan<bool> usable, long ceiling)
    {
        long previous = IntervalBuilder.EarliestUtcMilliseconds - 1;
        for (int i = 0; i < time.Length; i++)
        {
            long now = time[i];
            if (now <= previous || value[i] < 0 || value[i] > ceiling || (usable.Length != 0 && !usable[i]))
            {
                return false;
            }

            previous = now;
        }

        return previous <= IntervalBuilder.LatestUtcMilliseconds;
    }

    private static int KeepGood(
        ReadOnlySpan<long> time, ReadOnlySpan<long> value, ReadOnlySpan<bool> usable, long ceiling, FindingLog findings, long[] times, int[] order)
    {
        int count = 0;
        int unusable = 0;
        long firstUnusable = 0;
        for (int i = 0; i < time.Length; i++)
        {
            if (usable.Length != 0 && !usable[i])
            {
                firstUnusable = unusable++ == 0 ? time[i] : firstUnusable;
            }
            else if (time[i] is < IntervalBuilder.EarliestUtcMilliseconds or > IntervalBuilder.LatestUtcMilliseconds)
            {
                findings.Add(FindingKind.OutOfRange, 0, "A reading before 1970 or after 2199 was dropped.");
            }
            else if (value[i] < 0 || value[i] > ceiling)
            {
                findings.Add(FindingKind.OutOfRange, time[i], string.Create(
                    CultureInfo.InvariantCulture, $"The register {findings.Text(value[i])} is outside 0 to {findings.Text(ceiling)}; dropped."));
            }
            else
            {
                times[count] = time[i];
                order[count++] = i;
            }
        }

        if (unusable > 0)
        {
            findings.Add(FindingKind.Unusable, firstUnusable, string.Create(
                CultureInfo.InvariantCulture, $"{unusable} readings are marked unusable; dropped."));
        }

        return count;
    }

    private static void Sort(Span<long> times, Span<int> order, FindingLog findings)
    {
        int late = 0;
        long firstLate = 0;
        for (int i = 1; i < times.Length; i++)
        {
            if (times[i] < times[i - 1])
            {
                firstLate = late++ == 0 ? times[i] : firstLate;
            }
        }

        if (late == 0)
        {
            return;
        }

        findings.Add(FindingKind.OutOfOrder, firstLate, string.Create(
            CultureInfo.InvariantCulture, $"{late} readings stood after a later one; sorted by time."));
        times.Sort(order);

        // The library's sort is not stable; readings of one instant return to the order they came in.
        for (int i = 0; i < times.Length;)
        {
            int end = i + 1;
            while (end < times.Length && times[end] == times[i])
            {
                end++;
            }

            if (end - i > 1)
            {
                order[i..end].Sort();
            }

            i = end;
        }
    }
}
