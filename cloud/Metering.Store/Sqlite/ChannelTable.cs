using Metering.Readings;
using Metering.Store.Chunks;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

internal static class ChannelTable
{
    private const string Select = "SELECT id, gateway, name, meter, unit, kind, decimals, modulus, profile, count, first, last FROM channel ";

    public static ChannelRow? Find(SqliteSession session, string gateway, string channel)
    {
        using SqliteDataReader reader = session.Query(Select + "WHERE gateway=$0 AND name=$1", gateway, channel);
        return reader.Read() ? Take(reader) : null;
    }

    public static List<ChannelRow> All(SqliteSession session) => List(session.Query(Select + "ORDER BY gateway, name"));

    /// <summary>The channels of one gateway, by name.</summary>
    public static List<ChannelRow> Of(SqliteSession session, string gateway) => List(session.Query(Select + "WHERE gateway=$0 ORDER BY name", gateway));

    /// <summary>Adds the channel or puts its newest definition in place of the old one, and gives its row number.</summary>
    public static long Put(SqliteSession session, string gateway, Channel channel)
    {
        object? modulus = channel.Modulus is long value ? value : null;
        return session.Scalar(
            """
            INSERT INTO channel(gateway, name, meter, unit, kind, decimals, modulus, profile) VALUES($0, $1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT(gateway, name) DO UPDATE SET meter=excluded.meter, modulus=excluded.modulus, profile=excluded.profile RETURNING id
            """,
            gateway, channel.Id, channel.Meter, channel.Unit, (long)channel.Kind, (long)channel.DecimalsCode, modulus, channel.Profile);
    }

    /// <summary>Takes readings that were added to chunks into the row's figures.</summary>
    public static void Extend(SqliteSession session, long id, long added, long firstUtcMilliseconds, long lastUtcMilliseconds) =>
        _ = session.Execute(
            "UPDATE channel SET count=count+$1, first=min(ifnull(first, $2), $2), last=max(ifnull(last, $3), $3) WHERE id=$0",
            id, added, firstUtcMilliseconds, lastUtcMilliseconds);

    /// <summary>Takes the row's figures from the chunks that there are.</summary>
    public static void Recount(SqliteSession session, ChannelRow row)
    {
        long firstId = ChunkCodec.IdOf(row.Id, 0);
        long lastId = ChunkCodec.IdOf(row.Id + 1, 0) - 1;
        long count = session.Scalar("SELECT sum(count) FROM chunk WHERE id BETWEEN $0 AND $1", firstId, lastId);
        if (count == 0)
        {
            _ = session.Execute("UPDATE channel SET count=0, first=NULL, last=NULL WHERE id=$0", row.Id);
            return;
        }

        long firstDay = ChunkCodec.DayOf(session.Scalar("SELECT min(id) FROM chunk WHERE id BETWEEN $0 AND $1", firstId, lastId));
        long[] first = ChunkTable.Load(session, row, firstDay, new(long.MaxValue))!.UtcMilliseconds;
        long[] last = ChunkTable.Load(session, row, ChunkTable.LastDay(session, row.Id), new(long.MaxValue))!.UtcMilliseconds;
        _ = session.Execute("UPDATE channel SET count=$1, first=$2, last=$3 WHERE id=$0", row.Id, count, first[0], last[^1]);
    }

    private static List<ChannelRow> List(SqliteDataReader found)
    {
        using SqliteDataReader reader = found;
        List<ChannelRow> rows = [];
        while (reader.Read())
        {
            rows.Add(Take(reader));
        }

        return rows;
    }

    private static ChannelRow Take(SqliteDataReader reader)
    {
        Channel withoutDecimals = new()
        {
            Id = reader.GetString(2),
            Meter = reader.GetString(3),
            Unit = reader.GetString(4),
            Kind = (ChannelKind)reader.GetByte(5),
            DecimalPlaces = 0,
            Modulus = reader.IsDBNull(7) ? null : reader.GetInt64(7),
            Profile = reader.GetString(8),
        };
        Channel channel = withoutDecimals.WithDecimalsCode(reader.GetInt32(6));
        return new(
            reader.GetInt64(0), reader.GetString(1), channel, reader.GetInt64(9),
            reader.IsDBNull(10) ? 0 : reader.GetInt64(10), reader.IsDBNull(11) ? 0 : reader.GetInt64(11));
    }
}
