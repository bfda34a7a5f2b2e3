using Metering.Readings;

namespace Metering.Benchmarks.Ingestion;

/// <summary>
/// The meters of one simulated gateway. What a channel shows in a slot follows from the numbers alone, so that a store can be
/// compared with it reading by reading.
/// </summary>
internal sealed class LoadMeters
{
    private const long StartUtcMilliseconds = 1_767_225_600_000;
    private readonly int _number;
    private readonly Channel[] _channels;

    /// <summary>Makes the meters of a gateway.</summary>
    /// <param name="number">Number of the gateway, from 0.</param>
    /// <param name="channels">One channel each.</param>
    /// <param name="interval">Time between two readings of a channel.</param>
    public LoadMeters(int number, int channels, TimeSpan interval)
    {
        (_number, Interval) = (number, interval);
        _channels = [.. Enumerable.Range(0, channels).Select(index => new Channel
        {
            Id = $"meter{index}.active-energy-import",
            Meter = $"meter{index}",
            Unit = "kWh",
            Kind = ChannelKind.Counter,
            DecimalPlaces = 1,
            Modulus = 4_294_967_296,
            Profile = "simulated-energy/1",
        })];
    }

    public string Gateway => $"gateway-{_number:0000}";

    public IReadOnlyList<Channel> Channels => _channels;

    public TimeSpan Interval { get; }

    public long InstantAt(long slot) => StartUtcMilliseconds + (slot * (long)Interval.TotalMilliseconds);

    /// <summary>A counter with a load of its own that is never quite steady.</summary>
    public long ValueAt(int channel, long slot)
    {
        uint mixed = unchecked((uint)((slot + 1) * 2_654_435_761) ^ (uint)((_number * 4_099) + channel));
        mixed = unchecked((mixed ^ (mixed >> 15)) * 2_246_822_519);
        return 1_000_000 + (channel * 10_007L) + (slot * (31 + (channel % 7))) + (mixed >> 28);
    }

    /// <summary>The readings of one slot, one of each channel.</summary>
    public void Fill(Span<Reading> readings, long slot)
    {
        for (int channel = 0; channel < _channels.Length; channel++)
        {
            readings[channel] = new(InstantAt(slot), ValueAt(channel, slot), channel, ReadingQuality.Good, HasValue: true);
        }
    }
}
