using Metering.Store.Chunks;
using Metering.Store.Rollups;

namespace Metering.Store.Postgres;

/// <summary>The sealed day chunks. A chunk that does not fit its check sum is made again from the journal.</summary>
internal static class ChunkTable
{
    /// <summary>A reader over the chunks of a channel from the first to the last day, fetched in one round trip.</summary>
    public static ChunkReader Reader(PostgresSession session, ChannelRow row, (long First, long Last) days, List<long> damaged) =>
        new(new Rows(session, row, days), row, damaged);

    /// <summary>Puts readings over chunks of a gateway's channels, and extends what is noted of the channels.</summary>
    /// <param name="session">A session that holds the gateway's seal.</param>
    /// <param name="names">The gateway, and the name of each channel by row number.</param>
    /// <param name="work">The readings by channel and day.</param>
    public static void Merge(
        PostgresSession session, (string Gateway, Dictionary<long, string> Names) names, List<(long ChannelId, long Day, Columns Readings)> work)
    {
        Dictionary<long, (long Count, Columns? Readings)> stored = [];
        _ = session.Query(
            "SELECT id, count, data FROM chunk WHERE id = ANY($1)",
            [work.ConvertAll(item => ChunkCodec.IdOf(item.ChannelId, item.Day)).ToArray()],
            reader => stored.Add(reader.GetInt64(0), (reader.GetInt32(1), ChunkCodec.TryDecode(reader.GetInt64(0), reader.GetFieldValue<byte[]>(2)))));
        List<(long, Columns)> chunks = [];
        SortedDictionary<long, (long Count, long First, long Last)> extents = [];
        foreach ((long channelId, long day, Columns newer) in work)
        {
            long id = ChunkCodec.IdOf(channelId, day);
            long before = 0;
            Columns? older = null;
            if (stored.TryGetValue(id, out (long Count, Columns? Readings) chunk))
            {
                before = chunk.Count;
                older = chunk.Readings?.Count == before ? chunk.Readings : JournalTable.Rebuild(session, names.Gateway, names.Names[channelId], day);
            }

            Columns merged = Columns.Merge(older, newer);
            chunks.Add((id, merged));
            (long count, long first, long last) = extents.GetValueOrDefault(channelId, (0, long.MaxValue, long.MinValue));
            extents[channelId] = (count + merged.Count - before, Math.Min(first, newer.UtcMilliseconds[0]), Math.Max(last, newer.UtcMilliseconds[^1]));
        }

        session.ExecuteTogether([Put(chunks), Extend(extents)]);
    }

    /// <summary>Puts chunks made from the journal in place of damaged ones; nothing happens where they are sound by now.</summary>
    public static void Repair(PostgresSession session, ChannelRow row, List<long> days)
    {
        // Whoever writes chunks of a gateway holds its seal.
        _ = session.Execute("SELECT 1 FROM seal WHERE gateway=$1 FOR UPDATE", row.Gateway);
        foreach (long day in days)
        {
            List<long> damaged = [];
            Columns? readings = Reader(session, row, (day, day), damaged).Load(day);
            if (damaged.Count > 0 && readings is { Count: > 0 })
            {
                session.ExecuteTogether([Put([(ChunkCodec.IdOf(row.Id, day), readings)])]);
            }
            else if (damaged.Count > 0)
            {
                _ = session.Execute("DELETE FROM chunk WHERE id=$1", ChunkCodec.IdOf(row.Id, day));
            }
        }

        _ = session.Execute(
            "UPDATE extent SET count=(SELECT coalesce(sum(count), 0) FROM chunk WHERE id BETWEEN $2 AND $3) WHERE channel=$1",
            row.Id, ChunkCodec.IdOf(row.Id, 0), ChunkCodec.IdOf(row.Id + 1, 0) - 1);
    }

    /// <summary>Puts chunks in place. A version is taken from the bytes: the same readings have the same version whenever they were sealed.</summary>
    public static (string Sql, object?[] Values) Put(List<(long Id, Columns Readings)> chunks)
    {
        List<byte[]> data = chunks.ConvertAll(chunk => ChunkCodec.Encode(chunk.Id, chunk.Readings));
        return (
            """
            INSERT INTO chunk(id, version, count, data) SELECT * FROM unnest($1, $2, $3, $4)
            ON CONFLICT(id) DO UPDATE SET version=excluded.version, count=excluded.count, data=excluded.data
            """,
            [
                chunks.ConvertAll(chunk => chunk.Id).ToArray(),
                data.ConvertAll(bytes => DaySet.VersionOf(bytes)).ToArray(),
                chunks.ConvertAll(chunk => chunk.Readings.Count).ToArray(),
                data.ToArray(),
            ]);
    }

    /// <summary>Takes what is noted of a channel from the chunks that there are.</summary>
    public static void Recount(PostgresSession session, ChannelRow row)
    {
        (long firstId, long lastId) = (ChunkCodec.IdOf(row.Id, 0), ChunkCodec.IdOf(row.Id, DaySet.LastDay));
        _ = session.Execute("DELETE FROM extent WHERE channel=$1", row.Id);
        long count = session.Scalar("SELECT sum(count) FROM chunk WHERE id BETWEEN $1 AND $2", firstId, lastId);
        if (count == 0)
        {
            return;
        }

        long firstDay = ChunkCodec.DayOf(session.Scalar("SELECT min(id) FROM chunk WHERE id BETWEEN $1 AND $2", firstId, lastId));
        long lastDay = ChunkCodec.DayOf(session.Scalar("SELECT max(id) FROM chunk WHERE id BETWEEN $1 AND $2", firstId, lastId));
        long[] first = Reader(session, row, (firstDay, firstDay), []).Load(firstDay)!.UtcMilliseconds;
        long[] last = Reader(session, row, (lastDay, lastDay), []).Load(lastDay)!.UtcMilliseconds;
        session.ExecuteTogether([Extend(new() { [row.Id] = (count, first[0], last[^1]) })]);
    }

    private static (string Sql, object?[] Values) Extend(SortedDictionary<long, (long Count, long First, long Last)> extents) => (
        """
        INSERT INTO extent(channel, count, first, last) SELECT * FROM unnest($1, $2, $3, $4)
        ON CONFLICT(channel) DO UPDATE SET count=extent.count+excluded.count, first=least(extent.first, excluded.first), last=greatest(extent.last, excluded.last)
        """,
        [
            extents.Keys.ToArray(),
            extents.Values.Select(extent => extent.Count).ToArray(),
            extents.Values.Select(extent => extent.First).ToArray(),
            extents.Values.Select(extent => extent.Last).ToArray(),
        ]);

    private sealed class Rows : IChunkRows
    {
        private readonly List<(long Id, long Count, byte[] Data)> _rows = [];
        private readonly PostgresSession _session;
        private readonly ChannelRow _row;

        public Rows(PostgresSession session, ChannelRow row, (long First, long Last) days)
        {
            (_session, _row) = (session, row);
            _ = session.Query(
                "SELECT id, count, data FROM chunk WHERE id BETWEEN $1 AND $2 ORDER BY id",
                [ChunkCodec.IdOf(row.Id, days.First), ChunkCodec.IdOf(row.Id, days.Last)],
                reader => _rows.Add((reader.GetInt64(0), reader.GetInt32(1), reader.GetFieldValue<byte[]>(2))));
        }

        public void Visit(long firstId, long lastId, ChunkVisitor visitor)
        {
            foreach ((long id, long count, byte[] data) in Between(firstId, lastId))
            {
                if (!visitor(id, count, data))
                {
                    return;
                }
            }
        }

        public long CountBetween(long firstId, long lastId)
        {
            long sum = 0;
            foreach ((_, long count, _) in Between(firstId, lastId))
            {
                sum += count;
            }

            return sum;
        }

        public long LastId(long firstId, long lastId) => _rows.Count == 0 ? 0 : _rows[^1].Id;

        public Columns Rebuild(long day) => JournalTable.Rebuild(_session, _row.Gateway, _row.Channel.Id, day);

        private List<(long Id, long Count, byte[] Data)> Between(long firstId, long lastId)
        {
            int start = LowerBound(firstId);
            return _rows.GetRange(start, LowerBound(lastId + 1) - start);
        }

        private int LowerBound(long id)
        {
            int index = _rows.BinarySearch((id, 0, []), ById.Instance);
            return index < 0 ? ~index : index;
        }

        private sealed class ById : IComparer<(long Id, long Count, byte[] Data)>
        {
            public static readonly ById Instance = new();

            public int Compare((long Id, long Count, byte[] Data) x, (long Id, long Count, byte[] Data) y) => x.Id.CompareTo(y.Id);
        }
    }
}
