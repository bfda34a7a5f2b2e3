using System.Data.Common;
using System.Globalization;
using Metering.Programme.Log;
using Metering.Store;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Metering.Programme.Storage;

/// <summary>
/// Opens the programme database in a SQLite file or in PostgreSQL and makes its tables when there are none. A context is taken for each piece of
/// work and given back, empty of what it held. Any number of processes may use it at once.
/// </summary>
public sealed class ProgrammeDatabase
{
    /// <summary>Number of the tables' form. One more for each change of any table, with a step in <see cref="Prepare"/> that brings the form before it here.</summary>
    public const int SchemaVersion = 3;

    private const string VersionTable = "ProgrammeSchema";
    private readonly PooledDbContextFactory<ProgrammeContext> contexts; // making one anew costs more than the question that most are made for
    private readonly StoreLocation location;

    private ProgrammeDatabase(StoreLocation location, DbContextOptions<ProgrammeContext> options) =>
        (this.location, contexts) = (location, new(options));

    /// <summary>Opens the database and makes its tables when it is new.</summary>
    /// <param name="location">A SQLite file of its own, or the PostgreSQL database of the store.</param>
    /// <exception cref="StoreException">It cannot be reached or made (69, 73, 74), or a newer program made it (78).</exception>
    public static ProgrammeDatabase Open(StoreLocation location)
    {
        ArgumentNullException.ThrowIfNull(location);
        DbContextOptionsBuilder<ProgrammeContext> builder = new();
        _ = location.Postgres is PostgresAddress postgres
            ? builder.UseNpgsql(ConnectionString(postgres))
            : builder.UseSqlite(new SqliteConnectionStringBuilder { DataSource = location.File, ForeignKeys = true, DefaultTimeout = 10 }.ToString());
        ProgrammeDatabase database = new(location, builder.Options);
        try
        {
            MakePrivate(location.File);
            database.Prepare();
            return database;
        }
        catch (Exception e) when (e is DbException or DbUpdateException or IOException or UnauthorizedAccessException)
        {
            throw new StoreException("La base del programa {0} no se puede usar: {1}. Revise que se alcance y que se pueda escribir en su carpeta.", $"The programme database {location} cannot be used: {e.Message}. Check that it can be reached and that its folder may be written.", StoreException.InputOutput, e);
        }
    }

    /// <summary>A context for one piece of work; to be disposed of, which gives it back.</summary>
    public ProgrammeContext NewContext() => contexts.CreateDbContext();

    /// <summary>
    /// Begins a change: one transaction that no other change runs beside, so that audit numbers stand in the order of commits. Read what is to be
    /// changed after this call.
    /// </summary>
    public static IDbContextTransaction BeginChange(ProgrammeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Database.IsNpgsql())
        {
            return context.Database.BeginTransaction(System.Data.IsolationLevel.Serializable); // BEGIN IMMEDIATE: one writer from here on
        }

        // Each statement sees what was committed before it, so what is read after the lock is what the change before this one left.
        IDbContextTransaction transaction = context.Database.BeginTransaction(System.Data.IsolationLevel.ReadCommitted);
        _ = context.Database.ExecuteSqlRaw("SELECT pg_advisory_xact_lock(7301962)");
        return transaction;
    }

    // The file holds names and contacts of people: it is for the cloud's own user only. The files SQLite lays beside it take over its mode.
    private static void MakePrivate(string? file)
    {
        if (file is not null && !OperatingSystem.IsWindows() && !File.Exists(file))
        {
            using FileStream made = new(file, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        }
    }

    private static string ConnectionString(PostgresAddress address) => new NpgsqlConnectionStringBuilder
    {
        Host = address.Host,
        Port = address.Port,
        Database = address.Database,
        Username = address.UserName,
        Password = address.PasswordFile is string file ? File.ReadLines(file).FirstOrDefault() : null,
        ApplicationName = "metering-programme",
    }.ToString();

    private void Prepare()
    {
        using ProgrammeContext context = NewContext();
        if (location.File is not null)
        {
            _ = context.Database.ExecuteSqlRaw("PRAGMA journal_mode=WAL");
        }

        // Two processes that start at once make the tables once: the second waits for the first one's transaction and finds them.
        using IDbContextTransaction transaction = BeginChange(context);
        if (location.Postgres is not null)
        {
            _ = context.Database.ExecuteSqlRaw($"CREATE SCHEMA IF NOT EXISTS {ProgrammeContext.Schema}");
        }

        string table = location.Postgres is null ? $"\"{VersionTable}\"" : $"{ProgrammeContext.Schema}.\"{VersionTable}\"";
#pragma warning disable EF1002 // Names and a number of this class; nothing from outside.
        _ = context.Database.ExecuteSqlRaw($"CREATE TABLE IF NOT EXISTS {table} (\"Version\" integer NOT NULL)");
        int found = context.Database.SqlQueryRaw<int>($"SELECT COALESCE(MAX(\"Version\"), 0) AS \"Value\" FROM {table}").Single();
        if (found > SchemaVersion)
        {
            throw new StoreException(
                "La base del programa {0} tiene la forma {1}, y este programa conoce hasta la {2}. Use el programa más nuevo que la hizo.", $"The programme database {location} has form {found}, and this program knows up to {SchemaVersion}. Use the newer program that made it.", StoreException.Configuration);
        }

        if (found == 0)
        {
            context.GetService<IRelationalDatabaseCreator>().CreateTables();
            _ = context.Database.ExecuteSqlRaw($"INSERT INTO {table} VALUES (1)");
        }

        if (found < 2)
        {
            LogTables.Create(context); // the transparency log
        }

        if (found < 3)
        {
            LogTables.CreateKeysAndTimeStamps(context);
        }

        if (found < SchemaVersion)
        {
            _ = context.Database.ExecuteSqlRaw($"UPDATE {table} SET \"Version\" = {SchemaVersion.ToString(CultureInfo.InvariantCulture)}");
        }
#pragma warning restore EF1002

        transaction.Commit();
    }
}
