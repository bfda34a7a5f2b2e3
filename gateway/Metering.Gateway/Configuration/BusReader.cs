using System.Globalization;
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
                section.Fault("id", $"two buses are called '{id}'", "give each a name of its own");
            }

            TcpAddress? tcp = ConfigurationFile.ReadTcp(section.Section("tcp", required: false));
            SerialLine? serial = ConfigurationFile.ReadSerial(section.Section("serial", required: false));
            if (section.Has("tcp") == section.Has("serial"))
            {
                section.Fault("tcp", "a bus has either tcp or serial", "write one of: tcp: { host: ..., port: 502 }, serial: { device: ..., baudRate: 9600, parity: even }");
            }

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
            section.Close();
            if (id is not null && !_meterIds.Add(id))
            {
                section.Fault("id", $"two meters are called '{id}'", "channel names must differ in the whole gateway");
            }

            if (unit is long number && !units.TryAdd(number, id ?? "another meter"))
            {
                section.Fault("unit", string.Create(CultureInfo.InvariantCulture, $"unit {number} belongs to '{units[number]}' on this bus already"), "two devices with one address talk at the same time; change one of them");
            }

            if (id is null || unit is null || profile is null)
            {
                continue;
            }

            CheckChannels(section, id, profile);
            CheckRatio(section, "currentTransformer", transformers.Current is not null, TransformerRatios.NeedsCurrent(profile), profile.Name);
            CheckRatio(section, "voltageTransformer", transformers.Voltage is not null, TransformerRatios.NeedsVoltage(profile), profile.Name);
            if (!transformers.TryApply(profile, out DeviceProfile applied, out string problem) && transformers.Suffice(profile))
            {
                section.Fault("profile", problem, "check the ratios against the nameplates");
            }

            meters.Add(new(id, (byte)unit.Value, applied) { Transformers = transformers });
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

        section.Fault(key, $"'{text}' is no ratio of whole numbers from 1 to {ExactRatio.Largest}", $"write primary/secondary as on the nameplate, such as {example}");
        return null;
    }

    private static void CheckRatio(YamlSection section, string key, bool isGiven, bool isNeeded, string profile)
    {
        if (isNeeded && !section.Has(key))
        {
            section.Fault(key, $"is missing: {profile} gives values of the secondary side", "write the ratio on the nameplate of the transformers, such as 200/5, or 1/1 for a direct connection");
        }
        else if (isGiven && !isNeeded)
        {
            section.Fault(key, $"{profile} counts the transformers in already", "remove it here and check the ratio set in the meter");
        }
    }

    private void CheckChannels(YamlSection section, string id, DeviceProfile profile)
    {
        _channels += profile.Registers.Count;
        if (_channels > BatchLimits.MaximumChannels)
        {
            section.Fault("profile", string.Create(CultureInfo.InvariantCulture, $"more than {BatchLimits.MaximumChannels} channels"), "share the meters among two gateways");
        }

        foreach (Channel channel in profile.ChannelsOf(id))
        {
            if (!Identifier.IsValid(channel.Id))
            {
                section.Fault("id", $"the channel '{channel.Id}' is no identifier", Identifier.Rule);
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
                $"there is no profile '{name}' in {profilesFolder}",
                there.Length > 0 ? Suggestion.For(name, there) : "that folder does not exist or holds no profile: check profilesDirectory");
        }

        _profiles[name] = profile;
        return profile;
    }
}
