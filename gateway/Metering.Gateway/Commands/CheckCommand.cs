using System.CommandLine;
using System.Globalization;
using Metering.Gateway.Configuration;
using Metering.Meters.Polling;
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
            foreach (BusConfiguration bus in configuration.Buses)
            {
                int requests = bus.Meters.Sum(meter => PollPlan.For(meter.Profile).Count);
                string line = bus.Tcp is TcpAddress tcp ? $"{tcp.Host}:{tcp.Port}" : bus.Serial!.Device;
                Console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"  bus {bus.Id} at {line}: {bus.Meters.Count} meters, {requests} requests a cycle; if no meter answered, a cycle would take {Duration.ToText(bus.AnswerTimeout * bus.Meters.Count)}"));
            }

            return 0;
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.Message, ExitCode.Configuration);
        }
    }
}
