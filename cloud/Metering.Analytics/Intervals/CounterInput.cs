using System.Globalization;

namespace Metering.Analytics.Intervals;

/// <summary>The columns of readings as they came.</summary>
internal readonly ref struct CounterReadings(ReadOnlySpan<long> time, ReadOnlySpan<long> value, ReadOnlySpan<bool> usable)
{
    public ReadOnlySpan<long> Time { get; } = time;

    public ReadOnlySpan<long> Value { get; } = value;

    public ReadOnlySpan<bool> Usable { get; } = usable;
}

/// <summary>What a register can show.</summary>
/// <param name="Modulus">Where it begins again at zero, or null.</param>
internal readonly record struct CounterLimits(long? Modulus)
{
    /// <summary>Largest register in range.</summary>
    public long Ceiling => Modulus is { } modulus ? modulus - 1 : IntervalBuilder.MaximumRegister;
}

/// <summary>Readings of a register that can be counted with: usable, in range, one per instant, ascending in time.</summary>
internal readonly ref struct CounterInput
{
    private CounterInput(ReadOnlySpan<long> time, ReadOnlySpan<long> value, Period span, bool isChecked)
    {
        Time = time;
        Value = value;
        Span = span;
        IsChecked = isChecked;
    }

    public ReadOnlySpan<long> Time { get; }

    public ReadOnlySpan<long> Value { get; }

    /// <summary>From the first to the last reading, good or not.</summary>
    public Period Span { get; }

    /// <summary>Whether the readings were looked at one by one; if not, the reader has to.</summary>
    public bool IsChecked { get; }

    /// <summary>The readings as they are, when at first sight nothing speaks against it; they are not copied and not yet checked.</summary>
    public static bool TryAsTheyAre(ReadOnlySpan<long> time, ReadOnlySpan<long> value, ReadOnlySpan<bool> usable, out CounterInput input)
    {
        input = default;
        if (time.IsEmpty)
        {
            return true;
        }

        if (time[0] < IntervalBuilder.EarliestUtcMilliseconds || time[^1] < time[0]
            || time[^1] > IntervalBuilder.LatestUtcMilliseconds || usable.Contains(false))
        {
            return false;
        }

        input = new CounterInput(time, value, new Period(time[0], time[^1]), isChecked: false);
        return true;
    }

    /// <summary>Drops what cannot be used, sorts the rest by time, and keeps one reading per instant.</summary>
    public static CounterInput Clean(CounterReadings readings, CounterLimits limits, CounterPace pace, CounterWorkspace workspace)
    {
        FindingLog findings = workspace.Findings;
        ReadOnlySpan<long> value = readings.Value;
        long[] times = workspace.Times(value.Length);
        int[] order = workspace.Order(value.Length);
        int count = KeepGood(readings, limits.Ceiling, findings, times, order);
        if (Ascends(times.AsSpan(0, count)))
        {
            return Pick(times.AsSpan(0, count), order, value, workspace.Values(count));
        }

        count = ClockJumps.Drop(times.AsSpan(0, count), order.AsSpan(0, count), value, pace, findings);
        Sort(times.AsSpan(0, count), order.AsSpan(0, count), findings);
        Period span = count == 0 ? default : new Period(times[0], times[count - 1]);
        long[] values = workspace.Values(count);
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

        return new CounterInput(times.AsSpan(0, kept), values.AsSpan(0, kept), span, isChecked: true);
    }

    /// <summary>Checked readings before or after a change of meter.</summary>
    public static CounterInput Part(ReadOnlySpan<long> time, ReadOnlySpan<long> value) => new(time, value, default, isChecked: true);

    private static bool Ascends(ReadOnlySpan<long> times)
    {
        for (int i = 1; i < times.Length; i++)
        {
            if (times[i] <= times[i - 1])
            {
                return false;
            }
        }

        return !times.IsEmpty;
    }

    /// <summary>Readings of which some were dropped and nothing else is to be done: no stamp goes back, and none stands twice.</summary>
    private static CounterInput Pick(Span<long> times, int[] order, ReadOnlySpan<long> value, long[] values)
    {
        for (int i = 0; i < times.Length; i++)
        {
            values[i] = value[order[i]];
        }

        return new CounterInput(times, values.AsSpan(0, times.Length), new Period(times[0], times[^1]), isChecked: true);
    }

    private static int KeepGood(CounterReadings readings, long ceiling, FindingLog findings, long[] times, int[] order)
    {
        ReadOnlySpan<long> time = readings.Time;
        ReadOnlySpan<long> value = readings.Value;
        ReadOnlySpan<bool> usable = readings.Usable;
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
