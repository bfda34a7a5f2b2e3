using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Configuration;
using Metering.Meters.Polling;
using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Polling;

/// <summary>Reads all meters of one bus, one request at a time. Belongs to one thread at a time.</summary>
internal sealed class BusPoller : IDisposable
{
    private readonly string _bus;
    private readonly ModbusClient _client;
    private readonly Meter[] _meters;
    private readonly ILogger _logger;
    private bool _isConnected = true;

    /// <param name="bus">The bus.</param>
    /// <param name="firstChannelIndex">Index of its first channel in the gateway's list.</param>
    /// <param name="transport">Its line; disposed with this.</param>
    /// <param name="logger">For what a person should know.</param>
    internal BusPoller(BusConfiguration bus, int firstChannelIndex, IModbusTransport transport, ILogger logger)
    {
        _bus = bus.Id;
        _logger = logger;
        _client = new ModbusClient(transport);
        List<Meter> meters = [];
        foreach (MeterConfiguration meter in bus.Meters)
        {
            meters.Add(new(meter.Id, meter.Unit, new MeterReader(meter.Profile, meter.Unit, firstChannelIndex + ReadingCount, bus.AnswerTimeout), new MeterHealth()));
            ReadingCount += meter.Profile.Registers.Count;
        }

        _meters = [.. meters];
    }

    /// <summary>Readings of one cycle.</summary>
    internal int ReadingCount { get; }

    /// <summary>The line of a bus; nothing is opened yet.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="isVirtual">Whether the field is simulated and time runs fast: then nobody needs the silence between frames, and
    /// two milliseconds before each request would be most of the time a simulated past takes.</param>
    /// <param name="clock">Measures pauses between attempts to connect.</param>
    internal static IModbusTransport TransportOf(BusConfiguration bus, bool isVirtual, TimeProvider clock) => bus switch
    {
        { Tcp: TcpAddress tcp } => new TcpTransport(tcp.Host, tcp.Port, new TcpTransportOptions { Clock = clock }),
        { Serial: SerialLine serial } => new RtuTransport(new SerialPort(serial.Device, serial.Settings), new RtuTransportOptions { Clock = clock, SilenceBeforeRequest = isVirtual ? TimeSpan.Zero : null }),
        _ => throw new ArgumentException("a bus has either tcp or serial", nameof(bus)),
    };

    /// <summary>Reads every meter once. Never throws for what the field does.</summary>
    /// <param name="slotUtcMilliseconds">The scheduled instant.</param>
    /// <param name="interval">Time between slots.</param>
    /// <param name="destination">Takes <see cref="ReadingCount"/> readings.</param>
    internal void Poll(long slotUtcMilliseconds, TimeSpan interval, Span<Reading> destination)
    {
        int start = 0;
        foreach (Meter meter in _meters)
        {
            Span<Reading> mine = destination.Slice(start, meter.Reader.ReadingCount);
            start += mine.Length;
            if (!meter.Health.IsDue(slotUtcMilliseconds))
            {
                meter.Reader.FillMissing(slotUtcMilliseconds, MeterReader.ReasonOf(meter.Health.LastReply.Outcome), mine);
                continue;
            }

            ModbusReply before = meter.Health.LastReply;
            ModbusReply reply = meter.Reader.Read(_client, slotUtcMilliseconds, meter.Health.IsHealthy && before.IsOk, mine);
            bool changed = meter.Health.Took(reply, slotUtcMilliseconds, interval);
            if (changed || reply != before)
            {
                Log(meter, reply, before, changed);
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private void Log(Meter meter, ModbusReply reply, ModbusReply before, bool changed)
    {
        if (reply.Outcome == ModbusOutcome.Disconnected)
        {
            if (_isConnected)
            {
                _isConnected = false;
                PollingEvents.BusAway(_logger, _bus, _client.Transport.LastProblem?.Message ?? "the connection was closed");
            }

            return;
        }

        if (!_isConnected)
        {
            _isConnected = true;
            PollingEvents.BusBack(_logger, _bus);
        }

        if (changed && meter.Health.IsQuarantined)
        {
            PollingEvents.Quarantined(_logger, meter.Id, meter.Unit, _bus, ModbusOutcomeText.Describe(reply), MeterHealth.FailuresBeforeQuarantine);
        }
        else if (reply.IsOk && !before.IsOk)
        {
            PollingEvents.MeterBack(_logger, meter.Id, _bus);
        }
        else if (!reply.IsOk && before.IsOk)
        {
            PollingEvents.MeterFails(_logger, meter.Id, meter.Unit, _bus, ModbusOutcomeText.Describe(reply));
        }
    }

    private sealed record Meter(string Id, byte Unit, MeterReader Reader, MeterHealth Health);
}
