using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Metering.Gateway.Logging;

/// <summary>
/// One line for each entry: time in UTC, level, category, text; for the journal of systemd the level as syslog's number in front
/// (sd-daemon(3)), since the journal keeps the time itself; or a JSON object.
/// </summary>
internal sealed class LineFormatter(LogForm form, TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string? text = logEntry.Formatter?.Invoke(logEntry.State, logEntry.Exception);
        if (text is null && logEntry.Exception is null)
        {
            return;
        }

        switch (form)
        {
            case LogForm.Json:
                WriteJson(textWriter, logEntry, text);
                return;
            case LogForm.Systemd:
                textWriter.Write(Severity(logEntry.LogLevel));
                break;
            default:
                textWriter.Write(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z' ", CultureInfo.InvariantCulture));
                textWriter.Write(Word(logEntry.LogLevel));
                break;
        }

        textWriter.Write(logEntry.Category);
        textWriter.Write('[');
        textWriter.Write(logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture));
        textWriter.Write("] ");
        WriteInOneLine(textWriter, text);
        if (logEntry.Exception is Exception exception)
        {
            textWriter.Write(' ');
            WriteInOneLine(textWriter, exception.ToString());
        }

        textWriter.Write('\n');
    }

    private void WriteJson<TState>(TextWriter writer, in LogEntry<TState> entry, string? text)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp", clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("LogLevel", entry.LogLevel.ToString());
            json.WriteString("Category", entry.Category);
            json.WriteNumber("EventId", entry.EventId.Id);
            json.WriteString("Message", text);
            if (entry.Exception is Exception exception)
            {
                json.WriteString("Exception", exception.ToString());
            }

            json.WriteStartObject("State");
            foreach (KeyValuePair<string, object?> value in entry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
            {
                json.WritePropertyName(value.Key);
                WriteValue(json, value.Value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        writer.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        writer.Write('\n');
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case byte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteInOneLine(TextWriter writer, string? text) =>
        writer.Write(text?.Replace("\r\n", " ", StringComparison.Ordinal).Replace('\n', ' '));

    private static string Severity(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "<7>",
        LogLevel.Information => "<6>",
        LogLevel.Warning => "<4>",
        LogLevel.Error => "<3>",
        _ => "<2>",
    };

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce: ",
        LogLevel.Debug => "dbug: ",
        LogLevel.Information => "info: ",
        LogLevel.Warning => "warn: ",
        LogLevel.Error => "fail: ",
        _ => "crit: ",
    };
}
