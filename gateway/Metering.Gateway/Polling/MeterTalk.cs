using Metering.Fieldbus.Modbus;
using Metering.Gateway.Configuration;
using Metering.Gateway.Diagnosis;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Polling;

/// <summary>
/// Tells a person what changes on a bus: once when something begins, with cause and cure as the advice table has them, once when it ends.
/// </summary>
internal sealed class MeterTalk(BusConfiguration bus, IModbusTransport transport, ILogger logger)
{
    private readonly string _line = BusLine.NameOf(bus);
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
                Symptom symptom = BusFault.SymptomOf(transport.LastProblem?.Kind, _line);
                string words = BusFault.Of(_line, symptom, transport.LastProblem?.Message, Language.English).ToText();
                PollingEvents.BusAway(logger, bus.Id, words);
            }

            return;
        }

        if (!_isConnected)
        {
            _isConnected = true;
            PollingEvents.BusBack(logger, bus.Id);
        }

        if (changed && meter.Health.IsQuarantined)
        {
            string words = AdviceOf(meter, reply).ToText();
            PollingEvents.Quarantined(logger, meter.Id, meter.Unit, bus.Id, words, MeterHealth.FailuresBeforeQuarantine);
        }
        else if (reply.IsOk && !before.IsOk)
        {
            PollingEvents.MeterBack(logger, meter.Id, bus.Id);
        }
        else if (!reply.IsOk && before.IsOk)
        {
            string words = AdviceOf(meter, reply).ToShortText();
            PollingEvents.MeterFails(logger, meter.Id, meter.Unit, bus.Id, words);
        }
    }

    private Advice AdviceOf(PolledMeter meter, ModbusReply reply) => BusFault.Of(_line, meter.Unit, reply, meter.AnswerTimeout ?? bus.AnswerTimeout, Language.English);
}
