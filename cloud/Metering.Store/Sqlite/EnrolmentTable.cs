using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

internal static class EnrolmentTable
{
    private const string Select = "SELECT gateway, epoch, plant, public_key, origin FROM enrolment ";

    public static GatewayEnrolment? Find(SqliteSession session, string gateway, int keyEpoch)
    {
        using SqliteDataReader reader = session.Query(Select + "WHERE gateway=$0 AND epoch=$1", gateway, (long)keyEpoch);
        return reader.Read() ? Take(reader) : null;
    }

    /// <summary>The enrolments of one gateway, by key epoch.</summary>
    public static List<GatewayEnrolment> Of(SqliteSession session, string gateway) => List(session.Query(Select + "WHERE gateway=$0 ORDER BY epoch", gateway));

    /// <summary>Every enrolment, by gateway and key epoch.</summary>
    public static List<GatewayEnrolment> All(SqliteSession session) => List(session.Query(Select + "ORDER BY gateway, epoch"));

    /// <summary>The enrolments of gateways that are in this plant now, by gateway and key epoch.</summary>
    public static List<GatewayEnrolment> OfPlant(SqliteSession session, string plant) =>
        EnrolmentRules.OfPlant(List(session.Query(Select + "WHERE gateway IN (SELECT gateway FROM enrolment WHERE plant=$0) ORDER BY gateway, epoch", plant)), plant);

    public static void Add(SqliteSession session, GatewayEnrolment enrolment)
    {
        GatewayEnrolment? stored = Find(session, enrolment.Gateway, enrolment.KeyEpoch);
        if (stored is null)
        {
            _ = session.Execute(
                "INSERT INTO enrolment(gateway, epoch, plant, public_key, origin) VALUES($0, $1, $2, $3, $4)",
                enrolment.Gateway, (long)enrolment.KeyEpoch, enrolment.Plant, enrolment.PublicKeyPem, (long)enrolment.Origin);
        }
        else
        {
            EnrolmentRules.RequireSame(stored, enrolment);
        }
    }

    private static List<GatewayEnrolment> List(SqliteDataReader rows)
    {
        using SqliteDataReader reader = rows;
        List<GatewayEnrolment> list = [];
        while (reader.Read())
        {
            list.Add(Take(reader));
        }

        return list;
    }

    private static GatewayEnrolment Take(SqliteDataReader reader) =>
        new(reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), (ReadingOrigin)reader.GetByte(4));
}
