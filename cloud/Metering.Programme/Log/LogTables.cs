using Metering.Programme.Storage;
using Microsoft.EntityFrameworkCore;

namespace Metering.Programme.Log;

/// <summary>The tables of the log: plain SQL in both databases, as rows come by the ten thousand and are never changed but by an erasure.</summary>
internal static class LogTables
{
    // Text compares by bytes, so that all entries under a subject stand together.
    private static readonly string[] Statements =
    [
        """
        CREATE TABLE {schema}log_entry(idx {key}, kind {text} NOT NULL, scope {text} NOT NULL, number bigint, at bigint NOT NULL, subject {text} NOT NULL,
            body_hash {bytes} NOT NULL, leaf_hash {bytes} NOT NULL, salt {bytes}, body {bytes}, erased int NOT NULL, source {text})
        """,
        "CREATE INDEX log_entry_subject ON {schema}log_entry(subject)",
        "CREATE UNIQUE INDEX log_entry_number ON {schema}log_entry(kind, scope, number) WHERE number IS NOT NULL",
        "CREATE UNIQUE INDEX log_entry_source ON {schema}log_entry(source) WHERE source IS NOT NULL",
        "CREATE TABLE {schema}log_checkpoint(number {key}, size bigint NOT NULL, note {bytes} NOT NULL)",
        "CREATE TABLE {schema}log_watermark(name {text} PRIMARY KEY, value bigint NOT NULL, mark {text} NOT NULL)",
    ];

    // The keys that the log signed with, one row for each change; the authority's answers over checkpoints.
    private static readonly string[] FurtherStatements =
    [
        "CREATE TABLE {schema}log_key(number {key}, pem {text} NOT NULL)",
        "CREATE TABLE {schema}log_time_stamp(number {key}, answer {bytes} NOT NULL)",
    ];

    /// <summary>Makes the tables of the log, in the transaction of the caller.</summary>
    public static void Create(ProgrammeContext context) => Run(context, Statements);

    /// <summary>Makes the tables of its keys and time stamps, in the transaction of the caller.</summary>
    public static void CreateKeysAndTimeStamps(ProgrammeContext context) => Run(context, FurtherStatements);

    private static void Run(ProgrammeContext context, string[] statements)
    {
        bool isPostgres = context.Database.IsNpgsql();
        foreach (string statement in statements)
        {
            string sql = statement
                .Replace("{schema}", LogRows.Schema(context), StringComparison.Ordinal)
                .Replace("{key}", isPostgres ? "bigint PRIMARY KEY" : "INTEGER PRIMARY KEY", StringComparison.Ordinal)
                .Replace("{text}", isPostgres ? "text COLLATE \"C\"" : "TEXT", StringComparison.Ordinal)
                .Replace("{bytes}", isPostgres ? "bytea" : "BLOB", StringComparison.Ordinal);
            _ = context.Database.ExecuteSqlRaw(sql);
        }
    }
}
