using System.Globalization;
using System.Numerics;
using Metering.Readings;

namespace Metering.Cloud.Hosting;

/// <summary>Gathers the faults of one file.</summary>
internal sealed class ConfigFaults(string file)
{
    private readonly List<(long Line, long Column, Text Text)> _faults = [];

    public int Count => _faults.Count;

    public void Add(long line, long column, string key, Text what)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"{file}({line},{column}): {(key.Length == 0 ? "" : key + ": ")}");
        _faults.Add((line, column, new(place + what.In(Language.Spanish), place + what.In(Language.English))));
    }

    public void Add(YamlValue value, Text what) => Add(value.Line, value.Column, value.Key, what);

    public ConfigException ToException() =>
        new([.. _faults.OrderBy(fault => fault.Line).ThenBy(fault => fault.Column).Select(fault => fault.Text)]);
}

/// <summary>Reads the keys of one section. A key asked for is known; <see cref="End"/> reports those nobody asked for.</summary>
internal sealed class ConfigSection(YamlValue section, string folder, ConfigFaults faults)
{
    // For what is only looked up: nothing can be said of it.
    private static readonly Text NoHint = new("-", "-");

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public YamlValue Value => section;

    /// <summary>Whether the key is there and holds a section.</summary>
    public bool IsSection(string name) => Find(name, isRequired: false, NoHint)?.Members is not null;

    public ConfigSection? Section(string name, bool isRequired, Text hint)
    {
        YamlValue? value = Find(name, isRequired, hint);
        if (value is null)
        {
            return null;
        }

        if (value.Members is null)
        {
            faults.Add(value, With("debe ser una sección", "must be a section", hint));
            return null;
        }

        return new(value, folder, faults);
    }

    public string Text(string name, Text hint) => OptionalText(name, isRequired: true, hint) ?? "";

    public string? OptionalText(string name, bool isRequired, Text hint)
    {
        YamlValue? value = Find(name, isRequired, hint);
        if (value is not null && string.IsNullOrWhiteSpace(value.Text))
        {
            faults.Add(value, With("debe ser un texto", "must be a text", hint));
        }

        return value?.Text;
    }

    /// <summary>A text of a certain form; the place of the fault is the value's.</summary>
    public T Parsed<T>(string name, Func<string, T?> parse, T fallback, bool isRequired, Text hint)
        where T : class
    {
        string? text = OptionalText(name, isRequired, hint);
        if (string.IsNullOrWhiteSpace(text))
        {
            return fallback;
        }

        T? parsed = parse(text);
        if (parsed is null)
        {
            faults.Add(Find(name, isRequired: false, hint)!, With($"«{text}» no sirve", $"'{text}' does not fit", hint));
        }

        return parsed ?? fallback;
    }

    public string? OptionalIdentifier(string name, Text hint) => Parsed(name, text => Identifier.IsValid(text) ? text : null, "", isRequired: false, new($"{hint.In(Language.Spanish)}; {Identifier.RuleText.In(Language.Spanish)}", $"{hint.In(Language.English)}; {Identifier.Rule}")) is { Length: > 0 } text ? text : null;

    /// <summary>Identifiers with spaces between them.</summary>
    public IReadOnlyList<string> Identifiers(string name, Text hint) =>
        Parsed(name, text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is string[] all && Array.TrueForAll(all, one => Identifier.IsValid(one)) ? all : null, [], isRequired: false, hint);

    public void Fault(string name, Text what)
    {
        if (Find(name, isRequired: false, NoHint) is YamlValue value)
        {
            faults.Add(value, what);
        }
    }

    public int Integer(string name, int minimum, int maximum, int? fallback, Text hint)
    {
        string? text = OptionalText(name, fallback is null, hint);
        if (string.IsNullOrWhiteSpace(text))
        {
            return fallback ?? minimum;
        }

        bool fits = BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value) && value >= minimum && value <= maximum;
        if (!fits)
        {
            faults.Add(Find(name, isRequired: false, hint)!, With(
                string.Create(CultureInfo.InvariantCulture, $"«{text}» debe ser un número entero de {minimum} a {maximum}"),
                string.Create(CultureInfo.InvariantCulture, $"'{text}' must be a whole number from {minimum} to {maximum}"),
                hint));
        }

        return fits ? (int)value : minimum;
    }

    /// <summary>A path, made absolute from the folder of the configuration file.</summary>
    /// <param name="name">The key.</param>
    /// <param name="isRequired">Whether it must be given.</param>
    /// <param name="mustExist">Whether the file must be there.</param>
    /// <param name="hint">What to do when it is not.</param>
    public string? FilePath(string name, bool isRequired, bool mustExist, Text hint)
    {
        string? text = OptionalText(name, isRequired, hint);
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        string path = Path.GetFullPath(Path.Combine(folder, text));
        if (mustExist && !File.Exists(path))
        {
            faults.Add(Find(name, isRequired: false, hint)!, With($"no hay un archivo {path}", $"there is no file {path}", hint));
        }

        return path;
    }

    public void End()
    {
        foreach (YamlValue member in section.Members!)
        {
            string name = member.Key[(member.Key.LastIndexOf('.') + 1)..];
            if (!_known.Contains(name))
            {
                string nearest = Commands.CsvNames.Nearest(name, [.. _known]);
                string known = string.Join(", ", _known);
                faults.Add(member, new($"clave desconocida, ¿quiso decir «{nearest}»? Aquí se conocen: {known}", $"unknown key, did you mean '{nearest}'? Known here: {known}"));
            }
        }
    }

    private static Text With(string spanish, string english, Text hint) => new($"{spanish}, {hint.In(Language.Spanish)}", $"{english}, {hint.In(Language.English)}");

    private YamlValue? Find(string name, bool isRequired, Text hint)
    {
        _ = _known.Add(name);
        string key = section.Key.Length == 0 ? name : $"{section.Key}.{name}";
        YamlValue? value = section.Members!.FirstOrDefault(member => member.Key == key);
        if (value is null && isRequired)
        {
            faults.Add(section.Line, section.Column, key, With("falta", "is missing", hint));
        }

        return value;
    }
}
