using System.CommandLine;
using System.Runtime.InteropServices;
using Metering.Fieldbus;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Commands.Lines;
using Metering.Gateway.Commands.Scanning;
using Metering.Gateway.Configuration;
using Metering.Gateway.Diagnosis;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway scan: finds the meters of a line and their settings, and prints the configuration for them.</summary>
internal static class ScanCommand
{
    private const string AnswerTimeout = "200ms";

    private static readonly Text About = new(
        es: "Busca los medidores de una línea: velocidad, paridad y dirección. Solo lee.",
        en: "Find the meters of a line: speed, parity and address. Reads only.");

    private static readonly Text Config = new(es: "Configuración cuyos ajustes se prueban primero y cuyos medidores se esperan.", en: "Configuration whose settings are tried first and whose meters are expected.");
    private static readonly Text Fast = new(es: "Solo los ajustes usuales y las unidades 1 a 10 y 247.", en: "The usual settings and units 1 to 10 and 247 only.");
    private static readonly Text Profiles = new(es: "Carpeta de perfiles; si falta, los incluidos.", en: "Folder of profiles; left out, those that come along.");
    private static readonly Text Json = new(es: "Exactamente un objeto JSON en la salida estándar.", en: "Exactly one JSON object on standard output.");

    internal static Command Create(Language language)
    {
        ToolLineOptions lines = new(language, AnswerTimeout);
        Option<string?> config = new("--config") { Description = Config.In(language) };
        Option<bool> fast = new("--fast") { Description = Fast.In(language) };
        Option<string?> profiles = new("--profiles") { Description = Profiles.In(language) };
        Option<bool> json = new("--json") { Description = Json.In(language) };
        Command command = new("scan", About.In(language)) { config, fast, profiles, json };
        lines.AddTo(command);
        command.SetAction((result, _) =>
        {
            ToolOutput output = new(language, result.GetValue(json));
            if (lines.TryRead(result, out ToolLine? line) is string problem)
            {
                return Task.FromResult(output.FailUsage(problem));
            }

            BusConfiguration? known;
            try
            {
                known = result.GetValue(config) is string file ? BusOf(ConfigurationFile.Load(file), line!) : null;
            }
            catch (YamlFaultException e)
            {
                return Task.FromResult(output.Fail("configuration", e.In(language), ExitCode.Configuration));
            }

            List<SerialSettings> first = lines.HasSettings(result) && line!.Serial is SerialLine given ? [given.Settings] : [];
            if (known?.Serial is SerialLine last)
            {
                first.Add(last.Settings);
            }

            bool isFast = result.GetValue(fast);
            ScanPlan plan = line!.IsTcp ? ScanPlan.ForTcp(line, lines.HasFraming(result), isFast) : ScanPlan.ForSerial(line, first, isFast);
            ProfileMatcher matcher = ProfileMatcher.Load(result.GetValue(profiles) ?? Path.Combine(AppContext.BaseDirectory, "profiles"));
            return Task.FromResult(Scan(plan, matcher, known?.Meters.Select(meter => meter.Unit).ToArray() ?? [], output));
        });
        return command;
    }

    private static BusConfiguration? BusOf(GatewayConfiguration configuration, ToolLine line) =>
        configuration.Buses.FirstOrDefault(bus => line.Tcp is not null
            ? bus.Tcp is TcpAddress tcp && (tcp.Host, tcp.Port) == (line.Tcp.Host, line.Tcp.Port)
            : bus.Serial is SerialLine serial && PortHolders.Final(serial.Device) == PortHolders.Final(line.Serial!.Device));

    private static int Scan(ScanPlan plan, ProfileMatcher matcher, byte[] expected, ToolOutput output)
    {
        using CancellationTokenSource stopping = new();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }

        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        ScanTicker ticker = new(Console.Error, !Console.IsErrorRedirected, output.Language, TimeProvider.System);
        LineScan scan = new(plan, line => line.Transport(), (client, line, unit) => DeviceIdentifier.Identify(client, line, unit, matcher), TimeProvider.System);
        ScanResult result;
        try
        {
            result = scan.Run(ticker.Show, stopping.Token);
        }
        catch (FieldbusException e)
        {
            return output.Fail(LineFault.Of(e, plan.Steps[0].Line, output.Language));
        }
        catch (ArgumentException e)
        {
            return output.FailUsage(Output.FirstLine(e));
        }
        finally
        {
            ticker.End();
        }

        ScanReport.Tell(result, expected, output.Language, Console.Error);
        if (output.IsJson)
        {
            ToolOutput.WriteJson(json => ScanReport.WriteJson(json, result, expected, output.Language));
        }
        else if (result.Devices.Count > 0)
        {
            Console.Out.Write(ScanReport.Yaml(result, output.Language, "/"));
        }

        return result.Devices.Count > 0 ? 0 : ExitCode.Unavailable;
    }
}
