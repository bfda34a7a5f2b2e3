using System.Diagnostics.Metrics;
using Metering.Store;

namespace Metering.Ingestion;

/// <summary>Ingestion's instruments; the meter's name is "Metering.Ingestion".</summary>
internal sealed class IngestionCounters : IDisposable
{
    private readonly Meter _meter = new("Metering.Ingestion");
    private readonly Counter<long> _batches;
    private readonly Counter<long> _readings;
    private readonly Counter<long> _acks;
    private readonly Counter<long> _storeFailures;

    public IngestionCounters()
    {
        _batches = _meter.CreateCounter<long>("metering.ingestion.batches", "{batch}", "Batches by result");
        _readings = _meter.CreateCounter<long>("metering.ingestion.readings", "{reading}", "Readings made durable");
        _acks = _meter.CreateCounter<long>("metering.ingestion.acks", "{ack}", "Signed acks handed to the broker");
        _storeFailures = _meter.CreateCounter<long>("metering.ingestion.store_failures", "{failure}", "Appends that the store could not carry out and that were tried again");
    }

    public void Batch(AppendOutcome outcome, int readings)
    {
        Refused(outcome switch
        {
            AppendOutcome.Stored => "stored",
            AppendOutcome.Duplicate => "duplicate",
            AppendOutcome.Early => "early",
            AppendOutcome.OutOfOrder => "out_of_order",
            AppendOutcome.Fork => "fork",
            _ => "unknown",
        });
        if (outcome is AppendOutcome.Stored or AppendOutcome.Early)
        {
            _readings.Add(readings);
        }
    }

    public void Refused(string result, RefusalKind kind) =>
        _batches.Add(1, new KeyValuePair<string, object?>("result", result), new KeyValuePair<string, object?>("reason", kind.ToWord()));

    public void Refused(string result) => _batches.Add(1, new KeyValuePair<string, object?>("result", result));

    public void Ack() => _acks.Add(1);

    public void StoreFailure() => _storeFailures.Add(1);

    public void Dispose() => _meter.Dispose();
}
