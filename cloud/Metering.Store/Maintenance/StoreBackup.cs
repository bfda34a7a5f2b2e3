using Metering.Readings;
using Metering.Store.Sqlite;

namespace Metering.Store.Maintenance;

/// <summary>What a backup or restore wrote.</summary>
/// <param name="File">The file.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Verification">What the verification of its contents found; without a difference.</param>
/// <param name="Removed">Older backups that were removed.</param>
/// <param name="Replaced">Where the store that was there before is kept; null when there was none.</param>
public sealed record BackupReport(string File, long Length, VerificationReport Verification, IReadOnlyList<string> Removed, string? Replaced);

/// <summary>Backups of a store: one file each, complete, readable by any SQLite, verified before it gets its name.</summary>
internal static class StoreBackup
{
    private const string Prefix = "metering-";
    private const string Suffix = ".db";

    /// <summary>Copies a store as of one moment, also while it is in use.</summary>
    /// <param name="file">The store.</param>
    /// <param name="folder">Folder of the backups; made when it is not there.</param>
    /// <param name="now">Names the file.</param>
    /// <param name="keep">How many backups stay in the folder, this one included; 0 for all.</param>
    /// <param name="progress">Told how far the verification is.</param>
    /// <param name="cancellationToken">Ends it; nothing is left behind.</param>
    /// <exception cref="StoreException">The store fails, or the copy is not what it should be.</exception>
    public static BackupReport Write(
        SqliteFile file, string folder, DateTimeOffset now, int keep, StoreProgress progress, CancellationToken cancellationToken)
    {
        string target = Path.Combine(folder, string.Create(null, $"{Prefix}{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}{Suffix}"));
        string partial = target + ".partial";
        try
        {
            _ = Directory.CreateDirectory(folder);
            if (File.Exists(target))
            {
                throw new StoreException("{0} ya existe. Espere un segundo, o retírelo.", $"{target} exists already. Wait a second, or move it away.", StoreException.CannotCreate);
            }

            Remove(partial);
            file.CopyTo(partial);
            VerificationReport verification = Verify(partial, progress, cancellationToken);
            Publish(partial, target);
            return new(target, new FileInfo(target).Length, verification, RemoveOlder(folder, keep), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException("no se puede escribir el respaldo {0}: {1} ¿Hay espacio, y puede este usuario escribir ahí?", $"cannot write the backup {target}: {e.Message} Is there room, and may this user write there?", StoreException.CannotCreate, e);
        }
        finally
        {
            Remove(partial);
        }
    }

    /// <summary>Puts a backup in the place of a store, which no process may have open for appending.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="path">The store.</param>
    /// <param name="mayLoseBatches">Whether a store that has batches which the backup does not have may be replaced.</param>
    /// <param name="now">Names the file that the replaced store is kept under.</param>
    /// <param name="run">Told how far the verification is, and what ends it before anything is replaced.</param>
    /// <exception cref="StoreException">The backup is damaged (74), is no store (78), the store has newer batches (73), or another process appends (75).</exception>
    public static BackupReport Restore(
        string backup, string path, bool mayLoseBatches, DateTimeOffset now, (StoreProgress Progress, CancellationToken Token) run)
    {
        using FileStream held = WriterLock.Take(path);
        string partial = path + ".partial";
        try
        {
            if (!File.Exists(backup))
            {
                throw new StoreException("no hay un respaldo {0}.", $"there is no backup {backup}.", StoreException.InputOutput);
            }

            Remove(partial);
            File.Copy(backup, partial);
            VerificationReport verification = Verify(partial, run.Progress, run.Token);
            if (!mayLoseBatches && File.Exists(path) && NewerBatches(path, partial) is string newer)
            {
                throw new StoreException(
                    "el almacén {0} tiene lotes que el respaldo no tiene: {1}. Para reemplazarlo de todos modos agregue --replace-newer: los gateways vuelven a enviar lo que aún tienen.", $"the store {path} has batches that the backup does not have: {newer}. To replace it all the same add --replace-newer: the gateways send again what they still hold.",
                    StoreException.CannotCreate);
            }

            string? replaced = MoveAway(path, now);
            Publish(partial, path);
            return new(path, new FileInfo(path).Length, verification, [], replaced);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException("no se puede restaurar {0}: {1}", $"cannot restore {path}: {e.Message}", StoreException.CannotCreate, e);
        }
        finally
        {
            Remove(partial);
        }
    }

    private static VerificationReport Verify(string copy, StoreProgress progress, CancellationToken cancellationToken)
    {
        using SqliteFile file = SqliteFile.Open(copy);
        if (file.FaultOfPages() is string fault)
        {
            throw new StoreException("{0} está dañado ({1}). Tome otro respaldo.", $"{copy} is damaged ({fault}). Take another backup.", StoreException.InputOutput);
        }

        VerificationReport report = new StoreVerification(new SqliteTables(file), progress).Run(cancellationToken);
        return report.DifferenceCount == 0
            ? report
            : throw new StoreException(
                "{0} no pasa la verificación: {1} {2} diferencias en total; «cloud store verify» las lista.", $"{copy} does not verify: {report.Differences[0]} {report.DifferenceCount} differences in all; 'cloud store verify' lists them.", StoreException.InputOutput);
    }

    private static string? NewerBatches(string path, string backup)
    {
        using SqliteFile current = SqliteFile.Open(path);
        using SqliteFile old = SqliteFile.Open(backup);
        foreach (GatewayEnrolment enrolment in current.Read(EnrolmentTable.All))
        {
            long here = current.Read(session => JournalTable.Head(session, enrolment.Gateway, enrolment.KeyEpoch)).Through;
            long there = old.Read(session => JournalTable.Head(session, enrolment.Gateway, enrolment.KeyEpoch)).Through;
            if (here > there)
            {
                return string.Create(null, $"gateway {enrolment.Gateway} is at batch {here} in key epoch {enrolment.KeyEpoch}, in the backup at {there}");
            }
        }

        return null;
    }

    private static string? MoveAway(string path, DateTimeOffset now)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        string replaced = string.Create(null, $"{path}.replaced-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
        foreach (string suffix in (string[])["-wal", "-shm", ""])
        {
            if (File.Exists(path + suffix))
            {
                File.Move(path + suffix, replaced + suffix);
            }
        }

        return replaced;
    }

    // On disk before it gets its name, and the name on disk before anybody is told.
    private static void Publish(string partial, string target)
    {
        using (FileStream stream = new(partial, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, target);
        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(target))!);
    }

    private static List<string> RemoveOlder(string folder, int keep)
    {
        if (keep <= 0)
        {
            return [];
        }

        string[] backups = Directory.GetFiles(folder, $"{Prefix}*{Suffix}");
        Array.Sort(backups, StringComparer.Ordinal);
        List<string> removed = [.. backups.SkipLast(keep)];
        removed.ForEach(File.Delete);
        return removed;
    }

    private static void Remove(string partial)
    {
        foreach (string suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(partial + suffix);
        }
    }
}
