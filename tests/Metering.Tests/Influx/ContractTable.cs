using System.Globalization;
using System.Text;

namespace Metering.Tests.Influx;

/// <summary>One line of line protocol, read as docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference says.</summary>
internal sealed record ContractLine(string Measurement, SortedDictionary<string, string> Tags, Dictionary<string, object> Fields, long Nanoseconds)
{
    /// <summary>Reads a line; gives the reason when it is none.</summary>
    public static string? Parse(string text, long nanosecondsInUnit, out ContractLine? line)
    {
        line = null;
        List<string> parts = Split(text, ' ');
        if (parts.Count != 3)
        {
            return parts.Count < 2 ? "missing fields" : "bad timestamp";
        }

        List<string> series = Split(parts[0], ',');
        SortedDictionary<string, string> tags = new(StringComparer.Ordinal);
        foreach (string tag in series.Skip(1))
        {
            List<string> pair = Split(tag, '=');
            if (pair.Count != 2 || pair[1].Length == 0)
            {
                return "missing tag value";
            }

            tags[Unescape(pair[0])] = Unescape(pair[1]);
        }

        Dictionary<string, object> fields = new(StringComparer.Ordinal);
        foreach (string field in Split(parts[1], ','))
        {
            List<string> pair = Split(field, '=');
            if (pair.Count != 2 || ValueOf(pair[1]) is not object value)
            {
                return "invalid number";
            }

            fields[Unescape(pair[0])] = value;
        }

        if (!long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long time))
        {
            return "bad timestamp";
        }

        line = new(Unescape(series[0]), tags, fields, time * nanosecondsInUnit);
        return null;
    }

    private static object? ValueOf(string text)
    {
        if (text.Length > 1 && text[0] == '"' && text[^1] == '"')
        {
            return text[1..^1];
        }

        if (text.EndsWith('i'))
        {
            return long.TryParse(text[..^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole : null;
        }

        if (text is "true" or "false" or "t" or "f")
        {
            return text[0] == 't';
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;
    }

    private static List<string> Split(string text, char separator)
    {
        List<string> parts = [];
        StringBuilder part = new();
        bool isQuoted = false;
        for (int index = 0; index < text.Length; index++)
        {
            if (text[index] == '\\' && index + 1 < text.Length)
            {
                _ = part.Append(text[index++]).Append(text[index]);
                continue;
            }

            isQuoted ^= text[index] == '"';
            if (text[index] == separator && !isQuoted)
            {
                parts.Add(part.ToString());
                _ = part.Clear();
                continue;
            }

            _ = part.Append(text[index]);
        }

        parts.Add(part.ToString());
        return parts;
    }

    private static string Unescape(string text) => text.Replace("\\ ", " ", StringComparison.Ordinal).Replace("\\,", ",", StringComparison.Ordinal).Replace("\\=", "=", StringComparison.Ordinal);
}

/// <summary>The points of one series, by time; a point written again keeps the fields that are not written.</summary>
internal sealed class ContractSeries(SortedDictionary<string, string> tags)
{
    public SortedDictionary<string, string> Tags { get; } = tags;

    public SortedDictionary<long, Dictionary<string, object>> Points { get; } = [];
}

/// <summary>One measurement: its series, and the type each field got from its first value.</summary>
internal sealed class ContractTable
{
    public Dictionary<string, Type> Types { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, ContractSeries> Series { get; } = new(StringComparer.Ordinal);

    /// <summary>The field of a line whose type is another one than before, or null.</summary>
    public string? Conflict(ContractLine line) =>
        line.Fields.FirstOrDefault(field => Types.TryGetValue(field.Key, out Type? type) && type != field.Value.GetType()).Key;

    public void Add(ContractLine line)
    {
        string key = string.Join(',', line.Tags.Select(tag => $"{tag.Key}={tag.Value}"));
        if (!Series.TryGetValue(key, out ContractSeries? series))
        {
            Series.Add(key, series = new(line.Tags));
        }

        if (!series.Points.TryGetValue(line.Nanoseconds, out Dictionary<string, object>? fields))
        {
            series.Points.Add(line.Nanoseconds, fields = new(StringComparer.Ordinal));
        }

        foreach ((string name, object value) in line.Fields)
        {
            fields[name] = value;
            Types[name] = value.GetType();
        }
    }
}
