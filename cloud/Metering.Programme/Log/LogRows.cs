using System.Data.Common;
using System.Globalization;
using Metering.Evidence.Log;
using Metering.Programme.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Metering.Programme.Log;

/// <summary>A row to be written.</summary>
internal sealed record LogRow(LoggedEntry Logged, string Scope, long? Number);

/// <summary>The rows of the log, in the transaction of a context where it has one. SQLite and PostgreSQL understand every statement here.</summary>
internal sealed class LogRows
{
    private const string Columns = "idx, kind, at, subject, body_hash, leaf_hash, salt, body, erased, source";
    private const string ColumnsWithoutBody = "idx, kind, at, subject, body_hash, leaf_hash, NULL, NULL, erased, source";
    private const int LongestSeconds = 600;
    private readonly ProgrammeContext context;
    private readonly string schema;
    private readonly bool isPostgres;

    public LogRows(ProgrammeContext context)
    {
        this.context = context;
        schema = Schema(context);
        isPostgres = context.Database.IsNpgsql();
        context.Database.OpenConnection(); // closed with the context
    }

    /// <summary>What stands before the name of a table.</summary>
    public static string Schema(ProgrammeContext context) => context.Database.IsNpgsql() ? ProgrammeContext.Schema + "." : "";

    /// <summary>Number of entries, and the instant of the last one; both 0 when there is none.</summary>
    public (long Count, long LastAt) End()
    {
        using DbCommand command = Command($"SELECT idx, at FROM {schema}log_entry ORDER BY idx DESC LIMIT 1");
        using DbDataReader reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0) + 1, reader.GetInt64(1)) : (0, 0);
    }

    /// <summary>The greatest number of a kind and scope; 0 when there is none.</summary>
    public long LastNumber(string kind, string scope) =>
        Scalar($"SELECT COALESCE(MAX(number), 0) FROM {schema}log_entry WHERE kind=@p0 AND scope=@p1 AND number IS NOT NULL", kind, scope);

    /// <summary>The entry with the greatest number of a kind and scope.</summary>
    public LoggedEntry? Newest(string kind, string scope) =>
        Query($"SELECT {Columns} FROM {schema}log_entry WHERE kind=@p0 AND scope=@p1 AND number IS NOT NULL ORDER BY number DESC LIMIT 1", kind, scope).FirstOrDefault();

    /// <summary>One entry.</summary>
    public LoggedEntry? Find(long index) => Query($"SELECT {Columns} FROM {schema}log_entry WHERE idx=@p0", index).FirstOrDefault();

    /// <summary>The entry of a source.</summary>
    public LoggedEntry? FindSource(string source) => Query($"SELECT {Columns} FROM {schema}log_entry WHERE source=@p0", source).FirstOrDefault();

    /// <summary>Entries from a place on.</summary>
    public List<LoggedEntry> Read(long from, int maximum, bool hasBodies) => Query(
        $"SELECT {(hasBodies ? Columns : ColumnsWithoutBody)} FROM {schema}log_entry WHERE idx>=@p0 ORDER BY idx LIMIT @p1", from, (long)maximum);

    /// <summary>Entries whose subject is this one, or begins with it and a slash. '0' follows '/' in ASCII.</summary>
    public List<LoggedEntry> WithSubject(string prefix) => Query(
        $"SELECT {Columns} FROM {schema}log_entry WHERE subject=@p0 OR (subject>=@p1 AND subject<@p2) ORDER BY idx", prefix, prefix + "/", prefix + "0");

    /// <summary>Leaf hashes from a place on, in order; a place that is not there ends them.</summary>
    public List<byte[]> LeafHashes(long from)
    {
        List<byte[]> hashes = [];
        using DbCommand command = Command($"SELECT idx, leaf_hash FROM {schema}log_entry WHERE idx>=@p0 ORDER BY idx", from);
        using DbDataReader reader = command.ExecuteReader();
        while (reader.Read() && reader.GetInt64(0) == from + hashes.Count)
        {
            hashes.Add(reader.GetFieldValue<byte[]>(1));
        }

        return hashes;
    }

    /// <summary>Which of these subjects, with these body hashes, are there already; by subject and hash, with their places.</summary>
    public Dictionary<(string Subject, string BodyHash), long> Known(IReadOnlyList<string> subjects)
    {
        Dictionary<(string, string), long> known = [];
        foreach (string[] some in subjects.Chunk(1000))
        {
            using DbCommand command = Among("subject, body_hash, idx", "subject", some);
            using DbDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                _ = known.TryAdd((reader.GetString(0), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1))), reader.GetInt64(2));
            }
        }

        return known;
    }

    /// <summary>Which of these sources are there already, with the places of their entries.</summary>
    public Dictionary<string, long> KnownSources(IReadOnlyList<string> sources)
    {
        Dictionary<string, long> known = new(StringComparer.Ordinal);
        foreach (string[] some in sources.Chunk(1000))
        {
            using DbCommand command = Among("source, idx", "source", some);
            using DbDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                known[reader.GetString(0)] = reader.GetInt64(1);
            }
        }

        return known;
    }

    /// <summary>Writes rows.</summary>
    public void Insert(IReadOnlyList<LogRow> rows)
    {
        if (isPostgres)
        {
            InsertTogether(rows);
            return;
        }

        using DbCommand command = Command(
            $"INSERT INTO {schema}log_entry(idx, kind, scope, number, at, subject, body_hash, leaf_hash, salt, body, erased, source) VALUES(@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, 0, @p10)",
            new object?[11]);
        command.Prepare();
        foreach (LogRow row in rows)
        {
            object?[] values = ValuesOf(row);
            for (int index = 0; index < values.Length; index++)
            {
                command.Parameters[index].Value = values[index] ?? DBNull.Value;
            }

            _ = command.ExecuteNonQuery();
        }
    }

    /// <summary>How far a follower is.</summary>
    public LogWatermark Watermark(string name)
    {
        using DbCommand command = Command($"SELECT value, mark FROM {schema}log_watermark WHERE name=@p0", name);
        using DbDataReader reader = command.ExecuteReader();
        return reader.Read() ? new(name, reader.GetInt64(0), reader.GetString(1)) : new(name, 0, "");
    }

    /// <summary>Notes how far a follower is.</summary>
    public void Move(LogWatermark to) => _ = Execute(
        $"INSERT INTO {schema}log_watermark(name, value, mark) VALUES(@p0, @p1, @p2) ON CONFLICT(name) DO UPDATE SET value=excluded.value, mark=excluded.mark", to.Name, to.Value, to.Mark);

    /// <summary>Signed checkpoints after a number, ascending.</summary>
    public List<(long Number, byte[] Note)> Checkpoints(long after, int maximum)
    {
        List<(long, byte[])> notes = [];
        using DbCommand command = Command($"SELECT number, note FROM {schema}log_checkpoint WHERE number>@p0 ORDER BY number LIMIT @p1", after, (long)maximum);
        using DbDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            notes.Add((reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        }

        return notes;
    }

    /// <summary>The newest checkpoint; null when there is none.</summary>
    public (long Number, byte[] Note)? NewestCheckpoint()
    {
        using DbCommand command = Command($"SELECT number, note FROM {schema}log_checkpoint ORDER BY number DESC LIMIT 1");
        using DbDataReader reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>Keeps a checkpoint.</summary>
    public void Keep(long number, long size, byte[] note) => _ = Execute($"INSERT INTO {schema}log_checkpoint(number, size, note) VALUES(@p0, @p1, @p2)", number, size, note);

    /// <summary>The key the log signed with last, in PEM; null when none is on record.</summary>
    public (long Number, string Pem)? NewestKey()
    {
        using DbCommand command = Command($"SELECT number, pem FROM {schema}log_key ORDER BY number DESC LIMIT 1");
        using DbDataReader reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetString(1)) : null;
    }

    /// <summary>Keeps a key that the log signs with.</summary>
    public void KeepKey(long number, string pem) => _ = Execute($"INSERT INTO {schema}log_key(number, pem) VALUES(@p0, @p1)", number, pem);

    /// <summary>The newest checkpoint that has a time stamp, with the authority's answer; null when none has.</summary>
    public (byte[] Note, byte[] Answer)? NewestTimeStamp()
    {
        using DbCommand command = Command($"SELECT c.note, t.answer FROM {schema}log_time_stamp t JOIN {schema}log_checkpoint c ON c.number=t.number ORDER BY t.number DESC LIMIT 1");
        using DbDataReader reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>Keeps an authority's answer over the checkpoint with these bytes; the newer answer over the same one stands.</summary>
    /// <returns>Whether there is such a checkpoint.</returns>
    public bool KeepTimeStamp(byte[] note, byte[] answer) => Execute(
        $"INSERT INTO {schema}log_time_stamp(number, answer) SELECT number, @p1 FROM {schema}log_checkpoint WHERE note=@p0 ON CONFLICT(number) DO UPDATE SET answer=excluded.answer", note, answer) > 0;

    /// <summary>Takes salt and body of an entry away.</summary>
    public void Blank(long index) => _ = Execute($"UPDATE {schema}log_entry SET salt=NULL, body=NULL, erased=1 WHERE idx=@p0", index);

    /// <summary>Brings SQLite's write-ahead log into the file and empties it; false when a reader is in the way.</summary>
    public bool TruncateWriteAheadLog() => Scalar("PRAGMA wal_checkpoint(TRUNCATE)") == 0;

    /// <summary>Runs a statement.</summary>
    public int Execute(string sql, params object?[] values)
    {
        using DbCommand command = Command(sql, values);
        command.CommandTimeout = isPostgres ? LongestSeconds : command.CommandTimeout; // a server compacts a large table
        return command.ExecuteNonQuery();
    }

    private static object?[] ValuesOf(LogRow row)
    {
        (long index, LogEntry entry, ReadOnlyMemory<byte> salt, ReadOnlyMemory<byte>? body, _) = row.Logged;
        return
        [
            index, entry.Kind, row.Scope, row.Number, entry.UtcMilliseconds, entry.Subject, Convert.FromHexString(entry.BodyHash), row.Logged.LeafHash.ToArray(),
            salt.IsEmpty ? null : salt.ToArray(), body?.ToArray(), row.Logged.Source,
        ];
    }

    // One statement for all rows: a journey to the server for each of a year's batches takes longer than everything else together.
    private void InsertTogether(IReadOnlyList<LogRow> rows)
    {
        foreach (LogRow[] some in rows.Chunk(5000))
        {
            object?[][] values = Array.ConvertAll(some, ValuesOf);
            using DbCommand command = Command(
                $"""
                INSERT INTO {schema}log_entry(idx, kind, scope, number, at, subject, body_hash, leaf_hash, salt, body, erased, source)
                SELECT idx, kind, scope, number, at, subject, body_hash, leaf_hash, salt, body, 0, source
                FROM unnest(@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10) AS t(idx, kind, scope, number, at, subject, body_hash, leaf_hash, salt, body, source)
                """,
                Column<long>(values, 0), Column<string>(values, 1), Column<string>(values, 2), Array.ConvertAll(values, row => (long?)row[3]), Column<long>(values, 4), Column<string>(values, 5),
                Column<byte[]>(values, 6), Column<byte[]>(values, 7), Column<byte[]?>(values, 8), Column<byte[]?>(values, 9), Column<string?>(values, 10));
            _ = command.ExecuteNonQuery();
        }
    }

    private static TValue[] Column<TValue>(object?[][] rows, int column) => Array.ConvertAll(rows, row => (TValue)row[column]!);

    private DbCommand Among(string columns, string column, string[] values) => isPostgres
        ? Command($"SELECT {columns} FROM {schema}log_entry WHERE {column} = ANY(@p0)", [values])
        : Command($"SELECT {columns} FROM {schema}log_entry WHERE {column} IN (SELECT value FROM json_each(@p0))", System.Text.Json.JsonSerializer.Serialize(values));

    private List<LoggedEntry> Query(string sql, params object?[] values)
    {
        List<LoggedEntry> entries = [];
        using DbCommand command = Command(sql, values);
        using DbDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            LogEntry entry = new(reader.GetString(1), reader.GetInt64(2), reader.GetString(3), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(4)));
            entries.Add(new(
                reader.GetInt64(0), entry, reader.IsDBNull(6) ? default : reader.GetFieldValue<byte[]>(6), reader.IsDBNull(7) ? (ReadOnlyMemory<byte>?)null : reader.GetFieldValue<byte[]>(7), reader.GetInt32(8) != 0)
            {
                LeafHash = reader.GetFieldValue<byte[]>(5),
                Source = reader.IsDBNull(9) ? null : reader.GetString(9),
            });
        }

        return entries;
    }

    private long Scalar(string sql, params object?[] values)
    {
        using DbCommand command = Command(sql, values);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private DbCommand Command(string sql, params object?[] values)
    {
        DbCommand command = context.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // Every statement is put together from constants of this class; values travel as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        for (int index = 0; index < values.Length; index++)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{index}");
            parameter.Value = values[index] ?? DBNull.Value;
            _ = command.Parameters.Add(parameter);
        }

        return command;
    }
}
