using System.CommandLine;
using System.Globalization;
using Metering.Cloud.Gateways;
using Metering.Programme.Accounts;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud gateways revoke`: ends a key for ever.</summary>
internal static class GatewayRevokeCommand
{
    public static Command Create(TextWriter output)
    {
        Option<string> config = CommonOptions.Config();
        Option<string> id = new("--id") { Description = "Gateway identifier", Required = true, HelpName = "GATEWAY" };
        Option<int?> epoch = new("--epoch") { Description = "Number of the key; the newest without it", HelpName = "N" };
        Option<string> reason = new("--reason") { Description = "Why, kept for ever", Required = true, HelpName = "TEXT" };
        Option<string?> from = new("--from") { Description = "From when on its batches are refused, such as 2026-11-22T18:00:00Z; now without it", HelpName = "INSTANT" };
        Command command = new("revoke", "Refuse what a key signs from now on; works within 5 s while the cloud runs, and is never undone") { config, id, epoch, reason, from };
        command.SetAction(parsed =>
        {
            string gateway = GatewaysCommand.Name("--id", parsed.GetRequiredValue(id));
            DateTimeOffset? instant = ParseInstant(parsed.GetValue(from));
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            KeyEnd end = Revoke(store, gateway, parsed.GetValue(epoch), instant, parsed.GetRequiredValue(reason));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{gateway}: key epoch {end.KeyEpoch} is revoked from {end.RevokedFrom:yyyy-MM-ddTHH:mm:ssZ} on ({end.Reason}). What is stored stays and verifies. To go on: a new key, by 'cloud gateways code --gateway {gateway} --plant PLANT'."));
            return ExitCode.Ok;
        });
        return command;
    }

    private static KeyEnd Revoke(IReadingStore store, string gateway, int? epoch, DateTimeOffset? from, string reason)
    {
        try
        {
            return new EnrolmentDesk(store, TimeProvider.System).Revoke(gateway, epoch, from, reason);
        }
        catch (AccountFault e)
        {
            throw new CloudFault(ExitCode.Usage, "--reason: " + e.Message);
        }
    }

    private static DateTimeOffset? ParseInstant(string? text)
    {
        if (text is null)
        {
            return null;
        }

        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out DateTimeOffset instant)
            ? instant
            : throw new CloudFault(ExitCode.Usage, $"--from '{text}' is no instant: write it like 2026-11-22T18:00:00Z.");
    }
}
