using System.CommandLine;
using System.Globalization;
using Metering.Gateway.Configuration;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway key rotate: lets a new key take over, on the old key's word.</summary>
internal static class KeyRotateCommand
{
    internal static Command Create(Language language)
    {
        Option<string> config = new("--config") { Description = new Text(es: "Archivo de configuración.", en: "Configuration file.").In(language), Required = true };
        Command command = new("rotate", new Text(es: "Crea una llave nueva avalada por la anterior. Detenga antes el gateway; la nube se entera al arrancar.", en: "Make a new key and have the old one vouch for it. Stop the gateway for it; the cloud learns of it at the next start.").In(language)) { config };
        command.SetAction(result => Rotate(result.GetValue(config)!, language));
        return command;
    }

    private static int Rotate(string path, Language language)
    {
        try
        {
            GatewayConfiguration configuration = ConfigurationFile.Load(path);
            int epoch = Rotate(configuration);
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{configuration.Gateway} signs with key epoch {epoch} from its next start. The cloud takes the new key by itself once it has everything the old one signed. Keep the old key file and the folder keys in {configuration.StateDirectory}."));
            return 0;
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.In(language), ExitCode.Configuration);
        }
        catch (OutboxException e)
        {
            return Output.Fail(e.Message, e.ExitCode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Output.Fail($"The new key cannot be stored: {e.Message} Nothing has changed. Check the disk and the owner of the state directory.", ExitCode.InputOutput);
        }
    }

    /// <summary>Rotates the key of a state directory that no gateway uses.</summary>
    /// <returns>The new key epoch.</returns>
    internal static int Rotate(GatewayConfiguration configuration)
    {
        using StateLock stateLock = StateLock.Take(configuration.StateDirectory);
        using KeyChain keys = KeyChain.Open(configuration.StateDirectory, configuration.KeyEpoch, configuration.Key);
        BatchPlaces places = new(keys.KeyEpoch, keys.Steps);
        using BatchLog batches = BatchLog.Open(Path.Combine(configuration.StateDirectory, GatewayOutbox.BatchesName), places);
        if (batches.AckedThrough > batches.LastBatch)
        {
            throw new OutboxException(
                $"The cloud has batches that {configuration.StateDirectory} does not know: it was lost or set back, so the old key cannot say where it ended. Make a new key (gateway key --out FILE), raise keyEpoch and enrol it with a code (gateway enrol).",
                ExitCode.Configuration);
        }

        keys.Rotate(configuration.Gateway, batches.NextNumber - 1, batches.LastHash);
        return keys.KeyEpoch;
    }
}
