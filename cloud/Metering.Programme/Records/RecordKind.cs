using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Metering.Programme.Records;

/// <summary>
/// A kind of record: its names, its fields, and the way between a record, its JSON and the texts of its fields. Forms, lists, CSV, history and
/// checks all follow from it, so a field is described once.
/// </summary>
internal sealed class RecordKind
{
    /// <summary>Name of the field that every kind begins with.</summary>
    public const string IdField = "id";

    /// <summary>Name of the reason of a change where faults and forms speak of it; no record has such a member.</summary>
    public const string ReasonField = "change-reason";

    private readonly JsonTypeInfo json;

    private RecordKind(string name, Text singular, Text plural, JsonTypeInfo json, IReadOnlyList<Field> fields)
    {
        Name = name;
        Singular = singular;
        Plural = plural;
        this.json = json;
        Dictionary<string, JsonPropertyInfo> members = json.Properties.ToDictionary(member => member.Name, StringComparer.Ordinal);
        Fields = [.. fields.Prepend(Field.Identifier(IdField, "Identificador", "Identifier")).Select(field => field with { IsRequired = members[field.Name].IsRequired })];
        if (Fields.Count != members.Count)
        {
            throw new InvalidOperationException($"The kind {name} describes {Fields.Count} of the {members.Count} members of its record.");
        }
    }

    /// <summary>Word of the kind in addresses, rows and references.</summary>
    public string Name { get; }

    /// <summary>What people call one of them.</summary>
    public Text Singular { get; }

    /// <summary>What people call several.</summary>
    public Text Plural { get; }

    /// <summary>All fields, the identifier first.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>The record's type.</summary>
    public Type Type => json.Type;

    /// <summary>Whether a page may make one; false for what only a program writes, such as the description of an uploaded file.</summary>
    public bool IsWrittenByHand { get; init; } = true;

    /// <summary>Looks at a record within the register as it would be after the change; also when it was withdrawn.</summary>
    public Action<RecordCheck> Check { get; private init; } = _ => { };

    /// <summary>A kind without rules beyond its fields.</summary>
    public static RecordKind Of<TRecord>(string name, Text singular, Text plural, JsonTypeInfo<TRecord> json, IReadOnlyList<Field> fields)
        where TRecord : class, IProgrammeRecord => new(name, singular, plural, json, fields);

    /// <summary>The kind with a rule over several fields or records.</summary>
    public RecordKind With<TRecord>(Action<RecordCheck, TRecord> check)
        where TRecord : class, IProgrammeRecord =>
        new(Name, Singular, Plural, json, [.. Fields.Skip(1)]) { IsWrittenByHand = IsWrittenByHand, Check = given => check(given, (TRecord)given.Record) };

    /// <summary>The kind, not to be written on a page.</summary>
    public RecordKind ByProgram() => new(Name, Singular, Plural, json, [.. Fields.Skip(1)]) { IsWrittenByHand = false, Check = Check };

    /// <summary>The record as JSON.</summary>
    public string ToJson(IProgrammeRecord record) => JsonSerializer.Serialize(record, json);

    /// <summary>A stored record.</summary>
    /// <exception cref="JsonException">A member is unknown or missing.</exception>
    public IProgrammeRecord FromJson(string text) => (IProgrammeRecord)JsonSerializer.Deserialize(text, json)!;

    /// <summary>The texts of all fields by name; empty where there is no value.</summary>
    public IReadOnlyDictionary<string, string> ToTexts(IProgrammeRecord record) => ToTexts(ToJson(record));

    /// <summary>The texts of all fields of stored JSON.</summary>
    public IReadOnlyDictionary<string, string> ToTexts(string text)
    {
        JsonObject values = JsonNode.Parse(text)!.AsObject();
        return Fields.ToDictionary(field => field.Name, field => FieldText.Write(field, values[field.Name]), StringComparer.Ordinal);
    }

    /// <summary>A record from the texts of its fields.</summary>
    /// <param name="texts">Text by field name; one that is not there is empty.</param>
    /// <param name="faults">Gets every fault.</param>
    /// <returns>The record; null when there is a fault.</returns>
    public IProgrammeRecord? FromTexts(IReadOnlyDictionary<string, string> texts, List<RecordFault> faults)
    {
        int before = faults.Count;
        JsonObject values = [];
        RecordKey key = new(Name, texts.GetValueOrDefault(IdField, "").Trim());
        foreach (Field field in Fields)
        {
            string text = texts.GetValueOrDefault(field.Name, "").Trim();
            Text? fault = text.Length == 0 ? Missing(field) : FieldText.Read(field, text, out JsonNode? value) ?? Keep(values, field, value);
            if (fault is not null)
            {
                faults.Add(new(key, field.Name, fault));
            }
        }

        return faults.Count == before ? FromJson(values.ToJsonString()) : null;
    }

    /// <summary>The first text of a record that says what it is, in a language where the record has it in both; its identifier when there is none.</summary>
    public string TitleOf(IProgrammeRecord record, Language language = Language.Spanish)
    {
        const string First = "Spanish";
        if (Fields.FirstOrDefault(field => field.Kind == FieldKind.Text) is not { Name: string title })
        {
            return record.Id;
        }

        IReadOnlyDictionary<string, string> texts = ToTexts(record);
        string english = language == Language.English && title.EndsWith(First, StringComparison.Ordinal) ? texts.GetValueOrDefault(title[..^First.Length] + "English", "") : "";
        string text = english.Length > 0 ? english : texts[title];
        return text.Length == 0 ? record.Id : text;
    }

    private static Text? Keep(JsonObject values, Field field, JsonNode? value)
    {
        values[field.Name] = value;
        return null;
    }

    private static Text? Missing(Field field) => field.IsRequired
        ? new($"Falta «{field.Label.In(Language.Spanish)}».", $"“{field.Label.In(Language.English)}” is missing.")
        : null;
}
