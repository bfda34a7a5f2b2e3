using System.CommandLine;
using Metering.Cloud.Evidence.Ocmf;
using Metering.Evidence.Archive;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud export batches|readings|ocmf`: takes data out, as evidence or as plain tables.</summary>
internal static class ExportCommand
{
    private const int JournalPage = 256;

    public static Command Create(TextWriter output, Language help) => new("export", new Text("Sacar lotes o lecturas del almacén", "Take batches or readings out of the store").In(help)) { Batches(output, help), Readings(output, help), OcmfExportCommand.Create(output, help) };

    private static Command Batches(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string?> gateway = new("--gateway") { Description = new Text("Solo este gateway; si falta, todos", "Only this gateway; all without it").In(help), HelpName = "GATEWAY" };
        Option<string> file = new("--out") { Description = new Text("Archivo ZIP que se escribe", "ZIP file to write").In(help), Required = true, HelpName = "FILE.zip" };
        Command command = new("batches", new Text("Escribir los lotes firmados, tal como llegaron, y las llaves públicas en un ZIP para 'metering verify'", "Write signed batches, as they came, and public keys into a ZIP for 'metering verify'").In(help)) { config, gateway, file };
        command.SetAction(parsed =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            string? only = parsed.GetValue(gateway);
            string path = parsed.GetRequiredValue(file);
            GatewayEnrolment[] enrolments = [.. store.Enrolments().Where(enrolment => only is null || enrolment.Gateway == only)];
            if (enrolments.Length == 0)
            {
                throw new CloudFault(ExitCode.Data, only is null
                    ? new Text("no hay ningún gateway dado de alta, así que no hay nada que exportar.", "no gateway is enrolled, so there is nothing to export.").In(help)
                    : new Text("el gateway {0} no está dado de alta. Liste los gateways con 'cloud gateways list'.", "gateway {0} is not enrolled. List gateways with 'cloud gateways list'.").In(help, only));
            }

            long count = WriteWhole(path, stream => WriteBatches(store, enrolments, only, stream), help);
            output.WriteLine(new Text("{0} lotes en {1}", "{0} batches in {1}").In(help, count, path));
            return ExitCode.Ok;
        });
        return command;
    }

    private static long WriteBatches(IReadingStore store, GatewayEnrolment[] enrolments, string? only, FileStream stream)
    {
        using BatchArchiveWriter writer = new(stream);
        foreach (GatewayEnrolment enrolment in enrolments)
        {
            writer.AddKey(enrolment.Gateway, enrolment.KeyEpoch, enrolment.PublicKeyPem);
        }

        long count = 0;
        long after = 0;
        while (true)
        {
            long before = after;
            foreach (JournalRecord record in store.Journal(after, JournalPage))
            {
                after = record.Sequence;
                if (only is null || record.Gateway == only)
                {
                    writer.AddBatch(record.Gateway, new(record.KeyEpoch, record.Batch), record.Envelope.Span);
                    count++;
                }
            }

            if (after == before)
            {
                return count;
            }
        }
    }

    private static Command Readings(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string> directory = new("--out") { Description = new Text("Carpeta donde se escribe, un archivo por canal", "Directory to write into, one file a channel").In(help), Required = true, HelpName = "DIR" };
        Command command = new("readings", new Text("Escribir cada canal como CSV: utcMilliseconds,scaledValue,quality", "Write every channel as CSV: utcMilliseconds,scaledValue,quality").In(help)) { config, directory };
        command.SetAction(parsed =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            string folder = parsed.GetRequiredValue(directory);
            output.WriteLine(new Text("{0} canales en {1}", "{0} channels in {1}").In(help, ReadingExport.Write(store, folder), folder));
            return ExitCode.Ok;
        });
        return command;
    }

    // A reader never sees half a file: it gets its name when it is whole.
    private static long WriteWhole(string path, Func<FileStream, long> write, Language help)
    {
        string partial = path + ".partial";
        try
        {
            long count;
            using (FileStream stream = new(partial, FileMode.Create, FileAccess.ReadWrite))
            {
                count = write(stream);
            }

            File.Move(partial, path, overwrite: true);
            return count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CloudFault(ExitCode.CannotCreate, new Text("no se puede escribir {0}: {1}. ¿Existe la carpeta, puede escribir en ella este usuario, hay lugar?", "cannot write {0}: {1}. Does the directory exist, may this user write in it, is there room?").In(help, path, e.Message));
        }
    }
}
