using Metering.Gateway.Polling;

namespace Metering.Gateway.Status;

/// <summary>
/// The last hour of one channel a meter, a point a minute, for the small line on its card. A gauge is shown as it is, a counter by
/// what it rose in each minute. Missing minutes are NaN and are drawn as holes. Memory only: a kilobyte a meter. Safe from any thread.
/// </summary>
internal sealed class RecentValues
{
    internal const int Minutes = 60;
    private const long MinuteMilliseconds = 60_000;

    private readonly Dictionary<string, Track> _tracks = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _lastMinute = long.MinValue;

    /// <summary>Takes a snapshot; more than one a minute changes nothing.</summary>
    /// <param name="snapshot">What the polling has seen.</param>
    /// <param name="isCounter">Whether a channel counts up.</param>
    internal void Take(PollingSnapshot snapshot, Func<string, bool> isCounter)
    {
        long minute = snapshot.AtUtcMilliseconds / MinuteMilliseconds;
        lock (_gate)
        {
            if (minute == _lastMinute)
            {
                return;
            }

            _lastMinute = minute;
            foreach (MeterSnapshot meter in snapshot.Buses.SelectMany(bus => bus.Meters))
            {
                if (ChannelOf(meter, isCounter) is ChannelSnapshot channel)
                {
                    TrackOf(channel.Id).Add(minute, ValueOf(channel, snapshot.AtUtcMilliseconds), isCounter(channel.Id));
                }
            }

            foreach (ChannelSnapshot channel in snapshot.Inputs.SelectMany(input => input.Channels))
            {
                TrackOf(channel.Id).Add(minute, ValueOf(channel, snapshot.AtUtcMilliseconds), isCounter(channel.Id));
            }
        }
    }

    /// <summary>Which channel of a meter is drawn: its power or flow, else its first counter, else its first channel.</summary>
    internal static ChannelSnapshot? ChannelOf(MeterSnapshot meter, Func<string, bool> isCounter) =>
        meter.Channels.FirstOrDefault(channel => (channel.Unit is "kW" or "W" or "m3/h" or "L/s" or "L/min" or "kg/h") && !isCounter(channel.Id))
            ?? meter.Channels.FirstOrDefault(channel => isCounter(channel.Id))
            ?? (meter.Channels.Count > 0 ? meter.Channels[0] : null);

    /// <summary>The points of a channel up to now, the oldest first; NaN where there is none.</summary>
    internal double[] Points(string channel)
    {
        double[] points = new double[Minutes];
        Array.Fill(points, double.NaN);
        lock (_gate)
        {
            if (_tracks.TryGetValue(channel, out Track? track))
            {
                track.CopyTo(points, _lastMinute);
            }
        }

        return points;
    }

    private static double ValueOf(ChannelSnapshot channel, long now) =>
        channel is { ScaledValue: long scaled, Quality: string quality, SlotUtcMilliseconds: long slot } && (quality[0] is 'G' or 'U') && now - slot < Minutes * MinuteMilliseconds
            ? scaled / Math.Pow(10, channel.DecimalPlaces)
            : double.NaN;

    private Track TrackOf(string channel)
    {
        if (!_tracks.TryGetValue(channel, out Track? track))
        {
            _tracks[channel] = track = new();
        }

        return track;
    }

    private sealed class Track
    {
        private readonly double[] _points = new double[Minutes];
        private readonly long[] _minutes = new long[Minutes];
        private double _previous = double.NaN;

        internal void Add(long minute, double value, bool isCounter)
        {
            int index = (int)(minute % Minutes);
            double rise = value - _previous;
            _points[index] = !isCounter ? value : rise >= 0 ? rise : double.NaN;
            _minutes[index] = minute;
            _previous = value;
        }

        internal void CopyTo(double[] points, long lastMinute)
        {
            for (int index = 0; index < Minutes; index++)
            {
                long back = lastMinute - _minutes[index];
                if (back is >= 0 and < Minutes)
                {
                    points[Minutes - 1 - (int)back] = _points[index];
                }
            }
        }
    }
}
