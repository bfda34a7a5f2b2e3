using System.CommandLine;
using System.Globalization;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud gateways code`: a one-time code by which a gateway makes its key known.</summary>
internal static class GatewayCodeCommand
{
    private const int LongestHours = 24 * 30;

    public static Command Create(TextWriter output)
    {
        Option<string> config = CommonOptions.Config();
        Option<string> gateway = new("--gateway") { Description = "Gateway identifier, as in its own configuration", Required = true, HelpName = "GATEWAY" };
        Option<string> plant = new("--plant") { Description = "Plant it stands in", Required = true, HelpName = "PLANT" };
        Option<string> valid = new("--valid") { Description = "How long the code may be used, such as 24h or 7d", DefaultValueFactory = _ => "24h", HelpName = "TIME" };
        Command command = new("code", "Print a one-time code that enrols a gateway; a new code voids the unused one before it") { config, gateway, plant, valid };
        command.SetAction(parsed =>
        {
            string id = GatewaysCommand.Name("--gateway", parsed.GetRequiredValue(gateway));
            string plantId = GatewaysCommand.Name("--plant", parsed.GetRequiredValue(plant));
            TimeSpan length = ParseLength(parsed.GetRequiredValue(valid));
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            Offer(store, id, plantId, TimeProvider.System.GetUtcNow() + length, output);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Offer(IReadingStore store, string gateway, string plant, DateTimeOffset expires, TextWriter output)
    {
        string code = EnrolmentRequest.NewCode();
        store.OfferCode(new(gateway, plant, EnrolmentRequest.HashOf(code)!, expires));
        output.WriteLine(code);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Enrols gateway {gateway} for plant {plant}, once, until {expires:yyyy-MM-ddTHH:mm:ssZ}. It is not shown again."));
        output.WriteLine($"At the broker, if the gateway has no login there yet:  mosquitto_passwd /etc/mosquitto/passwords {gateway}   (then: systemctl reload mosquitto)");
        output.WriteLine($"At the gateway:  gateway enrol --config gateway.yaml --code {code}");
    }

    private static TimeSpan ParseLength(string text)
    {
        int hours = text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? text[^1] switch { 'h' => count, 'd' when count <= LongestHours => count * 24, _ => 0 }
            : 0;
        return hours is >= 1 and <= LongestHours
            ? TimeSpan.FromHours(hours)
            : throw new CloudFault(ExitCode.Usage, $"--valid '{text}' is no time: write whole hours or days such as 24h or 7d, 30 days at most.");
    }
}
