using Metering.Analytics.Intervals;
using Metering.Readings;

namespace Metering.Projects;

/// <summary>How a register that was read is turned into intervals.</summary>
internal static class RegisterIntervals
{
    /// <summary>The options of a channel; a channel without a modulus never rolls over.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="step">Length of the intervals.</param>
    /// <param name="zone">The plant's zone.</param>
    /// <param name="breaks">Where the register began anew, see <see cref="Usable"/>.</param>
    public static CounterOptions Options(Channel channel, IntervalStep step, TimeZoneInfo zone, IReadOnlyList<MeterReplacement> breaks) =>
        new() { Step = step, Exponent = channel.DecimalPlaces, Modulus = channel.Modulus, Zone = zone, Replacements = breaks };

    /// <summary>Which readings analytics may use: those with a value of good quality, of a counter up to the first break that does not fit.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="utcMilliseconds">Instants, ascending.</param>
    /// <param name="qualities">Quality of each reading.</param>
    /// <param name="hasValues">Whether each reading has a value.</param>
    /// <param name="breaks">The breaks that no difference is taken across, see <see cref="RegisterBreaks"/>; none for a gauge.</param>
    public static bool[] Usable(Channel channel, long[] utcMilliseconds, ReadingQuality[] qualities, bool[] hasValues, out IReadOnlyList<MeterReplacement> breaks)
    {
        int end = utcMilliseconds.Length;
        breaks = channel.Kind == ChannelKind.Counter ? RegisterBreaks.Find(utcMilliseconds, qualities, hasValues, out end) : [];
        bool[] usable = new bool[utcMilliseconds.Length];
        for (int index = 0; index < end; index++)
        {
            usable[index] = hasValues[index] && qualities[index].IsGood;
        }

        return usable;
    }
}
