using System.Diagnostics;
using System.Threading.Channels;
using Metering.Mqtt.Packets;

namespace Metering.Mqtt.Session;

/// <summary>
/// Messages received: a queue for the reader, and a ring that sends acknowledgements in the order of receipt whatever order they are given
/// in (MQTT 5.0, 4.6). Guarded by the gate of <see cref="ClientState"/>.
/// </summary>
internal sealed class IncomingWindow(int receiveMaximum)
{
    /// <summary>Unread messages of QoS 0 kept; later ones are dropped and counted.</summary>
    public const int MaximumUnreadPlain = 1_000;

    private readonly Channel<MqttMessage> unread = Channel.CreateUnbounded<MqttMessage>();
    private readonly (ushort PacketId, bool Acknowledged)[] ring = new (ushort, bool)[receiveMaximum];
    private readonly TopicCache topics = new();
    private long epoch;
    private long first;     // sequence of the oldest message without acknowledgement sent
    private long next;      // sequence of the next message

    /// <summary>False when as many messages wait for our acknowledgement as we announced to take.</summary>
    public bool HasPlace => next - first < receiveMaximum;

    public ChannelReader<MqttMessage> Reader => unread.Reader;

    public long Received { get; private set; }

    public long Stale { get; private set; }

    public long Dropped { get; private set; }

    /// <summary>
    /// A connection is there. Unread messages the broker will send again are taken out, so that memory stays bounded and nothing is read
    /// twice; without a session they stay, as nobody will send them again.
    /// </summary>
    public void Connected(long newEpoch, bool sessionPresent)
    {
        epoch = newEpoch;
        first = next = 0;
        bool purge = sessionPresent || unread.Reader.Count > receiveMaximum + MaximumUnreadPlain;
        for (int count = purge ? unread.Reader.Count : 0; count > 0 && unread.Reader.TryRead(out MqttMessage? message); count--)
        {
            if (message.QoS == MqttQoS.AtMostOnce)
            {
                unread.Writer.TryWrite(message);
            }
            else
            {
                Dropped++;
            }
        }
    }

    public void Deliver(ReceivedPublish publish)
    {
        Received++;
        long sequence = 0;
        if (publish.PacketId == 0)
        {
            if (unread.Reader.Count >= receiveMaximum + MaximumUnreadPlain)
            {
                Dropped++;
                return;
            }
        }
        else
        {
            Debug.Assert(HasPlace, "The connection does not read on without a place.");
            sequence = next++;
            ring[sequence % receiveMaximum] = (publish.PacketId, false);
        }

        byte[] payload = publish.Payload.ToArray();
        unread.Writer.TryWrite(new MqttMessage(topics.TextOf(publish.Topic), payload, publish.Flags, publish.PacketId, epoch, sequence));
    }

    /// <summary>Marks a message done and writes the acknowledgements that are now in order.</summary>
    public void Acknowledge(MqttMessage message, SendBuffer? buffer)
    {
        if (message.QoS == MqttQoS.AtMostOnce)
        {
            return;
        }

        if (buffer is null || message.Epoch != epoch)
        {
            Stale++;
            return;
        }

        if (message.Sequence < first)
        {
            return;     // a second time
        }

        ring[message.Sequence % receiveMaximum].Acknowledged = true;
        while (first < next && ring[first % receiveMaximum].Acknowledged)
        {
            PacketEncoder.PubAck(buffer, ring[first % receiveMaximum].PacketId);
            first++;
        }
    }

    public void Complete() => unread.Writer.TryComplete();
}
