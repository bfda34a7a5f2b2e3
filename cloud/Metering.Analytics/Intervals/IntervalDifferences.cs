using System.Runtime.Intrinsics;

namespace Metering.Analytics.Intervals;

/// <summary>
/// From the register at each border to use per interval. Inside a segment it is the difference of the borders; where a
/// segment begins or ends inside an interval its first or last reading takes the place of the border.
/// </summary>
internal static class IntervalDifferences
{
    /// <summary>Intervals in one vector. Subtraction, conversion and division round each lane by itself, as the plain loop does.</summary>
    private const int Lanes = 4;

    /// <summary>Fills the columns of known use, known time, value and code, and the total.</summary>
    public static void Fill(IntervalColumns columns)
    {
        int filled = 0;
        Int128 total = 0;
        foreach (CounterSegment segment in columns.Workspace.Segments)
        {
            total += segment.Used;
            filled = Add(columns, segment, filled);
        }

        Clear(columns, filled, columns.Count);
        columns.TotalScaled = total;
    }

    /// <summary>Sets code and value of an interval from its known use and time.</summary>
    public static void Close(IntervalColumns columns, int interval, bool isAllocated)
    {
        ReadOnlySpan<long> borders = columns.BordersUtcMilliseconds;
        bool isWhole = columns.KnownMillisecondsBuffer[interval] == borders[interval + 1] - borders[interval];
        columns.CodeBuffer[interval] = !isWhole ? IntervalCode.Missing : isAllocated ? IntervalCode.Allocated : IntervalCode.Measured;
        columns.ValueBuffer[interval] = isWhole ? DecimalScale.ToDouble(columns.KnownBuffer[interval], columns.Exponent) : double.NaN;
    }

    /// <summary>Adds a segment. Intervals before <paramref name="filled"/> are done, and one of them may be shared.</summary>
    private static int Add(IntervalColumns columns, CounterSegment segment, int filled)
    {
        ReadOnlySpan<long> borders = columns.BordersUtcMilliseconds;
        Span<long> known = columns.KnownBuffer;
        Span<long> milliseconds = columns.KnownMillisecondsBuffer;
        int first = FirstOf(borders, segment.StartUtcMilliseconds);
        int last = LastOf(borders, segment.EndUtcMilliseconds, first);
        bool isShared = first < filled;
        Clear(columns, filled, first);
        long firstUse = (first == last ? segment.Last : known[first + 1]) - segment.First;
        long firstTime = Math.Min(segment.EndUtcMilliseconds, borders[first + 1]) - segment.StartUtcMilliseconds;
        long register = first == last ? 0 : known[first + 1];
        known[first] = firstUse + (isShared ? known[first] : 0);
        milliseconds[first] = firstTime + (isShared ? milliseconds[first] : 0);
        ReadOnlySpan<byte> flags = columns.Workspace.FlagsInUse;
        Close(columns, first, (flags[first] | flags[first + 1]) != 0);
        if (first == last)
        {
            return first + 1;
        }

        Inner(columns, first + 1, last, ref register);
        known[last] = segment.Last - register;
        milliseconds[last] = segment.EndUtcMilliseconds - borders[last];
        Close(columns, last, (flags[last] | flags[last + 1]) != 0);
        return last + 1;
    }

    /// <summary>Intervals with both borders in the segment: all their time is known.</summary>
    private static void Inner(IntervalColumns columns, int from, int to, ref long register)
    {
        int count = to - from;
        ReadOnlySpan<long> border = columns.BordersUtcMilliseconds.Slice(from, count + 1);
        ReadOnlySpan<byte> flag = columns.Workspace.FlagsInUse.Slice(from, count + 1);
        Span<long> known = columns.KnownBuffer.Slice(from, count + 1);
        Span<long> milliseconds = columns.KnownMillisecondsBuffer.Slice(from, count);
        Span<double> value = columns.ValueBuffer.Slice(from, count);
        Span<IntervalCode> code = columns.CodeBuffer.Slice(from, count);
        double power = DecimalScale.Power(columns.Exponent);
        register = known[count];
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> powers = Vector256.Create(power);
            for (; i <= count - Lanes; i += Lanes)
            {
                Vector256<long> used = Vector256.Create<long>(known.Slice(i + 1, Lanes)) - Vector256.Create<long>(known.Slice(i, Lanes));
                Vector256<long> length = Vector256.Create(border.Slice(i + 1, Lanes)) - Vector256.Create(border.Slice(i, Lanes));
                used.CopyTo(known[i..]);
                length.CopyTo(milliseconds[i..]);
                (Vector256.ConvertToDouble(used) / powers).CopyTo(value[i..]);
            }
        }

        for (; i < count; i++)
        {
            long used = known[i + 1] - known[i];
            known[i] = used;
            milliseconds[i] = border[i + 1] - border[i];
            value[i] = used / power;
        }

        // A flagged border makes the intervals on both sides of it allocated.
        code.Clear();
        int at = flag.IndexOf((byte)1);
        while (at >= 0)
        {
            if (at > 0)
            {
                code[at - 1] = IntervalCode.Allocated;
            }

            if (at < count)
            {
                code[at] = IntervalCode.Allocated;
            }

            int further = flag[(at + 1)..].IndexOf((byte)1);
            at = further < 0 ? further : at + 1 + further;
        }
    }

    private static void Clear(IntervalColumns columns, int from, int to)
    {
        if (to <= from)
        {
            return;
        }

        columns.KnownBuffer[from..to].Clear();
        columns.KnownMillisecondsBuffer[from..to].Clear();
        columns.ValueBuffer[from..to].Fill(double.NaN);
        columns.CodeBuffer[from..to].Fill(IntervalCode.Missing);
    }

    private static int FirstOf(ReadOnlySpan<long> borders, long instant)
    {
        int found = borders.BinarySearch(instant);
        return Math.Min(found >= 0 ? found : ~found - 1, borders.Length - 2);
    }

    /// <summary>The interval that holds the end: an end on a border belongs to the interval before it.</summary>
    private static int LastOf(ReadOnlySpan<long> borders, long instant, int first)
    {
        int found = borders.BinarySearch(instant);
        return Math.Max(first, (found >= 0 ? found : ~found) - 1);
    }
}
