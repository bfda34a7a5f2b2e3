using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Metering.Meters.Yaml;

/// <summary>Writes what a reader takes as a JSON Schema (draft-07, which editors' YAML language servers understand).</summary>
public static class YamlSchema
{
    private const string Draft = "http://json-schema.org/draft-07/schema#";
    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema of a reader.</summary>
    /// <param name="title">What the file is.</param>
    /// <param name="read">
    /// The reader. It is run once over a section that holds nothing and only writes down what it is asked for: every call gives null
    /// or nothing, lists give one item. A reader that asks for some keys only after a certain value must ask for them too while
    /// <see cref="YamlSection.IsDescription"/> is true.
    /// </param>
    /// <returns>JSON text that ends with a line feed.</returns>
    public static string Of(string title, Action<YamlSection> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        YamlShape shape = new();
        read(YamlSection.Describing(shape));
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Layout))
        {
            json.WriteStartObject();
            json.WriteString("$schema", Draft);
            json.WriteString("title", title);
            WriteShape(json, shape);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteShape(Utf8JsonWriter json, YamlShape shape)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", value: false);
        json.WriteStartObject("properties");
        foreach (YamlKey key in shape.Keys)
        {
            json.WriteStartObject(key.Name);
            WriteKey(json, key);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteNames(json, "required", [.. shape.Keys.Where(key => key.Required).Select(key => key.Name)]);
        if (shape.Alternatives.Count == 0)
        {
            return;
        }

        json.WriteStartArray("allOf");
        foreach (IReadOnlyList<string> keys in shape.Alternatives)
        {
            json.WriteStartObject();
            json.WriteStartArray("oneOf");
            foreach (string key in keys)
            {
                json.WriteStartObject();
                WriteNames(json, "required", [key]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteKey(Utf8JsonWriter json, YamlKey key)
    {
        if (key.About.Length > 0)
        {
            json.WriteString("description", key.About);
        }

        switch (key.Kind)
        {
            case YamlKind.Text:
                json.WriteString("type", "string");
                WriteText(json, key);
                break;
            case YamlKind.Integer:
                json.WriteString("type", "integer");
                if (key.Range.Minimum != long.MinValue)
                {
                    json.WriteNumber("minimum", key.Range.Minimum);
                }

                if (key.Range.Maximum != long.MaxValue)
                {
                    json.WriteNumber("maximum", key.Range.Maximum);
                }

                break;
            case YamlKind.Boolean:
                json.WriteString("type", "boolean");
                break;
            case YamlKind.Section:
                WriteShape(json, key.Keys!);
                break;
            case YamlKind.List:
                json.WriteString("type", "array");
                if (key.AtLeastOne)
                {
                    json.WriteNumber("minItems", 1);
                }

                json.WriteStartObject("items");
                if (key.Keys is YamlShape keys)
                {
                    WriteShape(json, keys);
                }
                else
                {
                    WriteKey(json, key.Item!);
                }

                json.WriteEndObject();
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static void WriteText(Utf8JsonWriter json, YamlKey key)
    {
        if (key.Words.Count > 0)
        {
            WriteNames(json, "enum", key.Words);
        }
        else if (key.Pattern is not null)
        {
            json.WriteString("pattern", key.Pattern);
        }
        else
        {
            json.WriteNumber("minLength", 1);
        }
    }

    private static void WriteNames(Utf8JsonWriter json, string property, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        json.WriteStartArray(property);
        foreach (string name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }
}
