namespace Metering.Gateway.Outbox;

/// <summary>How full the outbox is and what it did since the start.</summary>
internal sealed record OutboxStanding
{
    /// <summary>Bytes of all logs on the disk.</summary>
    public required long LengthBytes { get; init; }

    /// <summary>Bytes above which no further cycle is taken.</summary>
    public required long MaximumLengthBytes { get; init; }

    /// <summary>Readings in memory that wait for the disk.</summary>
    public required long PendingReadings { get; init; }

    /// <summary>Readings made durable.</summary>
    public required long DurableReadings { get; init; }

    /// <summary>Readings refused because there was no room; they are sealed as gaps.</summary>
    public required long RefusedReadings { get; init; }

    /// <summary>Place of the newest signed batch; 0 for none.</summary>
    public required long LastBatch { get; init; }

    /// <summary>Everything up to this place is safe in the cloud.</summary>
    public required long AckedThrough { get; init; }

    /// <summary>Whether readings are refused now.</summary>
    public required bool IsFull { get; init; }

    /// <summary>Whether the cloud knows batches that this directory never made: it was lost or set back.</summary>
    public required bool IsBehindCloud { get; init; }

    /// <summary>Signed batches the cloud has not confirmed.</summary>
    public long WaitingBatches => Math.Max(0, LastBatch - AckedThrough);
}
