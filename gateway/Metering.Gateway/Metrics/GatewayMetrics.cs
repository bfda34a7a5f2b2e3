using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Metering.Gateway.Polling;
using Metering.Gateway.Status;
using Metering.Mqtt;

namespace Metering.Gateway.Metrics;

/// <summary>
/// The gateway's instruments, with names and units as OpenTelemetry writes them; any listener of System.Diagnostics.Metrics can read
/// them, /metrics is one. They tell ages and counts of the gateway, never a value of the plant. Series: a few for the gateway, and
/// per bus and meter a fixed number; never one per channel, value or message. README.md of this folder lists them.
/// </summary>
internal sealed class GatewayMetrics : IDisposable
{
    /// <summary>Name of the meter, in the sense of System.Diagnostics.Metrics.</summary>
    internal const string MeterName = "Metering.Gateway";

    private static readonly MeterState[] MeterStates = Enum.GetValues<MeterState>();

    private readonly Meter _meter = new(MeterName);
    private readonly Func<GatewayStatus> _take;

    /// <param name="take">Gives the state; asked once for each instrument, so it should remember its last answer for a moment.</param>
    internal GatewayMetrics(Func<GatewayStatus> take)
    {
        _take = take;
        AddField();
        AddOutbox();
        AddComputer();
    }

    /// <summary>All instruments in the text format of Prometheus.</summary>
    internal byte[] Write() => PrometheusText.Write(_meter);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<BusSnapshot> Buses => _take().Polling?.Buses ?? [];

    private void AddField()
    {
        _ = _meter.CreateObservableCounter("metering.modbus.requests", Requests, "{request}", "Requests sent, by how they ended.");
        _ = _meter.CreateObservableCounter("metering.modbus.retries", () => OfMeters(meter => meter.Retries), "{request}", "Requests asked again.");
        _ = _meter.CreateObservableCounter("metering.modbus.contradictions", () => OfMeters(meter => meter.Contradictions), "{reading}", "Values thrown away because a second reading said something else.");
        _ = _meter.CreateObservableGauge("metering.modbus.turnaround", Turnarounds, "s", "A meter's own time between request and answer: median and 99th percentile since the start.");
        _ = _meter.CreateObservableGauge("metering.bus.cycle.duration", Cycles, "s", "From a slot to its last value: last, median and 99th percentile.");
        _ = _meter.CreateObservableCounter("metering.bus.slots.missed", () => OfBuses(bus => bus.Rates.Sum(rate => rate.MissedSlots)), "{slot}", "Meters' slots that ended before every value was asked.");
        _ = _meter.CreateObservableCounter("metering.bus.replies.late", () => OfBuses(bus => bus.LateReplies), "{reply}", "Replies that fitted no open request.");
        _ = _meter.CreateObservableCounter("metering.bus.discarded", () => OfBuses(bus => bus.DiscardedBytes), "By", "Bytes thrown away: noise, echo, foreign frames.");
        _ = _meter.CreateObservableGauge("metering.bus.utilization", () => Buses.Select(bus => new Measurement<double>(bus.UtilisationPercent / 100, Tag("bus", bus.Id))), "1", "Share of time in which a request was under way.");
        _ = _meter.CreateObservableGauge("metering.bus.connected", () => OfBuses(bus => bus.State == BusState.Disconnected ? 0 : 1), null, "1 while the line is open.");
        _ = _meter.CreateObservableGauge("metering.meter.state", States, null, "1 for the state a meter is in, 0 for the others.");
        _ = _meter.CreateObservableGauge("metering.reading.age", Ages, "s", "Time since a meter's last good reading; absent while there was none.");
        _ = _meter.CreateObservableCounter("metering.readings.polled", () => _take().Polling?.ReadingCount ?? 0, "{reading}", "Readings handed to the outbox, good and bad.");
        _ = _meter.CreateObservableCounter("metering.slots.passed", () => _take().Polling?.PassedSlots ?? 0, "{slot}", "Slots in which nobody was asked; each stretch is sealed as a gap.");
    }

    private void AddOutbox()
    {
        _ = _meter.CreateObservableGauge("metering.outbox.size", () => _take().Outbox.LengthBytes, "By", "Bytes of the outbox on the disk.");
        _ = _meter.CreateObservableGauge("metering.outbox.limit", () => _take().Outbox.MaximumLengthBytes, "By", "Bytes it may have.");
        _ = _meter.CreateObservableGauge("metering.outbox.pending", () => _take().Outbox.PendingReadings, "{reading}", "Readings in memory that wait for the disk.");
        _ = _meter.CreateObservableGauge("metering.outbox.batches.waiting", () => _take().Outbox.WaitingBatches, "{batch}", "Signed batches the cloud has not confirmed.");
        _ = _meter.CreateObservableCounter("metering.outbox.batches.signed", () => _take().Outbox.LastBatch, "{batch}", "Batches signed since the state directory was made.");
        _ = _meter.CreateObservableCounter("metering.outbox.readings.durable", () => _take().Outbox.DurableReadings, "{reading}", "Readings made durable.");
        _ = _meter.CreateObservableCounter("metering.outbox.readings.refused", () => _take().Outbox.RefusedReadings, "{reading}", "Readings refused because there was no room; sealed as gaps.");
        _ = _meter.CreateObservableGauge("metering.uplink.connected", () => _take().Uplink.State == MqttSessionState.Connected ? 1 : 0, null, "1 while connected to the broker.");
        _ = _meter.CreateObservableCounter("metering.uplink.connections", () => _take().Uplink.Connections, "{connection}", "Connections made to the broker.");
        _ = _meter.CreateObservableGauge("metering.uplink.ack.age", AckAges, "s", "Time since the cloud's last signed word; absent while there was none.");
        _ = _meter.CreateObservableGauge("metering.log.size", () => _take().Witness.Last is { } last ? [new(last.Size)] : Array.Empty<Measurement<long>>(), "{entry}", "Entries of the cloud's log that were seen; absent while there were none.");
        _ = _meter.CreateObservableGauge("metering.log.alarm", () => _take().Witness.Open is null ? 0 : 1, null, "1 while the cloud's log does not continue the one that was seen, and nobody has accepted it.");
    }

    private void AddComputer()
    {
        _ = _meter.CreateObservableGauge("metering.clock.synchronized", () => _take().IsClockSynchronised ? 1 : 0, null, "1 while the wall clock is synchronised.");
        _ = _meter.CreateObservableGauge("metering.disk.free", () => _take().DiskFreeBytes is long free ? [new(free)] : Array.Empty<Measurement<long>>(), "By", "Free bytes of the disk with the state directory.");
        _ = _meter.CreateObservableGauge("metering.healthy", () => HealthVerdict.Of(_take()).IsHealthy ? 1 : 0, null, "1 while /health answers 200.");
        _ = _meter.CreateObservableGauge("process.memory.usage", () => _take().MemoryBytes, "By", "Memory of the process in RAM.");
        _ = _meter.CreateObservableCounter("process.cpu.time", () => _take().ProcessorTime.TotalSeconds, "s", "Processor time of the process.");
        _ = _meter.CreateObservableCounter("process.uptime", () => _take().Running.TotalSeconds, "s", "Time since the gateway started.");
        _ = _meter.CreateObservableGauge(
            "metering.build_info",
            () => new Measurement<int>(1, Tag("version", _take().Software), Tag("runtime", RuntimeInformation.FrameworkDescription), Tag("architecture", RuntimeInformation.ProcessArchitecture.ToString())),
            null,
            "1; what runs here.");
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private IEnumerable<Measurement<long>> OfBuses(Func<BusSnapshot, long> value) => Buses.Select(bus => new Measurement<long>(value(bus), Tag("bus", bus.Id)));

    private IEnumerable<Measurement<long>> OfMeters(Func<MeterSnapshot, long> value) =>
        Buses.SelectMany(bus => bus.Meters.Select(meter => new Measurement<long>(value(meter), Tag("bus", bus.Id), Tag("meter", meter.Id))));

    private IEnumerable<Measurement<long>> Requests() => Buses.SelectMany(bus => bus.Meters.SelectMany(meter => new (string Name, long Count)[]
    {
        ("ok", meter.Outcomes.Ok), ("timeout", meter.Outcomes.Timeouts), ("crc", meter.Outcomes.CrcError), ("exception", meter.Outcomes.Exception),
        ("unexpected-reply", meter.Outcomes.UnexpectedReply), ("disconnected", meter.Outcomes.Disconnected),
    }.Select(outcome => new Measurement<long>(outcome.Count, Tag("bus", bus.Id), Tag("meter", meter.Id), Tag("outcome", outcome.Name)))));

    private IEnumerable<Measurement<double>> Turnarounds() => Buses.SelectMany(bus => bus.Meters.SelectMany(meter =>
        Points(("0.5", meter.Turnaround.P50), ("0.99", meter.Turnaround.P99)).Select(point =>
            new Measurement<double>(point.Seconds, Tag("bus", bus.Id), Tag("meter", meter.Id), Tag("quantile", point.Name)))));

    private IEnumerable<Measurement<double>> Cycles() => Buses.SelectMany(bus => bus.Rates.SelectMany(rate =>
        Points(("last", rate.Cycle.Last), ("0.5", rate.Cycle.P50), ("0.99", rate.Cycle.P99)).Select(point =>
            new Measurement<double>(point.Seconds, Tag("bus", bus.Id), Tag("interval", StatusTexts.Short(rate.Interval)), Tag("quantile", point.Name)))));

    private IEnumerable<Measurement<long>> States() => Buses.SelectMany(bus => bus.Meters.SelectMany(meter => MeterStates.Select(state =>
        new Measurement<long>(meter.State == state ? 1 : 0, Tag("bus", bus.Id), Tag("meter", meter.Id), Tag("state", state.ToString().ToLowerInvariant())))));

    private IEnumerable<Measurement<double>> Ages()
    {
        GatewayStatus status = _take();
        return Buses.SelectMany(bus => bus.Meters
            .Where(meter => meter.LastGoodUtcMilliseconds is not null)
            .Select(meter => new Measurement<double>((status.AtUtcMilliseconds - meter.LastGoodUtcMilliseconds!.Value) / 1000.0, Tag("bus", bus.Id), Tag("meter", meter.Id))));
    }

    private Measurement<double>[] AckAges()
    {
        GatewayStatus status = _take();
        return status.Uplink.LastAckUtcMilliseconds is long at ? [new((status.AtUtcMilliseconds - at) / 1000.0)] : [];
    }

    private static IEnumerable<(string Name, double Seconds)> Points(params (string Name, TimeSpan? Time)[] points) =>
        points.Where(point => point.Time is not null).Select(point => (point.Name, point.Time!.Value.TotalSeconds));
}
