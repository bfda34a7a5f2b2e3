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

    /// <summary>
    /// Which readings analytics may use: those with a value of good quality. One with the reason "reset" begins a register anew (a pulse
    /// input that lost its count, a meter that was changed or set to zero): what was used between it and the reading before it is not known,
    /// even where the register shows more than before, so it becomes a break that no difference is taken across.
    /// </summary>
    /// <param name="columns">Stored readings.</param>
    /// <param name="breaks">
    /// The breaks, in order of time; none for a gauge. When there are more than <see cref="IntervalBuilder.MaximumReplacements"/>, what comes
    /// after the last of them that fits is not used at all: unknown, and never bridged.
    /// </param>
    public static bool[] Usable(ReadingColumns columns, out IReadOnlyList<MeterReplacement> breaks)
    {
        bool isCounter = columns.Channel.Kind == ChannelKind.Counter;
        bool[] usable = new bool[columns.Count];
        List<MeterReplacement> found = [];
        for (int index = 0; index < usable.Length; index++)
        {
            usable[index] = columns.HasValues[index] && columns.Qualities[index].IsGood;
            if (isCounter && usable[index] && columns.Qualities[index].Reason == QualityReason.Reset)
            {
                if (found.Count == IntervalBuilder.MaximumReplacements)
                {
                    usable.AsSpan(index).Clear();
                    break;
                }

                found.Add(new(columns.UtcMilliseconds[index], null, null));
            }
        }

        breaks = found;
        return usable;
    }
}
