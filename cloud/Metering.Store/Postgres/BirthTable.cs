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
