using System.Security.Cryptography;
using System.Text;
using Metering.Readings;

namespace Metering.Ingestion.Intake;

/// <summary>A series of line protocol without escapes, its tags ascending by name.</summary>
/// <param name="Measurement">The measurement.</param>
/// <param name="Tags">The tags.</param>
/// <param name="Field">The field.</param>
internal sealed record IntakeSeries(string Measurement, SortedDictionary<string, string> Tags, string Field)
{
    private const int HashLength = 16;

    /// <summary>Measurement, tags and field in one line, for messages and for <see cref="Profile"/>.</summary>
    public string Text => string.Concat(Measurement, string.Concat(Tags.Select(tag => $",{tag.Key}={tag.Value}")), " ", Field);

    /// <summary>The profile of the channel it feeds: names the series by the first 64 bits of a hash, so that no other series can feed it, ever.</summary>
    public string Profile => "line-protocol/" + Hash()[..HashLength];

    /// <summary>
    /// The automatic name: measurement, tag values and field, points between. What an identifier may not hold becomes '-', and then, or
    /// when the text is too long, the first half of the hash follows, so that two series never share a name.
    /// </summary>
    public string ChannelName() => Name(string.Join('.', [Measurement, .. Tags.Values, Field]));

    /// <summary>The automatic name of the meter: the same without the field.</summary>
    public string MeterName() => (this with { Field = "" }).Name(string.Join('.', [Measurement, .. Tags.Values]));

    private string Name(string wanted)
    {
        StringBuilder name = new();
        foreach (char character in wanted)
        {
            bool fits = char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '.' or '_';
            _ = name.Append(fits ? character : char.IsAsciiLetterUpper(character) ? char.ToLowerInvariant(character) : '-');
        }

        // Without the names of the tags, or with points in the parts, different series could look the same.
        bool isUnique = Tags.Count == 0 && !Measurement.Contains('.', StringComparison.Ordinal) && !Field.Contains('.', StringComparison.Ordinal);
        string text = name.ToString();
        if (isUnique && text == wanted && Identifier.IsValid(text))
        {
            return text;
        }

        string tail = "-" + Hash()[..(HashLength / 2)];
        text = char.IsAsciiLetterOrDigit(text[0]) ? text : "s" + text;
        return text[..Math.Min(text.Length, Identifier.MaximumLength - tail.Length)] + tail;
    }

    /// <summary>Takes the escapes out of a key and sorts its tags.</summary>
    /// <exception cref="LineProtocolException">A tag is not 'name=value', or stands there twice.</exception>
    public static IntakeSeries Parse(ReadOnlySpan<byte> key, ReadOnlySpan<byte> field)
    {
        SortedDictionary<string, string> tags = new(StringComparer.Ordinal);
        int end = EndOf(key, (byte)',');
        string measurement = Plain(key[..end]);
        while (end < key.Length)
        {
            key = key[(end + 1)..];
            end = EndOf(key, (byte)',');
            ReadOnlySpan<byte> tag = key[..end];
            int equals = EndOf(tag, (byte)'=');
            if (equals == 0 || equals + 1 >= tag.Length || !tags.TryAdd(Plain(tag[..equals]), Plain(tag[(equals + 1)..])))
            {
                throw new LineProtocolException("a tag must be 'name=value', and each name once");
            }
        }

        return measurement.Length == 0 || field.IsEmpty
            ? throw new LineProtocolException("measurement and field must have a name")
            : new(measurement, tags, Plain(field));
    }

    private string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\0', [Measurement, .. Tags.Select(tag => $"{tag.Key}\u0001{tag.Value}"), Field]))));

    private static int EndOf(ReadOnlySpan<byte> text, byte stop)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == (byte)'\\')
            {
                at++;
            }
            else if (text[at] == stop)
            {
                return at;
            }
        }

        return text.Length;
    }

    private static string Plain(ReadOnlySpan<byte> text)
    {
        string plain = Encoding.UTF8.GetString(text);
        return plain.Replace("\\ ", " ", StringComparison.Ordinal).Replace("\\,", ",", StringComparison.Ordinal).Replace("\\=", "=", StringComparison.Ordinal);
    }
}
