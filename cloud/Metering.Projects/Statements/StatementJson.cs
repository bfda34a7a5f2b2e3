using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Metering.Readings;

namespace Metering.Projects.Statements;

/// <summary>
/// The one form of a statement that is hashed: UTF-8 JSON with its members in one order, no white space, numbers in their shortest exact form,
/// null for what is not known, days as yyyy-MM-dd, instants as milliseconds since 1970-01-01 UTC, one line feed at the end.
/// </summary>
internal static class StatementJson
{
    /// <summary>Most bytes of a statement that a person or record makes; a result may be larger.</summary>
    public const int MaximumLength = 1024 * 1024;

    // Letters stay letters, so that a person can read a statement; nothing of it is ever put into a page as it is.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes of a statement.</summary>
    /// <param name="write">Writes its members; the object around them is opened and closed here.</param>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Reads a statement; the bytes must be those that writing it again gives.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="what">What it should be, for the message.</param>
    /// <param name="read">Reads it from its object; whatever it throws for a wrong form is told as such.</param>
    /// <param name="write">Writes it again.</param>
    /// <exception cref="WireFormatException">It is none, or not in its one form.</exception>
    public static T Read<T>(ReadOnlySpan<byte> bytes, string what, Func<JsonElement, T> read, Func<T, byte[]> write)
    {
        if (bytes.Length > MaximumLength)
        {
            throw new WireFormatException($"a {what} has at most {MaximumLength} bytes, this one {bytes.Length}");
        }

        T statement;
        byte[] again;
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes.ToArray());
            statement = read(document.RootElement);
            again = write(statement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException or OverflowException or NullReferenceException)
        {
            throw new WireFormatException($"not a {what} of version 1 ({e.Message.TrimEnd('.')})", e);
        }

        return bytes.SequenceEqual(again) ? statement : throw new WireFormatException($"the {what} is not in its one form");
    }

    /// <summary>A number; null when it is not finite.</summary>
    public static void Number(this Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        json.NumberValue(value);
    }

    /// <summary>A number in an array; null when it is not finite.</summary>
    public static void NumberValue(this Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>Numbers in an array.</summary>
    public static void Numbers(this Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            json.NumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Objects in an array.</summary>
    public static void Objects<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A day; null when there is none.</summary>
    public static void Day(this Utf8JsonWriter json, string name, DateOnly? day)
    {
        if (day is { } known)
        {
            json.WriteString(name, known.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>A whole number; null when there is none.</summary>
    public static void Whole(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>The word of a value: its name in lower case with hyphens, as the records of the register write it.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The value of a word.</summary>
    /// <exception cref="FormatException">There is none of this name.</exception>
    public static T Value<T>(this JsonElement element, string name)
        where T : struct, Enum
    {
        string word = element.Text(name);
        foreach (T value in Enum.GetValues<T>())
        {
            if (Word(value) == word)
            {
                return value;
            }
        }

        throw new FormatException($"'{word}' is none of the words of '{name}'");
    }

    /// <summary>A text that must be there.</summary>
    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is missing");

    /// <summary>A text or null.</summary>
    public static string? TextOrNull(this JsonElement element, string name) => element.GetProperty(name).GetString();

    /// <summary>A day that must be there.</summary>
    public static DateOnly Day(this JsonElement element, string name) => DateOnly.ParseExact(element.Text(name), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A number; NaN for null.</summary>
    public static double Number(this JsonElement element, string name) => element.GetProperty(name) is { ValueKind: not JsonValueKind.Null } number ? number.GetDouble() : double.NaN;

    /// <summary>A whole number that must be there.</summary>
    public static long Whole(this JsonElement element, string name) => element.GetProperty(name).GetInt64();

    /// <summary>A whole number or null.</summary>
    public static long? WholeOrNull(this JsonElement element, string name) => element.GetProperty(name) is { ValueKind: not JsonValueKind.Null } number ? number.GetInt64() : null;

    /// <summary>Holds the version number of a statement against the only one there is.</summary>
    /// <exception cref="FormatException">It is another.</exception>
    public static void RequireVersion(this JsonElement element, string name)
    {
        if (element.Whole(name) != 1)
        {
            throw new FormatException($"'{name}' is of another version: a newer program reads it");
        }
    }
}
