using System.CommandLine;
using System.IO.Compression;
using System.Text;
using Metering.Gateway.Bundling;
using Metering.Gateway.Diagnosis.Health;

namespace Metering.Gateway.Commands;

/// <summary>gateway bundle: one file with all that support needs, without secrets.</summary>
internal static class BundleCommand
{
    private static readonly Text About = new(es: "Reúne en un ZIP lo que necesita soporte, sin contraseñas ni llaves privadas.", en: "Gather what support needs into a ZIP, without passwords or private keys.");
    private static readonly Text NoConfiguration = new(es: "No existe {0}. Indique la configuración con --config.", en: "There is no {0}. Name the configuration with --config.");
    private static readonly Text Removed = new(es: "Se quitó: {0}", en: "Removed: {0}");
    private static readonly Text Written = new(es: "Revise el ZIP antes de enviarlo.", en: "Look into the ZIP before you send it.");

    internal static Command Create(Language language)
    {
        Option<string> config = new("--config") { Description = new Text(es: "Archivo de configuración.", en: "Configuration file.").In(language), Required = true };
        Option<string> output = new("--out") { Description = new Text(es: "ZIP nuevo.", en: "New ZIP file.").In(language), Required = true };
        Option<string[]> logs = new("--log") { Description = new Text(es: "Archivo de registro que incluir (puede repetirse).", en: "Log file to include (may be repeated).").In(language) };
        Command command = new("bundle", About.In(language)) { config, output, logs };
        command.SetAction(async (result, cancellationToken) =>
        {
            string file = result.GetValue(config)!;
            if (!File.Exists(file))
            {
                return Output.Fail(NoConfiguration.In(language, file), ExitCode.Configuration);
            }

            IReadOnlyList<HealthCheck> checks = await DoctorCommand.CheckAsync(file, null, "/", cancellationToken);
            string doctor = string.Join('\n', checks.Select(check => DoctorCommand.Line(check, language))) + "\n";
            List<(string Name, string Text)> parts = [("doctor.txt", doctor)];
            parts.AddRange(await RunningParts.AskAsync(file, cancellationToken));
            parts.Add(await RunningParts.JournalAsync("journalctl", cancellationToken));
            return Write(file, result.GetValue(output)!, result.GetValue(logs) ?? [], parts, language);
        });
        return command;
    }

    private static int Write(string config, string output, string[] logs, IReadOnlyList<(string Name, string Text)> parts, Language language)
    {
        try
        {
            SupportBundle bundle = SupportBundle.Gather(config, logs, parts);
            using (FileStream stream = new(output, FileMode.CreateNew, FileAccess.Write))
            using (ZipArchive zip = new(stream, ZipArchiveMode.Create))
            {
                foreach ((string name, string text) in bundle.Entries)
                {
                    using Stream entry = zip.CreateEntry(name).Open();
                    entry.Write(Encoding.UTF8.GetBytes(text));
                }
            }

            foreach (string removed in bundle.Removed)
            {
                Console.Error.WriteLine(Removed.In(language, removed));
            }

            Console.Error.WriteLine(Written.In(language));
            Console.Out.WriteLine(output);
            return 0;
        }
        catch (UnauthorizedAccessException e)
        {
            return Output.Fail(e.Message, ExitCode.Permission);
        }
        catch (IOException e)
        {
            return Output.Fail(e.Message, ExitCode.CannotCreate);
        }
    }
}
