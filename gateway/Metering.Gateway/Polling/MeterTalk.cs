using Metering.Fieldbus.Modbus;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Polling;

/// <summary>Tells a person what changes on a bus: once when something begins, once when it ends.</summary>
internal sealed class MeterTalk(string bus, IModbusTransport transport, ILogger logger)
{
    private bool _isConnected = true;

    /// <param name="meter">The meter that was asked.</param>
    /// <param name="reply">How it ended.</param>
    /// <param name="before">How it ended before.</param>
    /// <param name="changed">Whether it just came into quarantine or left it.</param>
    internal void Say(PolledMeter meter, ModbusReply reply, ModbusReply before, bool changed)
    {
        if (reply.Outcome == ModbusOutcome.Disconnected)
        {
            if (_isConnected)
            {
                _isConnected = false;
                PollingEvents.BusAway(logger, bus, transport.LastProblem?.Message ?? "the connection was closed");
            }

            return;
        }

        if (!_isConnected)
        {
            _isConnected = true;
            PollingEvents.BusBack(logger, bus);
        }

        if (changed && meter.Health.IsQuarantined)
        {
            PollingEvents.Quarantined(logger, meter.Id, meter.Unit, bus, ModbusOutcomeText.Describe(reply), MeterHealth.FailuresBeforeQuarantine);
        }
        else if (reply.IsOk && !before.IsOk)
        {
            PollingEvents.MeterBack(logger, meter.Id, bus);
        }
        else if (!reply.IsOk && before.IsOk)
        {
            PollingEvents.MeterFails(logger, meter.Id, meter.Unit, bus, ModbusOutcomeText.Describe(reply));
        }
    }
}
