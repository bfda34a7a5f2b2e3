using System.Globalization;
using Metering.Gateway.Outbox;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;
using Metering.Meters.Yaml;
using Metering.Readings;

namespace Metering.Gateway.Configuration;

/// <summary>Reads the buses and meters of a configuration, with the profiles they name.</summary>
internal sealed class BusReader(string profilesFolder, YamlFaults faults)
{
    private const string ProfileEnding = ".yaml";

    private readonly Dictionary<string, DeviceProfile?> _profiles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _meterIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _lines = new(StringComparer.OrdinalIgnoreCase);
    private int _channels;

    internal List<BusConfiguration> Read(IReadOnlyList<YamlSection> sections)
    {
        List<BusConfiguration> buses = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (YamlSection section in sections)
        {
            string? id = section.Id("id");
            if (id is not null && !ids.Add(id))
            {
                section.Fault("id", new(es: $"dos buses se llaman '{id}'", en: $"two buses are called '{id}'"), new(es: "dé a cada uno un nombre propio", en: "give each a name of its own"));
            }

            TcpAddress? tcp = ConfigurationFile.ReadTcp(section.Section("tcp", required: false));
            SerialLine? serial = ConfigurationFile.ReadSerial(section.Section("serial", required: false));
            if (section.Has("tcp") == section.Has("serial"))
            {
                section.Fault("tcp", new(es: "un bus tiene tcp o serial, uno de los dos", en: "a bus has either tcp or serial"), new(es: "escriba uno: tcp: { host: ..., port: 502 }, serial: { device: ..., baudRate: 9600, parity: even }", en: "write one of: tcp: { host: ..., port: 502 }, serial: { device: ..., baudRate: 9600, parity: even }"));
            }

            CheckLine(section, id, tcp, serial);
            TimeSpan timeout = ConfigurationFile.ReadTimeout(section);
            List<MeterConfiguration> meters = ReadMeters(section.Sections("meters"), isSerial: section.Has("serial"));
            section.Close();
            if (id is not null)
            {
                buses.Add(new() { Id = id, Tcp = tcp, Serial = serial, AnswerTimeout = timeout, Meters = meters });
            }
        }

        return buses;
    }

    // Two buses on one line would talk at the same time, as two masters do.
    private void CheckLine(YamlSection section, string? id, TcpAddress? tcp, SerialLine? serial)
    {
        string? line = tcp is not null ? string.Create(CultureInfo.InvariantCulture, $"{tcp.Host}:{tcp.Port}")
            : serial is null ? null
            : (File.Exists(serial.Device) ? File.ResolveLinkTarget(serial.Device, returnFinalTarget: true)?.FullName : null) ?? Path.GetFullPath(serial.Device);
        if (line is not null && !_lines.TryAdd(line, id ?? "another bus"))
        {
            section.Fault(tcp is not null ? "tcp" : "serial", new(es: $"{line} ya es del bus '{_lines[line]}'", en: $"{line} belongs to the bus '{_lines[line]}' already"), new(es: "por una línea pasa una consulta a la vez: ponga todos sus medidores en un bus, cada uno con su dirección (unit)", en: "one line carries one request at a time: put all its meters under one bus, each with its own unit"));
        }
    }

    private List<MeterConfiguration> ReadMeters(IReadOnlyList<YamlSection> sections, bool isSerial)
    {
        List<MeterConfiguration> meters = [];
        Dictionary<long, string> units = [];
        foreach (YamlSection section in sections)
        {
            string? id = section.Id("id");
            long? unit = section.Integer("unit", isSerial ? 1 : 0, isSerial ? 247 : 255);
            DeviceProfile? profile = section.Id("profile") is string name ? FindProfile(section, name) : null;
            TransformerRatios transformers = new(ReadRatio(section, "currentTransformer", "200/5"), ReadRatio(section, "voltageTransformer", "13200/120"));
            TimeSpan? interval = PollingReader.ReadInterval(section, "interval", required: false);
            TimeSpan? timeout = section.Has("answerTimeout") ? ConfigurationFile.ReadTimeout(section) : null;
            section.Close();
            if (id is not null && !_meterIds.Add(id))
            {
                section.Fault("id", new(es: $"dos medidores se llaman '{id}'", en: $"two meters are called '{id}'"), new(es: "los nombres de canal no se repiten en todo el gateway", en: "channel names must differ in the whole gateway"));
            }

            if (unit is long number && !units.TryAdd(number, id ?? "another meter"))
            {
                section.Fault("unit", new(es: $"la dirección {number} ya es de '{units[number]}' en este bus", en: $"unit {number} belongs to '{units[number]}' on this bus already"), new(es: "dos aparatos con la misma dirección hablan a la vez; cambie uno", en: "two devices with one address talk at the same time; change one of them"));
            }

            if (id is null || unit is null || profile is null)
            {
                continue;
            }

            CheckChannels(section, id, profile);
            CheckRatio(section, "currentTransformer", transformers.Current is not null, TransformerRatios.NeedsCurrent(profile), profile.Name);
            CheckRatio(section, "voltageTransformer", transformers.Voltage is not null, TransformerRatios.NeedsVoltage(profile), profile.Name);
            if (!transformers.TryApply(profile, out DeviceProfile applied, out Text? problem) && transformers.Suffice(profile))
            {
                section.Fault("profile", problem!, new(es: "compare las relaciones con las placas", en: "check the ratios against the nameplates"));
            }

            meters.Add(new(id, (byte)unit.Value, applied, interval) { AnswerTimeout = timeout, Transformers = transformers });
        }

        return meters;
    }

    private static ExactRatio? ReadRatio(YamlSection section, string key, string example)
    {
        string? text = section.Text(key, required: false, $"Ratio primary/secondary on the nameplate, such as {example}, for meters that give values of the secondary side.");
        if (text is null)
        {
            return null;
        }

        if (ExactRatio.TryParse(text, out ExactRatio ratio))
        {
            return ratio;
        }

        section.Fault(key, new(es: $"'{text}' no es una relación de números enteros de 1 a {ExactRatio.Largest}", en: $"'{text}' is no ratio of whole numbers from 1 to {ExactRatio.Largest}"), new(es: $"escriba primario/secundario como en la placa, por ejemplo {example}", en: $"write primary/secondary as on the nameplate, such as {example}"));
        return null;
    }

    private static void CheckRatio(YamlSection section, string key, bool isGiven, bool isNeeded, string profile)
    {
        if (isNeeded && !section.Has(key))
        {
            section.Fault(key, new(es: $"falta: {profile} da valores del lado secundario", en: $"is missing: {profile} gives values of the secondary side"), new(es: "escriba la relación de la placa de los transformadores, como 200/5, o 1/1 si la conexión es directa", en: "write the ratio on the nameplate of the transformers, such as 200/5, or 1/1 for a direct connection"));
        }
        else if (isGiven && !isNeeded)
        {
            section.Fault(key, new(es: $"{profile} ya toma en cuenta los transformadores", en: $"{profile} counts the transformers in already"), new(es: "quítelo aquí y revise la relación ajustada en el medidor", en: "remove it here and check the ratio set in the meter"));
        }
    }

    private void CheckChannels(YamlSection section, string id, DeviceProfile profile)
    {
        _channels += profile.Registers.Count;
        if (_channels > OutboxOptions.MaximumChannels)
        {
            section.Fault("profile", new(es: $"más de {OutboxOptions.MaximumChannels} canales", en: $"more than {OutboxOptions.MaximumChannels} channels"), new(es: "reparta los medidores entre dos gateways", en: "share the meters among two gateways"));
        }

        foreach (Channel channel in profile.ChannelsOf(id))
        {
            if (!Identifier.IsValid(channel.Id))
            {
                section.Fault("id", new(es: $"el canal '{channel.Id}' no es un identificador", en: $"the channel '{channel.Id}' is no identifier"), Identifier.RuleText);
            }
        }
    }

    private DeviceProfile? FindProfile(YamlSection section, string name)
    {
        if (_profiles.TryGetValue(name, out DeviceProfile? known))
        {
            return known;
        }

        string path = Path.Combine(profilesFolder, name + ProfileEnding);
        DeviceProfile? profile = null;
        if (File.Exists(path))
        {
            profile = ProfileFile.Load(path, faults);
        }
        else
        {
            string[] there = Directory.Exists(profilesFolder)
                ? [.. Directory.GetFiles(profilesFolder, "*" + ProfileEnding).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)]
                : [];
            section.Fault(
                "profile",
                new(es: $"no hay un perfil '{name}' en {profilesFolder}", en: $"there is no profile '{name}' in {profilesFolder}"),
                there.Length > 0 ? Suggestion.For(name, there) : new(es: "esa carpeta no existe o no tiene perfiles: revise profilesDirectory", en: "that folder does not exist or holds no profile: check profilesDirectory"));
        }

        _profiles[name] = profile;
        return profile;
    }
}
