using Metering.Store.Chunks;
using Metering.Store.Rollups;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>The sealed day chunks. A chunk that does not fit its check sum is made again from the journal.</summary>
internal static class ChunkTable
{
    /// <summary>
    /// Reads [from, to) of a channel: the chunks with the unsealed readings laid over them.
    /// </summary>
    /// <param name="session">A session inside a transaction.</param>
    /// <param name="row">The channel.</param>
    /// <param name="range">The range in milliseconds since 1970-01-01 UTC, from inclusive, to exclusive.</param>
    /// <param name="heads">Unsealed readings of the days in the range, ascending.</param>
    /// <param name="damaged">Receives the days whose chunk was damaged and came from the journal instead.</param>
    public static Columns Read(
        SqliteSession session, ChannelRow row, (long From, long To) range, List<(long Day, Columns Readings)> heads, List<long> damaged)
    {
        // Days that need more than decoding: those at the ends of the range and those with unsealed readings.
        // All others are decoded straight into place.
        SortedList<long, Columns> special = [];
        foreach ((long day, Columns head) in heads)
        {
            special[day] = Columns.Merge(Load(session, row, day, damaged), head).Between(range.From, range.To);
        }

        long firstDay = range.From / ChunkCodec.MillisecondsPerDay;
        long lastDay = (range.To - 1) / ChunkCodec.MillisecondsPerDay;
        foreach (long day in (long[])[firstDay, lastDay])
        {
            bool isWhole = range.From <= day * ChunkCodec.MillisecondsPerDay && range.To >= (day + 1) * ChunkCodec.MillisecondsPerDay;
            if (!isWhole && !special.ContainsKey(day))
            {
                special.Add(day, Columns.Merge(Load(session, row, day, damaged), null).Between(range.From, range.To));
            }
        }

        Columns? readings;
        while ((readings = TryAssemble(session, row, (firstDay, lastDay), special, out long unsound)) is null)
        {
            special.Add(unsound, Load(session, row, unsound, damaged) ?? new(0));
        }

        return readings;
    }

    /// <summary>The day's readings from its chunk, or from the journal when the chunk is damaged; null when there is no chunk.</summary>
    public static Columns? Load(SqliteSession session, ChannelRow row, long day, List<long> damaged)
    {
        long id = ChunkCodec.IdOf(row.Id, day);
        using (SqliteDataReader reader = session.Query("SELECT count, data FROM chunk WHERE id=$0", id))
        {
            if (!reader.Read())
            {
                return null;
            }

            if (ChunkCodec.TryDecode(id, SqliteSession.Blob(reader, 1)) is Columns readings && readings.Count == reader.GetInt64(0))
            {
                return readings;
            }
        }

        damaged.Add(day);
        return JournalTable.Rebuild(session, row.Gateway, row.Channel.Id, day);
    }

    /// <summary>The newest day with a chunk, or -1.</summary>
    public static long LastDay(SqliteSession session, long channelId)
    {
        long id = session.Scalar("SELECT max(id) FROM chunk WHERE id BETWEEN $0 AND $1", ChunkCodec.IdOf(channelId, 0), ChunkCodec.IdOf(channelId + 1, 0) - 1);
        return id == 0 ? -1 : ChunkCodec.DayOf(id);
    }

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

    /// <summary>Puts a chunk in place. Its version is taken from its bytes: the same readings have the same version whenever they were sealed.</summary>
    public static void Put(SqliteSession session, long id, Columns readings)
    {
        byte[] data = ChunkCodec.Encode(id, readings);
        _ = session.Execute(
            "INSERT INTO chunk(id, version, count, data) VALUES($0, $1, $2, $3) ON CONFLICT(id) DO UPDATE SET version=excluded.version, count=excluded.count, data=excluded.data",
            id, DaySet.VersionOf(data), (long)readings.Count, data);
    }

    private static Columns? TryAssemble(
        SqliteSession session, ChannelRow row, (long First, long Last) days, SortedList<long, Columns> special, out long unsound)
    {
        unsound = -1;
        long firstId = ChunkCodec.IdOf(row.Id, days.First);
        long lastId = ChunkCodec.IdOf(row.Id, days.Last);
        long plain = session.Scalar("SELECT sum(count) FROM chunk WHERE id BETWEEN $0 AND $1", firstId, lastId);
        long total = 0;
        foreach ((long day, Columns columns) in special)
        {
            plain -= session.Scalar("SELECT count FROM chunk WHERE id=$0", ChunkCodec.IdOf(row.Id, day));
            total += columns.Count;
        }

        Columns result = new((int)(total + Math.Max(0, plain)));
        int position = 0;
        int nextSpecial = 0;
        using SqliteDataReader reader = session.Query("SELECT id, count, data FROM chunk WHERE id BETWEEN $0 AND $1 ORDER BY id", firstId, lastId);
        while (reader.Read())
        {
            long id = reader.GetInt64(0);
            long day = ChunkCodec.DayOf(id);
            CopySpecials(special, ref nextSpecial, day, result, ref position);
            if (special.ContainsKey(day))
            {
                continue;
            }

            ReadOnlySpan<byte> data = SqliteSession.Blob(reader, 2);
            long count = reader.GetInt64(1);
            if (!ChunkCodec.IsSound(id, data) || ChunkCodec.Count(data) != count || position + count > result.Count)
            {
                unsound = day;
                return null;
            }

            position += ChunkCodec.Decode(id, data, result, position);
        }

        CopySpecials(special, ref nextSpecial, long.MaxValue, result, ref position);
        return result.Slice(0, position);
    }

    /// <summary>Copies the special days up to and with a day.</summary>
    private static void CopySpecials(SortedList<long, Columns> special, ref int next, long throughDay, Columns result, ref int position)
    {
        while (next < special.Count && special.Keys[next] <= throughDay)
        {
            Columns columns = special.Values[next++];
            columns.CopyTo(0, result, position, columns.Count);
            position += columns.Count;
        }
    }
}
