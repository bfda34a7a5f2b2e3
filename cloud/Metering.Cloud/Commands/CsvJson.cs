using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Metering.Cloud.Commands;

/// <summary>Writes one JSON object to a text stream in pieces. Numbers are the shortest that read back to the same double; NaN is null.</summary>
internal sealed class CsvJson : IDisposable
{
    private const int PieceBytes = 64 * 1024;

    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> pending = new();
    private readonly TextWriter output;

    public CsvJson(TextWriter output)
    {
        this.output = output;
        Writer = new Utf8JsonWriter(pending, Options);
    }

    public Utf8JsonWriter Writer { get; }

    public void Number(string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            Writer.WriteNumber(name, number);
        }
        else
        {
            Writer.WriteNull(name);
        }
    }

    public void Count(string name, int? value)
    {
        if (value is { } count)
        {
            Writer.WriteNumber(name, count);
        }
        else
        {
            Writer.WriteNull(name);
        }
    }

    /// <summary>An instant as ISO 8601 in UTC, with milliseconds only where there are some.</summary>
    public void Instant(string name, long utcMilliseconds) => Writer.WriteString(name, Text(utcMilliseconds));

    /// <summary>An instant as ISO 8601 in UTC.</summary>
    public static string Text(long utcMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds)
        .ToString(utcMilliseconds % 1000 == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Hands finished text on when there is enough of it.</summary>
    public void Pass()
    {
        if (Writer.BytesPending + pending.WrittenCount >= PieceBytes)
        {
            Writer.Flush();
            output.Write(Encoding.UTF8.GetString(pending.WrittenSpan));
            pending.ResetWrittenCount();
        }
    }

    public void Finish()
    {
        Writer.Flush();
        output.WriteLine(Encoding.UTF8.GetString(pending.WrittenSpan));
        pending.ResetWrittenCount();
    }

    public void Dispose() => Writer.Dispose();
}
