using System.CommandLine;
using System.Security.Cryptography;
using Metering.Cloud.Accounts;
using Metering.Cloud.Hosting;
using Metering.Cloud.Projects;
using Metering.Cloud.Texts;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Programme.Log;
using Metering.Programme.Storage;
using Metering.Store;

namespace Metering.Cloud.Evidence;

/// <summary>`cloud evidence`: writes the bundle of a project, beside a running cloud or without one.</summary>
internal static class EvidenceCommand
{
    /// <summary>The command.</summary>
    public static Command Create(TextWriter output, TextWriter error, Language help)
    {
        (Option<string> config, Option<string?> lang) = (CommonOptions.Config(help), CommandDesk.Lang(help));
        Option<string> project = new("--project") { Description = EvidenceWords.Project.In(help), Required = true, HelpName = "ID" };
        Option<string> file = new("--out") { Description = EvidenceWords.Out.In(help), Required = true, HelpName = "FILE.mevb" };
        Command command = new("evidence", EvidenceWords.Command.In(help)) { config, project, file, lang };
        command.SetAction((parsed, cancel) => RunAsync(
            CloudConfigReader.Read(parsed.GetRequiredValue(config), isForRun: false),
            (parsed.GetRequiredValue(project), parsed.GetRequiredValue(file), CommandDesk.LanguageOf(parsed, lang)),
            (output, error),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(CloudConfig settings, (string Project, string File, Language Language) asked, (TextWriter Output, TextWriter Error) streams, CancellationToken cancellationToken)
    {
        using ECDsa key = CloudSecrets.LoadKey(settings.KeyFile);
        using IReadingStore store = ReadingStores.Open(settings.Store, TimeProvider.System);
        ProgrammeDatabase database = ProgrammeDatabase.Open(settings.Programme);
        ProjectSource source = ProgrammeCommand.SourceOf(settings);
        EvidenceLog log = new(database, settings.Name, TimeProvider.System);
        using LogFollower follower = new(log, store, database, source, TimeProvider.System);
        BundleMaker maker = new(new(new(source, store, TimeProvider.System), log, follower.CatchUpAsync, key) { TimeStamps = TimeStampAuthority.Of(settings.TimeStampAuthority) });
        try
        {
            BundleSummary summary = await WriteWholeAsync(asked.File, asked.Language, (stream, folder) =>
                maker.MakeAsync(asked.Project, stream, folder, progress => Tell(streams.Error, progress, asked.Language), cancellationToken));
            Checkpoint checkpoint = Checkpoint.Read(summary.Checkpoint);
            await streams.Output.WriteLineAsync(EvidenceWords.Done.In(
                asked.Language, asked.File, Formatter.Count(summary.Result), Formatter.Count(summary.Batches), Formatter.Count(summary.Readings), checkpoint.Log, Formatter.Count(checkpoint.Size), Convert.ToBase64String(checkpoint.Root.Span)));
            if (summary.TimeStampFault is { } fault)
            {
                await streams.Error.WriteLineAsync(EvidenceWords.NoTimeStamp.In(asked.Language, fault));
            }

            return ExitCode.Ok;
        }
        catch (BundleRefusal e)
        {
            throw new CloudFault(e.IsTransient ? ExitCode.TryLater : ExitCode.Data, e.Words.In(asked.Language));
        }
        catch (BundleFormatException e)
        {
            throw new CloudFault(ExitCode.Data, $"{EvidenceWords.TooLarge.In(asked.Language)} ({e.Message})");
        }
    }

    // At a terminal only: a file of errors needs no progress.
    private static void Tell(TextWriter error, BundleProgress progress, Language language)
    {
        if (Console.IsErrorRedirected)
        {
            return;
        }

        string text = progress.Step switch
        {
            BundleStep.Log => EvidenceWords.StepLog.In(language),
            BundleStep.Result => EvidenceWords.StepResult.In(language),
            BundleStep.Batches => EvidenceWords.StepBatches.In(language, Formatter.Count(progress.Done), Formatter.Count(progress.Total)),
            _ => EvidenceWords.StepSeal.In(language),
        };
        error.Write($"\r{text,-60}{(progress.Step == BundleStep.Seal ? "\n" : "")}");
    }

    // A reader never sees half a file: it gets its name when it is whole and on the disk, and what was there before stays until then.
    private static async Task<BundleSummary> WriteWholeAsync(string path, Language language, Func<FileStream, string, Task<BundleSummary>> write)
    {
        string partial = path + ".partial";
        try
        {
            BundleSummary summary;
            await using (FileStream stream = new(partial, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            {
                summary = await write(stream, Path.GetDirectoryName(Path.GetFullPath(path))!);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
            return summary;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Forget(partial);
            throw new CloudFault(ExitCode.CannotCreate, EvidenceWords.CannotWrite.In(language, path, e.Message));
        }
        catch
        {
            Forget(partial);
            throw;
        }
    }

    private static void Forget(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What led here is told; that a rest of it stays is the smaller trouble.
        }
    }
}
