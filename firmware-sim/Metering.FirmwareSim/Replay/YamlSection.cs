using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Metering.FirmwareSim.Replay;

/// <summary>One mapping of a YAML file, read key by key. Every fault names file, line and column; a key nobody asked for is a fault.</summary>
internal sealed class YamlSection
{
    private readonly string _file;
    private readonly YamlMappingNode _node;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private YamlSection(string file, YamlNode node)
    {
        _file = file;
        _node = node as YamlMappingNode ?? throw Fault(file, node.Start, "keys and values are expected here");
    }

    /// <summary>Reads a file that is one mapping.</summary>
    /// <exception cref="SimulatorException">It cannot be read, or is no such YAML.</exception>
    internal static YamlSection Load(string path)
    {
        try
        {
            using StreamReader reader = new(path);
            YamlStream stream = [];
            stream.Load(reader);
            return stream.Documents.Count == 1
                ? new YamlSection(path, stream.Documents[0].RootNode)
                : throw new SimulatorException(SimulatorException.Configuration, $"{path}(1,1): one YAML document is expected, there are {stream.Documents.Count}");
        }
        catch (YamlException e)
        {
            throw Fault(path, e.Start, e.InnerException?.Message ?? e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SimulatorException(SimulatorException.InputOutput, $"The map '{path}' cannot be read: {e.Message} Check the path given with --map.");
        }
    }

    /// <summary>A text that must be there.</summary>
    internal string Text(string key) => OptionalText(key) ?? throw Fault(_file, _node.Start, $"'{key}' is missing");

    /// <summary>A text, or null.</summary>
    internal string? OptionalText(string key) => Find(key) switch
    {
        null => null,
        YamlScalarNode { Value: { Length: > 0 } value } => value,
        YamlNode other => throw Fault(_file, other.Start, $"'{key}' must be a text"),
    };

    /// <summary>A text that must be there and stand a check.</summary>
    internal string Text(string key, Func<string, bool> check, string rule)
    {
        string value = Text(key);
        return check(value) ? value : throw Fault(key, $"'{value}' is not right for '{key}': {rule}");
    }

    /// <summary>One of some words.</summary>
    internal T Choice<T>(string key, T? fallback, params (string Word, T Value)[] choices)
        where T : struct
    {
        string? word = fallback is null ? Text(key) : OptionalText(key);
        if (word is null)
        {
            return fallback!.Value;
        }

        foreach ((string known, T value) in choices)
        {
            if (known == word)
            {
                return value;
            }
        }

        throw Fault(key, $"'{word}' is not known for '{key}'; known: {string.Join(", ", choices.Select(choice => choice.Word))}");
    }

    /// <summary>A whole number within limits.</summary>
    internal int Number(string key, int minimum, int maximum) =>
        int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum
            ? number
            : throw Fault(key, $"'{key}' must be a whole number from {minimum} to {maximum}");

    /// <summary>A decimal number above 0, or the fallback.</summary>
    internal decimal Factor(string key, decimal fallback)
    {
        if (OptionalText(key) is not { } text)
        {
            return fallback;
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal factor) && factor > 0
            ? factor
            : throw Fault(key, $"'{key}' must be a number above 0");
    }

    /// <summary>A duration such as 15m.</summary>
    internal TimeSpan Duration(string key)
    {
        string text = Text(key);
        (string Unit, TimeSpan Length)[] units =
            [("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1))];
        foreach ((string unit, TimeSpan length) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                && count is > 0 and < 100_000)
            {
                return length * count;
            }
        }

        throw Fault(key, $"'{text}' is not right for '{key}': write a whole number and ms, s, m, h or d, as in 15m");
    }

    /// <summary>A list of texts; empty when it is not there.</summary>
    internal IReadOnlyList<string> Texts(string key) => Find(key) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(child => (child as YamlScalarNode)?.Value ?? throw Fault(_file, child.Start, "a text is expected here"))],
        YamlNode other => throw Fault(_file, other.Start, $"'{key}' must be a list"),
    };

    /// <summary>A mapping that must be there.</summary>
    internal YamlSection Section(string key) => new(_file, Find(key) ?? throw Fault(_file, _node.Start, $"'{key}' is missing"));

    /// <summary>A list of mappings, one or more.</summary>
    internal IReadOnlyList<YamlSection> Sections(string key) => Find(key) is YamlSequenceNode { Children.Count: > 0 } list
        ? [.. list.Children.Select(child => new YamlSection(_file, child))]
        : throw Fault(_file, (Find(key) ?? _node).Start, $"'{key}' must be a list of one or more");

    /// <summary>To be called last: refuses keys that were not asked for.</summary>
    internal void End()
    {
        foreach (YamlNode key in _node.Children.Keys)
        {
            string name = (key as YamlScalarNode)?.Value ?? "";
            if (!_asked.Contains(name))
            {
                throw Fault(_file, key.Start, $"'{name}' is not known here; known: {string.Join(", ", _asked)}");
            }
        }
    }

    /// <summary>A fault at a key's value.</summary>
    internal SimulatorException Fault(string key, string message) => Fault(_file, (Find(key) ?? _node).Start, message);

    private static SimulatorException Fault(string file, Mark mark, string message) =>
        new(SimulatorException.Configuration, $"{file}({mark.Line},{mark.Column}): {message}");

    private YamlNode? Find(string key)
    {
        _asked.Add(key);
        return _node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? value : null;
    }
}
