namespace Metering.Store.Postgres;

/// <summary>What gateways said of their meters. Only ever added to.</summary>
internal static class BirthTable
{
    public static bool Keep(PostgresSession session, GatewayBirth birth) => session.Execute(
        """
        INSERT INTO birth(gateway, config, software, received, message)
        SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM birth WHERE gateway=$1)<$6 ON CONFLICT DO NOTHING
        """,
        birth.Gateway, birth.ConfigHash, birth.Software, birth.ReceivedUtcMilliseconds, birth.Message.ToArray(), (long)StoreLimits.MaximumBirths) == 1;

    /// <summary>Every message by its name, in the order they came.</summary>
    public static List<BirthName> Names(PostgresSession session)
    {
        List<BirthName> list = [];
        _ = session.Query(
            "SELECT gateway, config, software, received FROM birth ORDER BY received, gateway, config, software",
            [],
            reader => list.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3))));
        return list;
    }

    public static GatewayBirth? Find(PostgresSession session, BirthName name)
    {
        GatewayBirth? found = null;
        _ = session.Query(
            "SELECT received, message FROM birth WHERE gateway=$1 AND config=$2 AND software=$3",
            [name.Gateway, name.ConfigHash, name.Software],
            reader => found = new(name.Gateway, name.ConfigHash, name.Software, reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        return found;
    }

    public static GatewayBirth? Find(PostgresSession session, string gateway, string configHash)
    {
        GatewayBirth? found = null;
        _ = session.Query(
            "SELECT software, received, message FROM birth WHERE gateway=$1 AND config=$2 ORDER BY received DESC LIMIT 1",
            [gateway, configHash],
            reader => found = new(gateway, configHash, reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
        return found;
    }
}
