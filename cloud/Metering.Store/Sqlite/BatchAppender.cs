using Metering.Readings;
using Metering.Store.Chunks;

namespace Metering.Store.Sqlite;

/// <summary>Decides what becomes of a batch and writes it; remembers chains and channels between batches. For the writer's thread only.</summary>
internal sealed class BatchAppender
{
    private readonly Dictionary<(string Gateway, int KeyEpoch), ChainHead> _chains = [];
    private readonly Dictionary<(string Gateway, string Channel), (long Id, Channel Channel)> _channels = [];
    private long _lastSequence = -1;

    /// <summary>Forgets everything: a commit failed, so what was remembered may never have happened.</summary>
    public void Forget()
    {
        _chains.Clear();
        _channels.Clear();
        _lastSequence = -1;
    }

    public void Append(SqliteSession session, PendingBatch batch)
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
        if (outcome != AppendOutcome.Stored)
        {
            batch.Settle(outcome);
            return;
        }

        if (FindConflict(session, batch) is string conflict)
        {
            batch.Refuse(new WireFormatException(conflict));
            return;
        }

        Store(session, batch);
        _chains[chain] = new(manifest.Batch, batch.Envelope.NoteHash);
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
        JournalTable.Insert(session, _lastSequence, batch.Envelope, batch.Bytes);
        batch.Place(_lastSequence, ids);
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
