using Metering.Readings;
using Metering.Store.Chunks;
using Metering.Store.Maintenance;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>
/// The batches as they came, kept for ever: they are the evidence, and everything else in the file can be made from them.
/// </summary>
internal static class JournalTable
{
    public static long LastSequence(SqliteSession session) => session.Scalar("SELECT max(sequence) FROM journal");

    /// <summary>Who brought batches after one place and up to another.</summary>
    public static ReadingStanding Standing(SqliteSession session, long afterSequence, long through)
    {
        Dictionary<string, long>? newest = null;
        if (through - afterSequence <= StoreLimits.MaximumStandingBatches)
        {
            newest = new(StringComparer.Ordinal);
            using SqliteDataReader reader = session.Query("SELECT sequence, gateway FROM journal WHERE sequence>$0 AND sequence<=$1 ORDER BY sequence", afterSequence, through);
            while (reader.Read())
            {
                newest[reader.GetString(1)] = reader.GetInt64(0);
            }
        }

        return new(through, NoteHashAt(session, through), NoteHashAt(session, afterSequence), session.Scalar("SELECT sum(end_day - first_day) FROM pruned"), newest);
    }

    private static string NoteHashAt(SqliteSession session, long sequence)
    {
        using SqliteDataReader reader = session.Query("SELECT note_hash FROM journal WHERE sequence=$0", sequence);
        return reader.Read() ? Convert.ToHexStringLower(SqliteSession.Blob(reader, 0)) : "";
    }

    public static void Insert(SqliteSession session, long sequence, PendingBatch batch)
    {
        BatchManifest manifest = batch.Envelope.Manifest;
        _ = session.Execute(
            "INSERT INTO journal(sequence, gateway, epoch, batch, note_hash, first, last, envelope, received) VALUES($0, $1, $2, $3, $4, $5, $6, $7, $8)",
            sequence, manifest.Gateway, (long)manifest.KeyEpoch, manifest.Batch, Convert.FromHexString(batch.Envelope.NoteHash),
            manifest.FirstUtcMilliseconds, manifest.LastUtcMilliseconds, batch.Bytes, batch.ReceivedUtcMilliseconds);
    }

    public static string? NoteHash(SqliteSession session, string gateway, int keyEpoch, long batch)
    {
        using SqliteDataReader reader = session.Query(
            "SELECT note_hash FROM journal WHERE gateway=$0 AND epoch=$1 AND batch=$2", gateway, (long)keyEpoch, batch);
        return reader.Read() ? Convert.ToHexStringLower(SqliteSession.Blob(reader, 0)) : null;
    }

    /// <summary>The last batch of a chain that is stored, or stated lost.</summary>
    public static ChainHead Head(SqliteSession session, string gateway, int keyEpoch)
    {
        ChainHead head = new(0, BatchManifest.NoPrevious);
        using (SqliteDataReader reader = session.Query(
            "SELECT batch, note_hash FROM journal WHERE gateway=$0 AND epoch=$1 ORDER BY batch DESC LIMIT 1", gateway, (long)keyEpoch))
        {
            if (reader.Read())
            {
                head = new(reader.GetInt64(0), Convert.ToHexStringLower(SqliteSession.Blob(reader, 1)));
            }
        }

        return RegisterTable.PassLost(session, gateway, keyEpoch, head);
    }

    public static List<JournalRecord> Rows(SqliteSession session, long afterSequence, int maximum)
    {
        List<JournalRecord> rows = [];
        using SqliteDataReader reader = session.Query(
            "SELECT sequence, gateway, epoch, batch, envelope FROM journal WHERE sequence>$0 AND length(envelope)>0 ORDER BY sequence LIMIT $1", afterSequence, (long)maximum);
        while (reader.Read())
        {
            rows.Add(new(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3), SqliteSession.Blob(reader, 4).ToArray()));
        }

        return rows;
    }

    /// <summary>Rows after a sequence by their hashes, thinned ones too.</summary>
    public static List<JournalHash> Hashes(SqliteSession session, long afterSequence, int maximum)
    {
        List<JournalHash> rows = [];
        using SqliteDataReader reader = session.Query(
            "SELECT sequence, gateway, epoch, batch, note_hash FROM journal WHERE sequence>$0 ORDER BY sequence LIMIT $1", afterSequence, (long)maximum);
        while (reader.Read())
        {
            rows.Add(new(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3), Convert.ToHexStringLower(SqliteSession.Blob(reader, 4))));
        }

        return rows;
    }

    /// <summary>The batches of a gateway that span an instant, the newest first.</summary>
    public static List<JournalRecord> At(SqliteSession session, string gateway, long utcMilliseconds, int maximum)
    {
        // A batch of at most eight days that spans the instant ends at most eight days after it; longer ones have an index of their own. So what is read does not grow with the
        // store. Without the hints the order would be taken from the primary key, and with it every row since the instant.
        List<JournalRecord> rows = [];
        using SqliteDataReader reader = session.Query(
            """
            SELECT sequence, gateway, epoch, batch, envelope, received FROM journal WHERE sequence IN (
                SELECT sequence FROM journal INDEXED BY journal_time WHERE gateway=$0 AND last>=$1 AND last<=$1+691200000 AND first<=$1
                UNION SELECT sequence FROM journal INDEXED BY journal_long WHERE last-first>691200000 AND gateway=$0 AND last>=$1 AND first<=$1)
            AND length(envelope)>0 ORDER BY sequence DESC LIMIT $2
            """,
            gateway, utcMilliseconds, (long)maximum);
        while (reader.Read())
        {
            rows.Add(new(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3), SqliteSession.Blob(reader, 4).ToArray())
            {
                ReceivedUtcMilliseconds = reader.IsDBNull(5) ? null : reader.GetInt64(5),
            });
        }

        return rows;
    }

    /// <summary>The first and the last batch of a chain that touch a range of time; null when none does.</summary>
    public static (long First, long Last)? Within(SqliteSession session, (string Gateway, int KeyEpoch) chain, long from, long to)
    {
        using SqliteDataReader reader = session.Query(
            "SELECT min(batch), max(batch) FROM journal INDEXED BY journal_time WHERE gateway=$0 AND last>=$2 AND first<$3 AND epoch=$1", chain.Gateway, (long)chain.KeyEpoch, from, to);
        return reader.Read() && !reader.IsDBNull(0) ? (reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    /// <summary>Batches of a chain by number.</summary>
    public static List<ChainBatch> From(SqliteSession session, (string Gateway, int KeyEpoch) chain, long firstBatch, int maximum)
    {
        List<ChainBatch> rows = [];
        using SqliteDataReader reader = session.Query(
            "SELECT batch, envelope FROM journal WHERE gateway=$0 AND epoch=$1 AND batch>=$2 AND length(envelope)>0 ORDER BY batch LIMIT $3", chain.Gateway, (long)chain.KeyEpoch, firstBatch, (long)maximum);
        while (reader.Read())
        {
            rows.Add(new(reader.GetInt64(0), SqliteSession.Blob(reader, 1).ToArray()));
        }

        return rows;
    }

    /// <summary>Reads every batch after a sequence and hands its segments on, in the order of arrival.</summary>
    /// <returns>The last sequence read, or the one given when there is none after it.</returns>
    public static long Replay(SqliteSession session, long afterSequence, Action<string, ChannelSegment> apply)
    {
        long last = afterSequence;
        using SqliteDataReader reader = session.Query(
            "SELECT sequence, gateway, envelope FROM journal WHERE sequence>$0 ORDER BY sequence", afterSequence);
        while (reader.Read())
        {
            last = reader.GetInt64(0);
            string gateway = reader.GetString(1);
            foreach (ChannelSegment segment in JournalReplay.Segments(last, SqliteSession.Blob(reader, 2)))
            {
                apply(gateway, segment);
            }
        }

        return last;
    }

    /// <summary>Rows after a sequence with everything they hold, thinned ones too.</summary>
    public static List<JournalRow> Page(SqliteSession session, long afterSequence, int maximum)
    {
        List<JournalRow> rows = [];
        using SqliteDataReader reader = session.Query(
            """
            SELECT sequence, gateway, epoch, batch, note_hash, first, last, envelope, (SELECT note FROM tombstone WHERE tombstone.sequence=journal.sequence)
            FROM journal WHERE sequence>$0 ORDER BY sequence LIMIT $1
            """,
            afterSequence, (long)maximum);
        while (reader.Read())
        {
            rows.Add(new(
                reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3), Convert.ToHexStringLower(SqliteSession.Blob(reader, 4)),
                reader.GetInt64(5), reader.GetInt64(6), SqliteSession.Blob(reader, 7).ToArray(), reader.IsDBNull(8) ? null : SqliteSession.Blob(reader, 8).ToArray()));
        }

        return rows;
    }

    /// <summary>Hands on the segments of all batches that touch a range of days, in the order of arrival.</summary>
    /// <param name="session">A session.</param>
    /// <param name="days">First and last UTC day.</param>
    /// <param name="skipsDamaged">Whether a damaged batch is passed over instead of an error.</param>
    /// <param name="apply">Gets sequence, gateway and segment.</param>
    public static void ReplayDays(SqliteSession session, (long First, long Last) days, bool skipsDamaged, Action<long, string, ChannelSegment> apply)
    {
        using SqliteDataReader reader = session.Query(
            "SELECT sequence, gateway, envelope FROM journal WHERE first<$1 AND last>=$0 AND length(envelope)>0 ORDER BY sequence",
            days.First * ChunkCodec.MillisecondsPerDay, (days.Last + 1) * ChunkCodec.MillisecondsPerDay);
        while (reader.Read())
        {
            long sequence = reader.GetInt64(0);
            string gateway = reader.GetString(1);
            try
            {
                foreach (ChannelSegment segment in JournalReplay.Segments(sequence, SqliteSession.Blob(reader, 2)))
                {
                    apply(sequence, gateway, segment);
                }
            }
            catch (StoreException) when (skipsDamaged)
            {
                // It is told elsewhere; the days it belongs to show a difference.
            }
        }
    }

    /// <summary>Drops the readings of a batch; its row with the note hash stays, and the signed manifest with the time of dropping.</summary>
    public static void Thin(SqliteSession session, JournalRow row, byte[] note, long now)
    {
        _ = session.Execute(
            "INSERT INTO tombstone(sequence, removed, length, note) VALUES($0, $1, $2, $3)", row.Sequence, now, (long)row.Envelope.Length, note);
        _ = session.Execute("UPDATE journal SET envelope=x'' WHERE sequence=$0", row.Sequence);
    }

    /// <summary>One channel's readings on one UTC day, made from the batches up to a sequence alone.</summary>
    public static Columns Rebuild(SqliteSession session, (string Gateway, string Channel) name, long day, long through)
    {
        (string gateway, string channel) = name;
        long start = day * ChunkCodec.MillisecondsPerDay;
        Head head = new();
        using SqliteDataReader reader = session.Query(
            "SELECT sequence, envelope FROM journal WHERE gateway=$0 AND first<$2 AND last>=$1 AND sequence<=$3 AND length(envelope)>0 ORDER BY sequence",
            gateway, start, start + ChunkCodec.MillisecondsPerDay, through);
        while (reader.Read())
        {
            JournalReplay.AppendDay(head, JournalReplay.Open(reader.GetInt64(0), SqliteSession.Blob(reader, 1)), channel, day);
        }

        return head.ToColumns();
    }
}
