using System.CommandLine;
using System.Text.Json;
using Metering.Gateway.Configuration;
using Metering.Gateway.Diagnosis.Health;
using Metering.Gateway.Outbox;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway doctor: looks at all a gateway needs, one line each, and says what to do.</summary>
internal static class DoctorCommand
{
    private static readonly Text About = new(es: "Revisa lo que el gateway necesita y dice qué hacer.", en: "Check all a gateway needs, and say what to do.");
    private static readonly Text Config = new(es: "Archivo de configuración; sin él solo se revisan la máquina y los puertos.", en: "Configuration file; without it only the machine and the ports are checked.");
    private static readonly Text Rtu = new(es: "Puerto serie que revisar.", en: "Serial device to check.");
    private static readonly Text Tcp = new(es: "IP:PUERTO del medidor o convertidor que revisar.", en: "HOST:PORT of a meter or converter to check.");
    private static readonly Text Json = new(es: "Exactamente un objeto JSON en la salida estándar.", en: "Exactly one JSON object on standard output.");

    internal static Command Create(Language language)
    {
        Option<string?> config = new("--config") { Description = Config.In(language) };
        Option<string?> rtu = new("--rtu") { Description = Rtu.In(language) };
        Option<string?> tcp = new("--tcp") { Description = Tcp.In(language) };
        Option<bool> json = new("--json") { Description = Json.In(language) };
        Command command = new("doctor", About.In(language)) { config, rtu, tcp, json };
        command.SetAction(async (result, cancellationToken) =>
        {
            ToolOutput output = new(language, result.GetValue(json));
            string host = "";
            int port = 0;
            if (result.GetValue(tcp) is string address && !Output.TryParseAddress(address, out host, out port))
            {
                return output.FailUsage(new Text(es: $"--tcp '{address}' no es IP:PUERTO.", en: $"--tcp '{address}' is not HOST:PORT.").In(language));
            }

            List<HealthCheck> checks = [.. await CheckAsync(result.GetValue(config), result.GetValue(rtu), "/", cancellationToken)];
            if (port > 0)
            {
                checks.Add(MeterHost(new(host, port)));
            }

            Tell(checks, output);
            return HealthCheck.WorstExitCode(checks);
        });
        return command;
    }

    /// <summary>All checks, in the order they are told.</summary>
    /// <param name="configFile">The configuration; null checks the machine only.</param>
    /// <param name="device">A serial device to look at besides those of the configuration.</param>
    /// <param name="root">Where /dev, /sys and /proc stand: "/" but in tests.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    internal static async Task<IReadOnlyList<HealthCheck>> CheckAsync(string? configFile, string? device, string root, CancellationToken cancellationToken)
    {
        List<HealthCheck> checks = [MachineHealth.Clock(TimeProvider.System), MachineHealth.TimeZones(root)];
        if (MachineHealth.Service(root) is HealthCheck service)
        {
            checks.Add(service);
        }

        if (device is not null)
        {
            checks.AddRange(new SerialHealth(device, null, root).Check());
        }

        if (configFile is null)
        {
            return checks;
        }

        try
        {
            GatewayConfiguration configuration = ConfigurationFile.Load(configFile);
            checks.Add(HealthCheck.Good(
                "configuration",
                $"{configFile} está bien: {configuration.Channels.Count} canales, llave propia, llave de la nube y perfiles presentes.",
                $"{configFile} is right: {configuration.Channels.Count} channels; own key, the cloud's key and the profiles are there."));
            await CheckAsync(configuration, checks, root, cancellationToken);
        }
        catch (YamlFaultException e)
        {
            checks.AddRange(e.Faults.Select(fault => HealthCheck.Bad(
                "configuration", new(es: fault.In(Language.Spanish), en: fault.In(Language.English)), new(es: "Corrija esa línea y pruebe otra vez.", en: "Correct that line and try again."), ExitCode.Configuration)));
        }

        return checks;
    }

    private static async Task CheckAsync(GatewayConfiguration configuration, List<HealthCheck> checks, string root, CancellationToken cancellationToken)
    {
        checks.AddRange(SecretHealth.Check(configuration.SecretFiles));
        checks.AddRange(MachineHealth.Disk(Path.GetFullPath(configuration.StateDirectory)));
        if (OutboxGlance.Take(configuration.StateDirectory) is OutboxGlance glance)
        {
            checks.AddRange(glance.Checks(TimeProvider.System));
        }

        checks.AddRange(LogHealth.Check(new(configuration.StateDirectory, configuration.Cloud.Name, configuration.Cloud.Key)));
        foreach (BusConfiguration bus in configuration.Buses)
        {
            if (bus.Serial is SerialLine serial)
            {
                checks.AddRange(new SerialHealth(serial.Device, serial.Settings.Parity, root).Check());
            }
            else if (bus.Tcp is TcpAddress tcp)
            {
                checks.Add(MeterHost(tcp));
            }
        }

        checks.AddRange(await BrokerHealth.CheckAsync(GatewayHost.BrokerOptionsOf(configuration), IsRunning(configuration.StateDirectory), TimeProvider.System, cancellationToken));
    }

    private static HealthCheck MeterHost(TcpAddress tcp)
    {
        Lines.ToolLine line = new() { Tcp = tcp, AnswerTimeout = TimeSpan.FromSeconds(1) };
        try
        {
            using Metering.Fieldbus.Modbus.IModbusTransport transport = line.Transport();
            transport.Open();
            return HealthCheck.Good("meter-host", $"{line.Place} acepta conexiones.", $"{line.Place} takes connections.");
        }
        catch (Metering.Fieldbus.FieldbusException e)
        {
            Diagnosis.Advice spanish = Lines.LineFault.Of(e, line, Language.Spanish);
            Diagnosis.Advice english = Lines.LineFault.Of(e, line, Language.English);
            return HealthCheck.Bad("meter-host", new(es: spanish.What, en: english.What), new(es: string.Join("; ", spanish.Checks), en: string.Join("; ", english.Checks)), Diagnosis.Symptoms.ExitCodeOf(english.Symptom));
        }
    }

    private static bool IsRunning(string stateDirectory)
    {
        if (!File.Exists(Path.Combine(stateDirectory, "lock")))
        {
            return false;
        }

        try
        {
            using StateLock stateLock = StateLock.Take(stateDirectory);
            return false;
        }
        catch (OutboxException e)
        {
            return e.ExitCode == ExitCode.TryLater;
        }
    }

    /// <summary>One check as a person reads it: mark, what, what to do.</summary>
    internal static string Line(HealthCheck check, Language language)
    {
        string mark = check.Mark switch { HealthMark.Good => "✔", HealthMark.Notice => "!", _ => "✖" };
        return $"{mark} {check.What.In(language)}{(check.Remedy is null ? "" : " → " + check.Remedy.In(language))}";
    }

    private static void Tell(IReadOnlyList<HealthCheck> checks, ToolOutput output)
    {
        if (output.IsJson)
        {
            ToolOutput.WriteJson(json => WriteJson(json, checks, output.Language));
            return;
        }

        foreach (HealthCheck check in checks)
        {
            Console.Out.WriteLine(Line(check, output.Language));
        }
    }

    private static void WriteJson(Utf8JsonWriter json, IReadOnlyList<HealthCheck> checks, Language language)
    {
        json.WriteStartArray("checks");
        foreach (HealthCheck check in checks)
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteString("mark", check.Mark switch { HealthMark.Good => "good", HealthMark.Notice => "notice", _ => "bad" });
            json.WriteString("what", check.What.In(language));
            json.WriteString("remedy", check.Remedy?.In(language));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
