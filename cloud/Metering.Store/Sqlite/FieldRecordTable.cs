using Metering.Readings.Field;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>What people recorded at gateways. Rows are only ever added; of one that is erased the hash stays.</summary>
internal static class FieldRecordTable
{
    public static FieldRecordOutcome Keep(SqliteSession session, FieldRecord record, ReadOnlyMemory<byte> note, long nowUtcMilliseconds)
    {
        byte[] hash = Convert.FromHexString(FieldRecord.HashOf(note.Span));
        if (session.Scalar("SELECT count(*) FROM field_record WHERE gateway=$0 AND hash=$1", record.Gateway, hash) > 0)
        {
            return FieldRecordOutcome.Known;
        }

        return session.Execute(
            """
            INSERT INTO field_record(gateway, hash, kind, channel, received, note)
            SELECT $0, $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM field_record WHERE gateway=$0)<$6
            """,
            record.Gateway, hash, (long)record.Kind, record.Channel, nowUtcMilliseconds, note.ToArray(), (long)StoreLimits.MaximumRecords) == 1
            ? FieldRecordOutcome.Kept
            : FieldRecordOutcome.Full;
    }

    public static long Standing(SqliteSession session) =>
        session.Scalar("SELECT ifnull(max(sequence), 0) + (SELECT count(*) FROM field_record WHERE note IS NULL) FROM field_record");

    public static List<FieldRecordName> Names(SqliteSession session, long afterSequence, int maximum)
    {
        List<FieldRecordName> list = [];
        using SqliteDataReader reader = session.Query(
            "SELECT sequence, gateway, kind, channel, hash FROM field_record WHERE sequence>$0 ORDER BY sequence LIMIT $1", afterSequence, (long)maximum);
        while (reader.Read())
        {
            list.Add(new(reader.GetInt64(0), reader.GetString(1), (FieldRecordKind)reader.GetInt32(2), reader.GetString(3), Convert.ToHexStringLower(SqliteSession.Blob(reader, 4))));
        }

        return list;
    }

    public static ReadOnlyMemory<byte>? Find(SqliteSession session, string gateway, string hash)
    {
        using SqliteDataReader reader = session.Query("SELECT note FROM field_record WHERE gateway=$0 AND hash=$1 AND note IS NOT NULL", gateway, Convert.FromHexString(hash));
        return reader.Read() ? (ReadOnlyMemory<byte>?)SqliteSession.Blob(reader, 0).ToArray() : null;
    }

    public static List<ReadOnlyMemory<byte>> EntryNotes(SqliteSession session, string gateway, string channel)
    {
        List<ReadOnlyMemory<byte>> list = [];
        using SqliteDataReader reader = session.Query(
            "SELECT note FROM field_record WHERE gateway=$0 AND channel=$1 AND kind=$2 AND note IS NOT NULL ORDER BY sequence", gateway, channel, (long)FieldRecordKind.Manual);
        while (reader.Read())
        {
            list.Add(SqliteSession.Blob(reader, 0).ToArray());
        }

        return list;
    }

    // The pages that are freed are written over with zeros: it was taken away because a person's name stands in it.
    public static bool Erase(SqliteSession session, string gateway, string hash)
    {
        _ = session.Scalar("PRAGMA secure_delete=1");
        bool isThere = session.Execute("UPDATE field_record SET note=NULL WHERE gateway=$0 AND hash=$1", gateway, Convert.FromHexString(hash)) == 1;
        _ = session.Scalar("PRAGMA secure_delete=0");
        return isThere;
    }
}
