using Metering.Mqtt;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Gateway.Uplink;

/// <content>What the cloud says.</content>
internal sealed partial class BatchUplink
{
    private async Task ReceiveAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await foreach (MqttMessage message in _session.Messages.ReadAllAsync(_stopping.Token))
            {
                try
                {
                    Take(message.Payload);
                }
                catch (WireFormatException e)
                {
                    UplinkEvents.BadAck(_logger, e.Message);
                }

                if (message.QoS == MqttQoS.AtLeastOnce)
                {
                    _session.Acknowledge(message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }

    private void Take(ReadOnlyMemory<byte> word)
    {
        if (GatewayRequest.KindOf(word.Span) == FieldReceipt.Header)
        {
            if (_options.Records?.Take(FieldReceipt.Open(word.Span, _options.CloudName, _options.CloudKey)) == true)
            {
                _wake.Set();
            }

            return;
        }

        BatchAck ack = BatchAck.Open(word.Span, _options.CloudName, _options.CloudKey);
        Interlocked.Exchange(ref _lastAckUtcMilliseconds, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        _options.Witness?.Take(ack, word);
        long before = _outbox.AckedThrough;
        if (_acks.Take(ack))
        {
            // News of early batches alone are no progress: behind a hole in the chain they may come for a long time.
            if (_outbox.AckedThrough != before)
            {
                Volatile.Write(ref _lastProgress, _clock.GetTimestamp());
                _patience = UplinkOptions.FirstPatience;
            }

            _wake.Set();
        }
    }
}
