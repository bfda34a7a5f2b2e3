using System.CommandLine;
using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Gateways;
using Metering.Programme.Accounts;
using Metering.Programme.Storage;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud gateways revoke`: ends a key for ever; the audit trail says who and why.</summary>
internal static class GatewayRevokeCommand
{
    public static Command Create(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string> id = new("--id") { Description = new Text("Identificador del gateway", "Gateway identifier").In(help), Required = true, HelpName = "GATEWAY" };
        Option<int?> epoch = new("--epoch") { Description = new Text("Número de la llave; si falta, la más nueva", "Number of the key; the newest without it").In(help), HelpName = "N" };
        Option<string> reason = new("--reason") { Description = new Text("El motivo; se conserva para siempre", "Why, kept for ever").In(help), Required = true, HelpName = "TEXT" };
        Option<string?> from = new("--from") { Description = new Text("Desde cuándo se rechazan sus lotes, por ejemplo 2026-11-22T18:00:00Z; si falta, desde ahora", "From when on its batches are refused, such as 2026-11-22T18:00:00Z; now without it").In(help), HelpName = "INSTANT" };
        Command command = new("revoke", new Text("Rechazar desde ahora lo que firme una llave; surte efecto en 5 s con el servicio en marcha y no se deshace nunca", "Refuse what a key signs from now on; works within 5 s while the cloud runs, and is never undone").In(help)) { config, id, epoch, reason, from };
        command.SetAction(parsed =>
        {
            string gateway = GatewaysCommand.Name("--id", parsed.GetRequiredValue(id), help);
            DateTimeOffset? instant = ParseInstant(parsed.GetValue(from), help);
            (CloudConfig settings, IReadingStore opened) = CommonOptions.OpenStore(parsed, config);
            using IReadingStore store = opened;
            KeyEnd end = Revoke(store, settings, gateway, (parsed.GetValue(epoch), instant), (parsed.GetRequiredValue(reason), help));
            output.WriteLine(new Text("{0}: la llave {1} está revocada desde {2:yyyy-MM-ddTHH:mm:ssZ} ({3}). Lo guardado se queda y se verifica. Para seguir: una llave nueva, con 'cloud gateways code --gateway {0} --plant PLANTA'.", "{0}: key epoch {1} is revoked from {2:yyyy-MM-ddTHH:mm:ssZ} on ({3}). What is stored stays and verifies. To go on: a new key, by 'cloud gateways code --gateway {0} --plant PLANT'.").In(help, gateway, end.KeyEpoch, end.RevokedFrom!, end.Reason));
            return ExitCode.Ok;
        });
        return command;
    }

    // A key that was revoked before stays as it was, and so there is nothing to tell.
    private static KeyEnd Revoke(IReadingStore store, CloudConfig settings, string gateway, (int? Epoch, DateTimeOffset? From) what, (string Text, Language Help) reason)
    {
        using ProgrammeContext context = ProgrammeDatabase.Open(settings.Programme).NewContext();
        using AccountChange change = new(context, TimeProvider.System);
        try
        {
            HashSet<int> before = [.. store.Ends().Where(end => end.Gateway == gateway && end.RevokedFrom is not null).Select(end => end.KeyEpoch)];
            KeyEnd end = new EnrolmentDesk(store, TimeProvider.System).Revoke(gateway, what.Epoch, what.From, reason.Text);
            if (!before.Contains(end.KeyEpoch))
            {
                EnrolmentTrail.Tell(change, CommandDesk.Terminal, end, store.FindEnrolment(gateway, end.KeyEpoch)!.Plant);
                change.Commit();
            }

            return end;
        }
        catch (AccountFault e)
        {
            throw new CloudFault(ExitCode.Usage, "--reason: " + e.In(reason.Help));
        }
    }

    private static DateTimeOffset? ParseInstant(string? text, Language help)
    {
        if (text is null)
        {
            return null;
        }

        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out DateTimeOffset instant)
            ? instant
            : throw new CloudFault(ExitCode.Usage, new Text("--from '{0}' no es un instante: escríbalo como 2026-11-22T18:00:00Z.", "--from '{0}' is no instant: write it like 2026-11-22T18:00:00Z.").In(help, text));
    }
}
