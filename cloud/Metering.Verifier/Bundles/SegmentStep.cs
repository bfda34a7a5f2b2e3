using System.Security.Cryptography;
using Metering.Evidence.Bundle;
using Metering.Projects;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>
/// Step 5: the readings of one channel, segment by segment: hash, form, place. They go straight into columns, 18 bytes a reading; of a year by the minute that is 9 MB,
/// and its text, 20 MB, is never held.
/// </summary>
internal sealed class SegmentStep(BundleFile file, IReadOnlyList<ShownBatches> epochs, ChannelName name, FaultList faults)
{
    // A difference of 0 and a line feed.
    private const int ShortestLine = 2;

    private readonly List<(int Start, long LogIndex)> starts = [];
    private readonly IncrementalHash hasher = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Channel? channel;
    private int used;

    /// <summary>Readings that were read, in the span or not.</summary>
    public int Count => used;

    /// <summary>The channel's readings in [from, to), of one instant the one logged last; null when there are none.</summary>
    public ChannelReadings? Run((long From, long To) span, out string version)
    {
        using IncrementalHash owned = hasher;
        version = "";
        long capacity = epochs.Sum(epoch => epoch.Lines.GetValueOrDefault(name.Channel)?.Count.Sum(count => (long)count) ?? 0);
        long bytes = epochs.Sum(epoch => file.LengthOf(BundleNames.SegmentsOf(epoch.Gateway, epoch.KeyEpoch, name.Channel)));
        if (capacity * ShortestLine > bytes)
        {
            // Room is set aside for what notes state; what the files cannot hold is not there.
            faults.Add(FaultCode.SegmentMissing, $"{name.Gateway}/{name.Channel}", "-");
            return null;
        }

        ReadingRoom room = new((int)capacity);
        foreach (ShownBatches epoch in epochs)
        {
            ReadEpoch(epoch, room);
        }

        if (channel is null || faults.Count > 0 || InOrder(room, span) is not { Instants.Length: > 0 } columns)
        {
            return null;
        }

        version = ReadingVersion.Of(channel, columns.Instants, columns.Values, columns.Qualities, columns.HasValues);
        return ChannelReadings.Of(channel, columns.Instants, columns.Values, columns.Qualities, columns.HasValues);
    }

    private void ReadEpoch(ShownBatches epoch, ReadingRoom room)
    {
        string path = BundleNames.SegmentsOf(epoch.Gateway, epoch.KeyEpoch, name.Channel);
        SegmentLines lines = epoch.Lines.GetValueOrDefault(name.Channel) ?? new(0);
        int place = 0;
        if (file.Has(path))
        {
            try
            {
                using Stream stream = file.OpenRead(path, BundleFile.MaximumLength);
                SegmentUnpacker segments = new(stream, epoch.Gateway);
                while (faults.Count < FaultList.Most && segments.MoveNext())
                {
                    if (place == lines.Batch.Count)
                    {
                        faults.Add(FaultCode.SegmentStray, path);
                        return;
                    }

                    Take(segments.Current, epoch, lines, place++, room);
                }
            }
            catch (Exception e) when (e is WireFormatException or BundleFormatException)
            {
                faults.Add(FaultCode.SegmentForm, path, place < lines.Batch.Count ? ShownLog.Text(epoch.Number[lines.Batch[place]]) : "-", e.Message);
                return;
            }
        }

        if (place < lines.Batch.Count)
        {
            faults.Add(FaultCode.SegmentMissing, path, ShownLog.Text(epoch.Number[lines.Batch[place]]));
        }
    }

    private void Take(ReadOnlySpan<byte> bytes, ShownBatches epoch, SegmentLines lines, int place, ReadingRoom room)
    {
        int batch = lines.Batch[place];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        hasher.AppendData(bytes);
        _ = hasher.GetHashAndReset(hash);
        if (!hash.SequenceEqual(lines.Hash[place]))
        {
            faults.Add(FaultCode.SegmentHash, Full(epoch), ShownLog.Text(epoch.Number[batch]));
            return;
        }

        try
        {
            ChannelSegment segment = ChannelSegment.Parse(bytes, epoch.Gateway, room, lines.Count[place]);
            ReadOnlySpan<long> instants = segment.UtcMilliseconds.Span;
            bool fits = segment.Gateway == epoch.Gateway && segment.Batch == epoch.Number[batch] && segment.Channel.Id == name.Channel
                && instants[0] >= epoch.Span[batch].First && instants[^1] <= epoch.Span[batch].Last;
            bool isSame = channel is null || (channel.Unit == segment.Channel.Unit && channel.Kind == segment.Channel.Kind && channel.DecimalsCode == segment.Channel.DecimalsCode);
            channel = !fits ? throw new WireFormatException("it names another gateway, batch or channel than its manifest, or readings outside its time")
                : !isSame ? throw new WireFormatException("the channel changed its unit, kind or decimals")
                : segment.Channel;
            starts.Add((used, epoch.LogIndex[batch]));
            used += segment.Count;
        }
        catch (Exception e) when (e is WireFormatException or ArgumentException)
        {
            faults.Add(FaultCode.SegmentForm, Full(epoch), ShownLog.Text(epoch.Number[batch]), e.Message);
        }
    }

    private string Full(ShownBatches epoch) => $"{epoch.Gateway}.{ShownLog.Text(epoch.KeyEpoch)}/{name.Channel}";

    private Columns InOrder(ReadingRoom room, (long From, long To) span)
    {
        ReadOnlySpan<long> instants = room.Instants.AsSpan(0, used);
        int first = 0;
        while (first < used && instants[first] < span.From)
        {
            first++;
        }

        int end = first;
        bool ascends = true;
        while (end < used && instants[end] < span.To && ascends)
        {
            ascends = end == first || instants[end] > instants[end - 1];
            end++;
        }

        // What follows may still belong into the span where the order is broken.
        ascends = ascends && !instants[..first].ContainsAnyInRange(span.From, span.To - 1) && !instants[end..].ContainsAnyInRange(span.From, span.To - 1);
        return ascends ? Columns.Of(room, first, end) : Columns.Of(room, Sorted(room, span));
    }

    // By instant, and of one instant the reading whose batch the log took last.
    private int[] Sorted(ReadingRoom room, (long From, long To) span)
    {
        long[] logged = new long[used];
        for (int segment = 0; segment < starts.Count; segment++)
        {
            int end = segment + 1 < starts.Count ? starts[segment + 1].Start : used;
            logged.AsSpan(starts[segment].Start, end - starts[segment].Start).Fill(starts[segment].LogIndex);
        }

        long[] instants = room.Instants;
        int[] order = [.. Enumerable.Range(0, used).Where(place => instants[place] >= span.From && instants[place] < span.To)];
        Array.Sort(order, (left, right) => instants[left] != instants[right] ? instants[left].CompareTo(instants[right]) : logged[left].CompareTo(logged[right]));
        List<int> kept = new(order.Length);
        foreach (int place in order)
        {
            if (kept.Count > 0 && instants[kept[^1]] == instants[place])
            {
                kept[^1] = place;
            }
            else
            {
                kept.Add(place);
            }
        }

        return [.. kept];
    }

    private sealed record Columns(long[] Instants, long[] Values, ReadingQuality[] Qualities, bool[] HasValues)
    {
        public static Columns Of(ReadingRoom room, int first, int end) => first == 0 && end == room.Instants.Length
            ? new(room.Instants, room.Values, room.Qualities, room.HasValues)
            : new(room.Instants[first..end], room.Values[first..end], room.Qualities[first..end], room.HasValues[first..end]);

        public static Columns Of(ReadingRoom room, int[] places) => new(
            Array.ConvertAll(places, place => room.Instants[place]),
            Array.ConvertAll(places, place => room.Values[place]),
            Array.ConvertAll(places, place => room.Qualities[place]),
            Array.ConvertAll(places, place => room.HasValues[place]));
    }
}
