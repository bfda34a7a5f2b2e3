namespace Metering.Store.Sqlite;

/// <summary>
/// The schema of the SQLite file as numbered steps: the step at index n takes a file from version n to version n + 1, and
/// a new file takes them all. To change the schema add one step at the end; a step that a program was released with is
/// never edited. A step is SQL statements parted by semicolons (no semicolon inside a statement).
/// </summary>
internal static class SqliteMigrations
{
    // Version 1: what is kept of enrolments, batches, channels, chunks and followers.
    private const string First = """
        CREATE TABLE enrolment(gateway TEXT NOT NULL, epoch INTEGER NOT NULL, plant TEXT NOT NULL, public_key TEXT NOT NULL, PRIMARY KEY(gateway, epoch));
        CREATE TABLE journal(sequence INTEGER PRIMARY KEY, gateway TEXT NOT NULL, epoch INTEGER NOT NULL, batch INTEGER NOT NULL,
            note_hash BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, envelope BLOB NOT NULL);
        CREATE UNIQUE INDEX journal_batch ON journal(gateway, epoch, batch);
        CREATE TABLE channel(id INTEGER PRIMARY KEY, gateway TEXT NOT NULL, name TEXT NOT NULL, meter TEXT NOT NULL, unit TEXT NOT NULL,
            kind INTEGER NOT NULL, decimals INTEGER NOT NULL, modulus INTEGER, profile TEXT NOT NULL,
            count INTEGER NOT NULL DEFAULT 0, first INTEGER, last INTEGER, UNIQUE(gateway, name));
        CREATE TABLE chunk(id INTEGER PRIMARY KEY, version INTEGER NOT NULL, count INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE TABLE quarantine(id INTEGER PRIMARY KEY, gateway TEXT NOT NULL, reason TEXT NOT NULL, received INTEGER NOT NULL, length INTEGER NOT NULL, bytes BLOB);
        CREATE TABLE watermark(name TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE dead_letter(id INTEGER PRIMARY KEY, target TEXT NOT NULL, received INTEGER NOT NULL, reason TEXT NOT NULL, line TEXT NOT NULL);
        """;

    // Version 2: rollups with the version of what they were made of, and what was dropped on purpose.
    private const string RollupsAndPruning = """
        CREATE TABLE rollup(channel INTEGER NOT NULL, step INTEGER NOT NULL, zone TEXT NOT NULL, period INTEGER NOT NULL,
            source BLOB NOT NULL, data BLOB NOT NULL, PRIMARY KEY(channel, step, zone, period));
        CREATE INDEX chunk_version ON chunk(id, version, count);
        CREATE TABLE pruned(channel INTEGER NOT NULL, first_day INTEGER NOT NULL, end_day INTEGER NOT NULL, PRIMARY KEY(channel, first_day)) WITHOUT ROWID;
        CREATE TABLE tombstone(sequence INTEGER PRIMARY KEY, removed INTEGER NOT NULL, length INTEGER NOT NULL, note BLOB);
        """;

    // Version 3: whether a key is a gateway's or the cloud's own for imports, see ReadingOrigin.
    private const string Origin = "ALTER TABLE enrolment ADD COLUMN origin INTEGER NOT NULL DEFAULT 0";

    // Version 4: keys that ended, codes to enrol by, batches stated lost, and what of the quarantine is to be tried again.
    private const string GatewayRegister = """
        CREATE TABLE key_end(gateway TEXT NOT NULL, epoch INTEGER NOT NULL, revoked_from INTEGER, reason TEXT NOT NULL DEFAULT '',
            closed_through INTEGER, note BLOB, PRIMARY KEY(gateway, epoch));
        CREATE TABLE enrolment_code(gateway TEXT PRIMARY KEY, plant TEXT NOT NULL, hash TEXT NOT NULL, expires INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0, used_epoch INTEGER);
        CREATE TABLE lost_batches(gateway TEXT NOT NULL, epoch INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
            last_hash TEXT NOT NULL, received INTEGER NOT NULL, note BLOB NOT NULL, PRIMARY KEY(gateway, epoch, first));
        CREATE TABLE quarantine_retry(id INTEGER PRIMARY KEY);
        CREATE INDEX quarantine_gateway ON quarantine(gateway);
        """;

    // Version 5: batches that came before their turn.
    private const string Waiting = """
        CREATE TABLE waiting(gateway TEXT NOT NULL, epoch INTEGER NOT NULL, batch INTEGER NOT NULL, note_hash BLOB NOT NULL,
            received INTEGER NOT NULL, envelope BLOB NOT NULL, PRIMARY KEY(gateway, epoch, batch, note_hash))
        """;

    // Version 6: which batch carried a reading, by time.
    private const string JournalTime = "CREATE INDEX journal_time ON journal(gateway, last, first)";

    // Version 7: when a batch came (null where a program before this one stored it), and what gateways say of their meters.
    private const string ReceivedAndBirths = """
        ALTER TABLE journal ADD COLUMN received INTEGER;
        CREATE TABLE birth(gateway TEXT NOT NULL, config TEXT NOT NULL, software TEXT NOT NULL, received INTEGER NOT NULL, message BLOB NOT NULL,
            PRIMARY KEY(gateway, config, software))
        """;

    // Version 8: batches of more than eight days (imports), so that the look for a reading's batch has an end, see JournalTable.At.
    private const string JournalLong = "CREATE INDEX journal_long ON journal(gateway, last, first) WHERE last-first>691200000";

    // Version 9: what people recorded at gateways; an erased note is null.
    private const string FieldRecords = """
        CREATE TABLE field_record(sequence INTEGER PRIMARY KEY, gateway TEXT NOT NULL, hash BLOB NOT NULL, kind INTEGER NOT NULL, channel TEXT NOT NULL,
            received INTEGER NOT NULL, note BLOB);
        CREATE UNIQUE INDEX field_record_hash ON field_record(gateway, hash);
        CREATE INDEX field_record_channel ON field_record(gateway, channel, kind);
        CREATE INDEX field_record_erased ON field_record(sequence) WHERE note IS NULL
        """;

    private static readonly string[] Steps =
    [
        First,
        RollupsAndPruning,
        Origin,
        GatewayRegister,
        Waiting,
        JournalTime,
        ReceivedAndBirths,
        JournalLong,
        FieldRecords,
    ];

    /// <summary>The version that the steps lead to.</summary>
    public static long Newest => Steps.Length;

    /// <summary>Takes a file from a version to the newest, inside the caller's transaction.</summary>
    /// <param name="session">A session inside a write transaction.</param>
    /// <param name="version">The version the file has; 0 for an empty one.</param>
    public static void Apply(SqliteSession session, long version)
    {
        foreach (string step in Steps.AsSpan((int)version))
        {
            foreach (string statement in step.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                _ = session.Execute(statement);
            }
        }

        _ = session.Execute($"PRAGMA user_version={Newest}");
    }
}
