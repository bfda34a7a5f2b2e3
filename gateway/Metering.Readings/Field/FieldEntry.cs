using System.Globalization;
using System.Text;

namespace Metering.Readings.Field;

/// <summary>What people enter at the gateway.</summary>
public enum FieldEntryKind
{
    /// <summary>A value read by eye, or a laboratory's result.</summary>
    Reading = 0,

    /// <summary>A change of meter.</summary>
    Swap,
}

/// <summary>
/// One entry of a person, signed by the gateway and never edited: a correction is a further entry that names the one it takes the
/// place of. Its text stands in a file of its own, one line a field, what people wrote percent-encoded (RFC 3986) so that all is ASCII:
/// <code>
/// metering/v1/field
/// gateway tannery-1
/// epoch 1
/// entry 7
/// kind reading
/// channel effluent-lab.cod
/// at 1732284000000
/// value 1234
/// unit mg/L
/// decimals 1
/// entered 1732300000000
/// operator Ana%20Ruiz
/// method NMX-AA-030-SCFI-2012
/// photo -
/// supersedes -
/// note -
/// </code>
/// A swap has "kind swap" and "final", "initial" and "serial" behind the decimals; its value is "-".
/// </summary>
public sealed record FieldEntry
{
    /// <summary>First line of the text.</summary>
    public const string Header = "metering/v1/field";

    private const string Nothing = "-";
    private const int HashDigits = 64;

    /// <summary>The gateway, an <see cref="Identifier"/>.</summary>
    public required string Gateway { get; init; }

    /// <summary>Epoch of the key that signs it, from 1.</summary>
    public required int KeyEpoch { get; init; }

    /// <summary>Number within this state directory, from 1 without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>What it is.</summary>
    public required FieldEntryKind Kind { get; init; }

    /// <summary>The channel it is about, an <see cref="Identifier"/>.</summary>
    public required string Channel { get; init; }

    /// <summary>When the value was read or the meter changed, in milliseconds since 1970-01-01 UTC.</summary>
    public required long UtcMilliseconds { get; init; }

    /// <summary>The value, in the channel's scaled integers; null for a swap.</summary>
    public long? Value { get; init; }

    /// <summary>Unit of the channel.</summary>
    public required string Unit { get; init; }

    /// <summary>Decimal places of the channel's integers.</summary>
    public required int Decimals { get; init; }

    /// <summary>Swap: what the old meter showed last.</summary>
    public long? FinalValue { get; init; }

    /// <summary>Swap: what the new meter showed first.</summary>
    public long? InitialValue { get; init; }

    /// <summary>Swap: serial number of the new meter.</summary>
    public string? Serial { get; init; }

    /// <summary>When it was entered, in milliseconds since 1970-01-01 UTC.</summary>
    public required long EnteredUtcMilliseconds { get; init; }

    /// <summary>Who read it: a person's name.</summary>
    public required string Operator { get; init; }

    /// <summary>Code of the method, such as NMX-AA-030-SCFI-2012.</summary>
    public string? Method { get; init; }

    /// <summary>SHA-256 of the photo, lower-case hexadecimal.</summary>
    public string? PhotoHash { get; init; }

    /// <summary>Number of the entry this one takes the place of.</summary>
    public long? Supersedes { get; init; }

    /// <summary>Anything worth knowing.</summary>
    public string? Note { get; init; }

    /// <summary>The canonical text.</summary>
    public byte[] ToText()
    {
        StringBuilder text = new();
        _ = text.Append(Header).Append('\n');
        foreach ((string key, string value) in Lines())
        {
            _ = text.Append(key).Append(' ').Append(value).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Reads a canonical text: whatever would be written otherwise is refused.</summary>
    /// <exception cref="WireFormatException">Not such a text.</exception>
    public static FieldEntry Parse(ReadOnlySpan<byte> text)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (string line in Encoding.ASCII.GetString(text).Split('\n'))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0)
            {
                fields[line[..space]] = line[(space + 1)..];
            }
        }

        FieldEntry entry;
        try
        {
            entry = Read(fields);
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException)
        {
            throw new WireFormatException("a field of the entry is missing or no number", e);
        }

        return entry.IsWhole && entry.ToText().AsSpan().SequenceEqual(text) ? entry : throw new WireFormatException("the entry is not in its one spelling");
    }

    // What the lines alone do not say: identifiers, ranges, the form of a hash, and which fields belong to which kind.
    private bool IsWhole =>
        Identifier.IsValid(Gateway) && Identifier.IsValid(Channel) && KeyEpoch >= 1 && Number >= 1 && UtcMilliseconds >= 0 && EnteredUtcMilliseconds >= 0
        && Decimals is >= 0 and <= Readings.Channel.MaximumDecimalPlaces && Unit.Length > 0 && Operator.Length > 0 && (Supersedes is null or >= 1)
        && (PhotoHash is null || (PhotoHash.Length == HashDigits && PhotoHash.All(char.IsAsciiHexDigitLower)))
        && (Kind == FieldEntryKind.Swap ? Value is null && InitialValue is not null : Value is not null);

    private static FieldEntry Read(Dictionary<string, string> fields)
    {
        bool isSwap = fields["kind"] == "swap";
        return new()
        {
            Gateway = fields["gateway"],
            KeyEpoch = Small(fields["epoch"]),
            Number = Parsed(fields["entry"]),
            Kind = isSwap ? FieldEntryKind.Swap : FieldEntryKind.Reading,
            Channel = fields["channel"],
            UtcMilliseconds = Parsed(fields["at"]),
            Value = Optional(fields["value"]),
            Unit = fields["unit"],
            Decimals = Small(fields["decimals"]),
            FinalValue = isSwap ? Optional(fields["final"]) : null,
            InitialValue = isSwap ? Optional(fields["initial"]) : null,
            Serial = isSwap ? Words(fields["serial"]) : null,
            EnteredUtcMilliseconds = Parsed(fields["entered"]),
            Operator = Words(fields["operator"]) ?? "",
            Method = Words(fields["method"]),
            PhotoHash = Words(fields["photo"]),
            Supersedes = Optional(fields["supersedes"]),
            Note = Words(fields["note"]),
        };
    }

    private IEnumerable<(string Key, string Value)> Lines()
    {
        yield return ("gateway", Gateway);
        yield return ("epoch", Text(KeyEpoch));
        yield return ("entry", Text(Number));
        yield return ("kind", Kind == FieldEntryKind.Swap ? "swap" : "reading");
        yield return ("channel", Channel);
        yield return ("at", Text(UtcMilliseconds));
        yield return ("value", Text(Value));
        yield return ("unit", Unit);
        yield return ("decimals", Text(Decimals));
        if (Kind == FieldEntryKind.Swap)
        {
            yield return ("final", Text(FinalValue));
            yield return ("initial", Text(InitialValue));
            yield return ("serial", Encoded(Serial));
        }

        yield return ("entered", Text(EnteredUtcMilliseconds));
        yield return ("operator", Encoded(Operator));
        yield return ("method", Encoded(Method));
        yield return ("photo", Encoded(PhotoHash));
        yield return ("supersedes", Text(Supersedes));
        yield return ("note", Encoded(Note));
    }

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? Nothing;

    // A lone hyphen means nothing, so that one which somebody wrote is encoded.
    private static string Encoded(string? words) => words is null ? Nothing : words == Nothing ? "%2D" : Uri.EscapeDataString(words);

    private static string? Words(string encoded) => encoded == Nothing ? null : Uri.UnescapeDataString(encoded);

    private static long Parsed(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static int Small(string text) => checked((int)Parsed(text));

    private static long? Optional(string text) => text == Nothing ? null : Parsed(text);
}
