using System.Text.Json;
using System.Text.Json.Serialization;

namespace Metering.Gateway.Polling;

/// <summary>
/// A <see cref="PollingSnapshot"/> as JSON: names in camelCase, enums as words, durations as seconds with a name that says so. Unknown
/// members are passed over when reading, so that a newer gateway can be read by an older command.
/// </summary>
internal static class PollingSnapshotJson
{
    /// <summary>Writes it as one object at the writer's place.</summary>
    internal static void Write(Utf8JsonWriter writer, PollingSnapshot snapshot) => JsonSerializer.Serialize(writer, snapshot, PollingSnapshotContext.Default.PollingSnapshot);

    /// <summary>The object as UTF-8.</summary>
    internal static byte[] ToBytes(PollingSnapshot snapshot) => JsonSerializer.SerializeToUtf8Bytes(snapshot, PollingSnapshotContext.Default.PollingSnapshot);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    internal static PollingSnapshot Read(JsonElement element) =>
        element.Deserialize(PollingSnapshotContext.Default.PollingSnapshot) ?? throw new JsonException("no polling snapshot");
}

/// <summary>A duration as a number of seconds.</summary>
internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    /// <inheritdoc/>
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TimeSpan.FromSeconds(reader.GetDouble());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue(Math.Round(value.TotalSeconds, 6));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    Converters = [typeof(SecondsConverter)])]
[JsonSerializable(typeof(PollingSnapshot))]
internal sealed partial class PollingSnapshotContext : JsonSerializerContext;
