using Metering.Readings;

namespace Metering.Analytics.Intervals;

/// <summary>
/// Where the register of a counter began anew: a good reading with the reason "reset" (a pulse input that lost its count, a meter that was
/// changed or set to zero). What was used between it and the reading before it is not known, even where the register shows more than before,
/// so no difference is taken across it.
/// </summary>
public static class RegisterBreaks
{
    /// <summary>The breaks of a counter's readings; a gauge has none.</summary>
    /// <param name="utcMilliseconds">Instants, ascending.</param>
    /// <param name="qualities">Quality of each reading.</param>
    /// <param name="hasValues">Whether each reading has a value.</param>
    /// <param name="end">
    /// How many readings, from the first, may be used: all of them, or those before the first break beyond
    /// <see cref="IntervalBuilder.MaximumReplacements"/>. What comes after is unknown and never bridged.
    /// </param>
    /// <returns>The breaks, ascending.</returns>
    public static List<MeterReplacement> Find(ReadOnlySpan<long> utcMilliseconds, ReadOnlySpan<ReadingQuality> qualities, ReadOnlySpan<bool> hasValues, out int end)
    {
        List<MeterReplacement> breaks = [];
        for (int index = 0; index < qualities.Length; index++)
        {
            if (hasValues[index] && qualities[index].IsGood && qualities[index].Reason == QualityReason.Reset)
            {
                if (breaks.Count == IntervalBuilder.MaximumReplacements)
                {
                    end = index;
                    return breaks;
                }

                breaks.Add(new(utcMilliseconds[index], null, null));
            }
        }

        end = qualities.Length;
        return breaks;
    }
}
