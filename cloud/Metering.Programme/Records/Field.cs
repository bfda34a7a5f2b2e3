using System.Text.Json;

namespace Metering.Programme.Records;

/// <summary>What is written in a field.</summary>
internal enum FieldKind
{
    /// <summary>One line.</summary>
    Text = 0,

    /// <summary>Several lines.</summary>
    LongText = 1,

    /// <summary>An identifier, see Metering.Readings.Identifier.</summary>
    Identifier = 2,

    /// <summary>A day, 2026-03-31.</summary>
    Date = 3,

    /// <summary>A whole number.</summary>
    WholeNumber = 4,

    /// <summary>A decimal number in the field's unit.</summary>
    Decimal = 5,

    /// <summary>A decimal number and one of the field's units: "12.5 m3".</summary>
    Quantity = 6,

    /// <summary>A decimal number and a currency: "8000.00 USD".</summary>
    Money = 7,

    /// <summary>A word of a closed list.</summary>
    Choice = 8,

    /// <summary>Identifier of a record of another kind.</summary>
    Reference = 9,

    /// <summary>yes or no.</summary>
    YesNo = 10,

    /// <summary>Identifier of a stored file.</summary>
    File = 11,
}

/// <summary>A word of a closed list and how people read it.</summary>
internal sealed record FieldChoice(string Word, Text Label);

/// <summary>One field of a kind of record: what it is called, what it means, and what may be written in it.</summary>
internal sealed record Field
{
    private const int LongestLine = 200;
    private const int LongestText = 8000;

    private Field(string name, FieldKind kind, Text label) => (Name, Kind, Label, Help) = (name, kind, label, FieldHelp.Of(kind));

    /// <summary>Name of the JSON member, of the form's field and of the CSV column.</summary>
    public string Name { get; }

    /// <summary>What is written in it.</summary>
    public FieldKind Kind { get; }

    /// <summary>What people call it.</summary>
    public Text Label { get; }

    /// <summary>How to write it, and what it means.</summary>
    public Text Help { get; init; }

    /// <summary>Whether it may not be empty: so when the record's member is required.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The closed list; empty for every other kind.</summary>
    public IReadOnlyList<FieldChoice> Choices { get; private init; } = [];

    /// <summary>Kind of record it refers to; null for every other kind.</summary>
    public string? Target { get; private init; }

    /// <summary>Units, or currencies, that may be written; the one of a decimal.</summary>
    public IReadOnlyList<string> Units { get; private init; } = [];

    /// <summary>Least number; null for none.</summary>
    public decimal? Least { get; init; }

    /// <summary>Greatest number; null for none.</summary>
    public decimal? Most { get; init; }

    /// <summary>Most characters of a text.</summary>
    public int LongestLength => Kind == FieldKind.LongText ? LongestText : LongestLine;

    /// <summary>Currencies of money.</summary>
    public static IReadOnlyList<string> Currencies { get; } = ["MXN", "USD", "EUR", "HNL", "GTQ"];

    public static Field Line(string name, string es, string en) => new(name, FieldKind.Text, new(es, en));

    public static Field Lines(string name, string es, string en) => new(name, FieldKind.LongText, new(es, en));

    public static Field Identifier(string name, string es, string en) => new(name, FieldKind.Identifier, new(es, en));

    public static Field Date(string name, string es, string en) => new(name, FieldKind.Date, new(es, en));

    public static Field Whole(string name, string es, string en) => new(name, FieldKind.WholeNumber, new(es, en));

    public static Field Number(string name, string unit, string es, string en) => new(name, FieldKind.Decimal, new(es, en)) { Units = [unit] };

    public static Field Amount(string name, IReadOnlyList<string> units, string es, string en) => new(name, FieldKind.Quantity, new(es, en)) { Units = units };

    public static Field Money(string name, string es, string en) => new(name, FieldKind.Money, new(es, en)) { Units = Currencies, Least = 0 };

    public static Field YesNo(string name, string es, string en) => new(name, FieldKind.YesNo, new(es, en)) { Choices = [new("yes", new("Sí", "Yes")), new("no", new("No", "No"))] };

    public static Field File(string name, string es, string en) => new(name, FieldKind.File, new(es, en)) { Target = "attachment" };

    public static Field Reference(string name, string target, string es, string en) => new(name, FieldKind.Reference, new(es, en)) { Target = target };

    public static Field Choice<TEnum>(string name, string es, string en, params (TEnum Value, string Es, string En)[] choices)
        where TEnum : struct, Enum =>
        new(name, FieldKind.Choice, new(es, en)) { Choices = [.. choices.Select(choice => new FieldChoice(WordOf(choice.Value), new(choice.Es, choice.En)))] };

    /// <summary>The word of a value of a closed list, as it stands in JSON and in forms.</summary>
    public static string WordOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
