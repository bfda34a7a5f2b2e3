using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Metering.Cloud.Accounts;
using Metering.Cloud.Hosting;
using Metering.Cloud.Projects;
using Metering.Evidence.Log;
using Metering.Programme.Log;
using Metering.Programme.Storage;
using Metering.Store;

namespace Metering.Cloud.Evidence;

/// <summary>`cloud log ...`: looks at the transparency log and looks after it. All of it works beside a running cloud.</summary>
internal static class LogCommand
{
    private const int Page = 5000;

    public static Command Create(TextWriter output, TextWriter error, Language help) =>
        new("log", LogWords.Log.In(help)) { Status(output, help), Verify(output, error, help), Checkpoint(output, help), TimeStamp(output, help), Erase(output, help) };

    private static Command Status(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang, Option<bool> json) = (CommonOptions.Config(help), CommandDesk.Lang(help), CommonOptions.Json(help));
        Command command = new("status", LogWords.Status.In(help)) { config, json, lang };
        command.SetAction(parsed =>
        {
            (CloudConfig settings, ProgrammeDatabase database, EvidenceLog log) = Open(parsed, config);
            using IReadingStore store = ReadingStores.Open(settings.Store, TimeProvider.System);
            (long size, byte[] root) = log.WithTree(tree => (tree.Count, tree.Root(tree.Count)));
            Metering.Evidence.Log.Checkpoint? newest = log.NewestCheckpoint is { } note ? Metering.Evidence.Log.Checkpoint.Read(note) : null;
            long batches = Math.Max(0, store.LastSequence - log.Watermark(StoreFollower.Journal).Value);
            long changes = Math.Max(0, LastAudit(database) - log.Watermark(RegisterFollower.Audit).Value);
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(
                    new
                    {
                        log = log.Name,
                        size,
                        root = Convert.ToHexStringLower(root),
                        checkpoint = newest is null ? null : new { newest.Size, root = Convert.ToHexStringLower(newest.Root.Span), at = LogEntry.Instant(newest.UtcMilliseconds) },
                        batchesBehind = batches,
                        changesBehind = changes,
                    },
                    JsonSerializerOptions.Web));
                return ExitCode.Ok;
            }

            Language language = CommandDesk.LanguageOf(parsed, lang);
            Line(LogWords.Title, log.Name);
            Line(LogWords.Size, size.ToString(CultureInfo.InvariantCulture));
            Line(LogWords.Root, Convert.ToHexStringLower(root));
            Line(LogWords.Checkpoint, newest is null
                ? LogWords.None.In(language)
                : LogWords.Signed.In(language, newest.Size, LogEntry.Instant(newest.UtcMilliseconds)));
            Line(LogWords.Following, batches + changes == 0 ? LogWords.UpToDate.In(language) : LogWords.Behind.In(language, batches, changes));
            return ExitCode.Ok;

            void Line(Text what, string value) => output.WriteLine($"{what.In(language)}: {value}");
        });
        return command;
    }

    private static Command Verify(TextWriter output, TextWriter error, Language help)
    {
        (Option<string> config, Option<string?> lang) = (CommonOptions.Config(help), CommandDesk.Lang(help));
        Command command = new("verify", LogWords.Verify.In(help)) { config, lang };
        command.SetAction((parsed, cancellationToken) =>
        {
            Language language = CommandDesk.LanguageOf(parsed, lang);
            (CloudConfig settings, _, EvidenceLog log) = Open(parsed, config);
            using ECDsa key = CloudSecrets.LoadKey(settings.KeyFile);
            using IReadingStore store = ReadingStores.Open(settings.Store, TimeProvider.System);
            LogReport report = log.Verify(key, cancellationToken);
            List<string> faults = [.. report.Faults.Select(fault => LogWords.Entry.In(language, fault.Index, fault.What.In(language)))];
            (long count, List<string> ofBatches) = BatchFaults(log, store, language, cancellationToken);
            faults.AddRange(ofBatches);
            if (faults.Count == 0)
            {
                output.WriteLine(LogWords.Sound.In(language, report.Entries, report.Checkpoints, report.Erased, Convert.ToHexStringLower(report.Root.Span)));
                if (report.ByEarlierKeys > 0)
                {
                    output.WriteLine(LogWords.EarlierKeys.In(language, report.ByEarlierKeys));
                }

                return Task.FromResult(ExitCode.Ok);
            }

            error.WriteLine(LogWords.Faults.In(language, report.FaultCount + count, report.Entries));
            faults.ForEach(output.WriteLine);
            return Task.FromResult(StoreCommand.Differs);
        });
        return command;
    }

    private static Command Checkpoint(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = (CommonOptions.Config(help), CommandDesk.Lang(help));
        Command command = new("checkpoint", LogWords.CheckpointCommand.In(help)) { config, lang };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (CloudConfig settings, ProgrammeDatabase database, EvidenceLog log) = Open(parsed, config);
            using ECDsa key = CloudSecrets.LoadKey(settings.KeyFile);
            using IReadingStore store = ReadingStores.Open(settings.Store, TimeProvider.System);
            using LogFollower follower = new(log, store, database, ProgrammeCommand.SourceOf(settings), TimeProvider.System);
            await follower.CatchUpAsync(cancellationToken);
            await output.WriteAsync(Encoding.UTF8.GetString(log.SignCheckpoint(key)));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command TimeStamp(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = (CommonOptions.Config(help), CommandDesk.Lang(help));
        Command command = new("timestamp", LogWords.TimeStampCommand.In(help)) { config, lang };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Language language = CommandDesk.LanguageOf(parsed, lang);
            (CloudConfig settings, _, EvidenceLog log) = Open(parsed, config);
            TimeStampAuthority authority = TimeStampAuthority.Of(settings.TimeStampAuthority) ?? throw new CloudFault(ExitCode.Configuration, LogWords.NoAuthority.In(language));
            using ECDsa key = CloudSecrets.LoadKey(settings.KeyFile);
            byte[] note = log.SignCheckpoint(key);
            try
            {
                byte[] answer = await authority.AskAsync(note, cancellationToken);
                _ = log.KeepTimeStamp(note, answer);
                string instant = LogEntry.Instant(Metering.Evidence.Log.TimeStamp.Read(answer)!.At.ToUnixTimeMilliseconds());
                await output.WriteLineAsync(LogWords.Stamped.In(language, Metering.Evidence.Log.Checkpoint.Read(note).Size, instant));
                return ExitCode.Ok;
            }
            catch (TimeStampException e)
            {
                throw new CloudFault(ExitCode.Unavailable, LogWords.NotStamped.In(language, e.Message));
            }
        });
        return command;
    }

    private static Command Erase(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> lang) = (CommonOptions.Config(help), CommandDesk.Lang(help));
        Option<long> index = new("--index") { Description = LogWords.Index.In(help), Required = true, HelpName = "N" };
        Option<string> reason = new("--reason") { Description = LogWords.Reason.In(help), Required = true, HelpName = "TEXT" };
        Command command = new("erase", LogWords.Erase.In(help)) { config, index, reason, lang };
        command.SetAction(parsed =>
        {
            Language language = CommandDesk.LanguageOf(parsed, lang);
            long place = parsed.GetValue(index);
            string why = parsed.GetRequiredValue(reason).Trim();
            if (place < 0 || why.Length == 0)
            {
                throw new CloudFault(ExitCode.Usage, (place < 0 ? LogWords.IndexWrong : LogWords.ReasonMissing).In(language));
            }

            (CloudConfig settings, _, EvidenceLog log) = Open(parsed, config);
            using IReadingStore store = ReadingStores.Open(settings.Store, TimeProvider.System);
            long said = FieldRecordSource.Erase(log, store, place, why);
            output.WriteLine(LogWords.ErasedNow.In(language, place, said));
            return ExitCode.Ok;
        });
        return command;
    }

    private static (CloudConfig Settings, ProgrammeDatabase Database, EvidenceLog Log) Open(ParseResult parsed, Option<string> config)
    {
        CloudConfig settings = CloudConfigReader.Read(parsed.GetRequiredValue(config), isForRun: false);
        ProgrammeDatabase database = ProgrammeDatabase.Open(settings.Programme);
        return (settings, database, new(database, settings.Name, TimeProvider.System));
    }

    private static long LastAudit(ProgrammeDatabase database)
    {
        using ProgrammeContext context = database.NewContext();
        return context.Audit.Max(row => (long?)row.Number) ?? 0;
    }

    // Every batch of the journal up to where the log has followed it is in the log with its hash.
    private static (long Count, List<string> Told) BatchFaults(EvidenceLog log, IReadingStore store, Language language, CancellationToken cancellationToken)
    {
        long through = log.Watermark(StoreFollower.Journal).Value;
        (long count, List<string> told) = (0, []);
        for (long last = 0; store.JournalHashes(last, Page) is { Count: > 0 } page && last < through; last = page[^1].Sequence)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string[] subjects = [.. page.Where(batch => batch.Sequence <= through).Select(SubjectOf)];
            IReadOnlyDictionary<(string Subject, string BodyHash), long> known = log.Known(subjects);
            HashSet<string> logged = known.Keys.Select(key => key.Subject).ToHashSet(StringComparer.Ordinal);
            foreach (JournalHash batch in page.Where(batch => batch.Sequence <= through && !known.ContainsKey((SubjectOf(batch), batch.NoteHash))))
            {
                count++;
                if (told.Count < LogVerification.MostFaults)
                {
                    told.Add((logged.Contains(SubjectOf(batch)) ? LogWords.BatchDiffers : LogWords.BatchMissing).In(language, SubjectOf(batch)));
                }
            }
        }

        return (count, told);
    }

    private static string SubjectOf(JournalHash batch) => LogDraft.Batch(batch.Gateway, batch.KeyEpoch, batch.Batch, batch.NoteHash).FixedSubject!;
}
