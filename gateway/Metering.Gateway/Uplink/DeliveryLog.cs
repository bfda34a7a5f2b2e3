using Metering.Gateway.Diagnosis;
using Metering.Mqtt;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Uplink;

/// <summary>
/// What the broker does with the messages of a live connection. A fault is told once, and again after an hour, however many
/// batches it meets. Any thread may call.
/// </summary>
internal sealed class DeliveryLog(TimeProvider clock, ILogger logger)
{
    /// <summary>How often a fault that stays is told.</summary>
    internal static readonly TimeSpan Spacing = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, BrokerTrouble> _troubles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _toldAt = new(StringComparer.Ordinal);

    /// <summary>The fault that stands now, a refusal before a warning; null for none.</summary>
    internal BrokerTrouble? Current
    {
        get
        {
            lock (_gate)
            {
                BrokerTrouble? found = null;
                foreach (BrokerTrouble trouble in _troubles.Values)
                {
                    found = found is null || trouble.IsRefusal ? trouble : found;
                }

                return found;
            }
        }
    }

    /// <summary>A new connection: what held for the old one may not hold any more.</summary>
    internal void Forget()
    {
        lock (_gate)
        {
            _troubles.Clear();
        }
    }

    /// <summary>The broker has answered a message. One that it keeps as a last value needs nobody who is subscribed now.</summary>
    internal void Answered(string topic, MqttReasonCode code, bool isKept)
    {
        if (code == MqttReasonCode.Success || (isKept && code == MqttReasonCode.NoMatchingSubscribers))
        {
            lock (_gate)
            {
                _ = _troubles.Remove(topic);
            }
        }
        else
        {
            Note(topic, BrokerTrouble.OfMessage(topic, code));
        }
    }

    /// <summary>A message could not be sent to this broker.</summary>
    internal void Failed(string topic, MqttException fault) => Note(topic, BrokerTrouble.OfMessage(topic, fault));

    private void Note(string topic, BrokerTrouble trouble)
    {
        lock (_gate)
        {
            _troubles[topic] = trouble;

            // The size of the batch stands in the sentence: topic and remedy tell whether it is the same fault. Both are few.
            string key = topic + trouble.Remedy.In(Language.English);
            if (!trouble.IsRefusal || (_toldAt.TryGetValue(key, out long toldAt) && clock.GetElapsedTime(toldAt) < Spacing))
            {
                return;
            }

            _toldAt[key] = clock.GetTimestamp();
        }

        UplinkEvents.NotTaken(logger, trouble.What.In(Language.English), trouble.Remedy.In(Language.English));
    }
}
