namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Replies that may still come: one entry per request that got no answer, oldest first. A serial reply names neither the request nor the
/// address it answers, only unit, function and byte count; so a new request must not share all three with an entry here.
/// A device answers in order: once it answered a later request, the earlier replies are lost for good.
/// </summary>
internal sealed class OwedReplies
{
    private const int Capacity = 64;
    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly TimeSpan _lifetime;
    private readonly TimeProvider _clock;
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
            RemoveAt(0);
        }

        _entries[_count++] = new Entry(unit, request.Function, request.PayloadLength, _clock.GetTimestamp());
    }

    /// <summary>Whether a reply that is owed would fit this request.</summary>
    internal bool Contains(byte unit, ReadRequest request)
    {
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

    private void RemoveAt(int index)
    {
        Array.Copy(_entries, index + 1, _entries, index, _count - index - 1);
        _count--;
    }

    private readonly record struct Entry(byte Unit, byte Function, int PayloadLength, long AskedAt);
}
