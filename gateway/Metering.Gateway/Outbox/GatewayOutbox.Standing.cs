namespace Metering.Gateway.Outbox;

/// <summary>What others ask of a running outbox, and how it takes a change of configuration.</summary>
internal sealed partial class GatewayOutbox
{
    /// <summary>
    /// Goes on with another table and other limits, after a change of configuration; what was added before is durable and signed
    /// by the old ones. Nobody may add meanwhile. Directory, gateway and key must be the same.
    /// </summary>
    /// <exception cref="IOException">An earlier flush to the disk failed.</exception>
    internal void Use(OutboxOptions options)
    {
        Flush();
        lock (_gate)
        {
            _options = options;
            _space = new OutboxSpace(options, _logger);
            _refusals.Use(options.Table.Channels);
            _cutter.Use(options);
            _cycles.Use(options.Table);
        }
    }

    /// <summary>How full the outbox is and what it did. Any thread may ask.</summary>
    internal OutboxStanding Standing()
    {
        lock (_gate)
        {
            return new()
            {
                LengthBytes = _cycles.Length + _batches.Length,
                MaximumLengthBytes = _options.MaximumLength,
                PendingReadings = _pending.ReadingCount + _writing.ReadingCount,
                DurableReadings = DurableReadings,
                RefusedReadings = RefusedReadings,
                LastBatch = LastBatch,
                AckedThrough = AckedThrough,
                IsFull = IsNarrow,
                IsBehindCloud = IsBehindCloud,
            };
        }
    }
}
