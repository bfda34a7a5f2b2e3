using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Meters.Inputs;
using Metering.Meters.Totalisers;
using Metering.Readings;

namespace Metering.Gateway.Inputs;

/// <summary>
/// Between the engine and the outbox: counters are judged, and what people entered goes with the cycle. The filters' memory is
/// saved when something happened and once a minute of slots, not at every cycle: an older one only asks its doubts again. A cycle without
/// news allocates nothing per reading, and a few hundred bytes for the look at one file name. Calls belong to the engine's thread.
/// </summary>
internal sealed class CycleDesk : IDisposable
{
    internal const string MemoryName = "totalisers";
    private const long SaveEveryMilliseconds = 60_000;

    private readonly CycleSink _sink;
    private readonly Action _flush;
    private readonly TotaliserBank _bank;
    private readonly FieldDelivery _delivery;
    private readonly DurableRecord _memory;
    private readonly Action<ChannelEvent> _told;
    private Reading[] _readings = new Reading[64];
    private long _saveNext = long.MinValue;
    private long _pastSlot = long.MinValue;
    private long _pastOf;
    private byte[]? _past;

    /// <param name="bank">The counters' filters; takes up what is remembered.</param>
    /// <param name="delivery">What people entered; owned.</param>
    /// <param name="stateDirectory">Where the memory is kept.</param>
    /// <param name="output">Takes the judged cycles, and waits until they are durable.</param>
    /// <param name="told">Told of each event.</param>
    /// <exception cref="IOException">The memory cannot be read.</exception>
    internal CycleDesk(TotaliserBank bank, FieldDelivery delivery, string stateDirectory, (CycleSink Sink, Action Flush) output, Action<ChannelEvent> told)
    {
        (_bank, _delivery, _told) = (bank, delivery, told);
        (_sink, _flush) = output;
        _memory = DurableRecord.Open(Path.Combine(stateDirectory, MemoryName));
        _ = bank.Import(_memory.Payload);
    }

    /// <summary>Takes a cycle from the engine.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    internal void Add(in CycleHeader header, ReadOnlySpan<Reading> readings)
    {
        Judge(header, readings);
        long sent = _delivery.Sent;
        _delivery.Deliver(header, _sink, _flush);
        if (_bank.Events.Count > 0 || _delivery.Sent > sent || header.SlotUtcMilliseconds >= _saveNext)
        {
            _memory.Save(_bank.Export());
            _saveNext = header.SlotUtcMilliseconds + SaveEveryMilliseconds;
        }
    }

    /// <summary>
    /// Takes a cycle of a virtual past. What people entered goes with the first cycle that is not earlier, as if it had been entered then.
    /// Touches no file but for such entries, so that years pass in minutes: <see cref="KeepPast"/> does, now and then.
    /// </summary>
    /// <exception cref="IOException">The disk failed.</exception>
    internal void AddPast(in CycleHeader header, ReadOnlySpan<Reading> readings)
    {
        Judge(header, readings);
        long sent = _delivery.Sent;
        _delivery.DeliverThrough(header.SlotUtcMilliseconds, header, _sink, _flush);
        _pastSlot = header.SlotUtcMilliseconds;
        if (_delivery.Sent > sent)
        {
            // All of it is durable now, and an entry is not delivered again.
            KeepEndOfPast();
        }
    }

    /// <summary>Last slot of a virtual past that the memory knows, in milliseconds since 1970-01-01 UTC; null when it knows none.</summary>
    internal long? RememberedSlot => _bank.NewestUtcMilliseconds;

    /// <summary>
    /// Takes a cycle of a virtual past that is durable already, but younger than the memory: the filters learn it, and nothing is handed on.
    /// </summary>
    internal void Recall(ReadOnlySpan<Reading> readings) => _bank.Apply(Copy(readings));

    /// <summary>
    /// Looks for new entries and keeps the memory of the past. A memory is saved only once the readings it comes from are durable: a walk
    /// that is resumed asks the slots behind the last durable one again, and to a younger memory they would all be late.
    /// </summary>
    /// <param name="durableSlot">Last slot that is durable; null for none.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    internal void KeepPast(long? durableSlot)
    {
        _delivery.Look();
        if (_past is byte[] past)
        {
            if (durableSlot >= _pastOf)
            {
                _memory.Save(past);
                _past = null;
            }
        }
        else
        {
            (_past, _pastOf) = (_bank.Export(), _pastSlot);
        }
    }

    /// <summary>Saves the memory at the end of the past, once all of it is durable.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    internal void KeepEndOfPast()
    {
        _past = null;
        _memory.Save(_bank.Export());
    }

    /// <summary>Saves the memory and closes the files.</summary>
    public void Dispose()
    {
        try
        {
            _memory.Save(_bank.Export());
        }
        catch (IOException)
        {
            // The older memory does: its doubts are asked again.
        }

        _memory.Dispose();
        _delivery.Dispose();
    }

    private Span<Reading> Copy(ReadOnlySpan<Reading> readings)
    {
        if (readings.Length > _readings.Length)
        {
            _readings = new Reading[Math.Max(readings.Length, 2 * _readings.Length)];
        }

        Span<Reading> copy = _readings.AsSpan(0, readings.Length);
        readings.CopyTo(copy);
        return copy;
    }

    private void Judge(in CycleHeader header, ReadOnlySpan<Reading> readings)
    {
        Span<Reading> judged = Copy(readings);
        _bank.Apply(judged);
        _sink(header, judged);
        for (int index = 0; index < _bank.Events.Count; index++)
        {
            _told(_bank.Events[index]);
        }
    }
}
