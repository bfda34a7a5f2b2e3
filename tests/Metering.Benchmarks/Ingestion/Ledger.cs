using Metering.Readings;
using Metering.Store;

namespace Metering.Benchmarks.Ingestion;

/// <summary>What a store holds of the simulated gateways, compared reading by reading with what they signed.</summary>
/// <param name="Readings">Readings that are as they were signed.</param>
/// <param name="Lost">Readings that are not there.</param>
/// <param name="Foreign">Readings there that nobody signed, or with another value.</param>
/// <param name="Batches">Batches in the journal.</param>
/// <param name="BatchesSent">Batches signed and sent.</param>
internal sealed record Ledger(long Readings, long Lost, long Foreign, long Batches, long BatchesSent)
{
    /// <summary>Everything arrived, and nothing twice.</summary>
    public bool Balances => Lost == 0 && Foreign == 0 && Batches == BatchesSent;

    /// <summary>Reads the whole store back.</summary>
    public static Ledger Of(IReadingStore store, IReadOnlyList<LoadGateway> gateways)
    {
        (long sound, long lost, long foreign) = (0, 0, 0);
        foreach (LoadGateway gateway in gateways)
        {
            for (int channel = 0; channel < gateway.Channels.Count; channel++)
            {
                long right = CountRight(store, gateway, channel, out long stored);
                sound += right;
                lost += gateway.SlotCount - right;
                foreign += stored - right;
            }
        }

        return new(sound, lost, foreign, store.LastSequence, gateways.Sum(gateway => (long)gateway.Batches.Count));
    }

    private static long CountRight(IReadingStore store, LoadGateway gateway, int channel, out long stored)
    {
        string id = gateway.Channels[channel].Id;
        if (store.FindChannel(gateway.Id, id) is null)
        {
            stored = 0;
            return 0;
        }

        ReadingColumns columns = store.Read(gateway.Id, id, long.MinValue, long.MaxValue);
        stored = columns.Count;
        long right = 0;
        for (int index = 0; index < columns.Count; index++)
        {
            long slot = (columns.UtcMilliseconds[index] - LoadGateway.InstantAt(0)) / LoadGateway.StepMilliseconds;
            bool isOurs = slot >= 0 && slot < gateway.SlotCount && LoadGateway.InstantAt(slot) == columns.UtcMilliseconds[index]
                && columns.HasValues[index] && columns.Qualities[index] == ReadingQuality.Good
                && columns.ScaledValues[index] == gateway.ValueAt(channel, slot);
            right += isOurs ? 1 : 0;
        }

        return right;
    }
}
