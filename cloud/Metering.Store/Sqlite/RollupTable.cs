using Metering.Store.Chunks;
using Metering.Store.Rollups;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>The stored rollups, and the versions of the chunks they are compared with.</summary>
internal static class RollupTable
{
    /// <summary>The days of a channel's chunks with their versions, ascending; from an index alone, so that no chunk is touched.</summary>
    public static (List<long> Days, List<long> Versions) Days(SqliteSession session, long channelId)
    {
        List<long> days = [];
        List<long> versions = [];
        using SqliteDataReader reader = session.Query(
            "SELECT id, version FROM chunk INDEXED BY chunk_version WHERE id BETWEEN $0 AND $1 ORDER BY id",
            ChunkCodec.IdOf(channelId, 0), ChunkCodec.IdOf(channelId + 1, 0) - 1);
        while (reader.Read())
        {
            days.Add(ChunkCodec.DayOf(reader.GetInt64(0)));
            versions.Add(reader.GetInt64(1));
        }

        return (days, versions);
    }

    public static List<RollupRow> Find(SqliteSession session, long channelId, RollupKind kind, int firstMonth, int lastMonth)
    {
        List<RollupRow> rows = [];
        using SqliteDataReader reader = session.Query(
            "SELECT period, source, data FROM rollup WHERE channel=$0 AND step=$1 AND zone=$2 AND period BETWEEN $3 AND $4 ORDER BY period",
            channelId, (long)kind.Step, kind.Zone, (long)firstMonth, (long)lastMonth);
        while (reader.Read())
        {
            rows.Add(new(reader.GetInt32(0), SqliteSession.Blob(reader, 1).ToArray(), SqliteSession.Blob(reader, 2).ToArray()));
        }

        return rows;
    }

    public static void Put(SqliteSession session, long channelId, RollupKind kind, RollupRow row) => _ = session.Execute(
        """
        INSERT INTO rollup(channel, step, zone, period, source, data) VALUES($0, $1, $2, $3, $4, $5)
        ON CONFLICT(channel, step, zone, period) DO UPDATE SET source=excluded.source, data=excluded.data
        """,
        channelId, (long)kind.Step, kind.Zone, (long)row.Month, row.Source, row.Data);
}
