namespace Metering.Analytics.Intervals;

/// <summary>
/// The register at each border of the intervals, read or interpolated to a whole step. Readings are given in order of time;
/// borders come by guess and step, so that the readings between two borders are not touched.
/// </summary>
internal ref struct BorderRegister
{
    private readonly ReadOnlySpan<long> borders;
    private readonly Span<long> register;
    private readonly Span<byte> isAllocated;
    private readonly List<LongLink> links;
    private readonly long longestMeasured;
    private int next;
    private int reading;
    private int stride;

    /// <param name="columns">Borders to read, and the room for the register at each.</param>
    /// <param name="flags">One clear flag per border: set where the border lies between readings that stand far apart.</param>
    /// <param name="longestMeasured">Readings further apart than this (ms) make the borders between them allocated.</param>
    public BorderRegister(IntervalColumns columns, byte[] flags, long longestMeasured)
    {
        borders = columns.BordersUtcMilliseconds;
        register = columns.KnownBuffer[..borders.Length];
        isAllocated = flags.AsSpan(0, borders.Length);
        links = columns.Workspace.Links;
        this.longestMeasured = longestMeasured;
    }

    /// <summary>The first reading after a break: borders before it have no register.</summary>
    public void Start(long time, long value)
    {
        while (borders[next] < time)
        {
            next++;
        }

        if (borders[next] == time)
        {
            register[next++] = value;
        }
    }

    /// <summary>Borders after one reading kept and up to the next one kept.</summary>
    public void Link(long fromTime, long fromValue, long toTime, long toValue)
    {
        if (next == borders.Length || borders[next] > toTime)
        {
            return;
        }

        long span = toTime - fromTime;
        bool isLong = span > longestMeasured;
        int first = next;
        while (next < borders.Length && borders[next] < toTime)
        {
            isAllocated[next] = isLong ? (byte)1 : (byte)0;
            register[next] = fromValue + Share(toValue - fromValue, borders[next] - fromTime, span);
            next++;
        }

        if (isLong && next > first)
        {
            links.Add(new LongLink(fromTime, toTime, fromValue, toValue));
        }

        if (next < borders.Length && borders[next] == toTime)
        {
            isAllocated[next] = 0;
            register[next++] = toValue;
        }
    }

    /// <summary>Borders after the first of these readings and up to the last. They stand close together and never fall.</summary>
    /// <param name="time">Times of all readings.</param>
    /// <param name="value">Registers of all readings.</param>
    /// <param name="from">First reading; its border is laid already.</param>
    /// <param name="to">Last reading.</param>
    /// <param name="rolled">Register steps to add.</param>
    public void Range(ReadOnlySpan<long> time, ReadOnlySpan<long> value, int from, int to, long rolled)
    {
        long end = time[to];
        int at = reading;
        int index = next;
        while (index < borders.Length && borders[index] <= end)
        {
            long border = borders[index];
            int guess = at + stride;
            if (guess <= to && time[guess] == border)
            {
                // Read on the border, where the spacing says: the usual case.
                register[index++] = value[guess] + rolled;
                at = guess;
                continue;
            }

            int found = LastAtOrBefore(time, border, Math.Clamp(guess, from, to), to);
            stride = Math.Max(found - at, 0);
            at = found;
            long share = time[at] == border ? 0 : Share(value[at + 1] - value[at], border - time[at], time[at + 1] - time[at]);
            register[index++] = value[at] + share + rolled;
        }

        next = index;
        reading = at;
    }

    private static int LastAtOrBefore(ReadOnlySpan<long> time, long instant, int guess, int to)
    {
        while (time[guess] > instant)
        {
            guess--;
        }

        while (guess < to && time[guess + 1] <= instant)
        {
            guess++;
        }

        return guess;
    }

    /// <summary>Takes back the borders after an instant: the readings after it are dropped.</summary>
    public void Rewind(long time)
    {
        while (next > 0 && borders[next - 1] > time)
        {
            isAllocated[--next] = 0;
        }

        while (links.Count > 0 && links[^1].ToUtcMilliseconds > time)
        {
            links.RemoveAt(links.Count - 1);
        }

        reading = 0;
    }

    /// <summary>The readings that follow are counted from zero again.</summary>
    public void Renumber() => reading = 0;

    /// <summary>The part of a rise that belongs to the first <paramref name="part"/> of <paramref name="span"/>, rounded to the nearest step.</summary>
    public static long Share(long rise, long part, long span)
    {
        // Both below 2^31: no product overflows, and the division of the exact test is saved.
        if (((rise | span) >> 31) == 0 || rise <= long.MaxValue / 4 / span)
        {
            return ((rise * part) + (span / 2)) / span;
        }

        return (long)((((Int128)rise * part) + (span / 2)) / span);
    }
}
