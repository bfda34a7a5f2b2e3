using Metering.Readings;
using Metering.Store.Chunks;
using Metering.Store.Maintenance;

namespace Metering.Store.Postgres;

/// <summary>
/// The batches as they came, kept for ever: the bytes in one table, by gateway and number, their places in the order of arrival
/// in another, which is narrow.
/// </summary>
internal static class JournalTable
{
    public static long LastSequence(PostgresSession session) => session.Scalar("SELECT max(sequence) FROM journal");

    /// <summary>Who brought batches after a place, in the session's snapshot.</summary>
    public static ReadingStanding Standing(PostgresSession session, long afterSequence)
    {
        long through = LastSequence(session);
        Dictionary<string, long>? newest = null;
        if (through - afterSequence <= StoreLimits.MaximumStandingBatches)
        {
            newest = new(StringComparer.Ordinal);
            _ = session.Query(
                "SELECT gateway, max(sequence) FROM journal WHERE sequence>$1 AND sequence<=$2 GROUP BY gateway", [afterSequence, through], reader => newest.Add(reader.GetString(0), reader.GetInt64(1)));
        }

        Dictionary<long, string> hashes = [];
        _ = session.Query(
            "SELECT sequence, note_hash FROM journal JOIN envelope USING(gateway, epoch, batch) WHERE sequence = ANY($1)",
            [new long[] { afterSequence, through }],
            reader => hashes[reader.GetInt64(0)] = Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1)));
        return new(through, hashes.GetValueOrDefault(through, ""), hashes.GetValueOrDefault(afterSequence, ""), session.Scalar("SELECT sum(end_day - first_day) FROM pruned"), newest);
    }

    /// <summary>Writes the batches themselves.</summary>
    public static (string Sql, object?[] Values) Keep(List<PendingBatch> batches) => (
        "INSERT INTO envelope(gateway, epoch, batch, note_hash, bytes) SELECT * FROM unnest($1, $2, $3, $4, $5)",
        [
            batches.ConvertAll(batch => batch.Envelope.Manifest.Gateway).ToArray(),
            batches.ConvertAll(batch => batch.Envelope.Manifest.KeyEpoch).ToArray(),
            batches.ConvertAll(batch => batch.Envelope.Manifest.Batch).ToArray(),
            batches.ConvertAll(batch => Convert.FromHexString(batch.Envelope.NoteHash)).ToArray(),
            batches.ConvertAll(batch => batch.Bytes).ToArray(),
        ]);

    /// <summary>
    /// Gives batches their places. The lock stands until the commit has reached the disk, so places become visible in their
    /// order and without holes: a follower that has seen place n never misses one below n. Everything large is written
    /// before it, so that it is held for one narrow row a batch and the flush.
    /// </summary>
    public static (string Sql, object?[] Values)[] Place(List<PendingBatch> batches) =>
    [
        ($"SELECT pg_advisory_xact_lock({PostgresSchema.LockSpace}, {PostgresSchema.JournalLock})", []),
        (
            """
            INSERT INTO journal(sequence, gateway, epoch, batch, first, last, received)
            SELECT (SELECT coalesce(max(sequence), 0) FROM journal) + place, gateway, epoch, batch, first, last, received
            FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY AS t(gateway, epoch, batch, first, last, received, place)
            """,
            [
                batches.ConvertAll(batch => batch.Envelope.Manifest.Gateway).ToArray(),
                batches.ConvertAll(batch => batch.Envelope.Manifest.KeyEpoch).ToArray(),
                batches.ConvertAll(batch => batch.Envelope.Manifest.Batch).ToArray(),
                batches.ConvertAll(batch => batch.Envelope.Manifest.FirstUtcMilliseconds).ToArray(),
                batches.ConvertAll(batch => batch.Envelope.Manifest.LastUtcMilliseconds).ToArray(),
                batches.ConvertAll(batch => batch.ReceivedUtcMilliseconds).ToArray(),
            ]),
    ];

    /// <summary>Note hashes of stored batches; those that are not stored are left out.</summary>
    public static void AddHashes(PostgresSession session, List<(string Gateway, int KeyEpoch, long Batch)> asked, Dictionary<(string, int, long), string> hashes)
    {
        object?[] values =
        [
            asked.ConvertAll(batch => batch.Gateway).ToArray(),
            asked.ConvertAll(batch => batch.KeyEpoch).ToArray(),
            asked.ConvertAll(batch => batch.Batch).ToArray(),
        ];
        _ = session.Query(
            "SELECT gateway, epoch, batch, e.note_hash FROM unnest($1, $2, $3) AS t(gateway, epoch, batch) JOIN envelope e USING(gateway, epoch, batch)",
            values,
            reader => hashes[(reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2))] = Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(3)));
    }

    public static List<JournalRecord> Rows(PostgresSession session, long afterSequence, int maximum)
    {
        List<JournalRecord> rows = [];
        _ = session.Query(
            "SELECT sequence, gateway, epoch, batch, bytes FROM journal JOIN envelope USING(gateway, epoch, batch) WHERE sequence>$1 ORDER BY sequence LIMIT $2",
            [afterSequence, (long)maximum],
            reader => rows.Add(new(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetFieldValue<byte[]>(4))));
        return rows;
    }

    /// <summary>Rows after a place by their hashes.</summary>
    public static List<JournalHash> Hashes(PostgresSession session, long afterSequence, int maximum)
    {
        List<JournalHash> rows = [];
        _ = session.Query(
            "SELECT sequence, gateway, epoch, batch, note_hash FROM journal JOIN envelope USING(gateway, epoch, batch) WHERE sequence>$1 ORDER BY sequence LIMIT $2",
            [afterSequence, (long)maximum],
            reader => rows.Add(new(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(4)))));
        return rows;
    }

    /// <summary>The batches of a gateway that span an instant, the newest first.</summary>
    public static List<JournalRecord> At(PostgresSession session, string gateway, long utcMilliseconds, int maximum)
    {
        List<JournalRecord> rows = [];
        _ = session.Query(
            """
            SELECT sequence, gateway, epoch, batch, bytes, received FROM journal JOIN envelope USING(gateway, epoch, batch)
            WHERE sequence IN (SELECT sequence FROM journal WHERE gateway=$1 AND last>=$2 AND last<=$2+691200000 AND first<=$2
                UNION SELECT sequence FROM journal WHERE last-first>691200000 AND gateway=$1 AND last>=$2 AND first<=$2)
            ORDER BY sequence DESC LIMIT $3
            """,
            [gateway, utcMilliseconds, (long)maximum],
            reader => rows.Add(new(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetFieldValue<byte[]>(4))
            {
                ReceivedUtcMilliseconds = reader.IsDBNull(5) ? null : reader.GetInt64(5),
            }));
        return rows;
    }

    /// <summary>The first and the last batch of a chain that touch a range of time; null when none does.</summary>
    public static (long First, long Last)? Within(PostgresSession session, (string Gateway, int KeyEpoch) chain, long from, long to)
    {
        (long, long)? found = null;
        _ = session.Query(
            "SELECT min(batch), max(batch) FROM journal WHERE gateway=$1 AND epoch=$2 AND last>=$3 AND first<$4",
            [chain.Gateway, chain.KeyEpoch, from, to],
            reader => found = reader.IsDBNull(0) ? null : (reader.GetInt64(0), reader.GetInt64(1)));
        return found;
    }

    /// <summary>Batches of a chain by number.</summary>
    public static List<ChainBatch> From(PostgresSession session, (string Gateway, int KeyEpoch) chain, long firstBatch, int maximum)
    {
        List<ChainBatch> rows = [];
        _ = session.Query(
            "SELECT batch, bytes FROM envelope WHERE gateway=$1 AND epoch=$2 AND batch>=$3 ORDER BY batch LIMIT $4",
            [chain.Gateway, chain.KeyEpoch, firstBatch, (long)maximum],
            reader => rows.Add(new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1))));
        return rows;
    }

    /// <summary>Lays batches of a gateway after one place and up to another into heads, in the order of arrival.</summary>
    /// <param name="session">A session.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="range">The last place already known, and the last one wanted.</param>
    /// <param name="maximum">How many batches at most.</param>
    /// <param name="heads">Receives the readings.</param>
    /// <returns>Number of batches, number of readings, and the last place read.</returns>
    public static (int Batches, long Readings, long Last) Replay(
        PostgresSession session, string gateway, (long After, long Through) range, int maximum, HeadSet heads)
    {
        Dictionary<string, long> ids = ChannelTable.Ids(session, gateway);
        long readings = 0;
        long last = range.After;
        int batches = session.Query(
            "SELECT sequence, bytes FROM journal JOIN envelope USING(gateway, epoch, batch) WHERE gateway=$1 AND sequence>$2 AND sequence<=$3 ORDER BY sequence LIMIT $4",
            [gateway, range.After, range.Through, (long)maximum],
            reader =>
            {
                last = reader.GetInt64(0);
                foreach (ChannelSegment segment in JournalReplay.Open(last, reader.GetFieldValue<byte[]>(1)).ReadSegments())
                {
                    heads.Apply(ids[segment.Channel.Id], segment);
                    readings += segment.Count;
                }
            });
        return (batches, readings, last);
    }

    /// <summary>Rows after a place with everything they hold; without bytes when they are gone.</summary>
    public static List<JournalRow> Page(PostgresSession session, long afterSequence, int maximum)
    {
        List<JournalRow> rows = [];
        _ = session.Query(
            """
            SELECT sequence, gateway, epoch, batch, coalesce(note_hash, ''), first, last, coalesce(bytes, '')
            FROM journal LEFT JOIN envelope USING(gateway, epoch, batch) WHERE sequence>$1 ORDER BY sequence LIMIT $2
            """,
            [afterSequence, (long)maximum],
            reader => rows.Add(new(
                reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(4)),
                reader.GetInt64(5), reader.GetInt64(6), reader.GetFieldValue<byte[]>(7), KeptNote: null)));
        return rows;
    }

    /// <summary>Hands on the segments of all batches that touch a range of days, in the order of arrival.</summary>
    /// <param name="session">A session.</param>
    /// <param name="days">First and last UTC day.</param>
    /// <param name="skipsDamaged">Whether a damaged batch is passed over instead of an error.</param>
    /// <param name="apply">Gets place, gateway and segment. Must not use the session.</param>
    public static void ReplayDays(PostgresSession session, (long First, long Last) days, bool skipsDamaged, Action<long, string, ChannelSegment> apply) => _ = session.Query(
        "SELECT sequence, gateway, bytes FROM journal JOIN envelope USING(gateway, epoch, batch) WHERE first<$2 AND last>=$1 ORDER BY sequence",
        [days.First * ChunkCodec.MillisecondsPerDay, (days.Last + 1) * ChunkCodec.MillisecondsPerDay],
        reader =>
        {
            long sequence = reader.GetInt64(0);
            string gateway = reader.GetString(1);
            try
            {
                foreach (ChannelSegment segment in JournalReplay.Segments(sequence, reader.GetFieldValue<byte[]>(2)))
                {
                    apply(sequence, gateway, segment);
                }
            }
            catch (StoreException) when (skipsDamaged)
            {
                // It is told elsewhere; the days it belongs to show a difference.
            }
        });

    /// <summary>One channel's readings on one UTC day, made from the batches alone.</summary>
    public static Columns Rebuild(PostgresSession session, string gateway, string channel, long day)
    {
        long start = day * ChunkCodec.MillisecondsPerDay;
        Head head = new();
        _ = session.Query(
            "SELECT sequence, bytes FROM journal JOIN envelope USING(gateway, epoch, batch) WHERE gateway=$1 AND first<$3 AND last>=$2 ORDER BY sequence",
            [gateway, start, start + ChunkCodec.MillisecondsPerDay],
            reader => JournalReplay.AppendDay(head, JournalReplay.Open(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)), channel, day));
        return head.ToColumns();
    }
}
