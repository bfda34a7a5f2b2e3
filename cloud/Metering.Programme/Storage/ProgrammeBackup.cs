using System.Globalization;
using Metering.Readings;
using Metering.Store;
using Microsoft.Data.Sqlite;

namespace Metering.Programme.Storage;

/// <summary>
/// Copies of the programme database in a file: accounts, register, audit trail and the transparency log, as of one moment, also while it is in use. One in PostgreSQL is copied
/// by pg_dump, schema programme.
/// </summary>
public static class ProgrammeBackup
{
    private const string Prefix = "programme-";
    private const string Suffix = ".db";
    private const string EntriesOfLog = "SELECT COALESCE(MAX(idx) + 1, 0) FROM log_entry";

    /// <summary>Writes a copy that was checked page by page before it gets its name.</summary>
    /// <param name="file">The database.</param>
    /// <param name="folder">Folder of the copies.</param>
    /// <param name="now">Names the copy.</param>
    /// <param name="keep">How many copies stay in the folder, this one included; 0 for all.</param>
    /// <returns>The copy, and the older ones that were removed.</returns>
    /// <exception cref="StoreException">It cannot be written (73), or the database is damaged (74).</exception>
    public static (string File, IReadOnlyList<string> Removed) Write(string file, string folder, DateTimeOffset now, int keep)
    {
        string target = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}{Suffix}"));
        string partial = target + ".partial";
        try
        {
            _ = Directory.CreateDirectory(folder);
            File.Delete(partial);
            Copy(file, partial);
            using (FileStream stream = new(partial, FileMode.Open, FileAccess.ReadWrite))
            {
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, target);
            DirectorySync.Flush(Path.GetFullPath(folder));
            return (target, RemoveOlder(folder, keep));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException("no se puede escribir el respaldo {0}: {1} ¿Hay espacio, y puede este usuario escribir ahí?", $"cannot write the backup {target}: {e.Message} Is there room, and may this user write there?", StoreException.CannotCreate, e);
        }
        catch (SqliteException e)
        {
            throw new StoreException("la base del programa {0} no se puede copiar a {1}: {2}", $"the programme database {file} cannot be copied to {target}: {e.Message}", StoreException.InputOutput, e);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Puts a copy in the place of a programme database, checked page by page first. No program may use the database meanwhile.</summary>
    /// <param name="backup">The copy.</param>
    /// <param name="file">Where it shall stand.</param>
    /// <param name="mayLoseEntries">Whether a database whose log has entries that the copy does not have may be replaced.</param>
    /// <param name="now">Names the file that the replaced database is kept under.</param>
    /// <returns>Where the replaced database is kept; null when there was none.</returns>
    /// <exception cref="StoreException">The copy is damaged or none (74), of a newer program (78), or the database has newer entries (73).</exception>
    public static string? Restore(string backup, string file, bool mayLoseEntries, DateTimeOffset now)
    {
        string partial = file + ".partial";
        try
        {
            File.Delete(partial);
            Check(backup, file, mayLoseEntries);
            Copy(backup, partial);
            string? replaced = File.Exists(file) ? string.Create(CultureInfo.InvariantCulture, $"{file}.replaced-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}") : null;
            MoveAway(file, replaced);
            File.Move(partial, file);
            DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(file))!);
            return replaced;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException("no se puede restaurar {0}: {1}", $"cannot restore {file}: {e.Message}", StoreException.CannotCreate, e);
        }
        catch (SqliteException e)
        {
            throw new StoreException("el respaldo {0} no se puede copiar a {1}: {2}", $"the backup {backup} cannot be copied to {file}: {e.Message}", StoreException.InputOutput, e);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Whether a copy may take the place of a programme database; nothing is changed.</summary>
    /// <param name="backup">The copy.</param>
    /// <param name="file">Where it shall stand.</param>
    /// <param name="mayLoseEntries">Whether a database whose log has entries that the copy does not have may be replaced.</param>
    /// <exception cref="StoreException">As <see cref="Restore"/>.</exception>
    public static void Check(string backup, string file, bool mayLoseEntries)
    {
        if (!File.Exists(backup))
        {
            throw new StoreException("no hay un respaldo {0}.", $"there is no backup {backup}.", StoreException.InputOutput);
        }

        try
        {
            (long version, long entries) = (Ask(backup, "SELECT COALESCE(MAX(\"Version\"), 0) FROM \"ProgrammeSchema\""), Ask(backup, EntriesOfLog));
            if (version > ProgrammeDatabase.SchemaVersion)
            {
                throw new StoreException("el respaldo {0} tiene la forma {1}, y este programa conoce hasta la {2}. Use el programa más nuevo que lo hizo.", $"the backup {backup} has form {version}, and this program knows up to {ProgrammeDatabase.SchemaVersion}. Use the newer program that made it.", StoreException.Configuration);
            }

            if (!mayLoseEntries && File.Exists(file) && Ask(file, EntriesOfLog) is long here && here > entries)
            {
                throw new StoreException(
                    "la base del programa {0} tiene {1} entradas de la bitácora, y el respaldo {2}: los gateways y los lectores de paquetes que las vieron lo notarían. Para reemplazarla de todos modos agregue --replace-newer.",
                    $"the programme database {file} has {here} entries of the log, and the backup {entries}: gateways and readers of bundles that saw them would notice. To replace it all the same add --replace-newer.",
                    StoreException.CannotCreate);
            }
        }
        catch (SqliteException e)
        {
            throw new StoreException("{0} no es un respaldo de una base del programa, o está dañado: {1}", $"{backup} is no backup of a programme database, or is damaged: {e.Message}", StoreException.InputOutput, e);
        }
    }

    // What SQLite laid beside a database goes with it; without one it belongs to nothing.
    private static void MoveAway(string file, string? replaced)
    {
        foreach (string suffix in (string[])["-wal", "-shm", ""])
        {
            if (replaced is null)
            {
                File.Delete(file + suffix);
            }
            else if (File.Exists(file + suffix))
            {
                File.Move(file + suffix, replaced + suffix);
            }
        }
    }

    private static long Ask(string file, string question)
    {
        using SqliteConnection connection = Open(file);
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant of this class.
        command.CommandText = question;
#pragma warning restore CA2100
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    // VACUUM INTO fills an empty file, which is for this user only from its beginning: it holds names and contacts of people.
    private static void Copy(string file, string partial)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (FileStream made = new(partial, options))
        {
        }

        using (SqliteConnection connection = Open(file))
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $target";
            _ = command.Parameters.AddWithValue("$target", partial);
            _ = command.ExecuteNonQuery();
        }

        using SqliteConnection copy = Open(partial);
        using SqliteCommand check = copy.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        if (check.ExecuteScalar() as string is not "ok" and var fault)
        {
            throw new StoreException("la base del programa {0} está dañada ({1}). Restaure su respaldo más nuevo.", $"the programme database {file} is damaged ({fault}). Restore its newest backup.", StoreException.InputOutput);
        }
    }

    private static SqliteConnection Open(string file)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static List<string> RemoveOlder(string folder, int keep)
    {
        if (keep <= 0)
        {
            return [];
        }

        string[] copies = Directory.GetFiles(folder, $"{Prefix}*{Suffix}");
        Array.Sort(copies, StringComparer.Ordinal);
        List<string> removed = [.. copies.SkipLast(keep)];
        removed.ForEach(File.Delete);
        return removed;
    }
}
