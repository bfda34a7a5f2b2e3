using Metering.Mqtt;

namespace Metering.Ingestion;

/// <summary>A message on its way into a lane: from the broker, or taken once more from what was put aside.</summary>
/// <param name="Gateway">Gateway of the topic.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The batch, unchecked.</param>
/// <param name="Message">What the broker waits for; null for a retry.</param>
internal sealed record IncomingBatch(string Gateway, string Topic, ReadOnlyMemory<byte> Payload, MqttMessage? Message)
{
    /// <summary>For a retry: completes with what became of it.</summary>
    public TaskCompletionSource<BatchFate>? Retry { get; init; }
}

/// <summary>What became of a batch.</summary>
internal enum BatchFate
{
    /// <summary>It is durable.</summary>
    Durable,

    /// <summary>It came before its turn and there was no room for it; the gateway keeps it.</summary>
    Early,

    /// <summary>It is refused.</summary>
    Refused,
}
