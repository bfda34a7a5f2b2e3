using System.Globalization;
using Metering.Readings;
using Metering.Readings.Texts;

namespace Metering.Meters.Yaml;

/// <summary>
/// Reads the keys of one map of a YAML file. Every fault is collected with its place and the reading goes on, so that a
/// caller gets nulls for what was wrong and the user gets the whole list. Call <see cref="Close"/> last: it reports the
/// keys nobody asked for.
/// </summary>
public sealed class YamlSection
{
    private readonly string _file;
    private readonly YamlFaults _faults;
    private readonly YamlMap _map;
    private readonly YamlShape? _shape;
    private readonly List<string> _known = [];

    private YamlSection(string file, string path, YamlMap map, YamlFaults faults, YamlShape? shape = null)
    {
        _file = file;
        Path = path;
        _map = map;
        _faults = faults;
        _shape = shape;
    }

    /// <summary>Way from the root of the file, such as buses[0]; empty for the root.</summary>
    public string Path { get; }

    /// <summary>Reads a file; null when it is no map of keys, with the reason among the faults.</summary>
    public static YamlSection? Load(string path, YamlFaults faults) =>
        YamlTree.Read(path, faults) is YamlMap map ? new(path, "", map, faults) : null;

    /// <summary>Reads a text; null when it is no map of keys, with the reason among the faults.</summary>
    /// <param name="name">What faults call it.</param>
    /// <param name="text">The YAML.</param>
    /// <param name="faults">Takes what is wrong.</param>
    public static YamlSection? Parse(string name, string text, YamlFaults faults) =>
        YamlTree.Parse(name, text, faults) is YamlMap map ? new(name, "", map, faults) : null;

    /// <summary>Whether nothing is read: the reader is only asked which keys it would take, see <see cref="YamlSchema.Of"/>.</summary>
    public bool IsDescription => _shape is not null;

    /// <summary>A section that holds nothing and writes down what it is asked for.</summary>
    internal static YamlSection Describing(YamlShape shape) => new("", "", new YamlMap(0, 0, []), new YamlFaults(), shape);

    /// <summary>Whether the key is there.</summary>
    public bool Has(string key)
    {
        Know(key);
        return Find(key) is not null;
    }

    /// <summary>A text that is not empty.</summary>
    public string? Text(string key, bool required = true, string about = "")
    {
        _shape?.Add(new(key, YamlKind.Text, required, about));
        YamlEntry? entry = Entry(key, required);
        switch (entry?.Value)
        {
            case null:
                return null;
            case YamlText { Text.Length: > 0 } text:
                return text.Text;
            default:
                Fault(key, new(es: "debe ser un texto", en: "must be a text"), new(es: "escriba un valor después de los dos puntos", en: "write one value behind the colon"));
                return null;
        }
    }

    /// <summary>An <see cref="Identifier"/>.</summary>
    public string? Id(string key, string about = "")
    {
        _shape?.Add(new(key, YamlKind.Text, Required: true, about) { Pattern = Identifier.Pattern });
        string? text = Text(key);
        if (text is not null && !Identifier.IsValid(text))
        {
            Fault(key, new(es: $"'{text}' no es un identificador", en: $"'{text}' is no identifier"), Identifier.RuleText);
            return null;
        }

        return text;
    }

    /// <summary>A whole number within a range.</summary>
    public long? Integer(string key, long minimum, long maximum, bool required = true, string about = "")
    {
        _shape?.Add(new(key, YamlKind.Integer, required, about) { Range = (minimum, maximum) });
        string? text = Text(key, required);
        return text is null ? null : ParseInteger(key, text, minimum, maximum);
    }

    /// <summary>true or false; null when the key is not there.</summary>
    public bool? Boolean(string key, string about = "")
    {
        _shape?.Add(new(key, YamlKind.Boolean, Required: false, about));
        string? text = Text(key, required: false);
        if (text is null or "true" or "false")
        {
            return text is null ? null : text == "true";
        }

        Fault(key, new(es: $"'{text}' no es true ni false", en: $"'{text}' is neither true nor false"), new(es: "escriba true o false", en: "write true or false"));
        return null;
    }

    /// <summary>A list of whole numbers; empty when the key is not there.</summary>
    public IReadOnlyList<long> Integers(string key, long minimum, long maximum, bool required = false, string about = "")
    {
        _shape?.Add(new(key, YamlKind.List, required, about) { Item = new("", YamlKind.Integer, Required: true, "") { Range = (minimum, maximum) } });
        List<long> numbers = [];
        foreach (YamlNode item in Items(key, required))
        {
            if (item is not YamlText text)
            {
                Fault(key, new(es: "debe ser una lista de números enteros", en: "must be a list of whole numbers"), new(es: "escriba [ 1, 2 ]", en: "write [ 1, 2 ]"));
            }
            else if (ParseInteger(key, text.Text, minimum, maximum) is long number)
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    /// <summary>A list of texts that are not empty; itself empty when the key is not there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="pattern">Regular expression for the schema; the caller checks the texts. Null when any text will do.</param>
    /// <param name="about">What it means.</param>
    public IReadOnlyList<string> TextList(string key, string? pattern = null, string about = "")
    {
        _shape?.Add(new(key, YamlKind.List, Required: false, about) { Item = new("", YamlKind.Text, Required: true, "") { Pattern = pattern } });
        List<string> texts = [];
        foreach (YamlNode item in Items(key, required: false))
        {
            if (item is YamlText { Text.Length: > 0 } text)
            {
                texts.Add(text.Text);
            }
            else
            {
                Fault(key, new(es: "debe ser una lista de textos", en: "must be a list of texts"), new(es: "escriba [ uno, dos ]", en: "write [ one, two ]"));
            }
        }

        return texts;
    }

    /// <summary>A duration with its unit, such as 500ms, 10s, 15m, 1h or 1d, within a range.</summary>
    public TimeSpan? Duration(string key, TimeSpan minimum, TimeSpan maximum, bool required = true, string about = "")
    {
        _shape?.Add(new(key, YamlKind.Text, required, about) { Pattern = Yaml.Duration.Pattern });
        string? text = Text(key, required);
        if (text is null)
        {
            return null;
        }

        if (Yaml.Duration.TryParse(text, out TimeSpan duration, out Text problem, out Text hint))
        {
            if (duration >= minimum && duration <= maximum)
            {
                return duration;
            }

            problem = new(es: $"{text} está fuera de {Yaml.Duration.ToText(minimum)} a {Yaml.Duration.ToText(maximum)}", en: $"{text} is outside {Yaml.Duration.ToText(minimum)} to {Yaml.Duration.ToText(maximum)}");
            hint = new(es: "elija una duración en ese rango", en: "choose a duration in that range");
        }

        Fault(key, problem, hint);
        return null;
    }

    /// <summary>One of a closed set of words.</summary>
    /// <param name="key">The key.</param>
    /// <param name="words">Words and what they stand for.</param>
    /// <param name="required">Whether its absence is a fault.</param>
    /// <param name="about">What it means.</param>
    public T? OneOf<T>(string key, IReadOnlyDictionary<string, T> words, bool required = true, string about = "")
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(words);
        _shape?.Add(new(key, YamlKind.Text, required, about) { Words = [.. words.Keys] });
        string? text = Text(key, required);
        if (text is null)
        {
            return null;
        }

        if (words.TryGetValue(text, out T value))
        {
            return value;
        }

        Fault(key, new(es: $"no se conoce '{text}'", en: $"'{text}' is not known"), Suggestion.For(text, words.Keys));
        return null;
    }

    /// <summary>A map of further keys.</summary>
    public YamlSection? Section(string key, bool required = true, string about = "")
    {
        if (_shape is not null)
        {
            YamlShape keys = new();
            _shape.Add(new(key, YamlKind.Section, required, about) { Keys = keys });
            return Describing(keys);
        }

        YamlEntry? entry = Entry(key, required);
        switch (entry?.Value)
        {
            case null:
                return null;
            case YamlMap map:
                return new(_file, Join(key), map, _faults);
            default:
                Fault(key, new(es: "debe tener claves propias", en: "must hold keys of its own"), new(es: "escriba { clave: valor } o líneas con sangría", en: "write { key: value } or indented lines"));
                return null;
        }
    }

    /// <summary>A list of maps, at least one where the list is required.</summary>
    public IReadOnlyList<YamlSection> Sections(string key, bool required = true, string about = "")
    {
        if (_shape is not null)
        {
            YamlShape keys = new();
            _shape.Add(new(key, YamlKind.List, required, about) { Keys = keys, AtLeastOne = required });
            return [Describing(keys)];
        }

        IReadOnlyList<YamlNode> items = Items(key, required);
        List<YamlSection> sections = [];
        for (int index = 0; index < items.Count; index++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"{Join(key)}[{index}]");
            if (items[index] is YamlMap map)
            {
                sections.Add(new(_file, path, map, _faults));
            }
            else
            {
                _faults.Add(new(_file, items[index].Line, items[index].Column, path, new(es: "debe tener claves propias", en: "must hold keys of its own"), new(es: "escriba - { clave: valor }", en: "write - { key: value }")));
            }
        }

        if (required && items.Count == 0 && Find(key) is { Value: YamlList })
        {
            Fault(key, new(es: "está vacía", en: "is empty"), new(es: "ponga al menos uno", en: "name at least one"));
        }

        return sections;
    }

    /// <summary>Checks that exactly one of some keys is there.</summary>
    public void ExactlyOneOf(Text hint, params string[] keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _shape?.AddAlternatives(keys);
        int count = keys.Count(Has);
        if (count != 1)
        {
            Fault(keys[count == 0 ? 0 : 1], count == 0 ? new(es: "falta", en: "is missing") : new(es: $"está junto con {keys[0]}", en: $"stands beside {keys[0]}"), hint);
        }
    }

    /// <summary>Reports a fault of the caller's own at a key, or at the section when the key is not there.</summary>
    public void Fault(string key, Text message, Text hint)
    {
        YamlEntry? entry = Find(key);
        _faults.Add(new(_file, entry?.Value.Line ?? _map.Line, entry?.Value.Column ?? _map.Column, Join(key), message, hint));
    }

    /// <summary>Reports every key that nobody asked for.</summary>
    public void Close()
    {
        foreach (YamlEntry entry in _map.Entries)
        {
            if (!_known.Contains(entry.Key, StringComparer.Ordinal) && !_faults.IsFull)
            {
                _faults.Add(new(_file, entry.Line, entry.Column, Join(entry.Key), new(es: "no se conoce esta clave", en: "unknown key"), Suggestion.For(entry.Key, _known)));
            }
        }
    }

    private long? ParseInteger(string key, string text, long minimum, long maximum)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= minimum && number <= maximum)
        {
            return number;
        }

        Fault(key, new(es: $"'{text}' no es un número entero de {minimum} a {maximum}", en: $"'{text}' is no whole number from {minimum} to {maximum}"), new(es: "escriba solo dígitos", en: "write digits only"));
        return null;
    }

    private IReadOnlyList<YamlNode> Items(string key, bool required)
    {
        YamlEntry? entry = Entry(key, required);
        switch (entry?.Value)
        {
            case null:
                return [];
            case YamlList list:
                return list.Items;
            default:
                Fault(key, new(es: "debe ser una lista", en: "must be a list"), new(es: "escriba [ ... ] o líneas que empiecen con '-'", en: "write [ ... ] or lines beginning with '-'"));
                return [];
        }
    }

    private YamlEntry? Entry(string key, bool required)
    {
        Know(key);
        YamlEntry? entry = Find(key);
        if (entry is null && required)
        {
            _faults.Add(new(_file, _map.Line, _map.Column, Join(key), new(es: "falta", en: "is missing"), new(es: "agréguelo", en: "add it")));
        }

        return entry;
    }

    private YamlEntry? Find(string key)
    {
        foreach (YamlEntry entry in _map.Entries)
        {
            if (entry.Key == key)
            {
                return entry;
            }
        }

        return null;
    }

    private void Know(string key)
    {
        if (!_known.Contains(key, StringComparer.Ordinal))
        {
            _known.Add(key);
        }
    }

    private string Join(string key) => Path.Length == 0 ? key : $"{Path}.{key}";
}
