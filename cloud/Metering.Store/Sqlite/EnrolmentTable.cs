using Metering.Readings;
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

    /// <summary>Every enrolment, by gateway and key epoch.</summary>
    public static List<GatewayEnrolment> All(SqliteSession session)
    {
        List<GatewayEnrolment> list = [];
        using SqliteDataReader reader = session.Query(Select + "ORDER BY gateway, epoch");
        while (reader.Read())
        {
            list.Add(Take(reader));
        }

        return list;
    }

    /// <summary>The newest enrolment of each gateway.</summary>
    public static Dictionary<string, GatewayEnrolment> Newest(SqliteSession session)
    {
        Dictionary<string, GatewayEnrolment> newest = new(StringComparer.Ordinal);
        foreach (GatewayEnrolment enrolment in All(session))
        {
            newest[enrolment.Gateway] = enrolment;
        }

        return newest;
    }

    public static void Add(SqliteSession session, GatewayEnrolment enrolment)
    {
        GatewayEnrolment? stored = Find(session, enrolment.Gateway, enrolment.KeyEpoch);
        if (stored is null)
        {
            _ = session.Execute(
                "INSERT INTO enrolment(gateway, epoch, plant, public_key, origin) VALUES($0, $1, $2, $3, $4)",
                enrolment.Gateway, (long)enrolment.KeyEpoch, enrolment.Plant, enrolment.PublicKeyPem, (long)enrolment.Origin);
        }
        else if (stored != enrolment)
        {
            throw new StoreException(
                $"gateway {enrolment.Gateway} is enrolled with another key, plant or origin in key epoch {enrolment.KeyEpoch}. Enrol the new key with epoch {enrolment.KeyEpoch + 1}.",
                StoreException.Configuration);
        }
    }

    /// <summary>Checks identifiers, epoch and key.</summary>
    public static void Check(GatewayEnrolment enrolment)
    {
        _ = Identifier.Require(enrolment.Gateway, nameof(enrolment));
        _ = Identifier.Require(enrolment.Plant, nameof(enrolment));
        ArgumentOutOfRangeException.ThrowIfLessThan(enrolment.KeyEpoch, 1, nameof(enrolment));
        try
        {
            SigningKey.Parse(enrolment.PublicKeyPem).Dispose();
        }
        catch (WireFormatException e)
        {
            throw new ArgumentException(e.Message, nameof(enrolment), e);
        }
    }

    private static GatewayEnrolment Take(SqliteDataReader reader) =>
        new(reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), (ReadingOrigin)reader.GetByte(4));
}
