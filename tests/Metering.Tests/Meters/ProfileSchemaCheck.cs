using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Metering.Tests.Meters;

/// <summary>
/// Holds a YAML text against a JSON Schema, for the words of draft-07 that our schemas use, with the types that YAML 1.2's core schema gives
/// to plain scalars (as an editor does). Shares nothing with the product's reader.
/// </summary>
internal static class SchemaCheck
{
    internal static IReadOnlyList<string> Faults(string schema, string yaml)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(yaml));
        List<string> faults = [];
        using JsonDocument document = JsonDocument.Parse(schema);
        Check(document.RootElement, stream.Documents[0].RootNode, "$", faults);
        return [.. faults.Order(StringComparer.Ordinal)];
    }

    private static void Check(JsonElement schema, YamlNode node, string path, List<string> faults)
    {
        string type = schema.GetProperty("type").GetString()!;
        if (TypeOf(node) != type)
        {
            faults.Add($"{path}: not {type}");
            return;
        }

        switch (node)
        {
            case YamlMappingNode map:
                CheckMap(schema, map, path, faults);
                break;
            case YamlSequenceNode list:
                for (int index = 0; index < list.Children.Count; index++)
                {
                    Check(schema.GetProperty("items"), list.Children[index], string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), faults);
                }

                break;
            default:
                CheckScalar(schema, ((YamlScalarNode)node).Value!, path, faults);
                break;
        }
    }

    private static void CheckMap(JsonElement schema, YamlMappingNode map, string path, List<string> faults)
    {
        JsonElement properties = schema.GetProperty("properties");
        string[] keys = [.. map.Children.Keys.Select(key => ((YamlScalarNode)key).Value!)];
        foreach ((YamlNode key, YamlNode value) in map.Children)
        {
            string name = ((YamlScalarNode)key).Value!;
            if (properties.TryGetProperty(name, out JsonElement inner))
            {
                Check(inner, value, $"{path}.{name}", faults);
            }
            else
            {
                faults.Add($"{path}.{name}: not allowed");
            }
        }

        faults.AddRange(Required(schema).Where(name => !keys.Contains(name)).Select(name => $"{path}: {name} missing"));
        if (schema.TryGetProperty("allOf", out JsonElement all)
            && all.EnumerateArray().Any(one => one.GetProperty("oneOf").EnumerateArray().Count(option => Required(option).All(keys.Contains)) != 1))
        {
            faults.Add($"{path}: not exactly one alternative");
        }
    }

    private static void CheckScalar(JsonElement schema, string text, string path, List<string> faults)
    {
        if (schema.TryGetProperty("enum", out JsonElement words) && !words.EnumerateArray().Any(word => word.GetString() == text))
        {
            faults.Add($"{path}: not in enum");
        }

        if (schema.TryGetProperty("pattern", out JsonElement pattern) && !Regex.IsMatch(text, pattern.GetString()!))
        {
            faults.Add($"{path}: pattern");
        }

        if (schema.TryGetProperty("minimum", out JsonElement minimum) && long.Parse(text, CultureInfo.InvariantCulture) < minimum.GetInt64())
        {
            faults.Add($"{path}: below {minimum}");
        }

        if (schema.TryGetProperty("maximum", out JsonElement maximum) && long.Parse(text, CultureInfo.InvariantCulture) > maximum.GetInt64())
        {
            faults.Add($"{path}: above {maximum}");
        }
    }

    private static string[] Required(JsonElement schema) =>
        schema.TryGetProperty("required", out JsonElement names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];

    private static string TypeOf(YamlNode node) => node switch
    {
        YamlMappingNode => "object",
        YamlSequenceNode => "array",
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } => "boolean",
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when Regex.IsMatch(scalar.Value!, "^[-+]?[0-9]+$") => "integer",
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } => "null",
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when Regex.IsMatch(scalar.Value!, @"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$") => "number",
        _ => "string",
    };
}
