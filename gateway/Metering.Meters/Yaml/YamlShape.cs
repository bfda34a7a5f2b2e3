namespace Metering.Meters.Yaml;

/// <summary>What may stand behind a key.</summary>
internal enum YamlKind
{
    Text = 0,
    Integer,
    Boolean,
    Section,
    List,
}

/// <summary>What a reader takes behind one key, as its call said.</summary>
internal sealed record YamlKey(string Name, YamlKind Kind, bool Required, string About)
{
    /// <summary>Regular expression of a text; null for any that is not empty.</summary>
    public string? Pattern { get; init; }

    /// <summary>The closed set of a text.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Limits of an integer; a limit at the end of 64 bits is none.</summary>
    public (long Minimum, long Maximum) Range { get; init; } = (long.MinValue, long.MaxValue);

    /// <summary>Whether a list must have an item.</summary>
    public bool AtLeastOne { get; init; }

    /// <summary>What a section, or each item of a list of sections, holds.</summary>
    public YamlShape? Keys { get; init; }

    /// <summary>What each item of a list of values is.</summary>
    public YamlKey? Item { get; init; }
}

/// <summary>
/// The keys of one map, written down while a reader asks for them. So the reader itself is the only description: a key it reads is in
/// the schema, and no other.
/// </summary>
internal sealed class YamlShape
{
    private readonly List<YamlKey> _keys = [];
    private readonly List<IReadOnlyList<string>> _alternatives = [];

    /// <summary>The keys in the order in which the reader asked for them.</summary>
    internal IReadOnlyList<YamlKey> Keys => _keys;

    /// <summary>Sets of keys of which exactly one must be there.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> Alternatives => _alternatives;

    /// <summary>Notes a key; a key asked for a second time stays as it was.</summary>
    internal void Add(YamlKey key)
    {
        if (_keys.TrueForAll(known => known.Name != key.Name))
        {
            _keys.Add(key);
        }
    }

    /// <summary>Notes that exactly one of these keys must be there.</summary>
    internal void AddAlternatives(IReadOnlyList<string> keys) => _alternatives.Add(keys);
}
