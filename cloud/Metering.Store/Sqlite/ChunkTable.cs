using Metering.Store.Chunks;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>The sealed day chunks. A chunk that does not fit its check sum is made again from the journal.</summary>
internal static class ChunkTable
{
    /// <summary>Reads [from, to) of a channel, see <see cref="ChunkReader.Read"/>.</summary>
    public static Columns Read(
        SqliteSession session, ChannelRow row, (long From, long To) range, List<(long Day, Columns Readings)> heads, List<long> damaged) =>
        Reader(session, row, damaged).Read(range, heads);

    /// <summary>The day's readings from its chunk, or from the journal when the chunk is damaged; null when there is no chunk.</summary>
    public static Columns? Load(SqliteSession session, ChannelRow row, long day, List<long> damaged) => Reader(session, row, damaged).Load(day);

    public static ChunkReader Reader(SqliteSession session, ChannelRow row, List<long> damaged) => new(new Rows(session, row), row, damaged);

    /// <summary>Lays readings over a day's chunk and gives the number of readings that were not there before.</summary>
    public static long Merge(SqliteSession session, ChannelRow row, long day, Columns newer)
    {
        Columns? older = Load(session, row, day, []);
        long before = session.Scalar("SELECT count FROM chunk WHERE id=$0", ChunkCodec.IdOf(row.Id, day));
        Columns merged = Columns.Merge(older, newer);
        Put(session, ChunkCodec.IdOf(row.Id, day), merged);
        return merged.Count - before;
    }

    /// <summary>Puts a chunk made from the journal in place of a damaged one; nothing happens when it is sound by now.</summary>
    public static void Repair(SqliteSession session, ChannelRow row, long day)
    {
        List<long> damaged = [];
        Columns? readings = Load(session, row, day, damaged);
        if (damaged.Count == 0 || readings is null)
        {
            return;
        }

        long id = ChunkCodec.IdOf(row.Id, day);
        if (readings.Count > 0)
        {
            Put(session, id, readings);
        }
        else
        {
            _ = session.Execute("DELETE FROM chunk WHERE id=$0", id);
        }

        _ = session.Execute(
            "UPDATE channel SET count=(SELECT ifnull(sum(count), 0) FROM chunk WHERE chunk.id BETWEEN $1 AND $2) WHERE id=$0",
            row.Id, ChunkCodec.IdOf(row.Id, 0), ChunkCodec.IdOf(row.Id + 1, 0) - 1);
    }

    private static void Put(SqliteSession session, long id, Columns readings) =>
        _ = session.Execute(
            "INSERT INTO chunk(id, version, count, data) VALUES($0, 1, $1, $2) ON CONFLICT(id) DO UPDATE SET version=version+1, count=excluded.count, data=excluded.data",
            id, (long)readings.Count, ChunkCodec.Encode(id, readings));

    private sealed class Rows(SqliteSession session, ChannelRow row) : IChunkRows
    {
        public void Visit(long firstId, long lastId, ChunkVisitor visitor)
        {
            using SqliteDataReader reader = session.Query("SELECT id, count, data FROM chunk WHERE id BETWEEN $0 AND $1 ORDER BY id", firstId, lastId);
            while (reader.Read() && visitor(reader.GetInt64(0), reader.GetInt64(1), SqliteSession.Blob(reader, 2)))
            {
            }
        }

        public long CountBetween(long firstId, long lastId) =>
            session.Scalar("SELECT sum(count) FROM chunk WHERE id BETWEEN $0 AND $1", firstId, lastId);

        public long LastId(long firstId, long lastId) => session.Scalar("SELECT max(id) FROM chunk WHERE id BETWEEN $0 AND $1", firstId, lastId);

        public Columns Rebuild(long day) => JournalTable.Rebuild(session, row.Gateway, row.Channel.Id, day);
    }
}
