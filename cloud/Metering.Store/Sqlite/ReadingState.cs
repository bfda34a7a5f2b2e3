using Metering.Store.Chunks;

namespace Metering.Store.Sqlite;

/// <summary>
/// What is known in memory of the journal's unsealed end, guarded by its lock. In the process that appends it is kept
/// up to date by the writer; in any other process it follows the journal at each read.
/// </summary>
internal sealed class ReadingState
{
    /// <summary>Name of the watermark below which every batch is in chunks.</summary>
    public const string SealedWatermark = "sealed";

    private long _sealed = -1;
    private long _applied = -1;

    /// <summary>Held for every use of the members, and while a read transaction begins, so that heads and chunks fit each other.</summary>
    public Lock Gate { get; } = new();

    public HeadSet Heads { get; } = new();

    /// <summary>True once this process appends: then nobody else does.</summary>
    public bool IsWriter { get; set; }

    /// <summary>The last batch whose readings are in the heads or in chunks.</summary>
    public long Applied => _applied;

    /// <summary>The same in the process that appends, at this moment; null in any other.</summary>
    /// <remarks>Without the lock: sealing holds it while it waits for the write transaction that the caller is in.</remarks>
    public long? AppliedOfWriter => IsWriter ? Interlocked.Read(ref _applied) : null;

    /// <summary>Reads what other processes have appended or sealed since the last call.</summary>
    public void Follow(SqliteSession session)
    {
        if (IsWriter)
        {
            return;
        }

        long sealedThrough = session.Scalar("SELECT sequence FROM watermark WHERE name=$0", SealedWatermark);
        if (sealedThrough != _sealed)
        {
            Heads.Clear();
            _sealed = sealedThrough;
            _applied = sealedThrough;
        }

        Dictionary<(string, string), long> ids = [];
        try
        {
            _applied = JournalTable.Replay(session, _applied, (gateway, segment) =>
            {
                if (!ids.TryGetValue((gateway, segment.Channel.Id), out long id))
                {
                    id = ChannelTable.Find(session, gateway, segment.Channel.Id)!.Id;
                    ids.Add((gateway, segment.Channel.Id), id);
                }

                Heads.Apply(id, segment);
            });
        }
        catch
        {
            // Half a replay must not be taken for a whole one.
            _sealed = -1;
            throw;
        }
    }

    /// <summary>Notes that a batch has been taken into the heads.</summary>
    public void NoteApplied(long sequence) => _applied = sequence;

    /// <summary>Notes that the sealing layer is in chunks now.</summary>
    public void NoteSealed(long sequence)
    {
        _sealed = sequence;
        Heads.DropSealing();
    }
}
