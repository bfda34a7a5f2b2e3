using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Metering.Cloud.Hosting;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Microsoft.EntityFrameworkCore;

namespace Metering.Cloud.Accounts;

/// <summary>`cloud audit export`: the whole audit trail, one JSON object a line, the oldest first.</summary>
internal static class AuditCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(TextWriter output, Language help) => new("audit", new Text("La bitácora de cambios", "The audit trail").In(help)) { Export(output, help) };

    private static Command Export(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = (CommonOptions.Config(help), CommandDesk.Lang(help));
        Option<string> file = new("--out") { Description = new Text("Archivo que se escribe", "File to write").In(help), Required = true, HelpName = "FILE.jsonl" };
        Command command = new("export", new Text("Escribir cada cambio, un objeto JSON por renglón, e imprimir cuántos son", "Write every change, one JSON object a line, and print how many").In(help)) { config, lang, file };
        command.SetAction(CommandDesk.Run(config, lang, async (parsed, services, _) =>
        {
            string path = parsed.GetRequiredValue(file);
            try
            {
                output.WriteLine((await WriteAsync(services.GetRequiredService<ProgrammeContext>(), path)).ToString(CultureInfo.InvariantCulture));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CloudFault(ExitCode.CannotCreate, new Text("no se puede escribir {0}: {1}. ¿Existe la carpeta, puede escribir en ella este usuario, hay lugar?", "cannot write {0}: {1}. Does the directory exist, may this user write in it, is there room?").In(help, path, e.Message));
            }
        }));
        return command;
    }

    // A reader never sees half a file: it gets its name when it is whole.
    private static async Task<long> WriteAsync(ProgrammeContext context, string path)
    {
        long count = 0;
        string partial = path + ".partial";
        await using (StreamWriter writer = new(partial) { NewLine = "\n" })
        {
            foreach (AuditEntry entry in context.Audit.AsNoTracking().OrderBy(row => row.Number))
            {
                await writer.WriteLineAsync(JsonSerializer.Serialize(
                    new
                    {
                        entry.Number,
                        utc = DateTimeOffset.FromUnixTimeMilliseconds(entry.UtcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                        entry.ActorId,
                        entry.ActorName,
                        entry.Kind,
                        id = entry.RecordId,
                        entry.Plant,
                        entry.Project,
                        before = Parsed(entry.Before),
                        after = Parsed(entry.After),
                        entry.Reason,
                    },
                    Json));
                count++;
            }
        }

        File.Move(partial, path, overwrite: true);
        return count;
    }

    private static JsonElement? Parsed(string? json)
    {
        if (json is null)
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
