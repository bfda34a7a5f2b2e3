using System.CommandLine;
using System.Globalization;
using Metering.Cloud.Evidence.Ocmf;
using Metering.Evidence.Archive;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud export batches|readings|ocmf`: takes data out, as evidence or as plain tables.</summary>
internal static class ExportCommand
{
    private const int JournalPage = 256;

    public static Command Create(TextWriter output) => new("export", "Take batches or readings out of the store") { Batches(output), Readings(output), OcmfExportCommand.Create(output) };

    private static Command Batches(TextWriter output)
    {
        Option<string> config = CommonOptions.Config();
        Option<string?> gateway = new("--gateway") { Description = "Only this gateway; all without it", HelpName = "GATEWAY" };
        Option<string> file = new("--out") { Description = "ZIP file to write", Required = true, HelpName = "FILE.zip" };
        Command command = new("batches", "Write signed batches, as they came, and public keys into a ZIP for 'metering verify'") { config, gateway, file };
        command.SetAction(parsed =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            string? only = parsed.GetValue(gateway);
            string path = parsed.GetRequiredValue(file);
            GatewayEnrolment[] enrolments = [.. store.Enrolments().Where(enrolment => only is null || enrolment.Gateway == only)];
            if (enrolments.Length == 0)
            {
                throw new CloudFault(ExitCode.Data, only is null ? "no gateway is enrolled, so there is nothing to export." : $"gateway {only} is not enrolled. List gateways with 'cloud gateways list'.");
            }

            long count = WriteWhole(path, stream => WriteBatches(store, enrolments, only, stream));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} batches in {path}"));
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

    private static Command Readings(TextWriter output)
    {
        Option<string> config = CommonOptions.Config();
        Option<string> directory = new("--out") { Description = "Directory to write into, one file a channel", Required = true, HelpName = "DIR" };
        Command command = new("readings", "Write every channel as CSV: utcMilliseconds,scaledValue,quality") { config, directory };
        command.SetAction(parsed =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            string folder = parsed.GetRequiredValue(directory);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ReadingExport.Write(store, folder)} channels in {folder}"));
            return ExitCode.Ok;
        });
        return command;
    }

    // A reader never sees half a file: it gets its name when it is whole.
    private static long WriteWhole(string path, Func<FileStream, long> write)
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
            throw new CloudFault(ExitCode.CannotCreate, $"cannot write {path}: {e.Message}. Does the directory exist, may this user write in it, is there room?");
        }
    }
}
