using System.Buffers;
using System.Security.Cryptography;

namespace Metering.Readings;

/// <summary>Everything of a manifest that the gateway knows before the readings are laid out.</summary>
public sealed record BatchIdentity
{
    /// <summary>See <see cref="BatchManifest.Gateway"/>.</summary>
    public required string Gateway { get; init; }

    /// <summary>See <see cref="BatchManifest.KeyEpoch"/>.</summary>
    public required int KeyEpoch { get; init; }

    /// <summary>See <see cref="BatchManifest.Boot"/>.</summary>
    public required string Boot { get; init; }

    /// <summary>See <see cref="BatchManifest.Batch"/>.</summary>
    public required long Batch { get; init; }

    /// <summary>See <see cref="BatchManifest.PreviousHash"/>.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>See <see cref="BatchManifest.ConfigHash"/>.</summary>
    public required string ConfigHash { get; init; }

    /// <summary>See <see cref="BatchManifest.Software"/>.</summary>
    public required string Software { get; init; }

    /// <summary>See <see cref="BatchManifest.Clock"/>.</summary>
    public required ClockState Clock { get; init; }

    /// <summary>See <see cref="BatchManifest.MonotonicMilliseconds"/>.</summary>
    public required long MonotonicMilliseconds { get; init; }

    /// <summary>See <see cref="BatchManifest.AnchorUtcMilliseconds"/>.</summary>
    public required long AnchorUtcMilliseconds { get; init; }
}

/// <summary>Lays readings out as a signed batch.</summary>
public static class BatchBuilder
{
    /// <summary>Signs a batch.</summary>
    /// <param name="identity">Who, which and after what.</param>
    /// <param name="channels">The gateway's channels; <see cref="Reading.ChannelIndex"/> points into it.</param>
    /// <param name="readings">The readings, at least one, in any order; two of one channel never share an instant.</param>
    /// <param name="gaps">Sealed gaps, in order of time.</param>
    /// <param name="key">The gateway's private key.</param>
    /// <returns>The envelope's bytes and the hash of its note, which the next batch must name.</returns>
    /// <exception cref="ArgumentException">No reading, more than the limits allow, or two readings of one channel at one instant.</exception>
    public static (byte[] Envelope, string NoteHash) Build(
        BatchIdentity identity, IReadOnlyList<Channel> channels, ReadOnlySpan<Reading> readings, IReadOnlyList<GapEvent> gaps, ECDsa key)
    {
        if (readings.Length is 0 or > BatchLimits.MaximumReadings)
        {
            throw new ArgumentException($"a batch holds 1 to {BatchLimits.MaximumReadings} readings, not {readings.Length}", nameof(readings));
        }

        using RentedBuffer bytes = new(readings.Length * 2 * ChannelSegment.UsualLineLength);
        List<(ManifestChannel Line, Range Place)> segments = LayOut(identity, channels, readings, bytes, out long first, out long last);
        BatchManifest manifest = new()
        {
            Gateway = identity.Gateway,
            KeyEpoch = identity.KeyEpoch,
            Boot = identity.Boot,
            Batch = identity.Batch,
            PreviousHash = identity.PreviousHash,
            ConfigHash = identity.ConfigHash,
            Software = identity.Software,
            FirstUtcMilliseconds = first,
            LastUtcMilliseconds = last,
            Clock = identity.Clock,
            MonotonicMilliseconds = identity.MonotonicMilliseconds,
            AnchorUtcMilliseconds = identity.AnchorUtcMilliseconds,
            Channels = [.. segments.Select(segment => segment.Line)],
            Gaps = gaps,
        };
        using RentedBuffer text = new(manifest.UsualTextLength);
        manifest.WriteTo(text);
        byte[] note = SignedNote.Sign(text.Written, identity.Gateway, key);
        return (BatchEnvelope.Pack(note, segments.ConvertAll(segment => bytes.At(segment.Place))), BatchManifest.HashOf(note));
    }

    // Writes the segments one behind the other; the lines of the manifest and where each segment lies, in the order of channel names.
    private static List<(ManifestChannel Line, Range Place)> LayOut(
        BatchIdentity identity, IReadOnlyList<Channel> channels, ReadOnlySpan<Reading> readings, RentedBuffer bytes, out long first, out long last)
    {
        List<(ManifestChannel Line, Range Place)> segments = [];
        first = long.MaxValue;
        last = long.MinValue;
        Reading[] sorted = ArrayPool<Reading>.Shared.Rent(readings.Length);
        int[] ends = ArrayPool<int>.Shared.Rent(channels.Count + 1);
        SortByChannel(channels.Count, readings, sorted, ends);
        ReadingRoom room = new(readings.Length);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using IncrementalHash hasher = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int index = 0; index < channels.Count; index++)
        {
            int start = index == 0 ? 0 : ends[index - 1];
            if (ends[index] > start)
            {
                ChannelSegment segment = Collect(identity, channels[index], sorted.AsSpan(start, ends[index] - start), room);
                int from = bytes.Length;
                segment.WriteTo(bytes);
                hasher.AppendData(bytes.Written[from..]);
                _ = hasher.GetHashAndReset(hash);
                segments.Add((new(channels[index].Id, segment.Count, Convert.ToHexStringLower(hash)), from..bytes.Length));
                first = Math.Min(first, segment.UtcMilliseconds.Span[0]);
                last = Math.Max(last, segment.UtcMilliseconds.Span[^1]);
            }
        }

        ArrayPool<Reading>.Shared.Return(sorted);
        ArrayPool<int>.Shared.Return(ends);
        segments.Sort((left, right) => string.CompareOrdinal(left.Line.Channel, right.Line.Channel));
        return segments;
    }

    // The readings by channel, those of one channel in their order: one pass to count, one to place. Afterwards ends[channel] is where its own end.
    private static void SortByChannel(int channelCount, ReadOnlySpan<Reading> readings, Span<Reading> sorted, Span<int> ends)
    {
        ends[..(channelCount + 1)].Clear();
        foreach (ref readonly Reading reading in readings)
        {
            ends[reading.ChannelIndex + 1]++;
        }

        for (int index = 1; index <= channelCount; index++)
        {
            ends[index] += ends[index - 1];
        }

        foreach (ref readonly Reading reading in readings)
        {
            sorted[ends[reading.ChannelIndex]++] = reading;
        }
    }

    private static ChannelSegment Collect(BatchIdentity identity, Channel channel, Span<Reading> mine, ReadingRoom room)
    {
        bool ascends = true;
        for (int index = 1; index < mine.Length && ascends; index++)
        {
            ascends = mine[index].UtcMilliseconds > mine[index - 1].UtcMilliseconds;
        }

        if (!ascends)
        {
            mine.Sort((left, right) => left.UtcMilliseconds.CompareTo(right.UtcMilliseconds));
        }

        for (int index = 1; index < mine.Length; index++)
        {
            if (mine[index].UtcMilliseconds == mine[index - 1].UtcMilliseconds)
            {
                throw new ArgumentException($"two readings of channel {channel.Id} at {mine[index].UtcMilliseconds}", nameof(mine));
            }
        }

        return Columns(identity, channel, mine, room);
    }

    private static ChannelSegment Columns(BatchIdentity identity, Channel channel, ReadOnlySpan<Reading> mine, ReadingRoom room)
    {
        Range place = room.Take(mine.Length);
        Span<long> instants = room.Instants.AsSpan(place);
        Span<long> values = room.Values.AsSpan(place);
        Span<ReadingQuality> qualities = room.Qualities.AsSpan(place);
        Span<bool> hasValues = room.HasValues.AsSpan(place);
        for (int index = 0; index < mine.Length; index++)
        {
            (instants[index], values[index], _, qualities[index], hasValues[index]) = mine[index];
        }

        return new()
        {
            Gateway = identity.Gateway,
            Batch = identity.Batch,
            Channel = channel,
            UtcMilliseconds = room.Instants.AsMemory(place),
            ScaledValues = room.Values.AsMemory(place),
            Qualities = room.Qualities.AsMemory(place),
            HasValues = room.HasValues.AsMemory(place),
        };
    }
}
