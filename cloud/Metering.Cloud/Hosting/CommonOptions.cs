using System.CommandLine;
using Metering.Cloud.Accounts;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>What many commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Config(Language help) =>
        new("--config") { Description = CommandWords.Config.In(help), Required = true, HelpName = "FILE" };

    public static Option<bool> Json(Language help) => new("--json") { Description = CommandWords.Json.In(help) };

    /// <summary>Opens the store that the configuration names.</summary>
    public static (CloudConfig Config, IReadingStore Store) OpenStore(ParseResult parsed, Option<string> option)
    {
        CloudConfig config = CloudConfigReader.Read(parsed.GetRequiredValue(option), isForRun: false);
        return (config, ReadingStores.Open(config.Store, TimeProvider.System));
    }

    /// <summary>The store's file, for work that is done on a file.</summary>
    /// <exception cref="CloudFault">The store stands in PostgreSQL.</exception>
    public static string StoreFile(CloudConfig config, Language help) => config.Store.File
        ?? throw new CloudFault(
            ExitCode.Configuration,
            new Text("esto trabaja sobre un almacén que es un archivo, y {0} nombra {1}. Use los programas de la base de datos: pg_dump y pg_restore para el esquema metering.", "this works on a store that is a file, and {0} names {1}. Use the database's own programs: pg_dump and pg_restore for the schema metering.").In(help, config.File, config.Store));
}
