using System.CommandLine;
using Metering.Programme.Storage;
using Metering.Store;
using Metering.Store.Maintenance;
using Metering.Store.Sqlite;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud store backup|restore`.</summary>
internal static class StoreBackupCommand
{
    public static Command Backup(TextWriter output, TextWriter error, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string> folder = new("--out") { Description = new Text("Carpeta de los respaldos, de preferencia en otro disco", "Folder of the backups, best on another disk").In(help), Required = true, HelpName = "DIR" };
        Option<int> keep = new("--keep") { Description = new Text("Cuántos respaldos se quedan en la carpeta; si falta, todos", "How many backups stay in the folder; all without it").In(help), HelpName = "N" };
        Command command = new("backup", new Text("Escribir una copia completa y verificada del almacén, y de la base del programa si está en un archivo; también con el servicio en marcha", "Write a complete, verified copy of the store, and of a programme database in a file; works while the cloud runs").In(help)) { config, folder, keep };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(keep) < 0)
            {
                throw new CloudFault(ExitCode.Usage, new Text("--keep cuenta respaldos desde 1; déjelo fuera para conservarlos todos.", "--keep counts backups from 1; leave it out to keep all.").In(help));
            }

            (CloudConfig settings, IReadingStore opened) = CommonOptions.OpenStore(parsed, config);
            using IReadingStore store = opened;
            BackupReport report = StoreCommand.AsFile(store, help).Backup(
                parsed.GetRequiredValue(folder), parsed.GetValue(keep), StoreCommand.Progress(error, help), cancellationToken);
            output.WriteLine(new Text("{0}: {1} bytes, {2} lotes con {3} lecturas, verificado", "{0}: {1} bytes, {2} batches with {3} readings, verified").In(help, report.File, report.Length, report.Verification.Batches, report.Verification.Readings));
            IEnumerable<string> gone = report.Removed;
            if (settings.Programme.File is string programme && File.Exists(programme))
            {
                // After the store: the log of the copy knows every batch that the store's copy has.
                (string copy, IReadOnlyList<string> older) = ProgrammeBackup.Write(programme, parsed.GetRequiredValue(folder), TimeProvider.System.GetUtcNow(), parsed.GetValue(keep));
                output.WriteLine(new Text("{0}: cuentas, registro y bitácora de transparencia", "{0}: accounts, register and transparency log").In(help, copy));
                gone = gone.Concat(older);
            }

            foreach (string removed in gone)
            {
                output.WriteLine(new Text("se quitó {0}", "removed {0}").In(help, removed));
            }

            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    public static Command Restore(TextWriter output, TextWriter error, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string> file = new("--from") { Description = new Text("El respaldo", "The backup").In(help), Required = true, HelpName = "FILE.db" };
        Option<bool> replaceNewer = new("--replace-newer") { Description = new Text("Reemplazar un almacén que tiene lotes que el respaldo no tiene", "Replace a store that has batches which the backup does not have").In(help) };
        Option<string?> programme = new("--programme") { Description = new Text("El respaldo de la base del programa (cuentas, registro, bitácora) que también se pone en su lugar", "The backup of the programme database (accounts, register, log) to put in its place, too").In(help), HelpName = "programme-TIME.db" };
        Command command = new("restore", new Text("Poner un respaldo, verificado antes, en lugar del almacén; detenga antes el servicio", "Put a backup in the store's place, verified first; stop the cloud first").In(help)) { config, file, programme, replaceNewer };
        command.SetAction((parsed, cancellationToken) =>
        {
            CloudConfig settings = CloudConfigReader.Read(parsed.GetRequiredValue(config), isForRun: false);
            string? copy = parsed.GetValue(programme);
            string target = copy is null ? "" : settings.Programme.File ?? throw new CloudFault(
                ExitCode.Configuration, new Text("la base del programa la guarda un servidor PostgreSQL, no un archivo. Omita --programme y restaure su esquema 'programme' con 'pg_restore'.", "the programme database is kept by a PostgreSQL server, not in a file. Leave --programme out, and restore its schema 'programme' with 'pg_restore'.").In(help));
            if (copy is not null)
            {
                // Before anything is replaced: both are put back, or neither.
                ProgrammeBackup.Check(copy, target, parsed.GetValue(replaceNewer));
            }

            BackupReport report = SqliteStore.Restore(
                parsed.GetRequiredValue(file), CommonOptions.StoreFile(settings, help), parsed.GetValue(replaceNewer), TimeProvider.System, (StoreCommand.Progress(error, help), cancellationToken));
            output.WriteLine(new Text("{0}: {1} lotes con {2} lecturas, verificado", "{0}: {1} batches with {2} readings, verified").In(help, report.File, report.Verification.Batches, report.Verification.Readings));
            if (report.Replaced is not null)
            {
                output.WriteLine(new Text("el almacén que había se conserva como {0}", "the store that was there is kept as {0}").In(help, report.Replaced));
            }

            if (copy is not null)
            {
                RestoreProgramme(copy, target, parsed.GetValue(replaceNewer), output, help);
            }

            output.WriteLine(new Text("Arranque el servicio: sus acuses dicen a cada gateway hasta dónde llega el almacén, y los gateways envían otra vez lo que aún tienen.", "Start the cloud: its acknowledgements tell each gateway how far the store is, and the gateways send again what they still hold.").In(help));
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static void RestoreProgramme(string copy, string target, bool mayLoseEntries, TextWriter output, Language help)
    {
        string? replaced = ProgrammeBackup.Restore(copy, target, mayLoseEntries, TimeProvider.System.GetUtcNow());
        output.WriteLine(new Text("{0}: cuentas, registro y bitácora de transparencia, revisados", "{0}: accounts, register and transparency log, checked").In(help, target));
        if (replaced is not null)
        {
            output.WriteLine(new Text("la base del programa que había se conserva como {0}", "the programme database that was there is kept as {0}").In(help, replaced));
        }
    }
}
