using Metering.Programme.Log;
using Metering.Store;

namespace Metering.Cloud.Evidence;

/// <summary>What people recorded at gateways stands in the store as it came, and in the log: the name that joins both.</summary>
internal static class FieldRecordSource
{
    private const string Lead = "record";

    /// <summary>The source of a record's entry.</summary>
    public static string Of(FieldRecordName name) => $"{Lead} {name.Gateway} {name.Hash}";

    /// <summary>Erases an entry of the log and, where it is a record of a gateway, the note in the store too.</summary>
    /// <param name="log">The log.</param>
    /// <param name="store">The store.</param>
    /// <param name="index">Place of the entry.</param>
    /// <param name="reason">Why.</param>
    /// <returns>Place of the entry that says so.</returns>
    /// <exception cref="StoreException">Nothing to erase (65), or a database fails.</exception>
    public static long Erase(EvidenceLog log, IReadingStore store, long index, string reason)
    {
        long said = log.Erase(index, reason);
        if (log.Find(index)?.Source?.Split(' ') is [Lead, { } gateway, { } hash])
        {
            _ = store.EraseRecord(gateway, hash);
        }

        return said;
    }
}
