using System.Collections.Concurrent;
using Metering.Store.Chunks;

namespace Metering.Store.Postgres;

/// <summary>
/// The readings of gateways that stand in the journal but not yet in chunks, decoded once and kept while they are unsealed.
/// Any process appends and seals, so each use says how far the gateway is sealed and how far its journal goes in the snapshot
/// it reads. A tail may know batches that are newer than the snapshot: over chunks of the same seal they are a later moment
/// of the same gateway, and as whole.
/// </summary>
internal sealed class TailCache
{
    /// <summary>Readings kept in memory altogether; beyond it the tails used least recently are dropped.</summary>
    private const long MaximumReadings = 4 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, Tail> _tails = new(StringComparer.Ordinal);
    private long _uses;

    /// <summary>Hands the unsealed readings of a gateway to a body that must not keep them.</summary>
    public T Use<T>(PostgresSession session, string gateway, (long Sealed, long Newest) snapshot, Func<HeadSet, T> body)
    {
        if (snapshot.Newest <= snapshot.Sealed)
        {
            return body(new());
        }

        Tail tail = _tails.GetOrAdd(gateway, _ => new());
        lock (tail.Gate)
        {
            if (tail.Sealed <= snapshot.Sealed)
            {
                tail.Extend(session, gateway, snapshot);
                tail.LastUse = Interlocked.Increment(ref _uses);
                T result = body(tail.Heads);
                DropSeldomUsed(gateway);
                return result;
            }
        }

        // The snapshot is older than what is kept: it reads for itself.
        Tail own = new();
        own.Extend(session, gateway, snapshot);
        return body(own.Heads);
    }

    /// <summary>Forgets everything: the server was away, and may have come back as another one.</summary>
    public void Clear() => _tails.Clear();

    private void DropSeldomUsed(string used)
    {
        while (_tails.Values.Sum(tail => tail.Count) > MaximumReadings
            && _tails.Where(item => item.Key != used).MinBy(item => item.Value.LastUse) is { Key: string oldest })
        {
            _ = _tails.TryRemove(oldest, out _);
        }
    }

    private sealed class Tail
    {
        private long _applied;
        private long _count;
        private long _lastUse;

        public Lock Gate { get; } = new();

        public HeadSet Heads { get; } = new();

        public long Sealed { get; private set; } = -1;

        public long Count => Interlocked.Read(ref _count);

        public long LastUse
        {
            get => Interlocked.Read(ref _lastUse);
            set => Interlocked.Exchange(ref _lastUse, value);
        }

        public void Extend(PostgresSession session, string gateway, (long Sealed, long Newest) snapshot)
        {
            if (Sealed != snapshot.Sealed)
            {
                Heads.Clear();
                (Sealed, _applied) = (snapshot.Sealed, snapshot.Sealed);
            }

            if (_applied < snapshot.Newest)
            {
                long from = _applied;

                // Half a replay must not be taken for a whole one.
                Sealed = -1;
                _ = JournalTable.Replay(session, gateway, (from, snapshot.Newest), int.MaxValue, Heads);
                (Sealed, _applied) = (snapshot.Sealed, snapshot.Newest);
            }

            _ = Interlocked.Exchange(ref _count, Heads.TotalCount);
        }
    }
}
