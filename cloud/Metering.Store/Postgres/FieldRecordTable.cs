using Metering.Readings.Field;

namespace Metering.Store.Postgres;

/// <summary>What people recorded at gateways. Rows are only ever added; of one that is erased the hash stays.</summary>
internal static class FieldRecordTable
{
    /// <summary>Keeps a record. Places are given one after the other, so that nobody who reads to a place misses one before it.</summary>
    public static FieldRecordOutcome Keep(PostgresSession session, FieldRecord record, ReadOnlyMemory<byte> note, long nowUtcMilliseconds)
    {
        byte[] hash = Convert.FromHexString(FieldRecord.HashOf(note.Span));
        _ = session.Execute($"SELECT pg_advisory_xact_lock({PostgresSchema.LockSpace}, {PostgresSchema.RecordLock})");
        if (session.Scalar("SELECT count(*) FROM field_record WHERE gateway=$1 AND hash=$2", record.Gateway, hash) > 0)
        {
            return FieldRecordOutcome.Known;
        }

        return session.Execute(
            """
            INSERT INTO field_record(sequence, gateway, hash, kind, channel, received, note)
            SELECT (SELECT coalesce(max(sequence), 0) + 1 FROM field_record), $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM field_record WHERE gateway=$1)<$7
            """,
            record.Gateway, hash, (int)record.Kind, record.Channel, nowUtcMilliseconds, note.ToArray(), (long)StoreLimits.MaximumRecords) == 1
            ? FieldRecordOutcome.Kept
            : FieldRecordOutcome.Full;
    }

    public static long Standing(PostgresSession session) =>
        session.Scalar("SELECT coalesce(max(sequence), 0) + (SELECT count(*) FROM field_record WHERE note IS NULL) FROM field_record");

    public static List<FieldRecordName> Names(PostgresSession session, long afterSequence, int maximum)
    {
        List<FieldRecordName> list = [];
        _ = session.Query(
            "SELECT sequence, gateway, kind, channel, hash FROM field_record WHERE sequence>$1 ORDER BY sequence LIMIT $2",
            [afterSequence, (long)maximum],
            reader => list.Add(new(reader.GetInt64(0), reader.GetString(1), (FieldRecordKind)reader.GetInt32(2), reader.GetString(3), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(4)))));
        return list;
    }

    public static ReadOnlyMemory<byte>? Find(PostgresSession session, string gateway, string hash)
    {
        ReadOnlyMemory<byte>? note = null;
        _ = session.Query(
            "SELECT note FROM field_record WHERE gateway=$1 AND hash=$2 AND note IS NOT NULL", [gateway, Convert.FromHexString(hash)], reader => note = reader.GetFieldValue<byte[]>(0));
        return note;
    }

    public static List<ReadOnlyMemory<byte>> EntryNotes(PostgresSession session, string gateway, string channel)
    {
        List<ReadOnlyMemory<byte>> list = [];
        _ = session.Query(
            "SELECT note FROM field_record WHERE gateway=$1 AND channel=$2 AND kind=$3 AND note IS NOT NULL ORDER BY sequence",
            [gateway, channel, (int)FieldRecordKind.Manual],
            reader => list.Add(reader.GetFieldValue<byte[]>(0)));
        return list;
    }

    public static bool Erase(PostgresSession session, string gateway, string hash) =>
        session.Execute("UPDATE field_record SET note=NULL WHERE gateway=$1 AND hash=$2", gateway, Convert.FromHexString(hash)) == 1;
}
