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
                    ImportCounts counts = request.IsDryRun ? default : await LoadAsync(request, plan, (settings, store), error, cancellationToken);
                    Print(new(request, plan, counts), parsed.GetValue(json), output);
                }

                return ExitCode.Ok;
            }
            catch (CsvUsageException fault)
            {
                throw new CloudFault(ExitCode.Usage, $"import csv: {fault.Message}");
            }
            catch (CsvException fault)
            {
                throw new CloudFault(ExitCode.Data, fault.Message);
            }
            catch (ImportException fault)
            {
                throw new CloudFault(ExitCode.Data, fault.Message);
            }
        });
        return command;
    }

    private static async Task<ImportCounts> LoadAsync(
        ImportCsvRequest request, ImportCsvPlan plan, (CloudConfig Config, IReadingStore Store) cloud, TextWriter talk, CancellationToken cancellationToken)
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

    private static void Print(Answer answer, bool json, TextWriter output)
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
                    notes = plan.Notes,
                },
                JsonSerializerOptions.Web));
            return;
        }

        IFormatProvider invariant = CultureInfo.InvariantCulture;
        output.WriteLine(string.Create(invariant, $"{plan.Rows} rows, {Instant(plan.FirstUtcMilliseconds)} to {Instant(plan.LastUtcMilliseconds)}"));
        foreach (var channel in channels)
        {
            string form = channel.decimals == Metering.Readings.Channel.Binary64Text ? "doubles, bit by bit" : $"{channel.decimals} decimals";
            output.WriteLine(string.Create(invariant, $"  {channel.column} -> {gateway} {channel.channel} [{channel.unit}] {channel.kind}, {form}: {channel.values} values ({channel.zeros} zero), {channel.missing} missing"));
        }

        plan.Notes.ForEach(note => output.WriteLine($"  note: {note}"));
        output.WriteLine(answer.Request.IsDryRun
            ? "dry run: nothing written"
            : string.Create(invariant, $"{answer.Counts.New} readings new, {answer.Counts.Changed} changed, {answer.Counts.Same} stored already; {answer.Counts.Batches} batches signed as an import (evidence grade D)"));
    }

    private static string Instant(long utcMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    private sealed record Answer(ImportCsvRequest Request, ImportCsvPlan Plan, ImportCounts Counts);
}
