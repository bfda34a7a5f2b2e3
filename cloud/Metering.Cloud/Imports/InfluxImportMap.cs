using System.Globalization;
using Metering.Cloud.Hosting;
using Metering.Readings;
using Metering.Store.Influx;

namespace Metering.Cloud.Imports;

/// <summary>What a series becomes when no map file names it.</summary>
/// <param name="Unit">Unit of all series; null: series without an entry in the map are left out.</param>
/// <param name="Kind">Kind of all of them.</param>
/// <param name="Decimals">Decimal places; null keeps doubles as they are, which counters cannot.</param>
internal sealed record InfluxImportDefault(string? Unit, ChannelKind Kind, int? Decimals);

/// <summary>
/// Which series of a foreign InfluxDB becomes which channel. A map file is YAML:
/// <code>
/// series:
///   "power,site=leon,phase=l1 value": { channel: mains.power-l1, meter: mains, unit: kW, kind: gauge, decimals: 3 }
/// </code>
/// kind is gauge when left out; a gauge without decimals keeps its doubles bit by bit, a counter needs decimals. Series that
/// neither the file nor --unit covers are left out and listed.
/// </summary>
internal sealed class InfluxImportMap
{
    private const string Profile = "influx-import/1";
    private const int LongestMeter = 32;
    private readonly Dictionary<string, Channel> _entries = new(StringComparer.Ordinal);
    private readonly InfluxImportDefault _otherwise;

    private InfluxImportMap(InfluxImportDefault otherwise) => _otherwise = otherwise;

    /// <summary>Reads a map file, or makes a map of the default alone.</summary>
    /// <exception cref="ConfigException">The file has faults; all of them are listed.</exception>
    /// <exception cref="CloudFault">The default is not sound.</exception>
    public static InfluxImportMap Read(string? path, InfluxImportDefault otherwise)
    {
        InfluxImportMap map = new(otherwise);
        if (otherwise.Unit is string unit && !Units.IsKnown(unit))
        {
            throw new CloudFault(ExitCode.Usage, "--unit «{0}» no se conoce. Unidades conocidas: {1}.", $"--unit '{unit}' is not known. Known units: {string.Join(", ", Units.All)}.");
        }

        if (otherwise is { Unit: not null, Kind: ChannelKind.Counter, Decimals: null })
        {
            throw new CloudFault(ExitCode.Usage, "Un contador se guarda como decimal exacto: dé sus decimales con --decimals.", $"A counter is kept as an exact decimal: give its decimal places with --decimals.");
        }

        if (path is not null)
        {
            map.ReadFile(path);
        }

        return map;
    }

    /// <summary>The channel of a series; null when nothing covers it.</summary>
    public Channel? ChannelOf(InfluxSeriesKey series)
    {
        if (_entries.TryGetValue(series.ToString(), out Channel? channel) || _otherwise.Unit is null)
        {
            return channel;
        }

        string values = string.Join('.', series.Tags.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(tag => tag[(tag.IndexOf('=', StringComparison.Ordinal) + 1)..]));
        string name = values.Length == 0 ? $"{series.Measurement}.{series.Field}" : $"{series.Measurement}.{values}.{series.Field}";
        string meter = IdentifierOf(values.Length == 0 ? series.Measurement : $"{series.Measurement}.{values}");
        return Make(IdentifierOf(name), meter.Length > LongestMeter ? meter[..LongestMeter].TrimEnd('.', '-', '_') : meter, _otherwise.Unit, _otherwise.Kind, _otherwise.Decimals);
    }

    private static Channel Make(string id, string meter, string unit, ChannelKind kind, int? decimals) => new()
    {
        Id = id,
        Meter = meter,
        Unit = unit,
        Kind = kind,
        DecimalPlaces = decimals ?? 0,
        Form = decimals is null && kind == ChannelKind.Gauge ? ValueForm.Binary64 : ValueForm.Decimal,
        Profile = Profile,
    };

    /// <summary>The nearest identifier: lower case, everything else a hyphen, cut at the end.</summary>
    private static string IdentifierOf(string text)
    {
        char[] letters = [.. text.ToLowerInvariant().Select(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '_' ? letter : '-')];
        string identifier = new string(letters).TrimStart('-', '.', '_');
        return identifier.Length == 0 ? "series" : identifier[..Math.Min(identifier.Length, Identifier.MaximumLength)];
    }

    private void ReadFile(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException([new($"{path}: no se puede leer ({e.Message.TrimEnd('.')}), dé el archivo correcto con --map", $"{path}: cannot be read ({e.Message.TrimEnd('.')}), give the right file with --map")]);
        }

        ConfigFaults faults = new(path);
        YamlValue root = YamlTree.Read(text, faults);
        YamlValue? series = root.Members?.FirstOrDefault(member => member.Key == "series");
        if (series?.Members is null && faults.Count == 0)
        {
            faults.Add(root, new(
                "debe tener una sección «series» con una entrada por serie, como «\"power,site=leon value\": { channel: mains.power, unit: kW }»",
                "must hold a section 'series' with one entry a series, such as '\"power,site=leon value\": { channel: mains.power, unit: kW }'"));
        }

        foreach (YamlValue entry in series?.Members ?? [])
        {
            ReadEntry(entry, faults);
        }

        if (faults.Count > 0)
        {
            throw faults.ToException();
        }
    }

    private void ReadEntry(YamlValue entry, ConfigFaults faults)
    {
        if (entry.Members is null)
        {
            faults.Add(entry, new("debe ser una sección, como «{ channel: mains.power, unit: kW }»", "must be a section, such as '{ channel: mains.power, unit: kW }'"));
            return;
        }

        Dictionary<string, YamlValue> fields = new(StringComparer.Ordinal);
        foreach (YamlValue member in entry.Members)
        {
            string name = member.Key[(entry.Key.Length + 1)..];
            fields[name] = member;
            if (name is not ("channel" or "meter" or "unit" or "kind" or "decimals"))
            {
                faults.Add(member, new("clave desconocida. Aquí se conocen: channel, meter, unit, kind, decimals", "unknown key. Known here: channel, meter, unit, kind, decimals"));
            }
        }

        string id = fields.GetValueOrDefault("channel")?.Text ?? "";
        string unit = fields.GetValueOrDefault("unit")?.Text ?? "";
        string kind = fields.GetValueOrDefault("kind")?.Text ?? "gauge";
        string meter = fields.GetValueOrDefault("meter")?.Text ?? id.Split('.')[0];
        int? decimals = null;
        if (fields.GetValueOrDefault("decimals")?.Text is string digits)
        {
            decimals = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int places) && places <= Channel.MaximumDecimalPlaces ? places : -1;
        }

        if (kind is not ("gauge" or "counter"))
        {
            faults.Add(fields["kind"], new("debe ser gauge o counter", "must be gauge or counter"));
            return;
        }

        if (kind == "counter" && decimals is null)
        {
            faults.Add(entry, new("un contador se guarda como decimal exacto: dé «decimals»", "a counter is kept as an exact decimal: give 'decimals'"));
            return;
        }

        Channel channel = Make(id, meter, unit, kind == "counter" ? ChannelKind.Counter : ChannelKind.Gauge, decimals);
        try
        {
            channel.Check();
            _entries[entry.Key["series.".Length..]] = channel;
        }
        catch (ArgumentException e)
        {
            faults.Add(entry, new($"el canal no sirve: {e.Message}", e.Message));
        }
    }
}
