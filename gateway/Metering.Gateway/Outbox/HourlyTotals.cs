using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>
/// What is kept when there is no room for everything: the first value of each counter in each hour (UTC). A counter's register
/// tells the total across any hole, so consumption stays whole and only its course inside the hour is lost. Counts the rest.
/// </summary>
internal sealed class HourlyTotals
{
    private const long HourMilliseconds = 3_600_000;

    private readonly IReadOnlyList<Channel> _channels;
    private readonly long[] _hours;
    private readonly Reading[] _kept;

    internal HourlyTotals(IReadOnlyList<Channel> channels)
    {
        _channels = channels;
        _hours = new long[channels.Count];
        _kept = new Reading[channels.Count];
    }

    /// <summary>Begins: what was taken in the hour of this slot is in the outbox already.</summary>
    internal void Begin(long slotUtcMilliseconds) => Array.Fill(_hours, HourOf(slotUtcMilliseconds));

    /// <summary>Chooses the totals of a cycle; the span holds until the next call. Nothing counts as kept before <see cref="Keep"/>.</summary>
    internal ReadOnlySpan<Reading> Choose(long slotUtcMilliseconds, ReadOnlySpan<Reading> readings)
    {
        int count = 0;
        foreach (ref readonly Reading reading in readings)
        {
            bool isTotal = reading is { HasValue: true, Quality.IsUsable: true } && _channels[reading.ChannelIndex].Kind == ChannelKind.Counter;
            if (isTotal && count < _kept.Length && HourOf(slotUtcMilliseconds) != _hours[reading.ChannelIndex])
            {
                _kept[count++] = reading;
            }
        }

        return _kept.AsSpan(0, count);
    }

    /// <summary>The chosen are durable.</summary>
    internal void Keep(long slotUtcMilliseconds, ReadOnlySpan<Reading> chosen)
    {
        foreach (ref readonly Reading reading in chosen)
        {
            _hours[reading.ChannelIndex] = HourOf(slotUtcMilliseconds);
        }
    }

    private static long HourOf(long slotUtcMilliseconds) => Math.DivRem(slotUtcMilliseconds, HourMilliseconds).Quotient;
}
