namespace Metering.Readings;

/// <summary>Columns for the readings of a batch, which its segments share: four arrays a batch in place of four a segment.</summary>
internal sealed class ReadingRoom(int capacity)
{
    private int _used;

    public long[] Instants { get; } = new long[capacity];

    public long[] Values { get; } = new long[capacity];

    public ReadingQuality[] Qualities { get; } = new ReadingQuality[capacity];

    public bool[] HasValues { get; } = new bool[capacity];

    /// <summary>Sets room for so many readings aside.</summary>
    public Range Take(int count)
    {
        int start = _used;
        _used += count;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_used, capacity, nameof(count));
        return start.._used;
    }

    /// <summary>Reads the lines of a segment into their place.</summary>
    /// <exception cref="WireFormatException">A line is not in its one spelling, out of order, or there are more or fewer than there is room for.</exception>
    public void Fill(Range place, ReadOnlySpan<byte> body)
    {
        Span<long> instants = Instants.AsSpan(place);
        Span<long> values = Values.AsSpan(place);
        Span<bool> hasValues = HasValues.AsSpan(place);
        hasValues.Fill(true);
        long previous = 0;
        for (int index = 0; index < instants.Length; index++)
        {
            int next = ReadingLine.TryGood(body, out instants[index], out values[index]);
            if (next == 0)
            {
                int end = body.IndexOf((byte)'\n');
                if (end < 0)
                {
                    throw new WireFormatException("the segment has fewer readings than it should, or its last line has no line feed");
                }

                ReadingLine.Parse(body[..end], out instants[index], out values[index], out hasValues[index], out Qualities.AsSpan(place)[index]);
                next = end + 1;
            }

            if (index > 0 && instants[index] <= previous)
            {
                throw new WireFormatException($"instant {instants[index]} does not come after {previous}");
            }

            previous = instants[index];
            body = body[next..];
        }

        if (!body.IsEmpty)
        {
            throw new WireFormatException("the segment has more readings than it should, or its last line has no line feed");
        }
    }
}
