using System.Globalization;
using System.Text;
using Metering.Evidence.Bundle;
using Metering.Projects;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>A reading with the way to it: its line, the segment and note that sign it, the entry of the log.</summary>
internal sealed record FoundReading
{
    public required long UtcMilliseconds { get; init; }

    public required double Value { get; init; }

    public required string Unit { get; init; }

    public required string Gateway { get; init; }

    public required int KeyEpoch { get; init; }

    public required long Batch { get; init; }

    /// <summary>Line of the segment, from 1, its header among them.</summary>
    public required int LineNumber { get; init; }

    public required string Line { get; init; }

    public required string SegmentHash { get; init; }

    public required string NoteHash { get; init; }

    public required long LogIndex { get; init; }
}

/// <summary>Looks readings up in a bundle that was found to be sound.</summary>
internal sealed class ReadingFinder(BundleFile file, IReadOnlyList<ShownBatches> batches)
{
    private const int HeaderLines = 10;

    /// <summary>The last usable reading at or before an instant; null when there is none.</summary>
    public FoundReading? AtOrBefore(ChannelName name, long utcMilliseconds) => Find(name, (utc, best) => utc <= utcMilliseconds && utc >= best, long.MinValue, onlyUsable: true);

    /// <summary>The first usable reading at or after an instant; null when there is none.</summary>
    public FoundReading? AtOrAfter(ChannelName name, long utcMilliseconds) => Find(name, (utc, best) => utc >= utcMilliseconds && utc <= best, long.MaxValue, onlyUsable: true);

    /// <summary>The reading of an instant, usable or not; of several the one logged last.</summary>
    public FoundReading? At(ChannelName name, long utcMilliseconds) => Find(name, (utc, _) => utc == utcMilliseconds, utcMilliseconds, onlyUsable: false);

    private FoundReading? Find(ChannelName name, Func<long, long, bool> isBetter, long start, bool onlyUsable)
    {
        FoundReading? found = null;
        long best = start;
        foreach (ShownBatches epoch in batches.Where(epoch => epoch.Gateway == name.Gateway && epoch.Lines.ContainsKey(name.Channel)))
        {
            SegmentLines lines = epoch.Lines[name.Channel];
            using Stream stream = file.OpenRead(BundleNames.SegmentsOf(epoch.Gateway, epoch.KeyEpoch, name.Channel), BundleFile.MaximumLength);
            SegmentUnpacker segments = new(stream, epoch.Gateway);
            for (int place = 0; segments.MoveNext(); place++)
            {
                (long first, long last) = epoch.Span[lines.Batch[place]];
                if (!isBetter(first, best) && !isBetter(last, best) && !(first <= start && last >= start))
                {
                    continue;
                }

                ChannelSegment segment = ChannelSegment.Parse(segments.Current);
                int row = RowOf(segment, isBetter, ref best, onlyUsable);
                if (row >= 0 && (found is null || found.UtcMilliseconds != best || found.LogIndex < epoch.LogIndex[lines.Batch[place]]))
                {
                    found = Of(segment, row, epoch, lines, place, segments.Current);
                }
            }
        }

        return found;
    }

    private static int RowOf(ChannelSegment segment, Func<long, long, bool> isBetter, ref long best, bool onlyUsable)
    {
        int row = -1;
        for (int index = 0; index < segment.Count; index++)
        {
            bool isUsable = segment.HasValues.Span[index] && segment.Qualities.Span[index].IsGood;
            if ((isUsable || !onlyUsable) && isBetter(segment.UtcMilliseconds.Span[index], best))
            {
                (row, best) = (index, segment.UtcMilliseconds.Span[index]);
            }
        }

        return row;
    }

    private static FoundReading Of(ChannelSegment segment, int row, ShownBatches epoch, SegmentLines lines, int place, ReadOnlySpan<byte> bytes)
    {
        string line = Encoding.ASCII.GetString(bytes).Split('\n')[HeaderLines + row];
        int batch = lines.Batch[place];
        return new()
        {
            UtcMilliseconds = segment.UtcMilliseconds.Span[row],
            Value = segment.HasValues.Span[row] ? segment.Channel.ToDouble(segment.ScaledValues.Span[row]) : double.NaN,
            Unit = segment.Channel.Unit,
            Gateway = epoch.Gateway,
            KeyEpoch = epoch.KeyEpoch,
            Batch = epoch.Number[batch],
            LineNumber = HeaderLines + row + 1,
            Line = line,
            SegmentHash = lines.Hash.Text(place),
            NoteHash = epoch.NoteHash.Text(batch),
            LogIndex = epoch.LogIndex[batch],
        };
    }

    /// <summary>An instant as people and logs write it.</summary>
    public static string Instant(long utcMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
