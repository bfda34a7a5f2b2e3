using System.Text.Json;
using Metering.Store;
using Microsoft.Extensions.Logging;

namespace Metering.Ingestion;

/// <summary>Keeps what gateways say of their meters when they begin: retained at the broker, so one that could not be kept comes again.</summary>
internal sealed class BirthKeeper(IReadingStore store, ILogger logger)
{
    private const int LongestName = 128;

    /// <summary>Keeps a birth message of an enrolled gateway; one that is not of its form is let go.</summary>
    public void Take(string gateway, ReadOnlyMemory<byte> message)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(message);
            if (Text(document.RootElement, "gateway") == gateway && Text(document.RootElement, "config") is string config && Text(document.RootElement, "software") is string software
                && store.KeepBirth(gateway, config, software, message))
            {
                logger.BirthKept(gateway, config, software);
            }
        }
        catch (JsonException)
        {
            // Whoever may write on a gateway's topic can write anything; nothing is computed from this message.
        }
        catch (StoreException e)
        {
            logger.RequestFailed(gateway, e.Message);
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 and <= LongestName } text ? text : null;
}
