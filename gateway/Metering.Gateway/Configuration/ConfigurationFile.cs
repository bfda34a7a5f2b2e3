using System.Security.Cryptography;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Inputs;
using Metering.Gateway.Status;
using Metering.Meters.Totalisers;
using Metering.Meters.Yaml;
using Metering.Readings;

namespace Metering.Gateway.Configuration;

/// <summary>Reads the gateway's configuration. All faults of the file and of the profiles it names are told at once.</summary>
internal static class ConfigurationFile
{
    internal const int DefaultBatchReadings = 2000;
    internal const int MaximumBatchReadings = 20_000;
    private const int MaximumPort = 65_535;

    private static readonly TimeSpan DefaultBatchAge = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMilliseconds(500);

    /// <exception cref="YamlFaultException">The configuration is faulty; one line per fault.</exception>
    internal static GatewayConfiguration Load(string path)
    {
        YamlFaults faults = new();
        YamlSection? root = YamlSection.Load(path, faults);
        GatewayConfiguration? configuration = root is null ? null : Read(path, root, faults);
        faults.ThrowIfAny();
        return configuration ?? throw new YamlFaultException($"{path} could not be read");
    }

    internal static GatewayConfiguration? Read(string path, YamlSection root, YamlFaults faults)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
        string? gateway = root.Id("gateway");
        ECDsa? key = ReadKey(root, "keyFile", folder, isPrivate: true);
        long? epoch = root.Integer("keyEpoch", 1, int.MaxValue);
        string? state = root.Text("stateDirectory");
        string? profiles = root.Text("profilesDirectory", required: false);
        CloudIdentity? cloud = ReadCloud(root, folder);
        BrokerAddress? broker = ReadBroker(root, folder);
        PollingIntervals? intervals = PollingReader.Read(root.Section("polling"));
        (TimeSpan age, int readings) = ReadBatch(root.Section("batch", required: false));
        OutboxLimits outbox = OutboxReader.Read(root.Section("outbox", required: false));
        string profilesFolder = profiles is null ? Path.Combine(AppContext.BaseDirectory, "profiles") : Path.Combine(folder, profiles);
        bool hasInputs = root.Has("inputs") || root.IsDescription;
        List<BusConfiguration> buses = root.Has("buses") || !hasInputs || root.IsDescription ? new BusReader(profilesFolder, faults).Read(root.Sections("buses", required: !root.IsDescription)) : [];
        InputsSection inputs = !hasInputs ? InputsSection.Empty : new InputsReader(new() { State = Path.Combine(folder, state ?? "", InputsReader.CountsFolder) })
            .Read(root.Sections("inputs", required: !root.IsDescription), buses.SelectMany(bus => bus.Meters).Select(meter => meter.Id));
        IReadOnlyDictionary<string, TotaliserLimits> totalisers = root.Has("totalisers") || root.IsDescription
            ? TotalisersReader.Read(root.Sections("totalisers", required: !root.IsDescription), [.. buses.SelectMany(bus => bus.Meters).SelectMany(meter => meter.Channels), .. inputs.Slots.SelectMany(input => input.Channels)])
            : new Dictionary<string, TotaliserLimits>(StringComparer.Ordinal);
        StatusPageOptions statusPage = StatusPageReader.Read(root.Section("statusPage", required: false), folder);
        root.Close();
        if (gateway is null || key is null || epoch is null || state is null || cloud is null || broker is null || intervals is null || faults.Count > 0)
        {
            return null;
        }

        return new GatewayConfiguration
        {
            File = path,
            Hash = Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(path))),
            Gateway = gateway,
            Key = key,
            KeyEpoch = (int)epoch.Value,
            StateDirectory = Path.Combine(folder, state),
            Cloud = cloud,
            Broker = broker,
            Interval = intervals.Normal,
            FastInterval = intervals.Fast,
            SlowInterval = intervals.Slow,
            BatchMaximumAge = age,
            BatchMaximumReadings = readings,
            Outbox = outbox,
            StatusPage = statusPage,
            Buses = buses,
            Inputs = inputs.Slots,
            ManualChannels = inputs.Manual,
            Totalisers = totalisers,
            SecretFiles = [.. new[] { Path.Combine(folder, root.Text("keyFile") ?? ""), broker.PasswordFile, broker.Tls?.KeyFile }.OfType<string>()],
        };
    }

    internal static TimeSpan ReadTimeout(YamlSection section) =>
        section.Duration("answerTimeout", ShortestTimeout, LongestTimeout, required: false) ?? DefaultTimeout;

    internal static TcpAddress? ReadTcp(YamlSection? section)
    {
        string? host = section?.Text("host");
        long? port = section?.Integer("port", 1, MaximumPort);
        bool isRtu = section?.OneOf("framing", Framings, required: false) ?? false;
        section?.Close();
        return host is null || port is null ? null : new(host, (int)port.Value) { HasRtuFraming = isRtu };
    }

    private static readonly Dictionary<string, bool> Framings = new(StringComparer.Ordinal) { ["modbus"] = false, ["rtu"] = true };

    internal static SerialLine? ReadSerial(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        string? device = section.Text("device");
        long? baudRate = section.Integer("baudRate", 1200, 921_600);
        long? dataBits = section.Integer("dataBits", 8, 8, required: false) ?? 8;
        SerialParity? parity = section.OneOf("parity", Parities);
        long? stopBits = section.Integer("stopBits", 1, 2, required: false) ?? 1;
        Rs485Settings? rs485 = ReadRs485(section.Section("rs485", required: false));
        section.Close();
        return device is null || baudRate is null || parity is null
            ? null
            : new(device, new SerialSettings { BaudRate = (int)baudRate.Value, DataBits = (int)dataBits.Value, Parity = parity.Value, StopBits = (int)stopBits.Value, Rs485 = rs485 });
    }

    private static Rs485Settings? ReadRs485(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        bool sendsHigh = section.OneOf("sendLevel", Levels, required: false) ?? true;
        TimeSpan before = section.Duration("delayBeforeSend", TimeSpan.Zero, LongestSwitching, required: false) ?? TimeSpan.Zero;
        TimeSpan after = section.Duration("delayAfterSend", TimeSpan.Zero, LongestSwitching, required: false) ?? TimeSpan.Zero;
        section.Close();
        return new() { RtsOnSend = sendsHigh, RtsAfterSend = !sendsHigh, DelayBeforeSend = before, DelayAfterSend = after };
    }

    private static readonly Dictionary<string, bool> Levels = new(StringComparer.Ordinal) { ["high"] = true, ["low"] = false };
    private static readonly TimeSpan LongestSwitching = TimeSpan.FromMilliseconds(100);

    internal static readonly Dictionary<string, SerialParity> Parities = new(StringComparer.Ordinal)
    {
        ["none"] = SerialParity.None, ["even"] = SerialParity.Even, ["odd"] = SerialParity.Odd,
    };

    private static (TimeSpan Age, int Readings) ReadBatch(YamlSection? section)
    {
        TimeSpan age = section?.Duration("maximumAge", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), required: false) ?? DefaultBatchAge;
        long readings = section?.Integer("maximumReadings", 1, MaximumBatchReadings, required: false) ?? DefaultBatchReadings;
        section?.Close();
        return (age, (int)readings);
    }

    private static CloudIdentity? ReadCloud(YamlSection root, string folder)
    {
        YamlSection? section = root.Section("cloud");
        string? name = section?.Id("name");
        ECDsa? key = section is null ? null : ReadKey(section, "keyFile", folder, isPrivate: false);
        section?.Close();
        return name is null || key is null ? null : new(name, key);
    }

    private static BrokerAddress? ReadBroker(YamlSection root, string folder)
    {
        YamlSection? section = root.Section("broker");
        if (section is null)
        {
            return null;
        }

        string? host = section.Text("host");
        long? port = section.Integer("port", 1, MaximumPort);
        string? user = section.Text("userName", required: false);
        string? passwordFile = section.Text("passwordFile", required: false);
        string? password = passwordFile is null ? null : ReadFile(section, "passwordFile", Path.Combine(folder, passwordFile))?.TrimEnd('\r', '\n');
        BrokerTls? tls = BrokerTlsReader.Read(section.Section("tls", required: false), folder);
        section.Close();
        return host is null || port is null ? null : new(host, (int)port.Value, user, password) { Tls = tls, PasswordFile = passwordFile is null ? null : Path.Combine(folder, passwordFile) };
    }

    private static ECDsa? ReadKey(YamlSection section, string key, string folder, bool isPrivate)
    {
        string? name = section.Text(key);
        string? pem = name is null ? null : ReadFile(section, key, Path.Combine(folder, name));
        if (pem is null)
        {
            return null;
        }

        if (isPrivate && !pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            section.Fault(key, new(es: $"{name} no contiene una llave privada", en: $"{name} holds no private key"), new(es: "dé la mitad privada, el archivo sin .pub; o haga una llave nueva: gateway key --out ARCHIVO", en: "give the private half, the file without .pub; or make a new key: gateway key --out FILE"));
            return null;
        }

        try
        {
            return SigningKey.Parse(pem);
        }
        catch (WireFormatException e)
        {
            section.Fault(key, new(es: $"{name} no contiene una llave en formato PEM que sirva", en: $"{name}: {e.Message}"), isPrivate ? new(es: "haga una: gateway key --out ARCHIVO", en: "make one: gateway key --out FILE") : new(es: "copie aquí el archivo con la llave pública de la nube", en: "copy the cloud's public key file here"));
            return null;
        }
    }

    private static string? ReadFile(YamlSection section, string key, string path)
    {
        try
        {
            return System.IO.File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            section.Fault(key, new(es: $"no existe el archivo {path}", en: $"the file {path} does not exist"), key == "keyFile" && section.Path.Length == 0 ? new(es: "hágala: gateway key --out ARCHIVO", en: "make it: gateway key --out FILE") : new(es: "revise el nombre; las rutas empiezan en la carpeta de la configuración", en: "check the name; paths begin at the configuration file"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            section.Fault(key, new(es: $"el archivo {path} no se puede leer", en: $"the file {path} cannot be read: {e.Message}"), new(es: "revise su dueño y sus permisos", en: "check its owner and mode"));
        }

        return null;
    }
}
