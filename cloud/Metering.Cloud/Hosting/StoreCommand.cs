using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Metering.Store;
using Metering.Store.Maintenance;
using Metering.Store.Sqlite;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud store ...`: looks after the store. All but rebuild and restore work beside a running cloud.</summary>
internal static class StoreCommand
{
    /// <summary>Exit code of a verification that found a difference.</summary>
    public const int Differs = 3;

    public static Command Create(TextWriter output, TextWriter error) =>
        new("store", "Look after the store: verify, back up, restore, rebuild, prune")
        {
            Info(output),
            Verify(output, error),
            Version(output),
            Seal(output),
            Rebuild(output, error),
            StoreBackupCommand.Backup(output, error),
            StoreBackupCommand.Restore(output, error),
            StorePruneCommand.Create(output),
        };

    /// <summary>The store as the file that it is.</summary>
    /// <exception cref="CloudFault">The store is kept by a database server, which has its own tools.</exception>
    public static SqliteStore AsFile(IReadingStore store) => store as SqliteStore
        ?? throw new CloudFault(
            ExitCode.Configuration,
            "this store is kept by a PostgreSQL server, not in a file. Back it up with 'pg_dump --format=custom --schema=metering' and restore it with 'pg_restore', then run 'cloud store verify'; nothing is pruned there.");

    /// <summary>Prints how far long work is, at most every two seconds.</summary>
    public static StoreProgress Progress(TextWriter error)
    {
        TimeSpan interval = TimeSpan.FromSeconds(2);
        long last = TimeProvider.System.GetTimestamp();
        return (what, done, total) =>
        {
            if (TimeProvider.System.GetElapsedTime(last) >= interval)
            {
                last = TimeProvider.System.GetTimestamp();
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {total} {what}"));
            }
        };
    }

    private static Command Info(TextWriter output)
    {
        Option<string> config = CommonOptions.Config();
        Option<bool> json = CommonOptions.Json();
        Command command = new("info", "Show what the store holds and how large it is") { config, json };
        command.SetAction(parsed =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            StoreInfo info = store.Info();
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(info, JsonSerializerOptions.Web));
                return ExitCode.Ok;
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"schema          version {info.SchemaVersion}"));
            output.WriteLine(store is SqliteStore
                ? string.Create(CultureInfo.InvariantCulture, $"file            {info.FileLength} bytes, write-ahead log {info.WriteAheadLogLength} bytes")
                : string.Create(CultureInfo.InvariantCulture, $"database        {info.FileLength} bytes of tables and indices"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"journal         {info.Batches} batches, {info.ThinnedBatches} of them thinned, newest {info.LastSequence}, sealed through {info.SealedThrough}"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"chunks          {info.Chunks} of {info.Channels} channels, {info.SealedReadings} readings, {info.ChunkLength} bytes"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rollups         {info.Rollups} months, {info.RollupLength} bytes"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"pruned          {info.PrunedDays} channel days"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"quarantined     {info.Quarantined} messages"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Verify(TextWriter output, TextWriter error)
    {
        Option<string> config = CommonOptions.Config();
        Option<bool> json = CommonOptions.Json();
        Command command = new("verify", "Check journal, signatures, chains, chunks and rollups; exit 3 when something differs") { config, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            VerificationReport report = store.Verify(Progress(error), cancellationToken);
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
            }
            else
            {
                Print(report, output);
            }

            return Task.FromResult(report.DifferenceCount == 0 ? ExitCode.Ok : Differs);
        });
        return command;
    }

    /// <summary>Prints what a verification found.</summary>
    public static void Print(VerificationReport report, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"journal   {report.Batches} batches with {report.Readings} readings; {report.ThinnedBatches} thinned ones of which the signed manifest is kept"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"chunks    {report.Chunks} compared with the journal; {report.PrunedDays} channel days dropped on purpose"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rollups   {report.FreshRollups} fresh; {report.StaleRollups} stale ones, which are made again when they are asked for"));
        foreach (string difference in report.Differences)
        {
            output.WriteLine($"differs   {difference}");
        }

        output.WriteLine(report.DifferenceCount == 0
            ? "The store is what its batches say."
            : string.Create(CultureInfo.InvariantCulture, $"{report.DifferenceCount} differences. Damaged chunks are remade by 'cloud store rebuild'; damaged batches only come back from a backup."));
    }

    private static Command Version(TextWriter output)
    {
        Option<string> config = CommonOptions.Config();
        Option<string> gateway = new("--gateway") { Description = "Gateway identifier", Required = true, HelpName = "GATEWAY" };
        Option<string> channel = new("--channel") { Description = "Channel identifier", Required = true, HelpName = "CHANNEL" };
        Option<string?> from = new("--from") { Description = "First instant: 2026-01-31 (UTC) or with time and offset; the beginning without it", HelpName = "INSTANT" };
        Option<string?> to = new("--to") { Description = "First instant not taken; the end without it", HelpName = "INSTANT" };
        Command command = new("version", "Print the version of a range of readings, by which a report pins its data") { config, gateway, channel, from, to };
        command.SetAction(parsed =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            long first = parsed.GetValue(from) is string start ? Instant("--from", start) : long.MinValue;
            long end = parsed.GetValue(to) is string stop ? Instant("--to", stop) : long.MaxValue;
            (string gatewayId, string channelId) = (parsed.GetRequiredValue(gateway), parsed.GetRequiredValue(channel));
            try
            {
                output.WriteLine(store.VersionOf(gatewayId, channelId, first, end));
                return ExitCode.Ok;
            }
            catch (KeyNotFoundException)
            {
                throw new CloudFault(ExitCode.Data, $"gateway {gatewayId} has no channel {channelId} with readings. 'cloud export readings' lists the channels.");
            }
        });
        return command;
    }

    private static Command Seal(TextWriter output)
    {
        Option<string> config = CommonOptions.Config();
        Command command = new("seal", "Put all readings into chunks now; only when no cloud runs on the store") { config };
        command.SetAction(async (parsed, _) =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            await store.SealAsync();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sealed through batch {store.LastSequence} of the journal"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Rebuild(TextWriter output, TextWriter error)
    {
        Option<string> config = CommonOptions.Config();
        Command command = new("rebuild", "Make all chunks from the journal alone; stop the cloud first") { config };
        command.SetAction((parsed, cancellationToken) =>
        {
            CloudConfig settings = CloudConfigReader.Read(parsed.GetRequiredValue(config), isForRun: false);
            long made = ReadingStores.Rebuild(settings.Store, Progress(error), cancellationToken);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{made} chunks made from the journal"));
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    /// <summary>An instant as an option gives it, UTC ms; without an offset it is taken for UTC.</summary>
    public static long Instant(string option, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
            ? instant.ToUnixTimeMilliseconds()
            : throw new CloudFault(ExitCode.Usage, $"{option} '{text}' is no instant: write 2026-01-31 or 2026-01-31T06:00:00-06:00.");
}
