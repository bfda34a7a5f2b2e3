using Metering.Readings;
using Metering.Store.Chunks;

namespace Metering.Store.Sqlite;

/// <summary>Decides what becomes of a batch and writes it; remembers chains and channels between batches. For the writer's thread only.</summary>
internal sealed class BatchAppender
{
    private readonly Dictionary<(string Gateway, int KeyEpoch), ChainHead> _chains = [];
    private readonly Dictionary<(string Gateway, string Channel), (long Id, Channel Channel)> _channels = [];
    private readonly Dictionary<(string Gateway, int KeyEpoch), long> _waiting = [];
    private readonly List<PendingBatch> _placed = [];
    private long _lastSequence = -1;

    /// <summary>The batches placed in the journal since the last call, those that had waited included, in the journal's order.</summary>
    public PendingBatch[] TakePlaced()
    {
        PendingBatch[] placed = [.. _placed];
        _placed.Clear();
        return placed;
    }

    /// <summary>Forgets everything: a commit failed, so what was remembered may never have happened.</summary>
    public void Forget()
    {
        _chains.Clear();
        _channels.Clear();
        _waiting.Clear();
        _placed.Clear();
        _lastSequence = -1;
    }

    /// <summary>Lets a chain go on behind batches that were stated lost in this transaction, with those that had come before their turn.</summary>
    public void PassLost(SqliteSession session, string gateway, int keyEpoch, long receivedUtcMilliseconds)
    {
        _chains[(gateway, keyEpoch)] = JournalTable.Head(session, gateway, keyEpoch);
        AppendWaiting(session, (gateway, keyEpoch), receivedUtcMilliseconds);
    }

    public void Append(SqliteSession session, PendingBatch batch, long receivedUtcMilliseconds)
    {
        BatchManifest manifest = batch.Envelope.Manifest;
        (string, int) chain = (manifest.Gateway, manifest.KeyEpoch);
        if (!_chains.TryGetValue(chain, out ChainHead? head))
        {
            head = JournalTable.Head(session, manifest.Gateway, manifest.KeyEpoch);
            if (head.Through == 0 && EnrolmentTable.Find(session, manifest.Gateway, manifest.KeyEpoch) is null)
            {
                batch.Refuse(new ArgumentException($"gateway {manifest.Gateway} is not enrolled with key epoch {manifest.KeyEpoch}", nameof(batch)));
                return;
            }

            _chains.Add(chain, head);
        }

        if (manifest.Batch > head.Through + 1)
        {
            // Batches in between may have been stated lost since the chain was remembered.
            head = JournalTable.Head(session, manifest.Gateway, manifest.KeyEpoch);
            _chains[chain] = head;
        }

        AppendOutcome outcome = batch.Judge(head, () => JournalTable.NoteHash(session, manifest.Gateway, manifest.KeyEpoch, manifest.Batch));
        if (outcome is AppendOutcome.Duplicate or AppendOutcome.Fork)
        {
            batch.Settle(outcome);
            return;
        }

        if (FindConflict(session, batch) is string conflict)
        {
            batch.Refuse(new WireFormatException(conflict));
            return;
        }

        if (outcome == AppendOutcome.OutOfOrder)
        {
            bool isKept = WaitingTable.Keep(session, batch);
            batch.Settle(isKept ? AppendOutcome.Early : AppendOutcome.OutOfOrder);
            _ = _waiting.Remove(chain);
            return;
        }

        Store(session, batch);
        _chains[chain] = new(manifest.Batch, batch.Envelope.NoteHash);
        AppendWaiting(session, chain, receivedUtcMilliseconds);
    }

    // What waits is counted once and then remembered: only this process adds to it. Others take away (a key is revoked), so the
    // number may be too high, and then the look into the table says so.
    private void AppendWaiting(SqliteSession session, (string Gateway, int KeyEpoch) chain, long receivedUtcMilliseconds)
    {
        if (!_waiting.TryGetValue(chain, out long count))
        {
            count = WaitingTable.Count(session, chain.Gateway, chain.KeyEpoch);
        }

        while (count > 0 && WaitingTable.Take(session, chain.Gateway, chain.KeyEpoch, _chains[chain].Through + 1) is { Count: > 0 } due)
        {
            foreach (WaitingRow row in due)
            {
                AppendWaiting(session, chain, row, receivedUtcMilliseconds);
            }

            count = WaitingTable.Count(session, chain.Gateway, chain.KeyEpoch);
        }

        _waiting[chain] = count;
    }

    private void AppendWaiting(SqliteSession session, (string Gateway, int KeyEpoch) chain, WaitingRow row, long receivedUtcMilliseconds)
    {
        PendingBatch? batch = EarlyBatches.Open(row);
        string? storedHash = row.Batch <= _chains[chain].Through ? JournalTable.NoteHash(session, row.Gateway, row.KeyEpoch, row.Batch) : null;
        AppendOutcome? outcome = batch?.Judge(_chains[chain], () => storedHash);
        bool isStatedLost = row.Batch <= _chains[chain].Through && storedHash is null;
        string? conflict = outcome == AppendOutcome.Stored ? FindConflict(session, batch!) : null;
        if (EarlyBatches.Refusal(row, outcome, isStatedLost, conflict) is string refusal)
        {
            QuarantineTable.Add(session, row.Gateway, refusal, receivedUtcMilliseconds, row.Bytes);
        }
        else if (outcome == AppendOutcome.Stored)
        {
            Store(session, batch!);
            _chains[chain] = new(row.Batch, row.NoteHash);
        }
    }

    private void Store(SqliteSession session, PendingBatch batch)
    {
        if (_lastSequence < 0)
        {
            _lastSequence = JournalTable.LastSequence(session);
        }

        long[] ids = new long[batch.Segments.Count];
        for (int index = 0; index < ids.Length; index++)
        {
            Channel channel = batch.Segments[index].Channel;
            (string, string) key = (batch.Envelope.Manifest.Gateway, channel.Id);
            if (!_channels.TryGetValue(key, out (long Id, Channel Channel) known) || known.Channel != channel)
            {
                known = (ChannelTable.Put(session, batch.Envelope.Manifest.Gateway, channel), channel);
                _channels[key] = known;
            }

            ids[index] = known.Id;
        }

        _lastSequence++;
        JournalTable.Insert(session, _lastSequence, batch);
        batch.Place(_lastSequence, ids);
        _placed.Add(batch);
    }

    private string? FindConflict(SqliteSession session, PendingBatch batch)
    {
        foreach (ChannelSegment segment in batch.Segments)
        {
            Channel? stored = _channels.TryGetValue((batch.Envelope.Manifest.Gateway, segment.Channel.Id), out (long Id, Channel Channel) known)
                ? known.Channel
                : ChannelTable.Find(session, batch.Envelope.Manifest.Gateway, segment.Channel.Id)?.Channel;
            if (stored is not null && ChannelRow.Conflict(stored, segment.Channel) is string conflict)
            {
                return conflict;
            }
        }

        return null;
    }
}
