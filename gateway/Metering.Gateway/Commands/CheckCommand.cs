using System.CommandLine;
using System.Globalization;
using Metering.Gateway.Configuration;
using Metering.Gateway.Polling;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway check: reads the configuration and everything it names, and says what it would do.</summary>
internal static class CheckCommand
{
    internal static Command Create()
    {
        Option<string> config = new("--config") { Description = "Configuration file.", Required = true };
        Command command = new("check", "Check the configuration and the profiles; asks no meter.") { config };
        command.SetAction(result => Check(result.GetValue(config)!));
        return command;
    }

    private static int Check(string path)
    {
        try
        {
            GatewayConfiguration configuration = ConfigurationFile.Load(path);
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: gateway {configuration.Gateway}, {configuration.Channels.Count} channels every {Duration.ToText(configuration.Interval)}, broker {configuration.Broker}"));
            IReadOnlyList<BusBudget> budgets = BusBudget.Of(configuration);
            foreach (BusBudget bus in budgets)
            {
                string rates = string.Join(", ", bus.Rates.Select(rate => string.Create(
                    CultureInfo.InvariantCulture, $"every {Duration.ToText(rate.Interval)} {rate.Requests} requests in {rate.Needed.TotalMilliseconds:0} ms")));
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  bus {bus.Id} at {bus.Line}: {bus.MeterCount} meters, {rates}"));
            }

            // A bus that cannot keep its interval is a fault of the configuration, however well it is written.
            Language language = Languages.OfTerminal(Environment.GetEnvironmentVariable);
            foreach (string warning in PlanCommand.Warnings(budgets, language))
            {
                Console.Error.WriteLine(warning);
            }

            return budgets.Any(bus => bus.Tightest is not null) ? ExitCode.Configuration : 0;
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.Message, ExitCode.Configuration);
        }
    }
}
