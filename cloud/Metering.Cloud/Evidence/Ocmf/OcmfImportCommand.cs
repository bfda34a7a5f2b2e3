using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Metering.Cloud.Hosting;
using Metering.Evidence.Ocmf;
using Metering.Ingestion.Import;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Evidence.Ocmf;

/// <summary>`cloud import ocmf`: readings that the meter itself signed, verified on the way in (evidence grade A).</summary>
internal static class OcmfImportCommand
{
    private const int DefaultDecimals = 5;
    private const string Software = "metering-import-ocmf/0.1.0";
    private const string Profile = "ocmf/1";

    /// <summary>The command.</summary>
    public static Command Create(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Argument<string> file = new("FILE") { Description = new Text("Registros OCMF, uno tras otro, cada uno al inicio de un renglón con 'OCMF|'", "OCMF records, one behind the other, each beginning a line with 'OCMF|'").In(help) };
        Option<string> key = new("--public-key") { Description = new Text("La llave pública del medidor: PEM, o dígitos hexadecimales como los imprimen los medidores", "The meter's public key: PEM, or hexadecimal digits as meters print it").In(help), Required = true, HelpName = "FILE" };
        Option<string> name = new("--name") { Description = new Text("Nombre de la importación; sus lecturas quedan bajo el gateway import-NAME", "Name of the import; its readings stand under the gateway import-NAME").In(help), Required = true, HelpName = "NAME" };
        Option<string> plant = new("--plant") { Description = new Text("Planta del medidor", "Plant of the meter").In(help), Required = true, HelpName = "PLANT" };
        Option<string> meter = new("--meter") { Description = new Text("Identificador del medidor", "Identifier of the meter").In(help), Required = true, HelpName = "METER" };
        Option<string> channel = new("--channel") { Description = new Text("Identificador del canal; si falta, METER.active-energy-import", "Identifier of the channel; METER.active-energy-import without it").In(help), HelpName = "CHANNEL" };
        Option<string?> obis = new("--obis") { Description = new Text("Solo lecturas de este registro, por ejemplo 1-0:1.8.0; hace falta cuando hay varios", "Only readings of this register, such as 1-0:1.8.0; needed when there are several").In(help), HelpName = "CODE" };
        Option<int> decimals = new("--decimals") { Description = new Text("Decimales que se guardan de un kWh, de 0 a 9", "Decimal places kept of a kWh, 0 to 9").In(help), DefaultValueFactory = _ => DefaultDecimals, HelpName = "N" };
        Option<bool> json = CommonOptions.Json(help);
        Command command = new("ocmf", new Text("Traer lecturas que firmó un medidor en el Open Charge Metering Format; se verifica cada firma, y un registro que no cuadra detiene la importación", "Bring in readings that a meter signed in the Open Charge Metering Format; each signature is verified, a record that does not fit stops the import").In(help)) { file, config, key, name, plant, meter, channel, obis, decimals, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                string meterName = parsed.GetRequiredValue(meter);
                OcmfImport import = OcmfImport.Make(
                    await ReadAsync(parsed.GetRequiredValue(file), help, cancellationToken),
                    await ReadAsync(parsed.GetRequiredValue(key), help, cancellationToken),
                    new()
                    {
                        Id = parsed.GetValue(channel) ?? meterName + ".active-energy-import",
                        Meter = meterName,
                        Unit = "kWh",
                        Kind = ChannelKind.Counter,
                        DecimalPlaces = parsed.GetValue(decimals),
                        Profile = Profile,
                    },
                    parsed.GetValue(obis));
                (CloudConfig settings, IReadingStore store) = CommonOptions.OpenStore(parsed, config);
                using (store)
                {
                    Tell(import, await WriteAsync(import, (parsed.GetRequiredValue(name), parsed.GetRequiredValue(plant)), (settings, store), cancellationToken), (parsed.GetValue(json), help), output);
                }

                return ExitCode.Ok;
            }
            catch (Exception fault) when (fault is OcmfException or ImportException)
            {
                throw new CloudFault(ExitCode.Data, new Text("import ocmf: {0}. No se guardó nada.", "import ocmf: {0}. Nothing was stored.").In(help, ((fault as OcmfException)?.In(help) ?? ((ImportException)fault).In(help)).TrimEnd('.')));
            }
            catch (ArgumentException fault)
            {
                throw new CloudFault(ExitCode.Usage, $"import ocmf: {fault.Message.Split(" (Parameter")[0]}.");
            }
        });
        return command;
    }

    private static async Task<string> ReadAsync(string path, Language help, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CloudFault(e is UnauthorizedAccessException ? ExitCode.Permission : ExitCode.InputOutput, new Text("no se puede leer {0}: {1}. ¿Está ahí, y puede leerlo este usuario?", "cannot read {0}: {1}. Is it there, and may this user read it?").In(help, path, e.Message));
        }
    }

    private static async Task<ImportCounts> WriteAsync(OcmfImport import, (string Name, string Plant) about, (CloudConfig Config, IReadingStore Store) cloud, CancellationToken cancellationToken)
    {
        using ECDsa key = ImportKey.LoadOrCreate(ImportKey.FileBeside(cloud.Config.KeyFile));
        ImportOptions options = new()
        {
            Name = about.Name,
            Plant = about.Plant,
            Key = key,
            SourceHash = import.SourceHash,
            Software = Software,
            Origin = ReadingOrigin.Meter,
            RefusesChanges = true,
        };
        using ImportWriter writer = ImportWriter.Open(cloud.Store, options, TimeProvider.System);
        return await writer.WriteAsync([import.Channel], import.Readings.ToArray(), cancellationToken);
    }

    private static void Tell(OcmfImport import, ImportCounts counts, (bool IsJson, Language Help) form, TextWriter output)
    {
        if (form.IsJson)
        {
            output.WriteLine(JsonSerializer.Serialize(
                new { records = import.Records, channel = import.Channel.Id, @new = counts.New, same = counts.Same, batches = counts.Batches, sha256 = import.SourceHash, evidenceGrade = "A", notes = import.Notes }, JsonSerializerOptions.Web));
            return;
        }

        output.WriteLine(new Text("{0} registros, cada firma verificada; {1} lecturas nuevas, {2} ya guardadas, en {3} (grado de evidencia A)", "{0} records, every signature verified; {1} readings new, {2} stored already, in {3} (evidence grade A)").In(form.Help, import.Records, counts.New, counts.Same, import.Channel.Id));
        output.WriteLine(new Text("Conserve el archivo: su SHA-256 {0} va firmado en cada lote, y las firmas del medidor solo están en el archivo.", "Keep the file: its SHA-256 {0} is signed into every batch, and the meter's signatures stand in the file only.").In(form.Help, import.SourceHash));
        foreach (string note in import.Notes)
        {
            output.WriteLine(new Text("  nota: ", "  note: ").In(form.Help) + note);
        }
    }
}
