namespace Metering.Readings;

/// <summary>
/// Channels by the header bytes that describe them, for segments that come again and again with the same header: a header
/// that is byte for byte one already read and checked need not be read again. A table of fixed size in which a newcomer
/// takes the place of what is there; safe from any thread.
/// </summary>
internal static class ChannelHeaders
{
    /// <summary>Headers kept. With the longest identifiers 10 MB, usually 3.</summary>
    private const int Capacity = 8_192;

    /// <summary>Longer headers are read each time.</summary>
    private const int MaximumLength = 512;

    private static readonly Entry?[] Entries = new Entry?[Capacity];

    /// <summary>The channel that these header lines describe, or null when they must be read.</summary>
    public static Channel? Find(ReadOnlySpan<byte> lines)
    {
        Entry? entry = Volatile.Read(ref Entries[PlaceOf(lines)]);
        return entry is not null && lines.SequenceEqual(entry.Lines) ? entry.Channel : null;
    }

    /// <summary>Keeps a channel that was read from these lines and checked.</summary>
    public static void Keep(ReadOnlySpan<byte> lines, Channel channel)
    {
        if (lines.Length <= MaximumLength)
        {
            Volatile.Write(ref Entries[PlaceOf(lines)], new(lines.ToArray(), channel));
        }
    }

    private static int PlaceOf(ReadOnlySpan<byte> lines)
    {
        HashCode hash = default;
        hash.AddBytes(lines);
        return hash.ToHashCode() & (Capacity - 1);
    }

    private sealed record Entry(byte[] Lines, Channel Channel);
}
