using System.Numerics;

namespace Metering.Mqtt.Session;

/// <summary>Hands out packet identifiers 1 to 65535 in a circle, never one that is still in use (MQTT 5.0, 2.2.1). Not safe for threads.</summary>
internal sealed class PacketIds
{
    private const int IdCount = 65_536;
    private const int BitsPerWord = 64;

    private readonly ulong[] used = new ulong[IdCount / BitsPerWord];
    private ushort last;

    public PacketIds() => used[0] = 1;      // identifier 0 does not exist

    /// <summary>Takes the next free identifier after the last one taken; false when all are in use.</summary>
    public bool TryTake(out ushort id)
    {
        int start = (last + 1) % IdCount;
        for (int step = 0; step <= used.Length; step++)
        {
            int word = ((start / BitsPerWord) + step) % used.Length;
            ulong free = ~used[word];
            if (step == 0)
            {
                free &= ulong.MaxValue << (start % BitsPerWord);
            }

            if (free != 0)
            {
                int bit = BitOperations.TrailingZeroCount(free);
                used[word] |= 1UL << bit;
                id = last = (ushort)((word * BitsPerWord) + bit);
                return true;
            }
        }

        id = 0;
        return false;
    }

    public void Release(ushort id) => used[id / BitsPerWord] &= ~(1UL << (id % BitsPerWord));
}
