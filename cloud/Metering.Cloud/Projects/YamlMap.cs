using System.Globalization;
using Metering.Readings;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Metering.Cloud.Projects;

/// <summary>One mapping of a YAML file, read key by key; what is left over at the end is an unknown key.</summary>
internal sealed class YamlMap
{
    private const int LongestText = 400;

    private readonly string file;
    private readonly YamlMappingNode node;
    private readonly string[] known;

    /// <summary>A mapping that may hold the known keys and no others.</summary>
    /// <exception cref="ProjectsFileException">The node is no mapping, or has another key.</exception>
    public YamlMap(string file, YamlNode node, params string[] known)
    {
        this.file = file;
        this.known = known;
        this.node = node as YamlMappingNode ?? throw Fault(file, node, "expected 'key: value' lines here");
        foreach (YamlNode key in this.node.Children.Keys)
        {
            string name = (key as YamlScalarNode)?.Value ?? "";
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw Fault(file, key, $"unknown key '{name}'; known here: {string.Join(", ", known)}");
            }
        }
    }

    /// <summary>Reads the only document of a file.</summary>
    /// <exception cref="ProjectsFileException">The file cannot be read, is not YAML, or has a key twice.</exception>
    public static YamlNode Load(string file)
    {
        try
        {
            using StreamReader reader = new(file);
            YamlStream stream = new();
            stream.Load(reader);
            return stream.Documents.Count == 1
                ? stream.Documents[0].RootNode
                : throw new ProjectsFileException(file, 1, 1, "expected one YAML document");
        }
        catch (YamlException e)
        {
            throw new ProjectsFileException(file, e.Start.Line, e.Start.Column, OneLine(e.Message));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProjectsFileException(file, "the file cannot be read: " + e.Message, e);
        }
    }

    /// <summary>Whether the key is there.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The texts of a required key, 1 to 400 characters on one line.</summary>
    public string Text(string key) => Scalar(Required(key), key);

    /// <summary>An identifier.</summary>
    public string Id(string key)
    {
        YamlNode value = Required(key);
        string text = Scalar(value, key);
        return Identifier.IsValid(text) ? text : throw Fault(file, value, $"'{key}' is '{text}', which is no identifier: {Identifier.Rule}");
    }

    /// <summary>A text in both languages, { es: ..., en: ... }.</summary>
    public Text Both(string key)
    {
        YamlMap map = new(file, Required(key), "es", "en");
        return new(map.Text("es"), map.Text("en"));
    }

    /// <summary>true or false; the default when the key is not there.</summary>
    public bool Flag(string key, bool byDefault) => Find(key) is not { } value
        ? byDefault
        : Scalar(value, key) switch
        {
            "true" => true,
            "false" => false,
            _ => throw Fault(file, value, $"'{key}' must be true or false"),
        };

    /// <summary>A finite number; null when the key is not there.</summary>
    public double? Number(string key)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        return double.TryParse(Scalar(value, key), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw Fault(file, value, $"'{key}' must be a number such as 18 or 18.5");
    }

    /// <summary>One of some words, by its place among them.</summary>
    public int Word(string key, params string[] words)
    {
        YamlNode value = Required(key);
        int index = Array.IndexOf(words, Scalar(value, key));
        return index >= 0 ? index : throw Fault(file, value, $"'{key}' must be one of: {string.Join(", ", words)}");
    }

    /// <summary>Two days, 2025-01-01..2025-12-31, both inclusive.</summary>
    public DayRange Days(string key)
    {
        YamlNode value = Required(key);
        string[] parts = Scalar(value, key).Split("..");
        return parts.Length == 2
            && DateOnly.TryParseExact(parts[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly first)
            && DateOnly.TryParseExact(parts[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly last)
            && first <= last && last.DayNumber - first.DayNumber <= DayRange.MostDays
            ? new(first, last)
            : throw Fault(file, value, $"'{key}' must be two days in order, at most ten years, such as 2025-01-01..2025-12-31");
    }

    /// <summary>The node of a required key.</summary>
    public YamlNode Required(string key) =>
        Find(key) ?? throw Fault(file, node, $"'{key}' is missing; needed here are among: {string.Join(", ", known)}");

    /// <summary>The items of a list; empty when the key is not there and not required.</summary>
    public IReadOnlyList<YamlNode> List(string key, bool isRequired)
    {
        YamlNode? value = isRequired ? Required(key) : Find(key);
        return value switch
        {
            null => [],
            YamlSequenceNode list => [.. list.Children],
            _ => throw Fault(file, value, $"'{key}' must be a list: lines that begin with '- '"),
        };
    }

    /// <summary>A fault at the place of a key's value, or of the mapping.</summary>
    public ProjectsFileException FaultAt(string key, string fault) => Fault(file, Find(key) ?? node, fault);

    private static ProjectsFileException Fault(string file, YamlNode at, string fault) =>
        new(file, at.Start.Line, at.Start.Column, fault);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private YamlNode? Find(string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? value : null;

    private string Scalar(YamlNode value, string key) =>
        value is YamlScalarNode { Value: { Length: > 0 and <= LongestText } text } && !text.AsSpan().ContainsAny('\r', '\n')
            ? text
            : throw Fault(file, value, $"'{key}' must be a text of 1 to {LongestText} characters on one line");
}
