using Metering.Readings;
using Metering.Store.Chunks;
using Npgsql;

namespace Metering.Store.Postgres;

/// <summary>A channel and how far its gateway is sealed: batches after that place and up to the newest are laid over the chunks.</summary>
internal sealed record ChannelView(ChannelRow Row, long Sealed, long Newest);

internal static class ChannelTable
{
    private const string Definition = "c.name, c.meter, c.unit, c.kind, c.decimals, c.modulus, c.profile";

    private const string SelectView = $"""
        SELECT {Definition}, c.id, c.gateway, coalesce(e.count, 0), coalesce(e.first, 0), coalesce(e.last, 0), s.sealed,
            coalesce((SELECT max(sequence) FROM journal j WHERE j.gateway=c.gateway), 0)
        FROM channel c JOIN seal s ON s.gateway=c.gateway LEFT JOIN extent e ON e.channel=c.id
        """;

    public static ChannelView? Find(PostgresSession session, string gateway, string channel)
    {
        ChannelView? view = null;
        _ = session.Query(SelectView + " WHERE c.gateway=$1 AND c.name=$2", [gateway, channel], reader => view = TakeView(reader));
        return view;
    }

    /// <summary>Every channel, by gateway and name.</summary>
    public static List<ChannelView> All(PostgresSession session)
    {
        List<ChannelView> views = [];
        _ = session.Query(SelectView + " ORDER BY c.gateway, c.name", [], reader => views.Add(TakeView(reader)));
        return views;
    }

    /// <summary>The channels of these gateways, by gateway and name.</summary>
    public static List<ChannelView> Of(PostgresSession session, string[] gateways)
    {
        List<ChannelView> views = [];
        _ = session.Query(SelectView + " WHERE c.gateway = ANY($1) ORDER BY c.gateway, c.name", [gateways], reader => views.Add(TakeView(reader)));
        return views;
    }

    /// <summary>The row numbers of a gateway's channels.</summary>
    public static Dictionary<string, long> Ids(PostgresSession session, string gateway)
    {
        Dictionary<string, long> ids = new(StringComparer.Ordinal);
        _ = session.Query("SELECT name, id FROM channel WHERE gateway=$1", [gateway], reader => ids.Add(reader.GetString(0), reader.GetInt64(1)));
        return ids;
    }

    /// <summary>Hands on every channel of these gateways.</summary>
    public static void OfGateways(PostgresSession session, string[] gateways, Action<string, Channel> take) =>
        _ = session.Query($"SELECT {Definition}, c.gateway FROM channel c WHERE c.gateway = ANY($1)", [gateways], reader => take(reader.GetString(7), Take(reader)));

    /// <summary>Adds channels, or puts their newest definitions in place of the old ones, and counts the change in their gateways' chains.</summary>
    /// <param name="changed">By gateway and name, ascending, so that rows are locked in one order.</param>
    public static (string Sql, object?[] Values)[] Put(List<(string Gateway, Channel Channel)> changed) =>
    [
        (
            """
            INSERT INTO channel(gateway, name, meter, unit, kind, decimals, modulus, profile)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT(gateway, name) DO UPDATE SET meter=excluded.meter, modulus=excluded.modulus, profile=excluded.profile
            """,
            [
                changed.ConvertAll(item => item.Gateway).ToArray(),
                changed.ConvertAll(item => item.Channel.Id).ToArray(),
                changed.ConvertAll(item => item.Channel.Meter).ToArray(),
                changed.ConvertAll(item => item.Channel.Unit).ToArray(),
                changed.ConvertAll(item => (int)item.Channel.Kind).ToArray(),
                changed.ConvertAll(item => item.Channel.DecimalsCode).ToArray(),
                changed.ConvertAll(item => item.Channel.Modulus).ToArray(),
                changed.ConvertAll(item => item.Channel.Profile).ToArray(),
            ]),
        (
            "UPDATE chain SET definitions=(SELECT max(definitions) FROM chain c WHERE c.gateway=chain.gateway)+1 WHERE gateway = ANY($1)",
            [changed.ConvertAll(item => item.Gateway).Distinct().ToArray()]),
    ];

    private static ChannelView TakeView(NpgsqlDataReader reader) => new(
        new(reader.GetInt64(7), reader.GetString(8), Take(reader), reader.GetInt64(9), reader.GetInt64(10), reader.GetInt64(11)),
        reader.GetInt64(12),
        reader.GetInt64(13));

    private static Channel Take(NpgsqlDataReader reader) => new Channel
    {
        Id = reader.GetString(0),
        Meter = reader.GetString(1),
        Unit = reader.GetString(2),
        Kind = (ChannelKind)reader.GetInt32(3),
        DecimalPlaces = 0,
        Modulus = reader.IsDBNull(5) ? null : reader.GetInt64(5),
        Profile = reader.GetString(6),
    }.WithDecimalsCode(reader.GetInt32(4));
}
