using System.Globalization;

namespace Metering.Analytics.Intervals;

/// <summary>
/// Reads a register in order of time and decides for each fall and each jump what it was: rollover, transient low, spike,
/// catch-up, or the start of a new segment. Never takes the absolute value of a register for use.
/// </summary>
internal ref struct CounterReader
{
    /// <summary>How many readings ahead a return to the old value is looked for.</summary>
    internal const int LookAhead = 96;

    /// <summary>Without knowledge of the rate only a return within so many readings counts.</summary>
    internal const int QuickReturn = 2;

    /// <summary>Readings that must go on from a break before it is believed.</summary>
    internal const int Confirmations = 2;

    /// <summary>Equal readings after which a sudden rise means that the register had stood still.</summary>
    internal const int StuckReadings = 4;

    /// <summary>A fall from above this share of the modulus may be a rollover.</summary>
    internal const double RolloverFrom = 0.9;

    private readonly ReadOnlySpan<long> time;
    private readonly ReadOnlySpan<long> value;
    private readonly CounterPace pace;
    private readonly CounterLimits limits;
    private readonly CounterWorkspace workspace;
    private readonly FindingLog findings;
    private readonly OrdinaryScan scan;
    private BorderRegister borders;
    private SegmentReason reason;
    private int runFrom;
    private int firstRun;
    private int last;
    private int checkedTo;
    private long rolled;
    private long segmentTime;
    private long segmentValue;

    public CounterReader(CounterInput input, CounterPace pace, CounterLimits limits, CounterWorkspace workspace)
    {
        time = input.Time;
        value = input.Value;
        checkedTo = input.IsChecked ? time.Length : 0;
        this.pace = pace;
        this.limits = limits;
        this.workspace = workspace;
        findings = workspace.Findings;
        scan = new OrdinaryScan(pace, limits.Ceiling);
    }

    /// <summary>
    /// Reads everything into segments, findings, and the register at each border. False when a reading was met that has to
    /// be sorted or dropped before reading can begin; what was written until then has no meaning.
    /// </summary>
    /// <param name="into">Borders of the intervals; goes on from one call to the next.</param>
    /// <param name="first">Why the first segment begins.</param>
    public bool Read(ref BorderRegister into, SegmentReason first)
    {
        if (time.IsEmpty)
        {
            return true;
        }

        if (!Check(1))
        {
            return false;
        }

        borders = into;
        borders.Renumber();
        workspace.Runs.Clear();
        StartSegment(0, first);
        int i = 1;
        while (i < time.Length)
        {
            int end = Math.Min(i + OrdinaryScan.BlockReadings, time.Length);
            if (last == i - 1
                && (end == time.Length || value[end] >= value[end - 1])
                && scan.IsOrdinary(time[(i - 1)..end], value[(i - 1)..end]))
            {
                borders.Range(time, value, i - 1, end - 1, rolled);
                last = end - 1;
                checkedTo = Math.Max(checkedTo, end);
                i = end;
                continue;
            }

            if (!Check(end + LookAhead + Confirmations))
            {
                return false;
            }

            while (i < end)
            {
                i = Step(i);
            }
        }

        EndSegment();
        into = borders;
        return true;
    }

    /// <summary>Decides about one reading. Gives the index of the next reading to look at.</summary>
    private int Step(int i)
    {
        long before = value[last];
        long rise = value[i] - before;
        bool nextFalls = i + 1 < time.Length && value[i + 1] < value[i];
        if (rise < 0)
        {
            return Fall(i, before);
        }

        if (nextFalls || pace.IsCatchUp(rise, time[i] - time[last]))
        {
            return Rise(i, before);
        }

        Keep(i);
        return i + 1;
    }

    /// <summary>Whether the readings up to an index are in range and in order; each is looked at once.</summary>
    private bool Check(int to)
    {
        to = Math.Min(to, time.Length);
        for (; checkedTo < to; checkedTo++)
        {
            long earliest = checkedTo == 0 ? IntervalBuilder.EarliestUtcMilliseconds : time[checkedTo - 1] + 1;
            if (time[checkedTo] < earliest || time[checkedTo] > IntervalBuilder.LatestUtcMilliseconds
                || value[checkedTo] < 0 || value[checkedTo] > limits.Ceiling)
            {
                return false;
            }
        }

        return true;
    }

    private void StartSegment(int i, SegmentReason why)
    {
        rolled = 0;
        reason = why;
        segmentTime = time[i];
        segmentValue = value[i];
        firstRun = workspace.Runs.Count;
        runFrom = i;
        last = i;
        borders.Start(time[i], value[i]);
    }

    private void EndSegment()
    {
        CloseRun();
        workspace.Segments.Add(new CounterSegment(segmentTime, time[last], segmentValue, value[last] + rolled, reason));
    }

    private readonly void CloseRun() => workspace.Runs.Add(new CounterRun(runFrom, last + 1, rolled));

    /// <summary>Keeps a reading; <paramref name="passed"/> is the modulus when the register passed it, otherwise 0.</summary>
    private void Keep(int i, long passed = 0)
    {
        long fromValue = value[last] + rolled;
        if (last != i - 1 || passed != 0)
        {
            CloseRun();
            runFrom = i;
        }

        rolled += passed;
        long toValue = value[i] + rolled;
        if (time[i] - time[last] > CounterPace.GapSpacings * pace.Spacing)
        {
            workspace.Gaps.Add(new CounterGap(time[last], time[i], toValue - fromValue));
        }

        borders.Link(time[last], fromValue, time[i], toValue);
        last = i;
    }

    /// <summary>A fall. Gives the index of the next reading to look at.</summary>
    private int Fall(int i, long before)
    {
        bool rollover = IsRollover(i, before);
        int back = FindReturnUp(i, before, rollover);
        if (back > i)
        {
            findings.Add(FindingKind.TransientLow, time[i], string.Create(
                CultureInfo.InvariantCulture, $"The register showed {findings.Text(value[i])} after {findings.Text(before)} and returned to {findings.Text(value[back])}; {back - i} readings dropped."));
            return back;
        }

        if (rollover)
        {
            findings.Add(FindingKind.Rollover, time[i], string.Create(
                CultureInfo.InvariantCulture, $"The register passed {findings.Text(limits.Modulus!.Value)}: from {findings.Text(before)} to {findings.Text(value[i])}."));
            Keep(i, limits.Modulus.Value);
            return i + 1;
        }

        return Break(i, before);
    }

    private readonly bool IsRollover(int i, long before)
    {
        if (limits.Modulus is not { } at || before <= RolloverFrom * at || rolled > IntervalBuilder.MaximumRegister)
        {
            return false;
        }

        return pace.IsKnown
            ? pace.IsPlausible(value[i] + at - before, time[i] - time[last])
            : value[i] < (1 - RolloverFrom) * at;
    }

    /// <summary>The reading that returns to the old value after a fall at <paramref name="i"/>, or -1.</summary>
    private readonly int FindReturnUp(int i, long before, bool rollover)
    {
        int end = Math.Min(time.Length, i + LookAhead + 1);
        for (int j = i + 1; j < end; j++)
        {
            if (value[j] < before)
            {
                continue;
            }

            long milliseconds = time[j] - time[last];
            bool fits = !pace.IsKnown || pace.IsPlausible(value[j] - before, milliseconds);
            bool leaps = pace.IsKnown && !pace.IsPlausible(value[j] - value[j - 1], time[j] - time[j - 1]);
            bool quick = j - i <= QuickReturn && !rollover;
            return fits && (leaps || quick) ? j : -1;
        }

        return -1;
    }

    /// <summary>A rise that is fast, or that the next reading takes back. Gives the index of the next reading to look at.</summary>
    private int Rise(int i, long before)
    {
        long milliseconds = time[i] - time[last];
        long rise = value[i] - before;
        bool plausible = pace.IsPlausible(rise, milliseconds);
        int back = plausible ? SingleReturn(i, before) : FindReturnDown(i, before);
        if (back > i)
        {
            findings.Add(FindingKind.Spike, time[i], string.Create(
                CultureInfo.InvariantCulture, $"The register showed {findings.Text(value[i])} between {findings.Text(before)} and {findings.Text(value[back])}; {back - i} readings dropped."));
            return back;
        }

        if (pace.IsCatchUp(rise, milliseconds))
        {
            (int stuckFrom, int stood) = StuckFrom();
            if (stood >= StuckReadings && pace.IsPlausible(rise, time[i] - time[stuckFrom]))
            {
                findings.Add(FindingKind.StuckThenCaughtUp, time[stuckFrom], string.Create(
                    CultureInfo.InvariantCulture, $"The register stood at {findings.Text(before)} for {stood} readings, then showed {findings.Text(value[i])}; the difference is laid out over that time."));
                Rewind(stuckFrom);
            }
            else if (!pace.IsPossible(rise, milliseconds) || (!plausible && HasNotCounted()))
            {
                return Break(i, before);
            }
            else if (!plausible)
            {
                findings.Add(FindingKind.FastRise, time[i], string.Create(
                    CultureInfo.InvariantCulture, $"From {findings.Text(before)} to {findings.Text(value[i])} is far faster than usual; kept, because no maximum rate is configured."));
            }
        }

        Keep(i);
        return i + 1;
    }

    /// <summary>Whether the register only ever showed its first value: nothing speaks for that value, so that no use is taken from it against the odds.</summary>
    private readonly bool HasNotCounted() => reason == SegmentReason.First && rolled == 0 && value[last] == segmentValue;

    /// <summary>For a believable rise: the next reading, when it lies between and the one after does not side with the rise.</summary>
    private readonly int SingleReturn(int i, long before)
    {
        bool returns = i + 1 < time.Length && value[i + 1] < value[i] && value[i + 1] >= before;
        bool sides = i + 2 < time.Length && value[i + 2] >= value[i];
        return returns && !sides ? i + 1 : -1;
    }

    /// <summary>For an unbelievable rise: the first reading that has come down to what the old value allows, or -1.</summary>
    private readonly int FindReturnDown(int i, long before)
    {
        int end = Math.Min(time.Length, i + LookAhead + 1);
        for (int j = i + 1; j < end; j++)
        {
            if (value[j] < value[j - 1] && value[j] >= before
                && pace.IsPlausible(value[j] - before, time[j] - time[last]))
            {
                return j;
            }
        }

        return -1;
    }

    /// <summary>The first of the equal readings that the last one kept ends, and how many they are.</summary>
    private readonly (int Index, int Count) StuckFrom()
    {
        List<CounterRun> runs = workspace.Runs;
        long stoodAt = value[last] + rolled;
        CounterRun run = new(runFrom, last + 1, rolled);
        int following = runs.Count;
        int index = last;
        int count = 1;
        while (true)
        {
            for (int i = Math.Min(index, run.To) - 1; i >= run.From; i--)
            {
                if (value[i] + run.Rolled != stoodAt)
                {
                    return (index, count);
                }

                index = i;
                count++;
            }

            if (following == firstRun)
            {
                return (index, count);
            }

            run = runs[--following];
        }
    }

    /// <summary>Takes back what was kept after a reading of this segment.</summary>
    private void Rewind(int to)
    {
        List<CounterRun> runs = workspace.Runs;
        while (to < runFrom)
        {
            runFrom = runs[^1].From;
            rolled = runs[^1].Rolled;
            runs.RemoveAt(runs.Count - 1);
        }

        while (workspace.Gaps.Count > 0 && workspace.Gaps[^1].ToUtcMilliseconds > time[to])
        {
            workspace.Gaps.RemoveAt(workspace.Gaps.Count - 1);
        }

        last = to;
        borders.Rewind(time[to]);
    }

    /// <summary>A break that is neither rollover nor glitch: a new segment when two further readings go on from it.</summary>
    private int Break(int i, long before)
    {
        if (!IsConfirmed(i))
        {
            findings.Add(FindingKind.Unconfirmed, time[i], string.Create(
                CultureInfo.InvariantCulture, $"The register showed {findings.Text(value[i])} after {findings.Text(before)}, and the readings after it do not go on from there; dropped."));
            return i + 1;
        }

        bool reset = value[i] <= before / 10;
        FindingKind kind = reset ? FindingKind.Reset : FindingKind.Replacement;
        findings.Add(kind, time[i], string.Create(
            CultureInfo.InvariantCulture, $"The register went from {findings.Text(before)} to {findings.Text(value[i])} and counts on from there; what was used in between is unknown."));
        EndSegment();
        StartSegment(i, reset ? SegmentReason.Reset : SegmentReason.Replacement);
        return i + 1;
    }

    private readonly bool IsConfirmed(int i)
    {
        if (i + Confirmations >= time.Length)
        {
            return false;
        }

        for (int j = i + 1; j <= i + Confirmations; j++)
        {
            long rise = value[j] - value[j - 1];
            if (rise < 0 || !pace.IsPossible(rise, time[j] - time[j - 1]))
            {
                return false;
            }
        }

        return true;
    }
}
