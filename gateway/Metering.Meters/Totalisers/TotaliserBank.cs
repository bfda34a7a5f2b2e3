using System.Buffers.Binary;
using System.Text;
using Metering.Readings;

namespace Metering.Meters.Totalisers;

/// <summary>An event of one channel.</summary>
/// <param name="ChannelIndex">Index of the channel in the gateway's list.</param>
/// <param name="Event">What happened.</param>
public readonly record struct ChannelEvent(int ChannelIndex, TotaliserEvent Event);

/// <summary>
/// The filters of all counter channels of a gateway: one call per cycle. What it remembers goes into one block of bytes, which the
/// owner keeps in the state directory; an older block does no harm but doubts that are asked again, since all differences are
/// taken from the register itself. Allocates nothing per cycle. One thread at a time.
/// </summary>
public sealed class TotaliserBank
{
    private static ReadOnlySpan<byte> Magic => "MTOT\u0001"u8;

    private readonly Channel[] _channels;
    private readonly TotaliserLimits?[] _limits;
    private readonly TotaliserFilter?[] _filters;
    private readonly List<ChannelEvent> _events = [];

    /// <summary>Makes a filter for each counter.</summary>
    /// <param name="channels">The gateway's channels; <see cref="Reading.ChannelIndex"/> points into them.</param>
    /// <param name="limitsOf">Limits of a counter channel; null to leave it alone.</param>
    public TotaliserBank(IReadOnlyList<Channel> channels, Func<Channel, TotaliserLimits?> limitsOf)
    {
        ArgumentNullException.ThrowIfNull(limitsOf);
        _channels = [.. channels];

        // Meters of one kind have the same limits: one object for all.
        Dictionary<TotaliserLimits, TotaliserLimits> known = [];
        _limits = [.. _channels.Select(channel => channel.Kind == ChannelKind.Counter && limitsOf(channel) is TotaliserLimits limits ? known.TryAdd(limits, limits) ? limits : known[limits] : null)];
        _filters = [.. _limits.Select(limits => limits is null ? null : new TotaliserFilter(limits))];
    }

    /// <summary>What happened in the last call of <see cref="Apply"/>.</summary>
    public IReadOnlyList<ChannelEvent> Events => _events;

    /// <summary>The filter of a channel; null for gauges and channels left alone.</summary>
    public TotaliserFilter? this[int channelIndex] => _filters[channelIndex];

    /// <summary>The newest reading that any filter has judged, in milliseconds since 1970-01-01 UTC; null before the first.</summary>
    public long? NewestUtcMilliseconds
    {
        get
        {
            long? newest = null;
            foreach (TotaliserFilter? filter in _filters)
            {
                newest = filter?.LastUtcMilliseconds is long last && !(newest >= last) ? last : newest;
            }

            return newest;
        }
    }

    /// <summary>Judges the readings of a cycle in place: only qualities change.</summary>
    public void Apply(Span<Reading> readings)
    {
        _events.Clear();
        foreach (ref Reading reading in readings)
        {
            if (_filters[reading.ChannelIndex] is TotaliserFilter filter)
            {
                reading = filter.Take(reading, out TotaliserEvent happened);
                if (happened.Kind != TotaliserEventKind.None)
                {
                    _events.Add(new(reading.ChannelIndex, happened));
                }
            }
        }
    }

    /// <summary>Everything remembered.</summary>
    public byte[] Export()
    {
        int length = Magic.Length;
        for (int index = 0; index < _filters.Length; index++)
        {
            length += _filters[index] is null ? 0 : sizeof(ushort) + _channels[index].Id.Length + TotaliserFilter.StateLength;
        }

        byte[] bytes = new byte[length];
        Magic.CopyTo(bytes);
        Span<byte> rest = bytes.AsSpan(Magic.Length);
        for (int index = 0; index < _filters.Length; index++)
        {
            if (_filters[index] is TotaliserFilter filter)
            {
                string id = _channels[index].Id;
                BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)id.Length);
                _ = Encoding.ASCII.GetBytes(id, rest[sizeof(ushort)..]);
                rest = rest[(sizeof(ushort) + id.Length)..];
                filter.Export(rest);
                rest = rest[TotaliserFilter.StateLength..];
            }
        }

        return bytes;
    }

    /// <summary>Takes over what an earlier start remembered, channel by channel.</summary>
    /// <returns>How many channels went on; 0 also for bytes that are none of ours.</returns>
    public int Import(ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        if (!bytes.StartsWith(Magic))
        {
            return 0;
        }

        Dictionary<string, int> indices = [];
        for (int index = 0; index < _channels.Length; index++)
        {
            indices[_channels[index].Id] = index;
        }

        ReadOnlySpan<byte> rest = bytes[Magic.Length..];
        while (rest.Length >= sizeof(ushort))
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (rest.Length < sizeof(ushort) + length + TotaliserFilter.StateLength)
            {
                break;
            }

            string id = Encoding.ASCII.GetString(rest.Slice(sizeof(ushort), length));
            ReadOnlySpan<byte> state = rest.Slice(sizeof(ushort) + length, TotaliserFilter.StateLength);
            rest = rest[(sizeof(ushort) + length + TotaliserFilter.StateLength)..];
            if (indices.TryGetValue(id, out int index) && _limits[index] is TotaliserLimits limits && TotaliserFilter.Import(limits, state) is TotaliserFilter filter)
            {
                _filters[index] = filter;
                taken++;
            }
        }

        return taken;
    }

    /// <summary>Tells the counters of a channel of a recorded change of meter.</summary>
    /// <returns>What it did; None when nothing.</returns>
    public TotaliserEvent Replace(int channelIndex, long utcMilliseconds, long? finalValue, long initialValue) =>
        _filters[channelIndex]?.Replace(utcMilliseconds, finalValue, initialValue) ?? default;
}
