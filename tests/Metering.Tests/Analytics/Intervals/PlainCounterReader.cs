using System.Globalization;
using Metering.Analytics.Intervals;

namespace Metering.Tests.Analytics.Intervals;

/// <summary>
/// Reads a register in order of time and decides for each fall and each jump what it was: rollover, transient low, spike,
/// catch-up, or the start of a new segment. Never takes the absolute value of a register for use.
/// </summary>
internal ref struct PlainCounterReader
{
    /// <summary>How many readings ahead a return to the old value is looked for.</summary>
    private const int LookAhead = 96;

    /// <summary>Without knowledge of the rate only a return within so many readings counts.</summary>
    private const int QuickReturn = 2;

    /// <summary>Readings that must go on from a break before it is believed.</summary>
    private const int Confirmations = 2;

    /// <summary>Equal readings after which a sudden rise means that the register had stood still.</summary>
    private const int StuckReadings = 4;

    private const double RolloverFrom = 0.9;

    private readonly ReadOnlySpan<long> time;
    private readonly ReadOnlySpan<long> value;
    private readonly PlainCounterPace pace;
    private readonly long? modulus;
    private readonly FindingLog findings;
    private readonly List<(int From, SegmentReason Reason)> segments;
    private long[] keptTime = [];
    private long[] keptValue = [];
    private bool isWhole;
    private int kept;
    private long rolled;

    public PlainCounterReader(PlainCounterInput input, PlainCounterPace pace, long? modulus, FindingLog findings)
    {
        time = input.Time;
        value = input.Value;
        this.pace = pace;
        this.modulus = modulus;
        this.findings = findings;
        segments = [];
    }

    /// <summary>Times of the readings kept.</summary>
    public readonly ReadOnlySpan<long> KeptTime => isWhole ? time : keptTime.AsSpan(0, kept);

    /// <summary>Registers kept, rollovers added; they never fall within a segment.</summary>
    public readonly ReadOnlySpan<long> KeptValue => isWhole ? value : keptValue.AsSpan(0, kept);

    /// <summary>Where each segment begins among the readings kept.</summary>
    public readonly IReadOnlyList<(int From, SegmentReason Reason)> Segments => segments;

    public void Read()
    {
        if (time.IsEmpty)
        {
            return;
        }

        segments.Add((0, SegmentReason.First));
        int i = CountOrdinary();
        if (i == time.Length)
        {
            // The usual case: every reading is kept as it is, so that nothing is copied.
            isWhole = true;
            return;
        }

        keptTime = new long[time.Length];
        keptValue = new long[time.Length];
        time[..i].CopyTo(keptTime);
        value[..i].CopyTo(keptValue);
        kept = i;
        while (i < time.Length)
        {
            long last = keptValue[kept - 1] - rolled;
            long rise = value[i] - last;
            bool nextFalls = i + 1 < time.Length && value[i + 1] < value[i];
            if (rise < 0)
            {
                i = Fall(i, last);
            }
            else if (nextFalls || pace.IsCatchUp(rise, time[i] - keptTime[kept - 1]))
            {
                i = Rise(i, last);
            }
            else
            {
                Keep(i++);
            }
        }
    }

    /// <summary>How many readings from the start need no decision: each rises, at an ordinary pace, and the next does not fall.</summary>
    private readonly int CountOrdinary()
    {
        ReadOnlySpan<long> times = time;
        ReadOnlySpan<long> values = value[..times.Length];
        double rate = pace.CatchUpRate;
        for (int i = 1; i < times.Length; i++)
        {
            long rise = values[i] - values[i - 1];
            if (rise < 0)
            {
                return Math.Max(1, i - 1);
            }

            if (rise > (rate * (times[i] - times[i - 1])) + 1)
            {
                return i;
            }
        }

        return times.Length;
    }

    private void Keep(int i)
    {
        keptTime[kept] = time[i];
        keptValue[kept++] = value[i] + rolled;
    }

    /// <summary>A fall. Gives the index of the next reading to look at.</summary>
    private int Fall(int i, long last)
    {
        bool rollover = IsRollover(i, last);
        int back = FindReturnUp(i, last, rollover);
        if (back > i)
        {
            findings.Add(FindingKind.TransientLow, time[i], string.Create(
                CultureInfo.InvariantCulture, $"The register showed {findings.Text(value[i])} after {findings.Text(last)} and returned to {findings.Text(value[back])}; {back - i} readings dropped."));
            return back;
        }

        if (rollover)
        {
            findings.Add(FindingKind.Rollover, time[i], string.Create(
                CultureInfo.InvariantCulture, $"The register passed {findings.Text(modulus!.Value)}: from {findings.Text(last)} to {findings.Text(value[i])}."));
            rolled = checked(rolled + modulus.Value);
            Keep(i);
            return i + 1;
        }

        return Break(i, last);
    }

    private readonly bool IsRollover(int i, long last)
    {
        if (modulus is not { } at || last <= RolloverFrom * at || rolled > IntervalBuilder.MaximumRegister)
        {
            return false;
        }

        return pace.IsKnown
            ? pace.IsPlausible(value[i] + at - last, time[i] - keptTime[kept - 1])
            : value[i] < (1 - RolloverFrom) * at;
    }

    /// <summary>The reading that returns to the old value after a fall at <paramref name="i"/>, or -1.</summary>
    private readonly int FindReturnUp(int i, long last, bool rollover)
    {
        int end = Math.Min(time.Length, i + LookAhead + 1);
        for (int j = i + 1; j < end; j++)
        {
            if (value[j] < last)
            {
                continue;
            }

            long milliseconds = time[j] - keptTime[kept - 1];
            bool fits = !pace.IsKnown || pace.IsPlausible(value[j] - last, milliseconds);
            bool leaps = pace.IsKnown && !pace.IsPlausible(value[j] - value[j - 1], time[j] - time[j - 1]);
            bool quick = j - i <= QuickReturn && !rollover;
            return fits && (leaps || quick) ? j : -1;
        }

        return -1;
    }

    /// <summary>A rise that is fast, or that the next reading takes back. Gives the index of the next reading to look at.</summary>
    private int Rise(int i, long last)
    {
        long milliseconds = time[i] - keptTime[kept - 1];
        long rise = value[i] - last;
        bool plausible = pace.IsPlausible(rise, milliseconds);
        int back = plausible ? SingleReturn(i, last) : FindReturnDown(i, last);
        if (back > i)
        {
            findings.Add(FindingKind.Spike, time[i], string.Create(
                CultureInfo.InvariantCulture, $"The register showed {findings.Text(value[i])} between {findings.Text(last)} and {findings.Text(value[back])}; {back - i} readings dropped."));
            return back;
        }

        if (pace.IsCatchUp(rise, milliseconds))
        {
            int stuckFrom = StuckFrom();
            if (kept - stuckFrom >= StuckReadings && pace.IsPlausible(rise, time[i] - keptTime[stuckFrom]))
            {
                findings.Add(FindingKind.StuckThenCaughtUp, keptTime[stuckFrom], string.Create(
                    CultureInfo.InvariantCulture, $"The register stood at {findings.Text(last)} for {kept - stuckFrom} readings, then showed {findings.Text(value[i])}; the difference is laid out over that time."));
                kept = stuckFrom + 1;
            }
            else if (!pace.IsPossible(rise, milliseconds) || (!plausible && segments.Count == 1 && keptValue[kept - 1] == keptValue[0]))
            {
                return Break(i, last);
            }
            else if (!plausible)
            {
                findings.Add(FindingKind.FastRise, time[i], string.Create(
                    CultureInfo.InvariantCulture, $"From {findings.Text(last)} to {findings.Text(value[i])} is far faster than usual; kept, because no maximum rate is configured."));
            }
        }

        Keep(i);
        return i + 1;
    }

    /// <summary>For a believable rise: the next reading, when it lies between and the one after does not side with the rise.</summary>
    private readonly int SingleReturn(int i, long last)
    {
        bool returns = i + 1 < time.Length && value[i + 1] < value[i] && value[i + 1] >= last;
        bool sides = i + 2 < time.Length && value[i + 2] >= value[i];
        return returns && !sides ? i + 1 : -1;
    }

    /// <summary>For an unbelievable rise: the first reading that has come down to what the old value allows, or -1.</summary>
    private readonly int FindReturnDown(int i, long last)
    {
        int end = Math.Min(time.Length, i + LookAhead + 1);
        for (int j = i + 1; j < end; j++)
        {
            if (value[j] < value[j - 1] && value[j] >= last
                && pace.IsPlausible(value[j] - last, time[j] - keptTime[kept - 1]))
            {
                return j;
            }
        }

        return -1;
    }

    private readonly int StuckFrom()
    {
        int from = kept - 1;
        int floor = segments[^1].From;
        while (from > floor && keptValue[from - 1] == keptValue[kept - 1])
        {
            from--;
        }

        return from;
    }

    /// <summary>A break that is neither rollover nor glitch: a new segment when two further readings go on from it.</summary>
    private int Break(int i, long last)
    {
        if (!IsConfirmed(i))
        {
            findings.Add(FindingKind.Unconfirmed, time[i], string.Create(
                CultureInfo.InvariantCulture, $"The register showed {findings.Text(value[i])} after {findings.Text(last)}, and the readings after it do not go on from there; dropped."));
            return i + 1;
        }

        bool reset = value[i] <= last / 10;
        FindingKind kind = reset ? FindingKind.Reset : FindingKind.Replacement;
        findings.Add(kind, time[i], string.Create(
            CultureInfo.InvariantCulture, $"The register went from {findings.Text(last)} to {findings.Text(value[i])} and counts on from there; what was used in between is unknown."));
        segments.Add((kept, reset ? SegmentReason.Reset : SegmentReason.Replacement));
        rolled = 0;
        Keep(i);
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
