using Npgsql;

namespace Metering.Store.Postgres;

/// <summary>
/// The tables, made by numbered steps. A step that has been published is never changed; a new one is added. Steps run under
/// an advisory lock, so that any number of processes may start at the same time.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>First number of every advisory lock of the store ("MTR1").</summary>
    public const int LockSpace = 0x4D54_5231;

    /// <summary>First number of the locks under which the keys of a gateway change ("MTR2"); the second is the hash of its identifier.</summary>
    public const int RegisterLockSpace = 0x4D54_5232;

    /// <summary>Second number of the lock held while the schema is made.</summary>
    public const int SchemaLock = 1;

    /// <summary>Second number of the lock under which places in the journal are given.</summary>
    public const int JournalLock = 2;

    /// <summary>Second number of the lock under which places of what people recorded are given.</summary>
    public const int RecordLock = 3;

    // Text compares by bytes ("C"), as identifiers do everywhere else. Envelopes and chunks are compressed already: EXTERNAL
    // keeps the server from trying again.
    private const string First = """
        CREATE TABLE enrolment(gateway text COLLATE "C" NOT NULL, epoch int NOT NULL, plant text COLLATE "C" NOT NULL, public_key text NOT NULL,
            origin int NOT NULL, PRIMARY KEY(gateway, epoch));
        CREATE TABLE chain(gateway text COLLATE "C" NOT NULL, epoch int NOT NULL, through bigint NOT NULL DEFAULT 0, note_hash bytea,
            readings bigint NOT NULL DEFAULT 0, waiting int NOT NULL DEFAULT 0, definitions bigint NOT NULL DEFAULT 0,
            PRIMARY KEY(gateway, epoch));
        CREATE TABLE journal(sequence bigint PRIMARY KEY, gateway text COLLATE "C" NOT NULL, epoch int NOT NULL, batch bigint NOT NULL,
            first bigint NOT NULL, last bigint NOT NULL);
        CREATE INDEX journal_gateway ON journal(gateway, sequence);
        CREATE TABLE envelope(gateway text COLLATE "C" NOT NULL, epoch int NOT NULL, batch bigint NOT NULL, note_hash bytea NOT NULL, bytes bytea NOT NULL,
            PRIMARY KEY(gateway, epoch, batch));
        ALTER TABLE envelope ALTER COLUMN bytes SET STORAGE EXTERNAL;
        CREATE TABLE waiting(gateway text COLLATE "C" NOT NULL, epoch int NOT NULL, batch bigint NOT NULL, note_hash bytea NOT NULL,
            received bigint NOT NULL, envelope bytea NOT NULL, PRIMARY KEY(gateway, epoch, batch, note_hash));
        ALTER TABLE waiting ALTER COLUMN envelope SET STORAGE EXTERNAL;
        CREATE TABLE channel(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, gateway text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL,
            meter text NOT NULL, unit text NOT NULL, kind int NOT NULL, decimals int NOT NULL, modulus bigint, profile text NOT NULL, UNIQUE(gateway, name));
        CREATE TABLE extent(channel bigint PRIMARY KEY, count bigint NOT NULL, first bigint NOT NULL, last bigint NOT NULL);
        CREATE TABLE chunk(id bigint NOT NULL, version bigint NOT NULL, count int NOT NULL, data bytea NOT NULL, PRIMARY KEY(id) INCLUDE(version));
        ALTER TABLE chunk ALTER COLUMN data SET STORAGE EXTERNAL;
        CREATE TABLE seal(gateway text COLLATE "C" PRIMARY KEY, sealed bigint NOT NULL DEFAULT 0, readings bigint NOT NULL DEFAULT 0,
            owner text, until timestamptz, sealed_at timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE TABLE quarantine(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, gateway text COLLATE "C" NOT NULL, reason text NOT NULL,
            received bigint NOT NULL, length bigint NOT NULL, bytes bytea);
        CREATE INDEX quarantine_gateway ON quarantine(gateway);
        CREATE TABLE quarantine_retry(id bigint PRIMARY KEY REFERENCES quarantine ON DELETE CASCADE);
        CREATE TABLE key_end(gateway text COLLATE "C" NOT NULL, epoch int NOT NULL, revoked_from bigint, reason text NOT NULL DEFAULT '',
            closed_through bigint, note bytea, PRIMARY KEY(gateway, epoch));
        CREATE TABLE enrolment_code(gateway text COLLATE "C" PRIMARY KEY, plant text COLLATE "C" NOT NULL, hash text NOT NULL, expires bigint NOT NULL,
            attempts int NOT NULL DEFAULT 0, used_epoch int);
        CREATE TABLE lost_batches(gateway text COLLATE "C" NOT NULL, epoch int NOT NULL, first bigint NOT NULL, last bigint NOT NULL,
            last_hash bytea NOT NULL, received bigint NOT NULL, note bytea NOT NULL, PRIMARY KEY(gateway, epoch, first));
        CREATE TABLE watermark(name text COLLATE "C" PRIMARY KEY, sequence bigint NOT NULL);
        CREATE TABLE dead_letter(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, target text COLLATE "C" NOT NULL, received bigint NOT NULL,
            reason text NOT NULL, line text NOT NULL);
        CREATE INDEX dead_letter_target ON dead_letter(target);
        """;

    // Rollups with the version of what they were made of, and what was dropped on purpose.
    private const string RollupsAndPruning = """
        CREATE TABLE rollup(channel bigint NOT NULL, step int NOT NULL, zone text COLLATE "C" NOT NULL, period int NOT NULL,
            source bytea NOT NULL, data bytea NOT NULL, PRIMARY KEY(channel, step, zone, period));
        ALTER TABLE rollup ALTER COLUMN data SET STORAGE EXTERNAL;
        CREATE TABLE pruned(channel bigint NOT NULL, first_day bigint NOT NULL, end_day bigint NOT NULL, PRIMARY KEY(channel, first_day));
        """;

    // Which batch carried a reading, by time.
    private const string JournalTime = """
        CREATE INDEX journal_time ON journal(gateway, last, first);
        """;

    // When a batch came (null where a program before this one stored it), and what gateways say of their meters.
    private const string ReceivedAndBirths = """
        ALTER TABLE journal ADD COLUMN received bigint;
        CREATE TABLE birth(gateway text COLLATE "C" NOT NULL, config text COLLATE "C" NOT NULL, software text COLLATE "C" NOT NULL, received bigint NOT NULL,
            message bytea NOT NULL, PRIMARY KEY(gateway, config, software));
        """;

    // Batches of more than eight days (imports), so that the look for a reading's batch has an end, see JournalTable.At.
    private const string JournalLong = """
        CREATE INDEX journal_long ON journal(gateway, last, first) WHERE last-first>691200000;
        """;

    // What people recorded at gateways; an erased note is null.
    private const string FieldRecords = """
        CREATE TABLE field_record(sequence bigint PRIMARY KEY, gateway text COLLATE "C" NOT NULL, hash bytea NOT NULL, kind int NOT NULL, channel text COLLATE "C" NOT NULL,
            received bigint NOT NULL, note bytea);
        CREATE UNIQUE INDEX field_record_hash ON field_record(gateway, hash);
        CREATE INDEX field_record_channel ON field_record(gateway, channel, kind);
        CREATE INDEX field_record_erased ON field_record(sequence) WHERE note IS NULL;
        """;

    /// <summary>Every step; the step at index n leads to version n + 1.</summary>
    internal static readonly string[] Steps =
    [
        First,
        RollupsAndPruning,
        JournalTime,
        ReceivedAndBirths,
        JournalLong,
        FieldRecords,
    ];

    /// <summary>Brings the schema to this program's state.</summary>
    /// <exception cref="StoreException">It is newer than this program, or another program's (78).</exception>
    public static void Prepare(PostgresAddress address, NpgsqlConnection connection)
    {
        // A reader that may not create tables only looks.
        if (Find(address, connection) == Steps.Length)
        {
            return;
        }

        using NpgsqlTransaction transaction = connection.BeginTransaction();
        Run(connection, $"SELECT pg_advisory_xact_lock({LockSpace}, {SchemaLock})");
        for (int step = Find(address, connection); step < Steps.Length; step++)
        {
            if (step == 0)
            {
                Run(connection, "CREATE SCHEMA IF NOT EXISTS metering");
                Run(connection, "CREATE TABLE metering.migration(number int PRIMARY KEY, applied timestamptz NOT NULL DEFAULT clock_timestamp())");
            }

            Run(connection, Steps[step]);
            Run(connection, $"INSERT INTO metering.migration(number) VALUES({step + 1})");
        }

        transaction.Commit();
    }

    private static int Find(PostgresAddress address, NpgsqlConnection connection)
    {
        if (Ask(connection, "SELECT count(*) FROM pg_tables WHERE schemaname='metering' AND tablename='migration'") == 0)
        {
            return Ask(connection, "SELECT count(*) FROM pg_tables WHERE schemaname='metering'") == 0
                ? 0
                : throw new StoreException(
                    "el esquema metering de {0} es de otro programa. Nombre otra base de datos en «store».", $"the schema metering of {address} belongs to another program. Name another database in 'store'.", StoreException.Configuration);
        }

        int step = (int)Ask(connection, "SELECT coalesce(max(number), 0) FROM metering.migration");
        return step <= Steps.Length
            ? step
            : throw new StoreException(
                "el esquema metering de {0} es de versión {1}; este programa conoce hasta la versión {2}. Use la versión del programa que lo escribió.", $"the schema metering of {address} is of version {step}; this program knows versions up to {Steps.Length}. Use the program version that wrote it.",
                StoreException.Configuration);
    }

#pragma warning disable CA2100 // Every statement is a constant of this class.
    private static void Run(NpgsqlConnection connection, string sql)
    {
        using NpgsqlCommand command = new(sql, connection);
        _ = command.ExecuteNonQuery();
    }

    private static long Ask(NpgsqlConnection connection, string sql)
    {
        using NpgsqlCommand command = new(sql, connection);
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
#pragma warning restore CA2100
}
