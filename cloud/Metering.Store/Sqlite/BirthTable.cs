using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>What gateways said of their meters. Only ever added to.</summary>
internal static class BirthTable
{
    public static bool Keep(SqliteSession session, GatewayBirth birth) => session.Execute(
        """
        INSERT INTO birth(gateway, config, software, received, message)
        SELECT $0, $1, $2, $3, $4 WHERE (SELECT count(*) FROM birth WHERE gateway=$0)<$5 ON CONFLICT DO NOTHING
        """,
        birth.Gateway, birth.ConfigHash, birth.Software, birth.ReceivedUtcMilliseconds, birth.Message.ToArray(), (long)StoreLimits.MaximumBirths) == 1;

    /// <summary>Every message by its name, in the order they came.</summary>
    public static List<BirthName> Names(SqliteSession session)
    {
        List<BirthName> list = [];
        using SqliteDataReader reader = session.Query("SELECT gateway, config, software, received FROM birth ORDER BY received, gateway, config, software");
        while (reader.Read())
        {
            list.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)));
        }

        return list;
    }

    public static GatewayBirth? Find(SqliteSession session, BirthName name)
    {
        using SqliteDataReader reader = session.Query(
            "SELECT received, message FROM birth WHERE gateway=$0 AND config=$1 AND software=$2", name.Gateway, name.ConfigHash, name.Software);
        return reader.Read() ? new(name.Gateway, name.ConfigHash, name.Software, reader.GetInt64(0), SqliteSession.Blob(reader, 1).ToArray()) : null;
    }

    public static GatewayBirth? Find(SqliteSession session, string gateway, string configHash)
    {
        using SqliteDataReader reader = session.Query(
            "SELECT software, received, message FROM birth WHERE gateway=$0 AND config=$1 ORDER BY received DESC LIMIT 1", gateway, configHash);
        return reader.Read() ? new(gateway, configHash, reader.GetString(0), reader.GetInt64(1), SqliteSession.Blob(reader, 2).ToArray()) : null;
    }
}
