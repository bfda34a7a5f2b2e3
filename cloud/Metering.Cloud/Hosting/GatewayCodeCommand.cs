using System.CommandLine;
using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Gateways;
using Metering.Programme.Accounts;
using Metering.Programme.Storage;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud gateways code`: a one-time code by which a gateway makes its key known; the audit trail says who made it, and never the code.</summary>
internal static class GatewayCodeCommand
{
    private const int LongestHours = EnrolmentDesk.LongestHours;

    public static Command Create(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string> gateway = new("--gateway") { Description = new Text("Identificador del gateway, como en su propia configuración", "Gateway identifier, as in its own configuration").In(help), Required = true, HelpName = "GATEWAY" };
        Option<string> plant = new("--plant") { Description = new Text("Planta en la que está", "Plant it stands in").In(help), Required = true, HelpName = "PLANT" };
        Option<string> valid = new("--valid") { Description = new Text("Cuánto tiempo sirve el código, por ejemplo 24h o 7d", "How long the code may be used, such as 24h or 7d").In(help), DefaultValueFactory = _ => "24h", HelpName = "TIME" };
        Command command = new("code", new Text("Imprimir un código de un solo uso que da de alta un gateway; un código nuevo anula el anterior que no se usó", "Print a one-time code that enrols a gateway; a new code voids the unused one before it").In(help)) { config, gateway, plant, valid };
        command.SetAction(parsed =>
        {
            string id = GatewaysCommand.Name("--gateway", parsed.GetRequiredValue(gateway), help);
            string plantId = GatewaysCommand.Name("--plant", parsed.GetRequiredValue(plant), help);
            TimeSpan length = ParseLength(parsed.GetRequiredValue(valid), help);
            (CloudConfig settings, IReadingStore opened) = CommonOptions.OpenStore(parsed, config);
            using IReadingStore store = opened;
            Tell(Offer(store, settings, id, plantId, length, help), output, help);
            return ExitCode.Ok;
        });
        return command;
    }

    private static OfferedEnrolment Offer(IReadingStore store, CloudConfig settings, string gateway, string plant, TimeSpan length, Language help)
    {
        using ProgrammeContext context = ProgrammeDatabase.Open(settings.Programme).NewContext();
        using AccountChange change = new(context, TimeProvider.System);
        try
        {
            OfferedEnrolment offered = new EnrolmentDesk(store, TimeProvider.System).Offer(gateway, plant, length, mayMove: true);
            EnrolmentTrail.Tell(change, CommandDesk.Terminal, offered);
            change.Commit();
            return offered;
        }
        catch (AccountFault e)
        {
            throw new CloudFault(ExitCode.Usage, e.In(help));
        }
    }

    private static void Tell(OfferedEnrolment offered, TextWriter output, Language help)
    {
        output.WriteLine(offered.Code);
        output.WriteLine(new Text("Da de alta el gateway {0} en la planta {1}, una sola vez, hasta {2:yyyy-MM-ddTHH:mm:ssZ}. No se vuelve a mostrar.", "Enrols gateway {0} for plant {1}, once, until {2:yyyy-MM-ddTHH:mm:ssZ}. It is not shown again.").In(help, offered.Gateway, offered.Plant, offered.Expires));
        output.WriteLine(new Text("En el broker, si el gateway aún no tiene usuario allí:  {0}   (después: systemctl reload mosquitto)", "At the broker, if the gateway has no login there yet:  {0}   (then: systemctl reload mosquitto)").In(help, offered.CommandAtBroker));
        output.WriteLine(new Text("En el gateway:  {0}", "At the gateway:  {0}").In(help, offered.CommandAtGateway));
    }

    private static TimeSpan ParseLength(string text, Language help)
    {
        int hours = text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? text[^1] switch { 'h' => count, 'd' when count <= LongestHours => count * 24, _ => 0 }
            : 0;
        return hours is >= 1 and <= LongestHours
            ? TimeSpan.FromHours(hours)
            : throw new CloudFault(ExitCode.Usage, new Text("--valid '{0}' no es un tiempo: escriba horas o días enteros, por ejemplo 24h o 7d, 30 días a lo más.", "--valid '{0}' is no time: write whole hours or days such as 24h or 7d, 30 days at most.").In(help, text));
    }
}
