using System.Globalization;
using System.Text.Json;
using Metering.Gateway.Configuration;
using Metering.Gateway.Inputs;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Meters.Yaml;
using Metering.Readings.Field;

namespace Metering.Gateway.Commands;

/// <summary>What the commands for entries share: opening the book, telling faults, printing entries.</summary>
internal static class FieldCommand
{
    /// <summary>Does something with the book; every expected fault is told in the user's language.</summary>
    internal static int Run(string config, Language language, Func<FieldBook, int> action)
    {
        try
        {
            GatewayConfiguration configuration = ConfigurationFile.Load(config);
            using KeyChain keys = KeyChain.Open(configuration.StateDirectory, configuration.KeyEpoch, configuration.Key);
            FieldBook book = new(configuration, keys.KeyEpoch, keys.Key, epoch => epoch >= keys.FirstEpoch && epoch <= keys.KeyEpoch ? keys.KeyOf(epoch) : null, TimeProvider.System);
            return action(book);
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.In(language), ExitCode.Configuration);
        }
        catch (OutboxException e)
        {
            return Output.Fail(e.Message, e.ExitCode);
        }
        catch (FieldRefusalException e)
        {
            return Output.Fail(e.In(language), e.ExitCode);
        }
        catch (UnauthorizedAccessException e)
        {
            return Output.Fail(FieldTexts.NotPermitted.In(language, e.Message), ExitCode.Permission);
        }
        catch (IOException e)
        {
            return Output.Fail(FieldTexts.NotKept.In(language, e.Message), ExitCode.InputOutput);
        }
    }

    /// <summary>Says that an entry is kept: its number on standard output.</summary>
    internal static int Kept(FieldEntry entry, bool json, Language language)
    {
        Console.Out.WriteLine(json ? Json([entry]) : entry.Number.ToString(CultureInfo.InvariantCulture));
        Console.Error.WriteLine(FieldTexts.Kept.In(language, FieldNumbers.Text(entry.Number, 0)));
        return 0;
    }

    /// <summary>{"entries":[...]}.</summary>
    internal static string Json(IReadOnlyList<FieldEntry> entries)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartArray("entries");
            HashSet<long> valid = [.. FieldEntries.Valid(entries).Select(entry => entry.Number)];
            foreach (FieldEntry entry in entries)
            {
                Write(json, entry, valid.Contains(entry.Number));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, FieldEntry entry, bool isValid)
    {
        json.WriteStartObject();
        json.WriteNumber("entry", entry.Number);
        json.WriteString("kind", entry.Kind == FieldEntryKind.Swap ? "swap" : "reading");
        json.WriteString("channel", entry.Channel);
        json.WriteString("at", FieldNumbers.Instant(entry.UtcMilliseconds));
        WriteNumber(json, "value", entry.Value, entry.Decimals);
        WriteNumber(json, "final", entry.FinalValue, entry.Decimals);
        WriteNumber(json, "initial", entry.InitialValue, entry.Decimals);
        json.WriteString("unit", entry.Unit);
        json.WriteString("operator", entry.Operator);
        WriteText(json, "method", entry.Method);
        WriteText(json, "serial", entry.Serial);
        WriteText(json, "photoSha256", entry.PhotoHash);
        WriteText(json, "note", entry.Note);
        json.WriteString("entered", FieldNumbers.Instant(entry.EnteredUtcMilliseconds));
        if (entry.Supersedes is long old)
        {
            json.WriteNumber("supersedes", old);
        }

        json.WriteBoolean("inForce", isValid);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? scaled, int decimals)
    {
        if (scaled is long value)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(FieldNumbers.Text(value, decimals));
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }
}
