using System.Text;
using Metering.Cloud.Hosting;
using Metering.Readings;

namespace Metering.Cloud.Commands;

/// <summary>
/// The file that says what the columns of a CSV are:
/// <code>
/// time: local_time
/// zone: America/Denver
/// stamp: end
/// step: 1h
/// columns:
///   totalized_gal: { channel: water.total, unit: gal_us, kind: counter }
///   flow_gpm: { channel: water.flow, unit: m3/h, kind: gauge, factor: 0.22712470704, decimals: 6, meter: water-main }
/// </code>
/// </summary>
internal sealed record ImportMap(string? Time, string? Zone, string? Stamp, string? Step, IReadOnlyList<ImportColumn> Columns)
{
    private const long LargestFile = 1024 * 1024;

    /// <summary>A map that says nothing.</summary>
    public static ImportMap Empty { get; } = new(null, null, null, null, []);

    /// <summary>Reads the file.</summary>
    /// <exception cref="ConfigException">The file has faults; all of them are listed.</exception>
    public static ImportMap Read(string path)
    {
        ConfigFaults faults = new(path);
        ConfigSection root = new(YamlTree.Read(ReadText(path), faults), Path.GetDirectoryName(Path.GetFullPath(path))!, faults);
        if (root.Value.Members is null)
        {
            faults.Add(root.Value, new("el archivo debe ser un mapa YAML con la sección «columns»", "the file must be a YAML mapping with the section 'columns'"));
            throw faults.ToException();
        }

        string? time = root.OptionalText("time", isRequired: false, new("nombre la columna de las fechas", "name the column of the stamps"));
        string? zone = root.OptionalText("zone", isRequired: false, new("dé una zona como America/Mexico_City", "give a zone such as America/Mexico_City"));
        string? stamp = root.OptionalText("stamp", isRequired: false, new("dé start o end", "give start or end"));
        string? step = root.OptionalText("step", isRequired: false, new("dé la duración de los intervalos, como 1h", "give the length of the intervals, such as 1h"));
        List<ImportColumn> columns = [];
        ConfigSection? section = root.Section("columns", isRequired: true, new("como «columns: { kwh: { channel: mains.energy, unit: kWh, kind: counter } }»", "such as 'columns: { kwh: { channel: mains.energy, unit: kWh, kind: counter } }'"));
        foreach (YamlValue member in section?.Value.Members ?? [])
        {
            columns.Add(ReadColumn(member, section!.Value.Key, faults));
        }

        root.End();
        return faults.Count == 0 ? new(time, zone, stamp, step, columns) : throw faults.ToException();
    }

    private static ImportColumn ReadColumn(YamlValue member, string parent, ConfigFaults faults)
    {
        string name = member.Key[(parent.Length + 1)..];
        if (member.Members is null)
        {
            faults.Add(member, new("debe ser una sección como «{ channel: mains.energy, unit: kWh, kind: counter }»", "must be a section such as '{ channel: mains.energy, unit: kWh, kind: counter }'"));
            return new() { Name = name, Channel = "", Meter = "", Unit = "", Kind = ImportKind.Gauge };
        }

        ConfigSection section = new(member, "", faults);
        string channel = section.Parsed("channel", text => Identifier.IsValid(text) ? text : null, "", isRequired: true, new($"dé el canal: {Identifier.RuleText.In(Language.Spanish)}", $"give the channel: {Identifier.Rule}"));
        string kind = section.Parsed("kind", text => ImportCsvArguments.FindKind(text) is null ? null : text, "gauge", isRequired: true, new("dé counter, gauge o mean", "give counter, gauge or mean"));
        string factor = section.Parsed("factor", text => IsFactor(text) ? text : null, "1", isRequired: false, new("dé un número como 0.003785411784, no cero", "give a number such as 0.003785411784, not zero"));
        ImportColumn column = new()
        {
            Name = name,
            Channel = channel,
            Meter = section.Parsed("meter", text => Identifier.IsValid(text) ? text : null, ImportCsvArguments.MeterOf(channel), isRequired: false, new($"dé el medidor: {Identifier.RuleText.In(Language.Spanish)}", $"give the meter: {Identifier.Rule}")),
            Unit = section.Parsed("unit", text => Units.IsKnown(text) ? text : null, "1", isRequired: true, new($"dé una de {string.Join(", ", Units.All)}", $"give one of {string.Join(", ", Units.All)}")),
            Kind = ImportCsvArguments.FindKind(kind)!.Value,
            Decimals = section.OptionalText("decimals", isRequired: false, new("dé de 0 a 18", "give 0 to 18")) is null ? null : section.Integer("decimals", 0, Channel.MaximumDecimalPlaces, 0, new("dé de 0 a 18", "give 0 to 18")),
            Factor = ParseFactor(factor),
        };
        section.End();
        return column;
    }

    private static bool IsFactor(string text) => ExactDecimal.TryParse(Encoding.UTF8.GetBytes(text), out ExactDecimal factor) && factor.Mantissa != 0;

    private static ExactDecimal ParseFactor(string text)
    {
        _ = ExactDecimal.TryParse(Encoding.UTF8.GetBytes(text), out ExactDecimal factor);
        return factor;
    }

    private static string ReadText(string path)
    {
        try
        {
            return new FileInfo(path).Length <= LargestFile
                ? File.ReadAllText(path)
                : throw new ConfigException([new($"{path}(1,1): un mapa tiene a lo más {LargestFile} bytes", $"{path}(1,1): a map has at most {LargestFile} bytes")]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException([new($"{path}: no se puede leer ({e.Message.TrimEnd('.')}), dé el archivo correcto con --map", $"{path}: cannot be read ({e.Message.TrimEnd('.')}), give the right file with --map")]);
        }
    }
}
