using System.Text;

namespace Metering.Mqtt.Session;

/// <summary>Gives the string of a topic name without making a new one for each message. Of fixed size: a newcomer takes the place of the old.</summary>
internal sealed class TopicCache
{
    private const int SlotCount = 1024;
    private const int MaximumCachedLength = 256;

    private readonly (byte[] Bytes, string Text)[] slots = new (byte[], string)[SlotCount];

    public string TextOf(ReadOnlySpan<byte> topic)
    {
        if (topic.Length > MaximumCachedLength)
        {
            return Encoding.UTF8.GetString(topic);
        }

        uint hash = 2_166_136_261;      // FNV-1a
        foreach (byte one in topic)
        {
            hash = unchecked((hash ^ one) * 16_777_619);
        }

        ref (byte[] Bytes, string Text) slot = ref slots[hash % SlotCount];
        if (slot.Bytes is null || !topic.SequenceEqual(slot.Bytes))
        {
            slot = (topic.ToArray(), Encoding.UTF8.GetString(topic));
        }

        return slot.Text;
    }
}
