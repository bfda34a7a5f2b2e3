using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Projects;

/// <summary>How a stored register is read as intervals.</summary>
internal static class Register
{
    /// <summary>The options of a channel; a channel without a modulus never rolls over.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="step">Length of the intervals.</param>
    /// <param name="zone">The plant's zone.</param>
    /// <param name="breaks">Where the register began anew, see <see cref="Usable"/>.</param>
    public static CounterOptions Options(Channel channel, IntervalStep step, TimeZoneInfo zone, IReadOnlyList<MeterReplacement> breaks) =>
        new() { Step = step, Exponent = channel.DecimalPlaces, Modulus = channel.Modulus, Zone = zone, Replacements = breaks };

    /// <summary>Which readings analytics may use: those with a value of good quality, of a counter up to the first break that does not fit.</summary>
    /// <param name="columns">Stored readings.</param>
    /// <param name="breaks">The breaks that no difference is taken across, see <see cref="RegisterBreaks"/>; none for a gauge.</param>
    public static bool[] Usable(ReadingColumns columns, out IReadOnlyList<MeterReplacement> breaks)
    {
        int end = columns.Count;
        breaks = columns.Channel.Kind == ChannelKind.Counter
            ? RegisterBreaks.Find(columns.UtcMilliseconds, columns.Qualities, columns.HasValues, out end)
            : [];
        bool[] usable = new bool[columns.Count];
        for (int index = 0; index < end; index++)
        {
            usable[index] = columns.HasValues[index] && columns.Qualities[index].IsGood;
        }

        return usable;
    }
}
