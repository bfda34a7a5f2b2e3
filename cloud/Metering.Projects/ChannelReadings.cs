using Metering.Analytics.Intervals;
using Metering.Readings;

namespace Metering.Projects;

/// <summary>Readings of one channel, ascending in time, with what may be used of them.</summary>
internal sealed class ChannelReadings
{
    /// <summary>Columns of equal length; usable is false for readings that analytics leaves aside.</summary>
    public ChannelReadings(Channel channel, long[] utcMilliseconds, long[] scaledValues, bool[] usable, IReadOnlyList<MeterReplacement>? breaks = null)
    {
        Breaks = breaks ?? [];
        Channel = channel;
        UtcMilliseconds = utcMilliseconds;
        ScaledValues = scaledValues;
        Usable = usable;
    }

    /// <summary>The readings of a channel, of which it is said here what may be used.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="utcMilliseconds">Instants, ascending.</param>
    /// <param name="scaledValues">The channel's integers.</param>
    /// <param name="qualities">Quality of each reading.</param>
    /// <param name="hasValues">Whether each reading has a value.</param>
    public static ChannelReadings Of(Channel channel, long[] utcMilliseconds, long[] scaledValues, ReadingQuality[] qualities, bool[] hasValues)
    {
        bool[] usable = RegisterIntervals.Usable(channel, utcMilliseconds, qualities, hasValues, out IReadOnlyList<MeterReplacement> breaks);
        return new(channel, utcMilliseconds, scaledValues, usable, breaks);
    }

    /// <summary>What the integers mean.</summary>
    public Channel Channel { get; }

    /// <summary>Scheduled instants.</summary>
    public long[] UtcMilliseconds { get; }

    /// <summary>The channel's integers, see <see cref="Channel.ToDouble"/>.</summary>
    public long[] ScaledValues { get; }

    /// <summary>Whether a reading has a value of good quality; uncertain and bad ones are stored and shown, never counted with.</summary>
    public bool[] Usable { get; }

    /// <summary>Where a register began anew, in order of time, see <see cref="RegisterIntervals.Usable"/>.</summary>
    public IReadOnlyList<MeterReplacement> Breaks { get; }

    /// <summary>Number of readings.</summary>
    public int Count => UtcMilliseconds.Length;

    /// <summary>Instant of the last usable reading; null when there is none.</summary>
    public long? LastUsable
    {
        get
        {
            int index = Array.LastIndexOf(Usable, true);
            return index < 0 ? null : UtcMilliseconds[index];
        }
    }

    /// <summary>The value of a reading in the channel's unit.</summary>
    public double ValueAt(int index) => Channel.ToDouble(ScaledValues[index]);

    /// <summary>All values in the channel's unit, through a function; unusable ones are NaN.</summary>
    public double[] Values(Func<double, double> map)
    {
        double[] values = new double[Count];
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = Usable[index] ? map(ValueAt(index)) : double.NaN;
        }

        return values;
    }

    /// <summary>Index of the first usable reading at or after an instant, looking forwards; -1 when there is none.</summary>
    public int FirstUsableFrom(long utcMilliseconds)
    {
        int index = Array.BinarySearch(UtcMilliseconds, utcMilliseconds);
        index = index < 0 ? ~index : index;
        return index < Count ? Array.IndexOf(Usable, true, index) : -1;
    }

    /// <summary>Index of the last usable reading at or before an instant; -1 when there is none.</summary>
    public int LastUsableTo(long utcMilliseconds)
    {
        int index = Array.BinarySearch(UtcMilliseconds, utcMilliseconds);
        index = index < 0 ? ~index - 1 : index;
        return index >= 0 ? Array.LastIndexOf(Usable, true, index) : -1;
    }
}
