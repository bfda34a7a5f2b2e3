using Metering.Store.Chunks;
using Metering.Store.Rollups;

namespace Metering.Store.Postgres;

/// <summary>The stored rollups, and the versions of the chunks they are compared with.</summary>
internal static class RollupTable
{
    /// <summary>The days of a channel's chunks with their versions, ascending; from the primary key's index alone where the server has cleaned up.</summary>
    public static (List<long> Days, List<long> Versions) Days(PostgresSession session, long channelId, (long First, long Last) range)
    {
        List<long> days = [];
        List<long> versions = [];
        _ = session.Query(
            "SELECT id, version FROM chunk WHERE id BETWEEN $1 AND $2 ORDER BY id",
            [ChunkCodec.IdOf(channelId, range.First), ChunkCodec.IdOf(channelId, range.Last)],
            reader =>
            {
                days.Add(ChunkCodec.DayOf(reader.GetInt64(0)));
                versions.Add(reader.GetInt64(1));
            });
        return (days, versions);
    }

    public static List<RollupKind> Kinds(PostgresSession session, long channelId)
    {
        List<RollupKind> kinds = [];
        _ = session.Query("SELECT DISTINCT step, zone FROM rollup WHERE channel=$1", [channelId], reader => kinds.Add(new(reader.GetInt32(0), reader.GetString(1))));
        return kinds;
    }

    public static List<RollupRow> Find(PostgresSession session, long channelId, RollupKind kind, int firstMonth, int lastMonth)
    {
        List<RollupRow> rows = [];
        _ = session.Query(
            "SELECT period, source, data FROM rollup WHERE channel=$1 AND step=$2 AND zone=$3 AND period BETWEEN $4 AND $5 ORDER BY period",
            [channelId, kind.Step, kind.Zone, firstMonth, lastMonth],
            reader => rows.Add(new(reader.GetInt32(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2))));
        return rows;
    }

    /// <summary>Puts rollups of one channel in place, each once, in the order in which every process makes them, so that no two wait for each other.</summary>
    public static void Put(PostgresSession session, long channelId, (RollupKind Kind, RollupRow Row)[] rollups) => _ = session.Execute(
        """
        INSERT INTO rollup(channel, step, zone, period, source, data) SELECT $1, * FROM unnest($2, $3, $4, $5, $6)
        ON CONFLICT(channel, step, zone, period) DO UPDATE SET source=excluded.source, data=excluded.data
        """,
        channelId,
        Array.ConvertAll(rollups, item => item.Kind.Step),
        Array.ConvertAll(rollups, item => item.Kind.Zone),
        Array.ConvertAll(rollups, item => item.Row.Month),
        Array.ConvertAll(rollups, item => item.Row.Source),
        Array.ConvertAll(rollups, item => item.Row.Data));
}
