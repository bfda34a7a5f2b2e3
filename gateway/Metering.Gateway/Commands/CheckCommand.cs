using System.CommandLine;
using System.Globalization;
using Metering.Gateway.Commissioning;
using Metering.Gateway.Configuration;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Meters.Polling;
using Metering.Meters.Profiles;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway check: reads the configuration and everything it names, and says what it would do.</summary>
internal static class CheckCommand
{
    private static readonly Text Commissioned = new(es: "puesto en servicio el {0} (acta {1})", en: "commissioned on {0} (record {1})");
    private static readonly Text NotCommissioned = new(es: "sin acta: gateway commission --meter ...", en: "no record yet: gateway commission --meter ...");
    private static readonly Text Simulated = new(es: "medidor simulado", en: "a simulated meter");

    internal static Command Create(Language language)
    {
        Option<string> config = new("--config") { Description = "Configuration file.", Required = true };
        Command command = new("check", "Check the configuration and the profiles; asks no meter.") { config };
        command.SetAction(result => Check(result.GetValue(config)!, language));
        return command;
    }

    private static int Check(string path, Language language)
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
                foreach (MeterConfiguration meter in bus.Meters)
                {
                    Console.Out.WriteLine($"    {meter.Id}: {meter.Profile.Reference}, {TrustOf(configuration, meter, language)}");
                }
            }

            return 0;
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.Message, ExitCode.Configuration);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Output.Fail(e.Message, ExitCode.InputOutput);
        }
        catch (OutboxException e)
        {
            return Output.Fail(e.Message, e.ExitCode);
        }
    }

    // Only a record signed by this gateway makes a profile a commissioned one, and for that meter alone.
    private static string TrustOf(GatewayConfiguration configuration, MeterConfiguration meter, Language language)
    {
        using KeyChain keys = KeyChain.Open(configuration.StateDirectory, configuration.KeyEpoch, configuration.Key);
        CommissioningFolder folder = new(configuration.StateDirectory);
        for (int epoch = keys.KeyEpoch; epoch >= keys.FirstEpoch; epoch--)
        {
            if (folder.Valid(meter.Id, meter.Profile.Reference, keys.KeyOf(epoch)) is CommissioningRecord record)
            {
                return Commissioned.In(language, record.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), record.Number);
            }
        }

        return (meter.Profile.Trust == ProfileTrust.Simulated ? Simulated : NotCommissioned).In(language);
    }
}
