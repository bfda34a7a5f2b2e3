using Metering.Readings;

namespace Metering.Store.Postgres;

/// <summary>
/// One group of batches in one transaction: decides what becomes of each and writes what is to be written. A batch that
/// comes before its turn is kept, and whoever appends its predecessor appends it too, so the batches of one gateway may
/// reach any processes in any order.
/// </summary>
internal sealed class GroupAppend(PostgresSession session, ChannelCatalog catalog, long receivedUtcMilliseconds)
{
    private readonly Dictionary<(string Gateway, int KeyEpoch, long Batch), string> _hashes = [];
    private readonly List<PendingBatch> _placed = [];
    private readonly List<PendingBatch> _early = [];
    private readonly SortedDictionary<(string Gateway, string Name), Channel> _changed = new(ByNames.Instance);
    private Dictionary<(string Gateway, int KeyEpoch), Chain> _chains = [];

    public void Run(IReadOnlyList<PendingBatch> group)
    {
        // By number within a chain, so that a group never makes its own batches wait.
        PendingBatch[] ordered =
        [
            .. group.OrderBy(batch => batch.Envelope.Manifest.Gateway, StringComparer.Ordinal)
                .ThenBy(batch => batch.Envelope.Manifest.KeyEpoch).ThenBy(batch => batch.Envelope.Manifest.Batch),
        ];
        Dictionary<string, long> definitions = new(StringComparer.Ordinal);
        _chains = ChainTable.Lock(session, [.. ordered.Select(batch => batch.Envelope.Manifest.Gateway).Distinct()], definitions);
        catalog.Load(session, definitions);
        LoadHashes(ordered);
        foreach (PendingBatch batch in ordered)
        {
            Decide(batch);
        }

        WaitingTable waiting = new(session, receivedUtcMilliseconds);
        if (_early.Count > 0)
        {
            waiting.Keep(_early, _chains);
        }

        foreach (Chain chain in _chains.Values)
        {
            if (chain.IsChanged && chain.Waiting > 0)
            {
                AppendWaiting(waiting, chain);
            }
        }

        Write();
    }

    /// <summary>Lets a chain go on behind batches that are stated lost, with those that had come before their turn.</summary>
    /// <returns>False, and nothing changed, when the statement does not begin right behind the chain's head.</returns>
    public bool PassLost(LostBatches lost)
    {
        Dictionary<string, long> definitions = new(StringComparer.Ordinal);
        _chains = ChainTable.Lock(session, [lost.Gateway], definitions);
        if (!_chains.TryGetValue((lost.Gateway, lost.KeyEpoch), out Chain? chain) || !RegisterRules.Follows(lost, chain.Head))
        {
            return false;
        }

        catalog.Load(session, definitions);
        chain.PassLost(lost);
        if (chain.Waiting > 0)
        {
            AppendWaiting(new(session, receivedUtcMilliseconds), chain);
        }

        Write();
        return true;
    }

    private void LoadHashes(PendingBatch[] ordered)
    {
        List<(string Gateway, int KeyEpoch, long Batch)> asked = [];
        foreach (PendingBatch batch in ordered)
        {
            BatchManifest manifest = batch.Envelope.Manifest;
            if (_chains.TryGetValue((manifest.Gateway, manifest.KeyEpoch), out Chain? chain) && manifest.Batch <= chain.Head.Through)
            {
                asked.Add((manifest.Gateway, manifest.KeyEpoch, manifest.Batch));
            }
        }

        if (asked.Count > 0)
        {
            JournalTable.AddHashes(session, asked, _hashes);
        }
    }

    private void Decide(PendingBatch batch)
    {
        BatchManifest manifest = batch.Envelope.Manifest;
        if (!_chains.TryGetValue((manifest.Gateway, manifest.KeyEpoch), out Chain? chain))
        {
            batch.Refuse(new ArgumentException($"gateway {manifest.Gateway} is not enrolled with key epoch {manifest.KeyEpoch}", nameof(batch)));
            return;
        }

        AppendOutcome outcome = batch.Judge(chain.Head, () => _hashes.GetValueOrDefault((manifest.Gateway, manifest.KeyEpoch, manifest.Batch)));
        if (outcome is AppendOutcome.Stored or AppendOutcome.OutOfOrder && catalog.FindConflict(batch) is string conflict)
        {
            batch.Refuse(new WireFormatException(conflict));
            return;
        }

        batch.Settle(outcome);
        if (outcome == AppendOutcome.Stored)
        {
            Place(chain, batch);
        }
        else if (outcome == AppendOutcome.OutOfOrder)
        {
            _early.Add(batch);
        }
    }

    private void Place(Chain chain, PendingBatch batch)
    {
        chain.MoveTo(batch);
        catalog.Take(batch, _changed);
        _hashes[(chain.Gateway, chain.KeyEpoch, chain.Head.Through)] = chain.Head.NoteHash;
        _placed.Add(batch);
    }

    private void AppendWaiting(WaitingTable waiting, Chain chain)
    {
        while (waiting.Take(chain) is { Count: > 0 } next)
        {
            List<(string, int, long)> asked = [.. next.Where(row => row.Batch <= chain.Head.Through).Select(row => (row.Gateway, row.KeyEpoch, row.Batch))];
            if (asked.Count > 0)
            {
                JournalTable.AddHashes(session, asked, _hashes);
            }

            foreach (WaitingRow row in next)
            {
                AppendWaiting(waiting, chain, row);
            }
        }
    }

    private void AppendWaiting(WaitingTable waiting, Chain chain, WaitingRow row)
    {
        PendingBatch? batch = EarlyBatches.Open(row);
        bool isStatedLost = row.Batch <= chain.Head.Through && !_hashes.ContainsKey((row.Gateway, row.KeyEpoch, row.Batch));
        AppendOutcome? outcome = batch?.Judge(chain.Head, () => _hashes.GetValueOrDefault((row.Gateway, row.KeyEpoch, row.Batch)));
        string? conflict = outcome == AppendOutcome.Stored ? catalog.FindConflict(batch!) : null;
        if (EarlyBatches.Refusal(row, outcome, isStatedLost, conflict) is string refusal)
        {
            waiting.PutAside(row, refusal);
        }
        else if (outcome == AppendOutcome.OutOfOrder)
        {
            // One before it was refused just now: it waits on for another of that number.
            waiting.PutBack(row, chain);
        }
        else if (outcome == AppendOutcome.Stored)
        {
            Place(chain, batch!);

            // It may stand in this very group.
            _early.FirstOrDefault(early => early.Envelope.NoteHash == row.NoteHash)?.Settle(AppendOutcome.Stored);
        }
    }

    private void Write()
    {
        List<(string, object?[])> statements = [];
        if (_changed.Count > 0)
        {
            statements.AddRange(ChannelTable.Put([.. _changed.Select(item => (item.Key.Gateway, item.Value))]));
            foreach (string gateway in _changed.Keys.Select(key => key.Gateway).Distinct())
            {
                catalog.CountChange(gateway);
            }
        }

        List<Chain> chains = [.. _chains.Values.Where(chain => chain.IsChanged)];
        if (chains.Count > 0)
        {
            statements.Add(ChainTable.Update(chains));
        }

        if (_placed.Count > 0)
        {
            statements.Add(JournalTable.Keep(_placed));
            statements.AddRange(JournalTable.Place(_placed));
        }

        if (statements.Count > 0)
        {
            session.ExecuteTogether([.. statements]);
        }
    }

    private sealed class ByNames : IComparer<(string Gateway, string Name)>
    {
        public static readonly ByNames Instance = new();

        public int Compare((string Gateway, string Name) x, (string Gateway, string Name) y)
        {
            int order = string.CompareOrdinal(x.Gateway, y.Gateway);
            return order != 0 ? order : string.CompareOrdinal(x.Name, y.Name);
        }
    }
}
