using Metering.Mqtt;
using Metering.Store;
using Microsoft.Extensions.Logging;

namespace Metering.Ingestion;

/// <summary>Sets refused messages aside with their reason, up to a limit, so that a broken or hostile sender fills no disk.</summary>
internal sealed class Quarantine(IReadingStore store, IngestionCounters counters, ILogger logger)
{
    /// <summary>Messages kept in all; later ones are only counted.</summary>
    public const long MaximumMessages = 10_000;

    public void Keep(string gateway, MqttMessage message, string reason)
    {
        counters.Refused("quarantined");
        try
        {
            long count = store.QuarantineCount;
            if (count >= MaximumMessages)
            {
                logger.QuarantineFull(count, message.Topic, reason);
                return;
            }

            store.Quarantine(gateway, reason, message.Payload);
            logger.Quarantined(message.Topic, reason);
        }
        catch (StoreException e)
        {
            // A refused message was never promised to anyone: losing it must not stop the others.
            logger.QuarantineFailed(message.Topic, e.Message);
        }
    }
}
