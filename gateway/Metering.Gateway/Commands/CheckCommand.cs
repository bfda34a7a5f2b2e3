using System.CommandLine;
using System.Globalization;
using Metering.Gateway.Commissioning;
using Metering.Gateway.Configuration;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
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
        Option<string> config = new("--config") { Description = new Text(es: "Archivo de configuración.", en: "Configuration file.").In(language), Required = true };
        Command command = new("check", new Text(es: "Revisa la configuración y los perfiles; no pregunta a ningún medidor.", en: "Check the configuration and the profiles; asks no meter.").In(language)) { config };
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
            IReadOnlyList<BusBudget> budgets = BusBudget.Of(configuration);
            foreach (BusBudget bus in budgets)
            {
                string rates = string.Join(", ", bus.Rates.Select(rate => string.Create(
                    CultureInfo.InvariantCulture, $"every {Duration.ToText(rate.Interval)} {rate.Requests} requests in {rate.Needed.TotalMilliseconds:0} ms")));
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  bus {bus.Id} at {bus.Line}: {bus.MeterCount} meters, {rates}"));
                foreach (MeterConfiguration meter in configuration.Buses.First(one => one.Id == bus.Id).Meters)
                {
                    Console.Out.WriteLine($"    {meter.Id}: {meter.Profile.Reference}, {TrustOf(configuration, meter, language)}");
                }
            }

            // A bus that cannot keep its interval is a fault of the configuration, however well it is written.
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
