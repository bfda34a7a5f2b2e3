using System.CommandLine;
using System.Globalization;
using Metering.Gateway.Commissioning;
using Metering.Gateway.Configuration;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Meters.Profiles;
using Metering.Meters.Yaml;
using Metering.Readings.Field;

namespace Metering.Gateway.Commands;

/// <summary>gateway check: reads the configuration and everything it names, and says what it would do.</summary>
internal static class CheckCommand
{
    private static readonly Text Whole = new(es: "{0}: gateway {1}, {2} canales cada {3}, broker {4}", en: "{0}: gateway {1}, {2} channels every {3}, broker {4}");
    private static readonly Text Rate = new(es: "cada {0} {1} consultas en {2} ms", en: "every {0} {1} requests in {2} ms");
    private static readonly Text Bus = new(es: "  bus {0} en {1}: {2} medidores, {3}", en: "  bus {0} at {1}: {2} meters, {3}");
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
            Console.Out.WriteLine(Whole.In(language, path, configuration.Gateway, configuration.Channels.Count, Duration.ToText(configuration.Interval), configuration.Broker));
            using KeyChain keys = KeyChain.Open(configuration.StateDirectory, configuration.KeyEpoch, configuration.Key);
            CommissioningFolder records = new(configuration.StateDirectory);
            IReadOnlyList<BusBudget> budgets = BusBudget.Of(configuration);
            foreach (BusBudget bus in budgets)
            {
                string rates = string.Join(", ", bus.Rates.Select(rate => Rate.In(language, Duration.ToText(rate.Interval), rate.Requests, rate.Needed.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture))));
                Console.Out.WriteLine(Bus.In(language, bus.Id, bus.Line, bus.MeterCount, rates));
                foreach (MeterConfiguration meter in configuration.Buses.First(one => one.Id == bus.Id).Meters)
                {
                    Console.Out.WriteLine($"    {meter.Id}: {meter.Profile.Reference}, {TrustOf(records, keys, meter, language)}");
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
            return Output.Fail(e.In(language), ExitCode.Configuration);
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
    private static string TrustOf(CommissioningFolder records, KeyChain keys, MeterConfiguration meter, Language language)
    {
        for (int epoch = keys.KeyEpoch; epoch >= keys.FirstEpoch; epoch--)
        {
            if (records.Valid(meter.Id, meter.Profile.Reference, keys.KeyOf(epoch)) is CommissioningRecord record)
            {
                return Commissioned.In(language, record.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), record.Number);
            }
        }

        return (meter.Profile.Trust == ProfileTrust.Simulated ? Simulated : NotCommissioned).In(language);
    }
}
