using Metering.Readings;

namespace Metering.Store.Chunks;

/// <summary>Makes readings from batches of the journal again.</summary>
internal static class JournalReplay
{
    /// <summary>Opens a batch that was sound when it was stored.</summary>
    /// <exception cref="StoreException">It is damaged (74).</exception>
    public static BatchEnvelope Open(long sequence, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return BatchEnvelope.Open(bytes);
        }
        catch (WireFormatException e)
        {
            throw Damaged(sequence, e);
        }
    }

    /// <summary>The readings of a batch that was sound when it was stored.</summary>
    /// <exception cref="StoreException">It is damaged (74).</exception>
    public static IReadOnlyList<ChannelSegment> Segments(long sequence, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return BatchEnvelope.Open(bytes).ReadSegments();
        }
        catch (WireFormatException e)
        {
            throw Damaged(sequence, e);
        }
    }

    /// <summary>Adds what a batch holds of one channel on one UTC day.</summary>
    public static void AppendDay(Head head, BatchEnvelope envelope, string channel, long day)
    {
        for (int index = 0; index < envelope.Segments.Count; index++)
        {
            if (envelope.Manifest.Channels[index].Channel == channel)
            {
                AppendDay(head, ChannelSegment.Parse(envelope.Segments[index]), day * ChunkCodec.MillisecondsPerDay);
            }
        }
    }

    private static StoreException Damaged(long sequence, WireFormatException e) => new(
        "el lote {0} del diario está dañado ({1}). Retire el almacén y restaure un respaldo; los gateways envían lo que vino después.", $"batch {sequence} of the journal is damaged ({e.Message}). Move the store away and restore a backup; the gateways send what came after it.",
        StoreException.InputOutput,
        e);

    private static void AppendDay(Head head, ChannelSegment segment, long start)
    {
        ReadOnlySpan<long> instants = segment.UtcMilliseconds.Span;
        int from = 0;
        while (from < instants.Length && instants[from] < start)
        {
            from++;
        }

        int to = from;
        while (to < instants.Length && instants[to] < start + ChunkCodec.MillisecondsPerDay)
        {
            to++;
        }

        if (to > from)
        {
            head.Append(segment, from, to);
        }
    }
}
