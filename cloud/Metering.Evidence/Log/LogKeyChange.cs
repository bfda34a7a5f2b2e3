using System.Text.Encodings.Web;
using System.Text.Json;
using Metering.Readings;

namespace Metering.Evidence.Log;

/// <summary>The body of a `log-key` entry: from it on the log signs with another key.</summary>
/// <param name="Before">Public key until then, in PEM.</param>
/// <param name="After">Public key from then on, in PEM.</param>
public sealed record LogKeyChange(string Before, string After)
{
    // Base64 stays as it is in PEM.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes: canonical JSON and a line feed.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("logKey", 1);
            json.WriteString("before", Before);
            json.WriteString("after", After);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="WireFormatException">The bytes are no change of key in its one form.</exception>
    public static LogKeyChange Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes.ToArray());
            JsonElement root = document.RootElement;
            LogKeyChange change = new(root.GetProperty("before").GetString() ?? "", root.GetProperty("after").GetString() ?? "");
            return bytes.SequenceEqual(change.ToBytes()) ? change : throw new WireFormatException("the change of the log's key is not in its one form");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new WireFormatException($"no change of the log's key ({e.Message.TrimEnd('.')})", e);
        }
    }

    /// <summary>The key that a checkpoint must be signed by, in PEM; null when the log never changed its key, so that it is its one key.</summary>
    /// <param name="size">Entries under the checkpoint.</param>
    /// <param name="changes">Every change, with the index of its entry, ascending.</param>
    public static string? KeyAt(long size, IReadOnlyList<(long Index, LogKeyChange Change)> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        string? key = changes.Count == 0 ? null : changes[0].Change.Before;
        foreach ((long index, LogKeyChange change) in changes)
        {
            key = index < size ? change.After : key;
        }

        return key;
    }
}
