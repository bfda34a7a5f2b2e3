using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Metering.Cloud.Evidence.Ocmf;
using Metering.Cloud.Hosting;
using Metering.Ingestion.Import;
using Metering.Store;

namespace Metering.Cloud.Commands;

/// <summary>`cloud import csv`: readings of a file into the store, unsigned and marked as such (evidence grade D).</summary>
internal static class ImportCommand
{
    /// <summary>The command.</summary>
    public static Command Create(TextWriter output, TextWriter error, Language help) =>
        new("import", new Text("Traer lecturas que ningún gateway firmó; se guardan y se muestran como importadas (grado de evidencia D; A cuando las firmó el medidor)", "Bring in readings that no gateway signed; they are kept and shown as imported (evidence grade D; A when the meter signed them)").In(help)) { Csv(output, error, help), OcmfImportCommand.Create(output, help) };

    private static Command Csv(TextWriter output, TextWriter error, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<bool> json = CommonOptions.Json(help);
        ImportCsvArguments options = new(help);
        Command command = new("csv", new Text("Traer columnas de un CSV; el mismo archivo otra vez no agrega nada, y una importación que se detuvo continúa", "Bring in columns of a CSV; the same file again adds nothing, and an import that was stopped goes on").In(help)) { config };
        foreach (Option option in options.All)
        {
            command.Options.Add(option);
        }

        command.Options.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                ImportCsvRequest request = options.Read(parsed);
                (CloudConfig settings, IReadingStore store) = CommonOptions.OpenStore(parsed, config);
                using (store)
                {
                    ImportCsvPlan plan = ImportCsvPlan.Make(request, store, cancellationToken);
                    ImportCounts counts = request.IsDryRun ? default : await LoadAsync(request, plan, (settings, store), (error, help), cancellationToken);
                    Print(new(request, plan, counts), parsed.GetValue(json), output, help);
                }

                return ExitCode.Ok;
            }
            catch (CsvUsageException fault)
            {
                throw new CloudFault(ExitCode.Usage, $"import csv: {fault.In(help)}");
            }
            catch (CsvException fault)
            {
                throw new CloudFault(ExitCode.Data, fault.In(help));
            }
            catch (ImportException fault)
            {
                throw new CloudFault(ExitCode.Data, fault.In(help));
            }
        });
        return command;
    }

    private static async Task<ImportCounts> LoadAsync(
        ImportCsvRequest request, ImportCsvPlan plan, (CloudConfig Config, IReadingStore Store) cloud, (TextWriter Output, Language Language) talk, CancellationToken cancellationToken)
    {
        using ECDsa key = ImportKey.LoadOrCreate(ImportKey.FileBeside(cloud.Config.KeyFile));
        ImportOptions options = new()
        {
            Name = request.Name,
            Plant = request.Plant,
            Key = key,
            SourceHash = await ImportCsvLoad.SourceHashAsync(request, cancellationToken),
            RefusesChanges = !request.Overwrites,
        };
        using ImportWriter writer = ImportWriter.Open(cloud.Store, options, TimeProvider.System);
        return await new ImportCsvLoad(request, plan, writer, talk).RunAsync(cancellationToken);
    }

    private static void Print(Answer answer, bool json, TextWriter output, Language help)
    {
        ImportCsvPlan plan = answer.Plan;
        string gateway = ImportOptions.Prefix + answer.Request.Name;
        var channels = plan.Columns.Select(column => new
        {
            column = column.Column.Name,
            channel = column.Channel.Id,
            unit = column.Channel.Unit,
            kind = CsvNames.Kebab(column.Column.Kind),
            decimals = column.Channel.DecimalsText,
            values = column.Values,
            missing = column.Missing,
            zeros = column.Zeros,
        });
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(
                new
                {
                    gateway,
                    plant = answer.Request.Plant,
                    dryRun = answer.Request.IsDryRun,
                    rows = plan.Rows,
                    from = Instant(plan.FirstUtcMilliseconds),
                    to = Instant(plan.LastUtcMilliseconds),
                    @new = answer.Counts.New,
                    changed = answer.Counts.Changed,
                    same = answer.Counts.Same,
                    batches = answer.Counts.Batches,
                    channels,
                    notes = plan.Notes.Select(note => note.In(Language.English)),
                },
                JsonSerializerOptions.Web));
            return;
        }

        output.WriteLine(new Text("{0} renglones, {1} a {2}", "{0} rows, {1} to {2}").In(help, plan.Rows, Instant(plan.FirstUtcMilliseconds), Instant(plan.LastUtcMilliseconds)));
        foreach (var channel in channels)
        {
            string form = channel.decimals == Metering.Readings.Channel.Binary64Text 
                ? new Text("doble precisión, bit por bit", "doubles, bit by bit").In(help)
                : new Text("{0} decimales", "{0} decimals").In(help, channel.decimals);
            output.WriteLine(new Text("  {0} -> {1} {2} [{3}] {4}, {5}: {6} valores ({7} en cero), {8} sin valor", "  {0} -> {1} {2} [{3}] {4}, {5}: {6} values ({7} zero), {8} missing").In(
                help, channel.column, gateway, channel.channel, channel.unit, channel.kind, form, channel.values, channel.zeros, channel.missing));
        }

        plan.Notes.ForEach(note => output.WriteLine(new Text("  nota: {0}", "  note: {0}").In(help, note.In(help))));
        output.WriteLine(answer.Request.IsDryRun
            ? new Text("ensayo: no se escribió nada", "dry run: nothing written").In(help)
            : new Text(
                "{0} lecturas nuevas, {1} cambiadas, {2} ya guardadas; {3} lotes firmados como importación (grado de evidencia D)",
                "{0} readings new, {1} changed, {2} stored already; {3} batches signed as an import (evidence grade D)").In(help, answer.Counts.New, answer.Counts.Changed, answer.Counts.Same, answer.Counts.Batches));
    }

    private static string Instant(long utcMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    private sealed record Answer(ImportCsvRequest Request, ImportCsvPlan Plan, ImportCounts Counts);
}
