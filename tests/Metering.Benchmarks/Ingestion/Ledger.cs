using Metering.Readings;
using Metering.Store;

namespace Metering.Benchmarks.Ingestion;

/// <summary>What a store holds of simulated meters, compared reading by reading with what they showed.</summary>
/// <param name="Readings">Readings that are as they were taken.</param>
/// <param name="Lost">Readings that are not there.</param>
/// <param name="Foreign">Readings there that nobody took, or with another value.</param>
/// <param name="Batches">Batches in the journal.</param>
/// <param name="BatchesSent">Batches signed and sent.</param>
internal sealed record Ledger(long Readings, long Lost, long Foreign, long Batches, long BatchesSent)
{
    /// <summary>Everything arrived, and nothing twice.</summary>
    public bool Balances => Readings > 0 && Lost == 0 && Foreign == 0 && Batches == BatchesSent;

    /// <summary>The comparison of a load's gateways.</summary>
    public static Ledger Of(IReadingStore store, IReadOnlyList<LoadGateway> gateways) =>
        Of(store, [.. gateways.Select(gateway => (gateway.Meters, gateway.SlotCount))], gateways.Sum(gateway => (long)gateway.Batches.Count));

    /// <summary>Reads the whole store back.</summary>
    /// <param name="store">The store; nothing else is in it.</param>
    /// <param name="taken">Meters, and how many slots each was read for.</param>
    /// <param name="batchesSent">Batches signed and sent.</param>
    public static Ledger Of(IReadingStore store, IReadOnlyList<(LoadMeters Meters, long Slots)> taken, long batchesSent)
    {
        HashSet<(string, string)> known = [.. store.Channels().Select(channel => (channel.Gateway, channel.Channel.Id))];
        (long sound, long lost, long foreign) = (0, 0, 0);
        foreach ((LoadMeters meters, long slots) in taken)
        {
            for (int channel = 0; channel < meters.Channels.Count; channel++)
            {
                string id = meters.Channels[channel].Id;
                ReadingColumns? columns = known.Remove((meters.Gateway, id)) ? store.Read(meters.Gateway, id, long.MinValue, long.MaxValue) : null;
                long right = columns is null ? 0 : CountRight(columns, meters, channel, slots);
                sound += right;
                lost += slots - right;
                foreign += (columns?.Count ?? 0) - right;
            }
        }

        return new(sound, lost, foreign + known.Count, store.LastSequence, batchesSent);
    }

    private static long CountRight(ReadingColumns columns, LoadMeters meters, int channel, long slots)
    {
        long step = (long)meters.Interval.TotalMilliseconds;
        long right = 0;
        for (int index = 0; index < columns.Count; index++)
        {
            long slot = (columns.UtcMilliseconds[index] - meters.InstantAt(0)) / step;
            bool isOurs = slot >= 0 && slot < slots && meters.InstantAt(slot) == columns.UtcMilliseconds[index]
                && columns.HasValues[index] && columns.Qualities[index] == ReadingQuality.Good
                && columns.ScaledValues[index] == meters.ValueAt(channel, slot);
            right += isOurs ? 1 : 0;
        }

        return right;
    }
}
