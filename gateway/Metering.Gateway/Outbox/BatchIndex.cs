namespace Metering.Gateway.Outbox;

/// <summary>What the gateway remembers of a signed batch without its bytes.</summary>
/// <param name="Place">Its place, see <see cref="BatchPlaces"/>.</param>
/// <param name="Address">The frame it stands in; several batches may share one.</param>
/// <param name="Offset">Offset of its record in the frame's payload.</param>
/// <param name="Length">Bytes of its record.</param>
/// <param name="LastCycle">Last cycle that is whole in this batch and those before it.</param>
/// <param name="LastSlot">Last slot in it.</param>
internal readonly record struct BatchEntry(long Place, FrameAddress Address, int Offset, int Length, long LastCycle, long LastSlot);

/// <summary>The batches kept, ascending by place: found by halving, freed from the front, so an ack costs the same whatever is kept.</summary>
internal sealed class BatchIndex
{
    private const int SmallestTrim = 1024;
    private readonly List<BatchEntry> _entries = [];
    private int _first;

    internal int Count => _entries.Count - _first;

    /// <summary>Place of the oldest; null for none.</summary>
    internal long? Oldest => Count == 0 ? null : _entries[_first].Place;

    /// <summary>Adds the newest, or takes the place of one that is there.</summary>
    internal void Add(in BatchEntry entry)
    {
        int index = IndexOf(entry.Place);
        if (index < 0)
        {
            _entries.Insert(~index, entry);
        }
        else
        {
            _entries[index] = entry;
        }
    }

    internal bool TryFind(long place, out BatchEntry entry)
    {
        int index = IndexOf(place);
        entry = index < 0 ? default : _entries[index];
        return index >= 0;
    }

    /// <summary>Sequence of the oldest frame with a batch that reaches a slot; <see cref="long.MaxValue"/> when none does. Looks at the front only as far as it is older.</summary>
    internal long SequenceReaching(long slotUtcMilliseconds)
    {
        for (int index = _first; index < _entries.Count; index++)
        {
            if (_entries[index].LastSlot >= slotUtcMilliseconds)
            {
                return _entries[index].Address.Sequence;
            }
        }

        return long.MaxValue;
    }

    /// <summary>Forgets the batches in frames before a sequence.</summary>
    internal void RemoveBefore(long sequence)
    {
        while (Count > 0 && _entries[_first].Address.Sequence < sequence)
        {
            _first++;
        }

        if (_first >= SmallestTrim && _first >= _entries.Count / 2)
        {
            _entries.RemoveRange(0, _first);
            _first = 0;
        }
    }

    // The index of a place, or the complement of where it belongs.
    private int IndexOf(long place)
    {
        int low = _first;
        int high = _entries.Count - 1;
        while (low <= high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            long found = _entries[middle].Place;
            if (found == place)
            {
                return middle;
            }

            (low, high) = found < place ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
