using System.Buffers.Text;
using System.Text;

namespace Metering.Readings;

/// <summary>
/// Reads lines "keyword field field" one after the other and accepts one spelling only: single spaces, line feeds,
/// decimal integers without plus sign or leading zeros, lower-case hexadecimal. Nothing is copied before it is asked for.
/// </summary>
internal ref struct CanonicalLines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public readonly bool NextIs(ReadOnlySpan<byte> keyword) =>
        _rest.Length > keyword.Length && _rest[keyword.Length] == (byte)' ' && _rest.StartsWith(keyword);

    public void Literal(ReadOnlySpan<byte> line)
    {
        if (!TakeLine().SequenceEqual(line))
        {
            throw new WireFormatException($"expected the line '{Encoding.ASCII.GetString(line)}'");
        }
    }

    public void Literal(string line) => Literal(Encoding.ASCII.GetBytes(line));

    /// <summary>The places of the fields after the keyword, exactly as many as there is room for, in the text returned.</summary>
    public ReadOnlySpan<byte> Fields(scoped ReadOnlySpan<byte> keyword, scoped Span<Range> places)
    {
        if (!NextIs(keyword))
        {
            throw new WireFormatException($"expected a line '{Encoding.ASCII.GetString(keyword)} ...'");
        }

        ReadOnlySpan<byte> line = TakeLine()[(keyword.Length + 1)..];
        int start = 0;
        for (int index = 0; index < places.Length; index++)
        {
            bool isLast = index == places.Length - 1;
            int space = line[start..].IndexOf((byte)' ');
            int end = isLast ? line.Length : start + space;
            if (isLast != (space < 0) || end == start)
            {
                throw new WireFormatException($"line '{Encoding.ASCII.GetString(keyword)}' must have {places.Length} fields");
            }

            places[index] = start..end;
            start = end + 1;
        }

        return line;
    }

    /// <summary>The one field after the keyword.</summary>
    public ReadOnlySpan<byte> Field(scoped ReadOnlySpan<byte> keyword)
    {
        Span<Range> places = stackalloc Range[1];
        return Fields(keyword, places)[places[0]];
    }

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

    public static int Count(ReadOnlySpan<byte> text, string what, int maximum)
    {
        long value = Integer(text, what);
        return value >= 0 && value <= maximum ? (int)value : throw new WireFormatException($"{what} {value} is outside 0 to {maximum}");
    }

    public static string Hash(ReadOnlySpan<byte> text, string what) =>
        text.Length == 64 && text.IndexOfAnyExcept("0123456789abcdef"u8) < 0
            ? Encoding.ASCII.GetString(text)
            : throw new WireFormatException($"{what} is not a SHA-256 in lower-case hexadecimal");

    public static string Id(ReadOnlySpan<byte> text, string what) =>
        Identifier.IsValid(text)
            ? Encoding.ASCII.GetString(text)
            : throw new WireFormatException($"{what} '{Encoding.ASCII.GetString(text[..Math.Min(text.Length, 2 * Identifier.MaximumLength)])}' is no identifier");

    /// <summary>A field that may hold any ASCII characters.</summary>
    public static string Text(ReadOnlySpan<byte> text, string what) =>
        Ascii.IsValid(text) ? Encoding.ASCII.GetString(text) : throw new WireFormatException($"{what} is not ASCII");

    private static bool IsCanonical(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> digits = text[0] == (byte)'-' ? text[1..] : text;
        return digits.Length > 0
            && digits[0] != (byte)'+'
            && (digits[0] != (byte)'0' || (digits.Length == 1 && text.Length == 1));
    }
}
