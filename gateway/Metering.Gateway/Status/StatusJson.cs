using System.Buffers;
using System.Text.Json;
using Metering.Gateway.Polling;

namespace Metering.Gateway.Status;

/// <summary>/status.json and /health. Members are only ever added; bytes and seconds say so in their names, null is unknown.</summary>
internal static class StatusJson
{
    private const int Version = 1;

    /// <summary>Everything, in one object: polling is a <see cref="PollingSnapshotJson"/>.</summary>
    internal static byte[] Write(GatewayStatus status)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteString("gateway", status.Gateway);
            json.WriteString("software", status.Software);
            json.WriteString("config", status.ConfigHash);
            json.WriteString("configurationFault", status.KeptBecause?.In(Language.English));
            json.WriteNumber("atUtcMilliseconds", status.AtUtcMilliseconds);
            json.WriteNumber("runningSeconds", Math.Round(status.Running.TotalSeconds, 3));
            WriteParts(json, status);
            WriteHealth(json, HealthVerdict.Of(status));
            json.WritePropertyName("polling");
            if (status.Polling is null)
            {
                json.WriteNullValue();
            }
            else
            {
                PollingSnapshotJson.Write(json, status.Polling);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Whether it is well; the reasons only for those who may look.</summary>
    internal static byte[] Health(HealthVerdict verdict, bool withReasons)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status", verdict.IsHealthy ? "ok" : "failing");
            if (withReasons)
            {
                WriteWords(json, "reasons", verdict.Reasons);
                WriteWords(json, "warnings", verdict.Warnings);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteParts(Utf8JsonWriter json, GatewayStatus status)
    {
        json.WriteStartObject("outbox");
        json.WriteNumber("lengthBytes", status.Outbox.LengthBytes);
        json.WriteNumber("maximumLengthBytes", status.Outbox.MaximumLengthBytes);
        json.WriteNumber("pendingReadings", status.Outbox.PendingReadings);
        json.WriteNumber("durableReadings", status.Outbox.DurableReadings);
        json.WriteNumber("refusedReadings", status.Outbox.RefusedReadings);
        json.WriteNumber("lastBatch", status.Outbox.LastBatch);
        json.WriteNumber("ackedThrough", status.Outbox.AckedThrough);
        json.WriteBoolean("isFull", status.Outbox.IsFull);
        json.WriteEndObject();
        json.WriteStartObject("uplink");
        json.WriteString("broker", status.Uplink.Broker);
        json.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(status.Uplink.State.ToString()));
        json.WriteString("problem", status.Uplink.Trouble?.What.In(Language.English));
        json.WriteString("remedy", status.Uplink.Trouble?.Remedy.In(Language.English));
        json.WriteBoolean("isRefused", status.Uplink.IsRefused);
        json.WriteNumber("connections", status.Uplink.Connections);
        WriteInstant(json, "lastAckUtcMilliseconds", status.Uplink.LastAckUtcMilliseconds);
        json.WriteEndObject();
        json.WriteStartObject("log");
        json.WriteString("name", status.Witness.Last?.Log);
        WriteInstant(json, "size", status.Witness.Last?.Size);
        json.WriteString("root", status.Witness.Last is { } last ? Convert.ToHexStringLower(last.Root.Span) : null);
        WriteInstant(json, "atUtcMilliseconds", status.Witness.Last?.UtcMilliseconds);
        json.WriteString("alarm", status.Witness.Open?.Kind);
        json.WriteString("problem", status.Witness.Open?.What.In(Language.English));
        WriteInstant(json, "keptSize", status.Witness.Open?.KeptSize);
        WriteInstant(json, "seenSize", status.Witness.Open?.SeenSize);
        json.WriteNumber("alarms", status.Witness.Alarms);
        json.WriteEndObject();
        json.WriteBoolean("isClockSynchronised", status.IsClockSynchronised);
        WriteInstant(json, "diskFreeBytes", status.DiskFreeBytes);
        json.WriteNumber("memoryBytes", status.MemoryBytes);
    }

    private static void WriteHealth(Utf8JsonWriter json, HealthVerdict verdict)
    {
        json.WriteStartObject("health");
        json.WriteBoolean("isHealthy", verdict.IsHealthy);
        WriteWords(json, "reasons", verdict.Reasons);
        WriteWords(json, "warnings", verdict.Warnings);
        json.WriteEndObject();
    }

    private static void WriteInstant(Utf8JsonWriter json, string name, long? value)
    {
        if (value is long number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteWords(Utf8JsonWriter json, string name, IReadOnlyList<string> words)
    {
        json.WriteStartArray(name);
        foreach (string word in words)
        {
            json.WriteStringValue(word);
        }

        json.WriteEndArray();
    }
}
