using System.Globalization;

namespace Metering.Analytics.Intervals;

/// <summary>
/// From readings to intervals, in one pass over the readings: blocks without anything special are recognised whole, only
/// the others go through the state machine reading by reading. Then one pass over the intervals takes the differences.
/// </summary>
internal static class CounterKernel
{
    public static void Fill(CounterReadings readings, CounterOptions options, IntervalColumns columns)
    {
        CounterWorkspace workspace = columns.Workspace;
        CounterLimits limits = new(options.Modulus);
        workspace.Begin(options.Exponent);
        CounterPace pace = options.Pace ?? CounterPace.Of(readings.Time, readings.Value, options, workspace);
        bool isRead = CounterInput.TryAsTheyAre(readings.Time, readings.Value, readings.Usable, out CounterInput input)
            && options.Replacements.Count == 0
            && Read(input, pace, options, columns);
        if (!isRead)
        {
            workspace.Begin(options.Exponent);
            input = CounterInput.Clean(readings, limits, pace, workspace);
            pace = options.Pace ?? CounterPace.Of(input.Time, input.Value, options, workspace);
            isRead = options.Replacements.Count == 0 || input.Time.IsEmpty
                ? Read(input, pace, options, columns)
                : ReadParts(input, pace, options, columns);
            System.Diagnostics.Debug.Assert(isRead, "Checked readings can be read.");
        }

        ListGaps(workspace);
        IntervalDifferences.Fill(columns);
        if (options.GapAllocation == GapAllocation.ByProfile && workspace.Links.Count > 0)
        {
            ProfileAllocation.Apply(columns, options);
        }

        columns.Findings = workspace.Findings.Close();
    }

    private static bool Read(CounterInput input, CounterPace pace, CounterOptions options, IntervalColumns columns)
    {
        columns.Begin(input.Span, options, input.Time.IsEmpty);
        CounterWorkspace workspace = columns.Workspace;
        BorderRegister borders = Borders(pace, options, columns);
        CounterReader reader = new(input, pace, new CounterLimits(options.Modulus), workspace);
        return reader.Read(ref borders, SegmentReason.First);
    }

    /// <summary>Readings between recorded changes of meter, each part on its own, with the registers that were written down at its ends.</summary>
    private static bool ReadParts(CounterInput input, CounterPace pace, CounterOptions options, IntervalColumns columns)
    {
        IReadOnlyList<MeterReplacement> replacements = options.Replacements;
        Period span = new(
            Math.Min(input.Span.StartUtcMilliseconds, replacements[0].UtcMilliseconds),
            Math.Max(input.Span.EndUtcMilliseconds, replacements[^1].UtcMilliseconds));
        columns.Begin(span, options, isEmpty: false);
        BorderRegister borders = Borders(pace, options, columns);
        MeterReplacement? before = null;
        bool isRead = true;
        for (int part = 0; part <= replacements.Count; part++)
        {
            MeterReplacement? after = part < replacements.Count ? replacements[part] : null;
            CounterInput between = PartOf(input, before, after);
            CounterReader reader = new(between, pace, new CounterLimits(options.Modulus), columns.Workspace);
            isRead &= reader.Read(ref borders, before is null ? SegmentReason.First : SegmentReason.Replacement);
            if (after is not null)
            {
                columns.Workspace.Findings.Add(FindingKind.RecordedReplacement, after.UtcMilliseconds, Detail(after, columns.Workspace.Findings));
            }

            before = after;
        }

        return isRead;
    }

    private static CounterInput PartOf(CounterInput input, MeterReplacement? before, MeterReplacement? after)
    {
        ReadOnlySpan<long> time = input.Time;
        int from = before is null ? 0 : FirstAt(time, before.UtcMilliseconds + (before.InitialRegister is null ? 0 : 1));
        int to = after is null ? time.Length : Math.Max(from, FirstAt(time, after.UtcMilliseconds));
        List<long> times = new(to - from + 2);
        List<long> values = new(to - from + 2);
        if (before?.InitialRegister is { } initial)
        {
            times.Add(before.UtcMilliseconds);
            values.Add(initial);
        }

        times.AddRange(time[from..to]);
        values.AddRange(input.Value[from..to]);
        if (after?.FinalRegister is { } final)
        {
            times.Add(after.UtcMilliseconds);
            values.Add(final);
        }

        return CounterInput.Part(times.ToArray(), values.ToArray());
    }

    private static int FirstAt(ReadOnlySpan<long> time, long instant)
    {
        int found = time.BinarySearch(instant);
        return found >= 0 ? found : ~found;
    }

    private static string Detail(MeterReplacement replacement, FindingLog findings)
    {
        string final = replacement.FinalRegister is { } last ? findings.Text(last) : "unknown";
        string initial = replacement.InitialRegister is { } first ? findings.Text(first) : "unknown";
        return string.Create(
            CultureInfo.InvariantCulture, $"The meter was replaced; the old one ended at {final}, the new one began at {initial}.");
    }

    private static BorderRegister Borders(CounterPace pace, CounterOptions options, IntervalColumns columns) => new(
        columns,
        columns.Workspace.Flags(columns.BordersUtcMilliseconds.Length),
        Math.Max(CounterPace.GapSpacings * pace.Spacing, options.Step.Milliseconds));

    private static void ListGaps(CounterWorkspace workspace)
    {
        FindingLog findings = workspace.Findings;
        foreach (CounterGap gap in workspace.Gaps)
        {
            TimeSpan length = TimeSpan.FromMilliseconds(gap.ToUtcMilliseconds - gap.FromUtcMilliseconds);
            findings.Add(FindingKind.Gap, gap.FromUtcMilliseconds, string.Create(
                CultureInfo.InvariantCulture, $"No reading is used for {length:c}; {findings.Text(gap.Rise)} over that time is known in total."));
        }
    }
}
