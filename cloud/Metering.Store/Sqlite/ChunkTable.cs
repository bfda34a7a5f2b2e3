using Metering.Store.Chunks;
using Metering.Store.Rollups;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>What is known of damaged chunks while reading: up to which batch they are made again, and which were met.</summary>
/// <param name="Through">The last batch whose readings the reader may see: a later one may be in no head yet.</param>
internal sealed record Damage(long Through)
{
    /// <summary>Days whose chunk was damaged and came from the journal instead.</summary>
    public List<long> Days { get; } = [];
}

/// <summary>The sealed day chunks. A chunk that does not fit its check sum is made again from the journal.</summary>
internal static class ChunkTable
{
    /// <summary>Reads [from, to) of a channel, see <see cref="ChunkReader.Read"/>.</summary>
    public static Columns Read(
        SqliteSession session, ChannelRow row, (long From, long To) range, List<(long Day, Columns Readings)> heads, Damage damage) =>
        Reader(session, row, damage).Read(range, heads);

    /// <summary>The day's readings from its chunk, or from the journal when the chunk is damaged; null when there is no chunk.</summary>
    public static Columns? Load(SqliteSession session, ChannelRow row, long day, Damage damage) => Reader(session, row, damage).Load(day);

    public static ChunkReader Reader(SqliteSession session, ChannelRow row, Damage damage) => new(new Rows(session, row, damage.Through), row, damage.Days);

    /// <summary>The newest day with a chunk, or -1.</summary>
    public static long LastDay(SqliteSession session, long channelId)
    {
        long id = session.Scalar("SELECT max(id) FROM chunk WHERE id BETWEEN $0 AND $1", ChunkCodec.IdOf(channelId, 0), ChunkCodec.IdOf(channelId + 1, 0) - 1);
        return id == 0 ? -1 : ChunkCodec.DayOf(id);
    }

    /// <summary>Lays readings over a day's chunk and gives the number of readings that were not there before.</summary>
    /// <param name="session">A session inside a write transaction.</param>
    /// <param name="row">The channel.</param>
    /// <param name="day">UTC day.</param>
    /// <param name="newer">The readings.</param>
    /// <param name="through">The last batch that may be in them or in the chunk.</param>
    public static long Merge(SqliteSession session, ChannelRow row, long day, Columns newer, long through)
    {
        Columns? older = Load(session, row, day, new(through));
        long before = session.Scalar("SELECT count FROM chunk WHERE id=$0", ChunkCodec.IdOf(row.Id, day));
        Columns merged = Columns.Merge(older, newer);
        Put(session, ChunkCodec.IdOf(row.Id, day), merged);
        return merged.Count - before;
    }

    /// <summary>Puts a chunk made from the journal in place of a damaged one; nothing happens when it is sound by now.</summary>
    /// <param name="session">A session inside a write transaction of the process that appends.</param>
    /// <param name="row">The channel.</param>
    /// <param name="day">UTC day.</param>
    /// <param name="through">The last batch whose readings are visible: those of later ones come with their sealing.</param>
    public static void Repair(SqliteSession session, ChannelRow row, long day, long through)
    {
        Damage damage = new(through);
        Columns? readings = Load(session, row, day, damage);
        if (damage.Days.Count == 0 || readings is null)
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

    /// <summary>Puts a chunk in place. Its version is taken from its bytes: the same readings have the same version whenever they were sealed.</summary>
    public static void Put(SqliteSession session, long id, Columns readings)
    {
        byte[] data = ChunkCodec.Encode(id, readings);
        _ = session.Execute(
            "INSERT INTO chunk(id, version, count, data) VALUES($0, $1, $2, $3) ON CONFLICT(id) DO UPDATE SET version=excluded.version, count=excluded.count, data=excluded.data",
            id, DaySet.VersionOf(data), (long)readings.Count, data);
    }

    private sealed class Rows(SqliteSession session, ChannelRow row, long through) : IChunkRows
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

        public Columns Rebuild(long day) => JournalTable.Rebuild(session, (row.Gateway, row.Channel.Id), day, through);
    }
}
