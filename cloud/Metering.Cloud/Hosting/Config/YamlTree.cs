using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Metering.Cloud.Hosting;

/// <summary>A YAML value with its place: text, or a mapping with its keys in order. Lists hold no place in this file.</summary>
internal sealed record YamlValue(string Key, long Line, long Column, string? Text, IReadOnlyList<YamlValue>? Members);

/// <summary>Reads plain YAML (mappings and texts, no anchors, tags or lists) and keeps every place, so that all faults can be shown at once.</summary>
internal static class YamlTree
{
    private const int MaximumDepth = 8;

    public static YamlValue Read(string text, ConfigFaults faults)
    {
        try
        {
            using StringReader reader = new(text);
            Parser parser = new(reader);
            _ = parser.Consume<StreamStart>();
            if (!parser.Accept<DocumentStart>(out DocumentStart? _))
            {
                return new("", 1, 1, null, []);
            }

            _ = parser.Consume<DocumentStart>();
            return ReadValue("", parser, faults, 0);
        }
        catch (YamlException e)
        {
            faults.Add(e.Start.Line, e.Start.Column, "", new($"no se puede leer como YAML: {e.Message}", $"not readable as YAML: {e.Message}"));
            return new("", 1, 1, null, []);
        }
    }

    private static YamlValue ReadValue(string key, Parser parser, ConfigFaults faults, int depth)
    {
        if (parser.TryConsume<Scalar>(out Scalar? scalar))
        {
            bool isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";
            return new(key, scalar.Start.Line, scalar.Start.Column, isNull ? null : scalar.Value, null);
        }

        if (depth == MaximumDepth || !parser.TryConsume<MappingStart>(out MappingStart? start))
        {
            ParsingEvent other = parser.Current!;
            throw new YamlException(other.Start, other.End, $"'{key}' must be a text or a section");
        }

        List<YamlValue> members = [];
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            Scalar name = parser.Consume<Scalar>();
            string path = key.Length == 0 ? name.Value : $"{key}.{name.Value}";
            if (members.Exists(member => member.Key == path))
            {
                faults.Add(name.Start.Line, name.Start.Column, path, new("está dos veces, deje una", "is there twice, keep one"));
            }

            members.Add(ReadValue(path, parser, faults, depth + 1));
        }

        return new(key, start.Start.Line, start.Start.Column, null, members);
    }
}
