using Metering.Gateway.Outbox;
using Metering.Readings;

namespace Metering.Gateway.Polling;

/// <summary>Takes what was read for one slot, or a part of it.</summary>
internal delegate void CycleSink(in CycleHeader header, ReadOnlySpan<Reading> readings);

/// <summary>
/// Gathers what the lanes read for a slot, so that one cycle a slot goes to the outbox, with one flush to the disk. A slot waits for its
/// stragglers for a bounded time only; what comes later goes in as further cycles of the same slot. Allocates nothing once warm.
/// </summary>
internal sealed class SlotCollector
{
    /// <summary>Share of the shortest interval that a slot waits for its stragglers.</summary>
    internal const double GraceShare = 0.25;

    /// <summary>The longest such wait.</summary>
    internal static readonly TimeSpan LongestGrace = TimeSpan.FromSeconds(5);

    // Made before the first slot: a lambda in place would be made by the first slot whose lanes were overtaken, however late that comes.
    private static readonly Comparison<Reading> s_byChannel = (left, right) => left.ChannelIndex.CompareTo(right.ChannelIndex);

    private readonly object _gate = new();
    private readonly List<OpenSlot> _open = [];
    private readonly Stack<OpenSlot> _spare = [];
    private readonly TimeProvider _clock;
    private readonly TimeSpan _grace;
    private readonly TimeSpan _spacing;
    private readonly ITimer _timer;
    private Reading[] _outgoing = new Reading[64];
    private bool _signalled;

    /// <param name="shortest">The shortest interval.</param>
    /// <param name="clock">Measures the waiting.</param>
    internal SlotCollector(TimeSpan shortest, TimeProvider clock)
    {
        _clock = clock;
        _spacing = shortest;
        _grace = shortest * GraceShare < LongestGrace ? shortest * GraceShare : LongestGrace;
        _timer = clock.CreateTimer(_ => Signal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Opens a slot before the lanes are told of it.</summary>
    /// <param name="tick">The slot.</param>
    /// <param name="header">What holds for all its readings.</param>
    /// <param name="expected">Readings it will bring.</param>
    internal void Open(in SlotTick tick, in CycleHeader header, int expected)
    {
        lock (_gate)
        {
            OpenSlot slot = _spare.Count > 0 ? _spare.Pop() : new OpenSlot();
            slot.Begin(tick, header, expected);
            _open.Add(slot);
        }
    }

    /// <summary>Takes readings of a slot from a lane.</summary>
    internal void Deliver(in SlotTick tick, ReadOnlySpan<Reading> readings)
    {
        lock (_gate)
        {
            OpenSlot slot = Find(tick.Sequence);
            readings.CopyTo(slot.Room(readings.Length));
            SignalIfWhole(slot, readings.Length);
        }
    }

    /// <summary>Marks channels whose slot passed without their being read.</summary>
    internal void DeliverMissing(in SlotTick tick, int[] channels, QualityReason reason)
    {
        lock (_gate)
        {
            OpenSlot slot = Find(tick.Sequence);
            Span<Reading> room = slot.Room(channels.Length);
            for (int index = 0; index < channels.Length; index++)
            {
                room[index] = Reading.Missing(tick.SlotUtcMilliseconds, channels[index], reason);
            }

            SignalIfWhole(slot, channels.Length);
        }
    }

    /// <summary>Hands on every slot that is whole, and the parts of others that have waited long enough. Called by one thread.</summary>
    /// <param name="sink">May block; the lanes go on meanwhile.</param>
    /// <param name="everything">Whether nothing waits any more: the end.</param>
    internal void Emit(CycleSink sink, bool everything)
    {
        while (TryTake(everything, out CycleHeader header, out int count))
        {
            Span<Reading> readings = _outgoing.AsSpan(0, count);
            if (!IsSorted(readings))
            {
                readings.Sort(s_byChannel);
            }

            sink(header, readings);
        }
    }

    /// <summary>Blocks until a slot is whole, a part has waited long enough, a time has passed, or somebody calls <see cref="Signal"/>.</summary>
    internal void Wait(TimeSpan longest)
    {
        lock (_gate)
        {
            if (!_signalled)
            {
                TimeSpan due = longest;
                foreach (OpenSlot slot in _open)
                {
                    if (slot.Count > 0 || !slot.IsLate)
                    {
                        TimeSpan rest = PatienceFor(slot) - _clock.GetElapsedTime(slot.Since);
                        due = rest < due ? rest : due;
                    }
                }

                _ = _timer.Change(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                while (!_signalled)
                {
                    _ = Monitor.Wait(_gate);
                }
            }

            _signalled = false;
        }
    }

    /// <summary>Ends the present or the next <see cref="Wait"/>.</summary>
    internal void Signal()
    {
        lock (_gate)
        {
            _signalled = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends its timer. What is open is dropped: emit first.</summary>
    internal void Close() => _timer.Dispose();

    private static bool IsSorted(ReadOnlySpan<Reading> readings)
    {
        for (int index = 1; index < readings.Length; index++)
        {
            if (readings[index].ChannelIndex < readings[index - 1].ChannelIndex)
            {
                return false;
            }
        }

        return true;
    }

    private TimeSpan PatienceFor(OpenSlot slot) => slot.IsLate ? _spacing : _grace;

    private OpenSlot Find(long sequence)
    {
        for (int index = _open.Count - 1; index >= 0; index--)
        {
            if (_open[index].Sequence == sequence)
            {
                return _open[index];
            }
        }

        throw new InvalidOperationException("readings of a slot that is not open");
    }

    private void SignalIfWhole(OpenSlot slot, int added)
    {
        // The first late part sets the time at which the late parts go.
        if (slot.Outstanding == 0 || (slot.IsLate && slot.Count == added))
        {
            _signalled = true;
            Monitor.Pulse(_gate);
        }
    }

    private bool TryTake(bool everything, out CycleHeader header, out int count)
    {
        lock (_gate)
        {
            for (int index = 0; index < _open.Count; index++)
            {
                OpenSlot slot = _open[index];
                bool isRipe = everything || _clock.GetElapsedTime(slot.Since) >= PatienceFor(slot);
                if (slot.Outstanding > 0 && (!isRipe || slot.Count == 0))
                {
                    slot.IsLate |= isRipe;
                    continue;
                }

                header = slot.Header;
                count = slot.Count;
                _outgoing = slot.HandOver(_outgoing, _clock.GetTimestamp());
                if (slot.Outstanding == 0)
                {
                    _open.RemoveAt(index);
                    _spare.Push(slot);
                }

                if (count > 0)
                {
                    return true;
                }

                index--;
            }
        }

        header = default;
        count = 0;
        return false;
    }

    private sealed class OpenSlot
    {
        private Reading[] _readings = new Reading[64];

        internal long Sequence { get; private set; }

        internal CycleHeader Header { get; private set; }

        internal int Count { get; private set; }

        internal int Outstanding { get; private set; }

        /// <summary>Whether a part of it has gone, or could have.</summary>
        internal bool IsLate { get; set; }

        /// <summary>When it was opened, or its last part went.</summary>
        internal long Since { get; private set; }

        internal void Begin(in SlotTick tick, in CycleHeader header, int expected)
        {
            Sequence = tick.Sequence;
            Header = header;
            Count = 0;
            Outstanding = expected;
            IsLate = false;
            Since = tick.Timestamp;
            if (_readings.Length < expected)
            {
                _readings = new Reading[expected];
            }
        }

        internal Span<Reading> Room(int length)
        {
            if (Count + length > _readings.Length)
            {
                Array.Resize(ref _readings, Math.Max(2 * _readings.Length, Count + length));
            }

            Span<Reading> room = _readings.AsSpan(Count, length);
            Count += length;
            Outstanding -= length;
            return room;
        }

        // Gives its array away and goes on with the other one.
        internal Reading[] HandOver(Reading[] other, long timestamp)
        {
            Reading[] full = _readings;
            _readings = other;
            Count = 0;
            IsLate = true;
            Since = timestamp;
            return full;
        }
    }
}
