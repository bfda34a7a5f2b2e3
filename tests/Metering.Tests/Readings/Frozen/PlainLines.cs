using System.Buffers.Text;
using System.Text;
using Metering.Readings;

namespace Metering.Tests.Readings.Frozen;

/// <summary>Lines read through strings, as version 1 was first read: slow and plain, kept to hold the fast reader to its decisions. Not to be changed.</summary>
internal ref struct PlainLines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly bool NextIs(string keyword) =>
        _rest.Length > keyword.Length && _rest[keyword.Length] == (byte)' ' && StartsWith(_rest, keyword);

    public void Literal(string line)
    {
        if (!TakeLine().SequenceEqual(Encoding.ASCII.GetBytes(line)))
        {
            throw new WireFormatException($"expected the line '{line}'");
        }
    }

    /// <summary>The fields after the keyword, as many as asked for.</summary>
    public string[] Fields(string keyword, int count)
    {
        if (!NextIs(keyword))
        {
            throw new WireFormatException($"expected a line '{keyword} ...'");
        }

        string[] parts = Encoding.ASCII.GetString(TakeLine()).Split(' ');
        if (parts.Length != count + 1 || Array.Exists(parts, part => part.Length == 0))
        {
            throw new WireFormatException($"line '{keyword}' must have {count} fields");
        }

        return parts[1..];
    }

    public string Field(string keyword) => Fields(keyword, 1)[0];

    public ReadOnlySpan<byte> TakeLine()
    {
        int end = _rest.IndexOf((byte)'\n');
        if (end < 0)
        {
            throw new WireFormatException("the last line has no line feed");
        }

        ReadOnlySpan<byte> line = _rest[..end];
        _rest = _rest[(end + 1)..];
        return line;
    }

    public static long Integer(ReadOnlySpan<byte> text, string what)
    {
        if (!Utf8Parser.TryParse(text, out long value, out int used) || used != text.Length || !IsCanonical(text))
        {
            throw new WireFormatException($"{what} '{Encoding.ASCII.GetString(text[..Math.Min(text.Length, 40)])}' is not a canonical integer");
        }

        return value;
    }

    public static long Integer(string text, string what) => Integer(Encoding.ASCII.GetBytes(text), what);

    public static int Count(string text, string what, int maximum)
    {
        long value = Integer(text, what);
        return value >= 0 && value <= maximum ? (int)value : throw new WireFormatException($"{what} {value} is outside 0 to {maximum}");
    }

    public static string Hash(string text, string what) =>
        text.Length == 64 && text.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0
            ? text
            : throw new WireFormatException($"{what} is not a SHA-256 in lower-case hexadecimal");

    public static string Id(string text, string what) =>
        IsIdentifier(text) ? text : throw new WireFormatException($"{what} '{text}' is no identifier");

    private static bool IsCanonical(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> digits = text[0] == (byte)'-' ? text[1..] : text;
        return digits.Length > 0
            && digits[0] != (byte)'+'
            && (digits[0] != (byte)'0' || (digits.Length == 1 && text.Length == 1));
    }

    private static bool StartsWith(ReadOnlySpan<byte> bytes, string text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (bytes[index] != text[index])
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsIdentifier(string text)
    {
        if (text.Length is 0 or > 64 || !char.IsAsciiLetterOrDigit(text[0]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '.' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
