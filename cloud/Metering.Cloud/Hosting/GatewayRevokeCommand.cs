using System.CommandLine;
using System.Globalization;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud gateways revoke`: ends a key for ever.</summary>
internal static class GatewayRevokeCommand
{
    private const int LongestReason = 200;

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
            string why = parsed.GetRequiredValue(reason).Trim();
            if (why.Length is 0 or > LongestReason || why.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0)
            {
                throw new CloudFault(ExitCode.Usage, $"--reason is one line of 1 to {LongestReason} characters.");
            }

            DateTimeOffset instant = ParseInstant(parsed.GetValue(from));
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            int keyEpoch = parsed.GetValue(epoch) ?? store.EnrolmentsOf(gateway).Select(enrolment => enrolment.KeyEpoch).DefaultIfEmpty(1).Max();
            store.Revoke(gateway, keyEpoch, instant, why);
            KeyEnd end = store.FindEnd(gateway, keyEpoch)!;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{gateway}: key epoch {keyEpoch} is revoked from {end.RevokedFrom:yyyy-MM-ddTHH:mm:ssZ} on ({end.Reason}). What is stored stays and verifies. To go on: a new key, by 'cloud gateways code --gateway {gateway} --plant PLANT'."));
            return ExitCode.Ok;
        });
        return command;
    }

    private static DateTimeOffset ParseInstant(string? text)
    {
        if (text is null)
        {
            return TimeProvider.System.GetUtcNow();
        }

        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out DateTimeOffset instant)
            ? instant
            : throw new CloudFault(ExitCode.Usage, $"--from '{text}' is no instant: write it like 2026-11-22T18:00:00Z.");
    }
}
