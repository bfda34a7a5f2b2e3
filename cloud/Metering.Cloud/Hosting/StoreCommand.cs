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

    public static Command Create(TextWriter output, TextWriter error, Language help) =>
        new("store", new Text("Cuidar el almacén: verificarlo, respaldarlo, restaurarlo, rehacerlo, depurarlo", "Look after the store: verify, back up, restore, rebuild, prune").In(help))
        {
            Info(output, help),
            Verify(output, error, help),
            Version(output, help),
            Seal(output, help),
            Rebuild(output, error, help),
            StoreBackupCommand.Backup(output, error, help),
            StoreBackupCommand.Restore(output, error, help),
            StorePruneCommand.Create(output, help),
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

    private static Command Info(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<bool> json = CommonOptions.Json(help);
        Command command = new("info", new Text("Mostrar lo que tiene el almacén y cuánto mide", "Show what the store holds and how large it is").In(help)) { config, json };
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

    private static Command Verify(TextWriter output, TextWriter error, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<bool> json = CommonOptions.Json(help);
        Command command = new("verify", new Text("Revisar diario, firmas, cadenas, bloques y resúmenes; termina con 3 cuando algo difiere", "Check journal, signatures, chains, chunks and rollups; exit 3 when something differs").In(help)) { config, json };
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

    private static Command Version(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string> gateway = new("--gateway") { Description = new Text("Identificador del gateway", "Gateway identifier").In(help), Required = true, HelpName = "GATEWAY" };
        Option<string> channel = new("--channel") { Description = new Text("Identificador del canal", "Channel identifier").In(help), Required = true, HelpName = "CHANNEL" };
        Option<string?> from = new("--from") { Description = new Text("Primer instante: 2026-01-31 (UTC), o con hora y desfase; si falta, desde el principio", "First instant: 2026-01-31 (UTC) or with time and offset; the beginning without it").In(help), HelpName = "INSTANT" };
        Option<string?> to = new("--to") { Description = new Text("Primer instante que ya no se toma; si falta, hasta el final", "First instant not taken; the end without it").In(help), HelpName = "INSTANT" };
        Command command = new("version", new Text("Imprimir la versión de un intervalo de lecturas, con la que un reporte fija sus datos", "Print the version of a range of readings, by which a report pins its data").In(help)) { config, gateway, channel, from, to };
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

    private static Command Seal(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Command command = new("seal", new Text("Pasar ahora todas las lecturas a bloques; solo cuando ningún servicio usa el almacén", "Put all readings into chunks now; only when no cloud runs on the store").In(help)) { config };
        command.SetAction(async (parsed, _) =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            await store.SealAsync();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sealed through batch {store.LastSequence} of the journal"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Rebuild(TextWriter output, TextWriter error, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Command command = new("rebuild", new Text("Rehacer todos los bloques a partir del diario; detenga antes el servicio", "Make all chunks from the journal alone; stop the cloud first").In(help)) { config };
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
