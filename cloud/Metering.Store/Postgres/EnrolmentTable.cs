using Npgsql;

namespace Metering.Store.Postgres;

internal static class EnrolmentTable
{
    private const string Select = "SELECT gateway, epoch, plant, public_key, origin FROM enrolment ";

    public static GatewayEnrolment? Find(PostgresSession session, string gateway, int keyEpoch)
    {
        GatewayEnrolment? found = null;
        _ = session.Query(Select + "WHERE gateway=$1 AND epoch=$2", [gateway, keyEpoch], reader => found = Take(reader));
        return found;
    }

    /// <summary>The enrolments of one gateway, by key epoch.</summary>
    public static List<GatewayEnrolment> Of(PostgresSession session, string gateway)
    {
        List<GatewayEnrolment> list = [];
        _ = session.Query(Select + "WHERE gateway=$1 ORDER BY epoch", [gateway], reader => list.Add(Take(reader)));
        return list;
    }

    /// <summary>Every enrolment, by gateway and key epoch.</summary>
    public static List<GatewayEnrolment> All(PostgresSession session)
    {
        List<GatewayEnrolment> list = [];
        _ = session.Query(Select + "ORDER BY gateway, epoch", [], reader => list.Add(Take(reader)));
        return list;
    }

    /// <summary>The enrolments of gateways that are in this plant now, by gateway and key epoch.</summary>
    public static List<GatewayEnrolment> OfPlant(PostgresSession session, string plant)
    {
        List<GatewayEnrolment> list = [];
        _ = session.Query(Select + "WHERE gateway IN (SELECT gateway FROM enrolment WHERE plant=$1) ORDER BY gateway, epoch", [plant], reader => list.Add(Take(reader)));
        return EnrolmentRules.OfPlant(list, plant);
    }

    /// <summary>Adds an enrolment with the rows that appending and sealing lock.</summary>
    public static void Add(PostgresSession session, GatewayEnrolment enrolment)
    {
        bool isNew = session.Execute(
            "INSERT INTO enrolment(gateway, epoch, plant, public_key, origin) VALUES($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            enrolment.Gateway, enrolment.KeyEpoch, enrolment.Plant, enrolment.PublicKeyPem, (int)enrolment.Origin) == 1;
        if (!isNew)
        {
            EnrolmentRules.RequireSame(Find(session, enrolment.Gateway, enrolment.KeyEpoch)!, enrolment);
            return;
        }

        _ = session.Execute("INSERT INTO chain(gateway, epoch) VALUES($1, $2) ON CONFLICT DO NOTHING", enrolment.Gateway, enrolment.KeyEpoch);
        _ = session.Execute("INSERT INTO seal(gateway) VALUES($1) ON CONFLICT DO NOTHING", enrolment.Gateway);
    }

    private static GatewayEnrolment Take(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), (ReadingOrigin)reader.GetInt32(4));
}
