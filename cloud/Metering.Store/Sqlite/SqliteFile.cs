using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>
/// The SQLite file: schema, connections and what its errors mean. Write-ahead log with a flush to disk at every commit
/// (synchronous=FULL), so that what was committed survives a power cut. Readers never wait for the writer.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private const long ApplicationId = 0x4D54_5231;
    private const int MaximumIdleReaders = 4;
    private const int WriterCacheKibibytes = 16_384;

    // The system keeps the file's pages once for all connections; what each reader keeps of them on its own is memory eight times over.
    private const int ReaderCacheKibibytes = 2_048;
    private const string BusyTimeout = "PRAGMA busy_timeout=5000";

    private readonly string _path;
    private readonly Lock _writeGate = new();
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly SqliteSession _writer;

    private SqliteFile(string path, SqliteSession writer)
    {
        _path = path;
        _writer = writer;
    }

    public static SqliteFile Open(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        SqliteSession? session = null;
        try
        {
            session = Connect(path, WriterCacheKibibytes);
            bool isCurrent = Version(path, session) == SqliteMigrations.Newest;
            _ = session.Execute("PRAGMA journal_mode=WAL");
            if (!isCurrent)
            {
                Migrate(path, session);
            }

            SqliteFile file = new(path, session);
            session = null;
            return file;
        }
        catch (SqliteException e)
        {
            throw Explain(path, e);
        }
        finally
        {
            session?.Dispose();
        }
    }

    /// <summary>Runs a body with a reading connection. The body begins the read transaction itself; it ends with the body.</summary>
    public T Read<T>(Func<SqliteSession, T> body)
    {
        SqliteSession? session = null;
        try
        {
            if (!_readers.TryTake(out session))
            {
                session = Connect(_path, ReaderCacheKibibytes);
                _ = session.Execute("PRAGMA query_only=1");
            }

            T result = body(session);
            session.EndTransaction();
            if (_readers.Count < MaximumIdleReaders)
            {
                _readers.Add(session);
                session = null;
            }

            return result;
        }
        catch (SqliteException e)
        {
            throw Explain(_path, e);
        }
        finally
        {
            session?.Dispose();
        }
    }

    /// <summary>Runs a body in one write transaction and commits it; durable on return.</summary>
    public T Write<T>(Func<SqliteSession, T> body)
    {
        lock (_writeGate)
        {
            try
            {
                _writer.BeginWrite();
                T result = body(_writer);
                _writer.Commit();
                return result;
            }
            catch (SqliteException e)
            {
                throw Explain(_path, e);
            }
            finally
            {
                _writer.EndTransaction();
            }
        }
    }

    /// <summary>Bytes of the write-ahead log.</summary>
    public long WriteAheadLogLength => new FileInfo(_path + "-wal") is { Exists: true } log ? log.Length : 0;

    /// <summary>Bytes of the file itself.</summary>
    public long Length => new FileInfo(_path).Length;

    /// <summary>
    /// Brings the write-ahead log into the file, for the process that appends only: the SQLite that comes with this program
    /// (3.50.4) has the WAL-reset bug (https://sqlite.org/wal.html), by which two connections that checkpoint and write at
    /// the same moment can damage a file. So no other connection does it by itself.
    /// </summary>
    /// <param name="isIdle">Whether the log is also cut to nothing, if no reader is in the way.</param>
    public void Checkpoint(bool isIdle)
    {
        lock (_writeGate)
        {
            try
            {
                // A reader in the way must not hold up the batches that come.
                _ = _writer.Execute("PRAGMA busy_timeout=0");
                _ = _writer.Scalar(isIdle ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(PASSIVE)");
            }
            catch (SqliteException)
            {
                // A checkpoint that does not succeed costs room only; the next one tries again.
            }
            finally
            {
                _ = _writer.Execute(BusyTimeout);
            }
        }
    }

    /// <summary>Writes the whole store, as of one moment, into another file.</summary>
    public void CopyTo(string path)
    {
        try
        {
            using SqliteSession session = Connect(_path, ReaderCacheKibibytes);
            _ = session.Execute("VACUUM INTO $0", path);
        }
        catch (SqliteException e)
        {
            throw Explain(_path, e);
        }
    }

    /// <summary>What SQLite finds wrong with the pages of the file; null when nothing is.</summary>
    public string? FaultOfPages() => Read(session =>
    {
        using SqliteDataReader reader = session.Query("PRAGMA integrity_check(1)");
        string text = reader.Read() ? reader.GetString(0) : "no answer";
        return text == "ok" ? null : text;
    });

    public void Dispose()
    {
        while (_readers.TryTake(out SqliteSession? session))
        {
            session.Dispose();
        }

        lock (_writeGate)
        {
            _writer.Dispose();
        }
    }

    private static SqliteSession Connect(string path, int cacheKibibytes)
    {
        SqliteConnectionStringBuilder text = new()
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 1,
        };
        SqliteConnection connection = new(text.ToString());
        try
        {
            connection.Open();
            SqliteSession session = new(connection);
            foreach (string pragma in (string[])[BusyTimeout, "PRAGMA synchronous=FULL", "PRAGMA wal_autocheckpoint=0", "PRAGMA journal_size_limit=67108864", string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size=-{cacheKibibytes}")])
            {
                _ = session.Execute(pragma);
            }

            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Brings the schema to the newest version in one transaction; another process may have done it meanwhile.</summary>
    private static void Migrate(string path, SqliteSession session)
    {
        session.BeginWrite();
        long version = Version(path, session);
        if (version < SqliteMigrations.Newest)
        {
            SqliteMigrations.Apply(session, version);
            _ = session.Execute($"PRAGMA application_id={ApplicationId}");
        }

        session.Commit();
    }

    /// <summary>The schema's version; 0 for an empty file.</summary>
    private static long Version(string path, SqliteSession session)
    {
        long version = session.Scalar("PRAGMA user_version");
        if (session.Scalar("PRAGMA application_id") == ApplicationId)
        {
            return version >= 1 && version <= SqliteMigrations.Newest
                ? version
                : throw new StoreException(
                    "{0} es un almacén de versión {1}; este programa lee las versiones 1 a {2}. Use la versión del programa que lo escribió, o una más nueva.", $"{path} is a store of version {version}; this program reads versions 1 to {SqliteMigrations.Newest}. Use the program version that wrote it, or a newer one.",
                    StoreException.Configuration);
        }

        return session.Scalar("SELECT count(*) FROM sqlite_master") == 0
            ? 0
            : throw new StoreException(
                "{0} es la base de datos de otro programa, no un almacén de Metering. Nombre otro archivo en «store:».", $"{path} is another program's database, not a Metering store. Name another file in 'store:'.", StoreException.Configuration);
    }

    private static StoreException Explain(string path, SqliteException e) => e.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CANTOPEN when Directory.Exists(path) => new(
            "el almacén {0} es una carpeta. Nombre un archivo en «store:», como {1}.", $"the store {path} is a folder. Name a file in 'store:', such as {Path.Combine(path, "metering.db")}.", StoreException.CannotCreate, e),
        SQLitePCL.raw.SQLITE_CANTOPEN => new(
            "no se puede abrir ni crear el almacén {0}. ¿Existe su carpeta, y puede este usuario escribir en ella?", $"cannot open or create the store {path}. Does its directory exist, and may this user write in it?", StoreException.CannotCreate, e),
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM => new(
            "no se permite escribir en el almacén {0}. Dé a este usuario permiso de escritura en el archivo y en su carpeta.", $"the store {path} may not be written. Give this user write access to the file and its directory.", StoreException.CannotCreate, e),
        SQLitePCL.raw.SQLITE_FULL => new(
            "el disco del almacén {0} está lleno. Nada de lo guardado se pierde; haga espacio, los gateways vuelven a enviar por sí mismos.", $"the disk under the store {path} is full. Nothing stored is lost; make room, the gateways send again by themselves.", StoreException.InputOutput, e),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => new(
            "otro proceso tiene el almacén {0}. Intente de nuevo cuando termine.", $"another process holds the store {path}. Try again when it is done.", StoreException.TryLater, e),
        SQLitePCL.raw.SQLITE_NOTADB => new(
            "{0} no es un almacén de Metering. Nombre otro archivo en «store:», o retire este.", $"{path} is not a Metering store. Name another file in 'store:', or move this one away.", StoreException.Configuration, e),
        SQLitePCL.raw.SQLITE_CORRUPT => new(
            "el almacén {0} está dañado. Retírelo y restaure un respaldo; los gateways envían lo que vino después.", $"the store {path} is damaged. Move it away and restore a backup; the gateways send what came after it.", StoreException.InputOutput, e),
        SQLitePCL.raw.SQLITE_IOERR => new(
            "falló el disco del almacén {0} ({1}). Revise el disco y la bitácora del sistema.", $"the disk under the store {path} failed ({e.Message}). Check the disk and the system log.", StoreException.InputOutput, e),
        _ => new("falló el almacén {0}: {1}", $"the store {path} failed: {e.Message}", StoreException.InputOutput, e),
    };
}
