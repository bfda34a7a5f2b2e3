using System.Globalization;
using Metering.Readings;
using Metering.Store;

namespace Metering.Ingestion.Import;

/// <summary>
/// The readings of one call that have to be written: by channel, ascending by instant, one reading an instant, without those that
/// the store holds already. Channel after channel and not instant after instant, so that a sealed day is written once.
/// </summary>
internal sealed class ImportSelection
{
    private readonly List<Reading> _readings = [];

    public long New { get; private set; }

    public long Changed { get; private set; }

    public long Same { get; private set; }

    public static ImportSelection Of(IReadingStore store, ImportOptions options, IReadOnlyList<Channel> channels, ReadOnlySpan<Reading> readings)
    {
        List<Reading>[] byChannel = Split(channels, readings);
        ImportSelection selection = new();
        StoredChannel?[] stored = new StoredChannel?[channels.Count];
        bool compares = options.LeavesOutStored || options.RefusesChanges;
        for (int index = 0; index < stored.Length; index++)
        {
            if (byChannel[index].Count > 0 && compares)
            {
                stored[index] = FindFitting(store, options.Gateway, channels[index]);
            }
        }

        for (int index = 0; index < stored.Length; index++)
        {
            if (byChannel[index].Count > 0)
            {
                List<Reading> mine = InOrder(byChannel[index]);
                selection.Take(mine, compares ? StoredIn(store, stored[index], mine) : null, options.RefusesChanges);
            }
        }

        return selection;
    }

    /// <summary>What is to be written in pieces of at most so many readings and so many channels as a batch may have.</summary>
    public IEnumerable<ReadOnlyMemory<Reading>> Batches(int readingsPerBatch)
    {
        Reading[] all = [.. _readings];
        int start = 0;
        int channels = 0;
        for (int index = 0; index < all.Length; index++)
        {
            bool isNext = index == start || all[index].ChannelIndex != all[index - 1].ChannelIndex;
            if (index - start == readingsPerBatch || (isNext && channels == BatchLimits.MaximumChannels))
            {
                yield return all.AsMemory(start, index - start);
                start = index;
                channels = 0;
                isNext = true;
            }

            channels += isNext ? 1 : 0;
        }

        if (start < all.Length)
        {
            yield return all.AsMemory(start);
        }
    }

    private static List<Reading>[] Split(IReadOnlyList<Channel> channels, ReadOnlySpan<Reading> readings)
    {
        List<Reading>[] byChannel = new List<Reading>[channels.Count];
        for (int index = 0; index < byChannel.Length; index++)
        {
            channels[index].Check();
            byChannel[index] = [];
        }

        foreach (ref readonly Reading reading in readings)
        {
            if (reading.ChannelIndex < 0 || reading.ChannelIndex >= byChannel.Length)
            {
                throw new ArgumentException($"a reading points to channel {reading.ChannelIndex} of {byChannel.Length}", nameof(readings));
            }

            byChannel[reading.ChannelIndex].Add(reading);
        }

        return byChannel;
    }

    private static StoredChannel? FindFitting(IReadingStore store, string gateway, Channel channel)
    {
        StoredChannel? stored = store.FindChannel(gateway, channel.Id);
        if (stored is { Channel: Channel known } && (known.Unit != channel.Unit || known.Kind != channel.Kind || known.DecimalsCode != channel.DecimalsCode))
        {
            throw new ImportException(
                "el canal {0} de {1} está guardado como {2} en {3} con {4} decimales, y viene como {5} en {6} con {7}. Tráigalo como estaba, o dé otro nombre al canal.", $"channel {channel.Id} of {gateway} is stored as {known.Kind} in {known.Unit} with {known.DecimalsText} decimals, and comes as {channel.Kind} in {channel.Unit} with {channel.DecimalsText}. Bring it in as it was, or give the channel another name.");
        }

        return stored;
    }

    // Ascending; of several readings of one instant the one that came last.
    private static List<Reading> InOrder(List<Reading> readings)
    {
        for (int index = 1; index < readings.Count; index++)
        {
            if (readings[index].UtcMilliseconds <= readings[index - 1].UtcMilliseconds)
            {
                return Sorted(readings);
            }
        }

        return readings;
    }

    private static List<Reading> Sorted(List<Reading> readings)
    {
        long[] instants = new long[readings.Count];
        int[] order = new int[readings.Count];
        for (int index = 0; index < order.Length; index++)
        {
            (instants[index], order[index]) = (readings[index].UtcMilliseconds, index);
        }

        Array.Sort(order, (left, right) => instants[left] == instants[right] ? left.CompareTo(right) : instants[left].CompareTo(instants[right]));
        List<Reading> sorted = new(order.Length);
        for (int index = 0; index < order.Length; index++)
        {
            if (index + 1 == order.Length || instants[order[index]] != instants[order[index + 1]])
            {
                sorted.Add(readings[order[index]]);
            }
        }

        return sorted;
    }

    private static ReadingColumns? StoredIn(IReadingStore store, StoredChannel? stored, List<Reading> mine) =>
        stored is null ? null : store.Read(stored.Gateway, stored.Channel.Id, mine[0].UtcMilliseconds, mine[^1].UtcMilliseconds + 1);

    private void Take(List<Reading> mine, ReadingColumns? stored, bool refusesChanges)
    {
        int at = 0;
        foreach (Reading reading in mine)
        {
            while (stored is not null && at < stored.Count && stored.UtcMilliseconds[at] < reading.UtcMilliseconds)
            {
                at++;
            }

            bool isKnown = stored is not null && at < stored.Count && stored.UtcMilliseconds[at] == reading.UtcMilliseconds;
            if (isKnown && IsSame(reading, stored!, at))
            {
                Same++;
                continue;
            }

            if (isKnown && refusesChanges)
            {
                throw Contradiction(stored!, at, reading);
            }

            Changed += isKnown ? 1 : 0;
            New += isKnown ? 0 : 1;
            _readings.Add(reading);
        }
    }

    private static ImportException Contradiction(ReadingColumns stored, int at, in Reading reading)
    {
        string before = stored.HasValues[at] ? stored.Channel.ToDouble(stored.ScaledValues[at]).ToString(CultureInfo.InvariantCulture) : "no value";
        string now = reading.HasValue ? stored.Channel.ToDouble(reading.ScaledValue).ToString(CultureInfo.InvariantCulture) : "no value";
        string instant = DateTimeOffset.FromUnixTimeMilliseconds(reading.UtcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return new("el canal {0} tiene guardado el {1} el valor {2} y viene con {3}. ¿Son la columna, la zona y la planta correctas? Permita las correcciones expresamente, o dé otro nombre a la importación.", $"channel {stored.Channel.Id} at {instant} is stored as {before} and comes as {now}. Is it the right column, zone and plant? Allow corrections explicitly, or give the import another name.");
    }

    private static bool IsSame(in Reading reading, ReadingColumns stored, int at) =>
        reading.HasValue == stored.HasValues[at]
        && (!reading.HasValue || reading.ScaledValue == stored.ScaledValues[at])
        && reading.Quality == stored.Qualities[at];
}
