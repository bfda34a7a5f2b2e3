namespace Metering.Store;

/// <summary>Where a store stands: in a SQLite file or in a PostgreSQL database; exactly one of the two.</summary>
public sealed record StoreLocation
{
    private StoreLocation(string? file, PostgresAddress? postgres) => (File, Postgres) = (file, postgres);

    /// <summary>Path of the SQLite file; null for PostgreSQL.</summary>
    public string? File { get; }

    /// <summary>The PostgreSQL database; null for a SQLite file.</summary>
    public PostgresAddress? Postgres { get; }

    /// <summary>The SQLite file of this path; two more files stand beside it, and a lock file of the process that appends.</summary>
    public static StoreLocation AtFile(string path) => new(path, null);

    /// <summary>The schema "metering" of this database.</summary>
    public static StoreLocation AtPostgres(PostgresAddress address) => new(null, address);

    /// <summary>As a person reads it; without secrets.</summary>
    public override string ToString() => File ?? Postgres!.ToString();
}

/// <summary>How to reach a PostgreSQL database. The password is named by its file, so that it stands in no record and no log.</summary>
public sealed record PostgresAddress
{
    /// <summary>The port PostgreSQL usually listens on.</summary>
    public const int UsualPort = 5432;

    /// <summary>Host name or address, or the absolute path of the folder that holds the server's socket.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port, 1 to 65535; a socket has it in its name.</summary>
    public int Port { get; init; } = UsualPort;

    /// <summary>Name of the database; the store lives in its schema "metering".</summary>
    public required string Database { get; init; }

    /// <summary>Name of the database user.</summary>
    public required string UserName { get; init; }

    /// <summary>File whose first line is the password; null to send none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Such as "postgres metering@db.example:5432/metering".</summary>
    public override string ToString() => string.Create(null, $"postgres {UserName}@{Host}:{Port}/{Database}");
}
