namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Replies that may still come: one entry per request that got no answer, oldest first. A serial reply names neither the request nor the
/// address it answers, only unit, function and byte count; so a new request must not share all three with an entry here.
/// A device answers in order: once it answered a later request, the earlier replies are lost for good.
/// </summary>
internal sealed class OwedReplies
{
    private const int Capacity = 256;
    private const int UnitCount = 256;
    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly TimeSpan _lifetime;
    private readonly TimeProvider _clock;

    // Units of which more is owed than there was room for, and since when (0: not): then any reply of theirs may be an old one.
    private readonly long[] _crowdedSince = new long[UnitCount];
    private int _count;

    internal OwedReplies(TimeSpan lifetime, TimeProvider clock)
    {
        _lifetime = lifetime;
        _clock = clock;
    }

    internal bool IsEmpty => _count == 0;

    internal void Add(byte unit, ReadRequest request)
    {
        if (_count == Capacity)
        {
            MakeRoom();
        }

        _entries[_count++] = new Entry(unit, request.Function, request.PayloadLength, _clock.GetTimestamp());
    }

    /// <summary>Whether a reply that is owed would fit this request.</summary>
    internal bool Contains(byte unit, ReadRequest request)
    {
        if (IsCrowded(unit))
        {
            return true;
        }

        for (int index = 0; index < _count; index++)
        {
            Entry entry = _entries[index];
            if (entry.Unit == unit && entry.Function == request.Function && entry.PayloadLength == request.PayloadLength)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether any reply to this function is owed.</summary>
    internal bool ContainsFunction(byte unit, byte function)
    {
        for (int index = 0; index < _count; index++)
        {
            if (_entries[index].Unit == unit && _entries[index].Function == function)
            {
                return true;
            }
        }

        return IsCrowded(unit);
    }

    /// <summary>Takes away the oldest reply owed for a unit and function; false when none was owed.</summary>
    internal bool DischargeOldest(byte unit, byte function)
    {
        for (int index = 0; index < _count; index++)
        {
            if (_entries[index].Unit == unit && _entries[index].Function == function)
            {
                RemoveAt(index);
                return true;
            }
        }

        return false;
    }

    internal void ForgetUnit(byte unit)
    {
        _crowdedSince[unit] = 0;
        for (int index = _count - 1; index >= 0; index--)
        {
            if (_entries[index].Unit == unit)
            {
                RemoveAt(index);
            }
        }
    }

    internal void ForgetExpired()
    {
        while (_count > 0 && _clock.GetElapsedTime(_entries[0].AskedAt) > _lifetime)
        {
            RemoveAt(0);
        }
    }

    private bool IsCrowded(byte unit) => _crowdedSince[unit] != 0 && _clock.GetElapsedTime(_crowdedSince[unit]) <= _lifetime;

    // An entry like a later one says nothing that the later one does not; without one, the oldest goes, and its unit is remembered.
    private void MakeRoom()
    {
        for (int index = 0; index < _count; index++)
        {
            Entry entry = _entries[index];
            for (int later = index + 1; later < _count; later++)
            {
                if (_entries[later] with { AskedAt = entry.AskedAt } == entry)
                {
                    RemoveAt(index);
                    return;
                }
            }
        }

        _crowdedSince[_entries[0].Unit] = Math.Max(1, _clock.GetTimestamp());
        RemoveAt(0);
    }

    private void RemoveAt(int index)
    {
        Array.Copy(_entries, index + 1, _entries, index, _count - index - 1);
        _count--;
    }

    private readonly record struct Entry(byte Unit, byte Function, int PayloadLength, long AskedAt);
}
