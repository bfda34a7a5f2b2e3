using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Metering.Programme.Log;

/// <summary>How every JSON body of the log is written: keys in their order, no white space, one line feed at the end.</summary>
internal static class LogBody
{
    /// <summary>Text as it is; only what JSON demands is escaped.</summary>
    public static JsonSerializerOptions Text { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a body.</summary>
    /// <param name="members">Writes the members of the one object.</param>
    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = false }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Writes a text or null.</summary>
    public static void Member(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
        {
            writer.WriteNull(name);
        }
        else
        {
            writer.WriteString(name, value);
        }
    }
}
