using Metering.Gateway.Configuration;
using Metering.Meters.Inputs;
using Metering.Meters.Polling;
using Metering.Readings;

namespace Metering.Gateway.Polling;

/// <summary>Reads the inputs beside Modbus on a lane of their own, one after the other.</summary>
internal sealed class InputWorker : ILaneWorker
{
    private readonly Entry[] _inputs;
    private readonly SlotReadings _deliver;
    private readonly TimeProvider _clock;

    /// <param name="inputs">The inputs; opened here.</param>
    /// <param name="firstChannelIndex">Index of the first channel of the first one in the gateway's list.</param>
    /// <param name="interval">How often they are read.</param>
    /// <param name="deliver">Takes the readings of each input.</param>
    /// <param name="clock">Measures how long reading takes.</param>
    internal InputWorker(IReadOnlyList<InputConfiguration> inputs, int firstChannelIndex, TimeSpan interval, SlotReadings deliver, TimeProvider clock)
    {
        _deliver = deliver;
        _clock = clock;
        RateStatistics rate = new(interval);
        List<Entry> entries = [];
        foreach (InputConfiguration input in inputs)
        {
            entries.Add(new(input, firstChannelIndex, input.Open(), rate));
            firstChannelIndex += input.Channels.Count;
        }

        _inputs = [.. entries];
        Groups = [.. entries.Select(entry => entry.Slot)];
    }

    /// <inheritdoc/>
    public string Name => "inputs";

    /// <inheritdoc/>
    public object Gate { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<SlotGroup> Groups { get; }

    /// <inheritdoc/>
    public TimeSpan? Rest => null;

    /// <inheritdoc/>
    public bool TryWork()
    {
        Entry? next = null;
        lock (Gate)
        {
            foreach (Entry entry in _inputs)
            {
                if (entry.Slot.HasPending)
                {
                    entry.Slot.Begin();
                    next = entry;
                    break;
                }
            }
        }

        if (next is null)
        {
            return false;
        }

        SlotTick tick = next.Slot.Active;
        long begun = _clock.GetTimestamp();
        next.Input.Read(tick.SlotUtcMilliseconds, next.FirstChannelIndex, next.Readings);
        TimeSpan elapsed = _clock.GetElapsedTime(begun);
        lock (Gate)
        {
            next.Timing.Add(elapsed);
            next.Keep();
            next.Slot.End(_clock);
            _deliver(tick, next.Readings);
        }

        return true;
    }

    /// <inheritdoc/>
    public void GiveUp()
    {
        lock (Gate)
        {
            foreach (Entry entry in _inputs)
            {
                if (entry.Slot.HasPending)
                {
                    entry.Slot.Begin();
                    for (int index = 0; index < entry.Readings.Length; index++)
                    {
                        entry.Readings[index] = Reading.Missing(entry.Slot.Active.SlotUtcMilliseconds, entry.Slot.Channels[index], entry.Slot.MissedReason);
                    }

                    entry.Slot.End(_clock);
                    _deliver(entry.Slot.Active, entry.Readings);
                }
            }
        }
    }

    /// <summary>What the inputs have given up to now. Any thread may ask.</summary>
    internal IReadOnlyList<InputSnapshot> Snapshot()
    {
        lock (Gate)
        {
            return [.. _inputs.Select(entry => new InputSnapshot
            {
                Id = entry.Id,
                Kind = InputKinds.Of(entry.Channels[0]),
                LastGoodUtcMilliseconds = entry.LastGood,
                Slots = entry.Timing.Count,
                Timing = Timings.Of(entry.Timing),
                Channels = [.. entry.Channels.Select((channel, index) => Timings.ChannelOf(channel, entry.Last[index]))],
            })];
        }
    }

    public void Dispose()
    {
        foreach (Entry entry in _inputs)
        {
            entry.Input.Dispose();
        }
    }

    private sealed class Entry
    {
        internal Entry(InputConfiguration configuration, int firstChannelIndex, ISlotInput input, RateStatistics rate)
        {
            Id = configuration.Id;
            Channels = configuration.Channels;
            FirstChannelIndex = firstChannelIndex;
            Input = input;
            Readings = new Reading[Channels.Count];
            Last = new Reading[Channels.Count];
            Array.Fill(Last, Reading.Missing(long.MinValue, 0, QualityReason.None));
            Slot = new SlotGroup(rate, [.. Enumerable.Range(firstChannelIndex, Channels.Count)]);
        }

        internal string Id { get; }

        internal IReadOnlyList<Channel> Channels { get; }

        internal int FirstChannelIndex { get; }

        internal ISlotInput Input { get; }

        internal Reading[] Readings { get; }

        internal Reading[] Last { get; }

        internal SlotGroup Slot { get; }

        internal LatencyHistogram Timing { get; } = new();

        internal long? LastGood { get; private set; }

        internal void Keep()
        {
            Readings.CopyTo(Last.AsSpan());
            foreach (ref readonly Reading reading in Readings.AsSpan())
            {
                LastGood = reading.Quality.IsGood ? reading.UtcMilliseconds : LastGood;
            }
        }
    }
}
