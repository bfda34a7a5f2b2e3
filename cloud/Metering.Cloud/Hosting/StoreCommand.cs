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
    public static SqliteStore AsFile(IReadingStore store, Language help) => store as SqliteStore
        ?? throw new CloudFault(
            ExitCode.Configuration,
            new Text("este almacén lo guarda un servidor PostgreSQL, no un archivo. Respáldelo con 'pg_dump --format=custom --schema=metering' y restáurelo con 'pg_restore', después 'cloud store verify'; allí no se depura nada.", "this store is kept by a PostgreSQL server, not in a file. Back it up with 'pg_dump --format=custom --schema=metering' and restore it with 'pg_restore', then run 'cloud store verify'; nothing is pruned there.").In(help));

    /// <summary>Prints how far long work is, at most every two seconds.</summary>
    public static StoreProgress Progress(TextWriter error, Language help)
    {
        TimeSpan interval = TimeSpan.FromSeconds(2);
        long last = TimeProvider.System.GetTimestamp();
        return (what, done, total) =>
        {
            if (TimeProvider.System.GetElapsedTime(last) >= interval)
            {
                last = TimeProvider.System.GetTimestamp();
                error.WriteLine(new Text("{0} de {1} {2}", "{0} of {1} {2}").In(help, done, total, StepOf(what, help)));
            }
        };
    }

    // What the store names while it works; a word that is not here stands as it is.
    private static string StepOf(string what, Language help) => what switch
    {
        "batches" => new Text("lotes", what).In(help),
        "chunks" => new Text("bloques", what).In(help),
        "channels with rollups" => new Text("canales con resúmenes", what).In(help),
        _ => what,
    };

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

            output.WriteLine(new Text("esquema         versión {0}", "schema          version {0}").In(help, info.SchemaVersion));
            output.WriteLine(store is SqliteStore
                ? new Text("archivo         {0} bytes, diario previo {1} bytes", "file            {0} bytes, write-ahead log {1} bytes").In(help, info.FileLength, info.WriteAheadLogLength)
                : new Text("base de datos   {0} bytes de tablas e índices", "database        {0} bytes of tables and indices").In(help, info.FileLength));
            output.WriteLine(new Text("diario          {0} lotes, {1} de ellos adelgazados, el más nuevo {2}, sellado hasta {3}", "journal         {0} batches, {1} of them thinned, newest {2}, sealed through {3}").In(help, info.Batches, info.ThinnedBatches, info.LastSequence, info.SealedThrough));
            output.WriteLine(new Text("bloques         {0} de {1} canales, {2} lecturas, {3} bytes", "chunks          {0} of {1} channels, {2} readings, {3} bytes").In(help, info.Chunks, info.Channels, info.SealedReadings, info.ChunkLength));
            output.WriteLine(new Text("resúmenes       {0} meses, {1} bytes", "rollups         {0} months, {1} bytes").In(help, info.Rollups, info.RollupLength));
            output.WriteLine(new Text("depurado        {0} días de canal", "pruned          {0} channel days").In(help, info.PrunedDays));
            output.WriteLine(new Text("apartado        {0} mensajes", "quarantined     {0} messages").In(help, info.Quarantined));
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
            VerificationReport report = store.Verify(Progress(error, help), cancellationToken);
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
            }
            else
            {
                Print(report, output, help);
            }

            return Task.FromResult(report.DifferenceCount == 0 ? ExitCode.Ok : Differs);
        });
        return command;
    }

    /// <summary>Prints what a verification found.</summary>
    public static void Print(VerificationReport report, TextWriter output, Language help)
    {
        output.WriteLine(new Text("diario    {0} lotes con {1} lecturas; {2} adelgazados, de los que se guarda el manifiesto firmado", "journal   {0} batches with {1} readings; {2} thinned ones of which the signed manifest is kept").In(help, report.Batches, report.Readings, report.ThinnedBatches));
        output.WriteLine(new Text("bloques   {0} comparados con el diario; {1} días de canal quitados a propósito", "chunks    {0} compared with the journal; {1} channel days dropped on purpose").In(help, report.Chunks, report.PrunedDays));
        output.WriteLine(new Text("resúmenes {0} al día; {1} atrasados, que se rehacen cuando se piden", "rollups   {0} fresh; {1} stale ones, which are made again when they are asked for").In(help, report.FreshRollups, report.StaleRollups));
        foreach (string difference in report.Differences)
        {
            output.WriteLine(new Text("difiere   {0}", "differs   {0}").In(help, difference));
        }

        output.WriteLine(report.DifferenceCount == 0
            ? new Text("El almacén es lo que dicen sus lotes.", "The store is what its batches say.").In(help)
            : new Text("{0} diferencias. Los bloques dañados se rehacen con 'cloud store rebuild'; los lotes dañados solo vuelven de un respaldo.", "{0} differences. Damaged chunks are remade by 'cloud store rebuild'; damaged batches only come back from a backup.").In(help, report.DifferenceCount));
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
            long first = parsed.GetValue(from) is string start ? Instant("--from", start, help) : long.MinValue;
            long end = parsed.GetValue(to) is string stop ? Instant("--to", stop, help) : long.MaxValue;
            (string gatewayId, string channelId) = (parsed.GetRequiredValue(gateway), parsed.GetRequiredValue(channel));
            try
            {
                output.WriteLine(store.VersionOf(gatewayId, channelId, first, end));
                return ExitCode.Ok;
            }
            catch (KeyNotFoundException)
            {
                throw new CloudFault(ExitCode.Data, new Text("el gateway {0} no tiene un canal {1} con lecturas. 'cloud export readings' lista los canales.", "gateway {0} has no channel {1} with readings. 'cloud export readings' lists the channels.").In(help, gatewayId, channelId));
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
            output.WriteLine(new Text("sellado hasta el lote {0} del diario", "sealed through batch {0} of the journal").In(help, store.LastSequence));
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
            long made = ReadingStores.Rebuild(settings.Store, Progress(error, help), cancellationToken);
            output.WriteLine(new Text("{0} bloques hechos a partir del diario", "{0} chunks made from the journal").In(help, made));
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    /// <summary>An instant as an option gives it, UTC ms; without an offset it is taken for UTC.</summary>
    public static long Instant(string option, string text, Language help) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
            ? instant.ToUnixTimeMilliseconds()
            : throw new CloudFault(ExitCode.Usage, new Text("{0} '{1}' no es un instante: escriba 2026-01-31 o 2026-01-31T06:00:00-06:00.", "{0} '{1}' is no instant: write 2026-01-31 or 2026-01-31T06:00:00-06:00.").In(help, option, text));
}
