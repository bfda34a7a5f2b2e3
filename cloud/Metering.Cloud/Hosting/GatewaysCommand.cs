using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Metering.Cloud.Accounts;
using Metering.Cloud.Gateways;
using Metering.Ingestion.Import;
using Metering.Programme.Accounts;
using Metering.Programme.Storage;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud gateways code|enrol|revoke|list`: which gateway stands in which plant, and by which key it is known.</summary>
internal static class GatewaysCommand
{
    public static Command Create(TextWriter output, Language help) => new("gateways", new Text("Gateways de los que el servicio recibe lecturas", "Gateways the cloud takes readings from").In(help)) { GatewayCodeCommand.Create(output, help), Enrol(output, help), GatewayRevokeCommand.Create(output, help), List(output, help) };

    private static Command Enrol(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string> id = new("--id") { Description = new Text("Identificador del gateway, como en su propia configuración", "Gateway identifier, as in its own configuration").In(help), Required = true, HelpName = "GATEWAY" };
        Option<string> plant = new("--plant") { Description = new Text("Planta en la que está", "Plant it stands in").In(help), Required = true, HelpName = "PLANT" };
        Option<string> key = new("--key") { Description = new Text("La llave pública del gateway, como la escribió 'gateway key'", "The gateway's public key, as 'gateway key' wrote it").In(help), Required = true, HelpName = "PUBLIC.pem" };
        Option<int> epoch = new("--epoch") { Description = new Text("Número de la llave: 1, y uno más por cada llave nueva", "Number of the key: 1, and one more for each new key").In(help), DefaultValueFactory = _ => 1, HelpName = "N" };
        Command command = new("enrol", new Text("Dar de alta la llave de un gateway; también con el servicio en marcha", "Make a gateway's key known; works while the cloud runs").In(help)) { config, id, plant, key, epoch };
        command.SetAction(parsed =>
        {
            (string gateway, string plantId, int keyEpoch) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(plant), parsed.GetValue(epoch));
            GatewayEnrolment enrolment = new(Name("--id", gateway, help), keyEpoch, Name("--plant", plantId, help), ReadPublicKey(parsed.GetRequiredValue(key), help));
            if (gateway.StartsWith(ImportOptions.Prefix, StringComparison.Ordinal))
            {
                throw new CloudFault(ExitCode.Usage, new Text("--id '{0}': los nombres que empiezan con '{1}' son de las importaciones. Dé otro nombre al gateway.", "--id '{0}': names that begin with '{1}' belong to imports. Give the gateway another name.").In(help, gateway, ImportOptions.Prefix));
            }

            if (keyEpoch < 1)
            {
                throw new CloudFault(ExitCode.Usage, new Text("--epoch cuenta las llaves desde 1.", "--epoch counts keys from 1.").In(help));
            }

            (CloudConfig settings, IReadingStore opened) = CommonOptions.OpenStore(parsed, config);
            using IReadingStore store = opened;
            using ProgrammeContext context = ProgrammeDatabase.Open(settings.Programme).NewContext();
            using AccountChange change = new(context, TimeProvider.System);
            store.Enrol(enrolment);
            EnrolmentTrail.Tell(change, CommandDesk.Terminal, enrolment);
            change.Commit();
            output.WriteLine(new Text("{0} dado de alta en la planta {1}, llave {2}", "{0} enrolled for plant {1}, key epoch {2}").In(help, gateway, plantId, keyEpoch));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command List(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<bool> json = CommonOptions.Json(help);
        Command command = new("list", new Text("Listar las llaves dadas de alta: gateway, número de la llave, planta, huella de la llave, origen (gateway: grado de evidencia B, y C lo que capturan personas junto a una foto, si no D; importación: D), estado", "List enrolled keys: gateway, key epoch, plant, key fingerprint, origin (gateway: evidence grade B, and of what people enter C beside a photo, else D; import: D), state").In(help)) { config, json };
        command.SetAction(parsed =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            Dictionary<(string, int), KeyEnd> ends = store.Ends().ToDictionary(end => (end.Gateway, end.KeyEpoch));
            var rows = store.Enrolments().Select(enrolment => (Enrolment: enrolment, End: ends.GetValueOrDefault((enrolment.Gateway, enrolment.KeyEpoch)))).Select(key => new
            {
                key.Enrolment.Gateway, key.Enrolment.KeyEpoch, key.Enrolment.Plant, KeyFingerprint = GatewayKey.FingerprintOf(key.Enrolment), Origin = Evidence.Grades.WordOf(key.Enrolment.Origin),
                key.End?.RevokedFrom, RevokedBecause = key.End?.RevokedFrom is null ? null : key.End.Reason, key.End?.ClosedThrough,
            });
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(new { gateways = rows }, JsonSerializerOptions.Web));
                return ExitCode.Ok;
            }

            foreach (var row in rows)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Gateway}\t{row.KeyEpoch}\t{row.Plant}\t{row.KeyFingerprint}\t{row.Origin}\t{State(row.RevokedFrom, row.RevokedBecause, row.ClosedThrough)}"));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static string State(DateTimeOffset? revokedFrom, string? reason, long? closedThrough)
    {
        string closed = closedThrough is long through ? string.Create(CultureInfo.InvariantCulture, $"closed with batch {through}") : "in use";
        return revokedFrom is DateTimeOffset from ? string.Create(CultureInfo.InvariantCulture, $"revoked from {from:yyyy-MM-ddTHH:mm:ssZ}: {reason}") : closed;
    }

    internal static string Name(string option, string text, Language help) =>
        Identifier.IsValid(text) ? text : throw new CloudFault(ExitCode.Usage, new Text("{0} '{1}' no es un identificador: {2}.", "{0} '{1}' is no identifier: {2}.").In(help, option, text, Identifier.RuleText.In(help)));

    // Only the public half may enter the store, whichever half the file holds.
    private static string ReadPublicKey(string file, Language help)
    {
        try
        {
            using ECDsa key = SigningKey.Load(file);
            return SigningKey.PublicPem(key);
        }
        catch (Exception e) when (e is WireFormatException or PlatformNotSupportedException)
        {
            throw new CloudFault(ExitCode.Data, new Text("{0}: no hay una llave P-256 en forma PEM. Dé el archivo .pub que escribió 'gateway key --out ARCHIVO'.", "{0}: no P-256 key in PEM form. Give the .pub file that 'gateway key --out FILE' wrote.").In(help, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CloudFault(ExitCode.InputOutput, new Text("{0} no se puede leer: {1} Dé el archivo .pub que escribió 'gateway key --out ARCHIVO'.", "{0} cannot be read: {1} Give the .pub file that 'gateway key --out FILE' wrote.").In(help, file, e.Message));
        }
    }
}
