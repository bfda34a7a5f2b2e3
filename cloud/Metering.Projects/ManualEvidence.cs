using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Projects;

/// <summary>
/// Whether a photo stands behind every reading of a channel that people enter, as cloud/Metering.Evidence/README.md defines it. The same for pages, results and the verifier.
/// </summary>
internal static class ManualEvidence
{
    // A gateway hands the two registers of a change of meter on right before its instant, see FieldDelivery.
    private const int FinalLead = 2;
    private const int InitialLead = 1;
    private const string Profile = "manual/";

    /// <summary>Whether people enter the readings of a channel.</summary>
    public static bool IsManual(Channel channel) => channel.Profile.StartsWith(Profile, StringComparison.Ordinal);

    /// <summary>Whether there are readings, and each is covered by an entry with a photo.</summary>
    /// <param name="channel">What the integers mean.</param>
    /// <param name="readings">The readings that count: instant, UTC milliseconds, and the channel's integer.</param>
    /// <param name="entries">The channel's entries that take part or may, in the order in which they were taken.</param>
    public static bool IsPhotographed(Channel channel, IReadOnlyList<ManualReading> readings, IReadOnlyList<FieldEntry> entries)
    {
        if (readings.Count == 0)
        {
            return false;
        }

        HashSet<ManualReading> covered = [];
        foreach (FieldEntry entry in InForce(entries))
        {
            if (entry.PhotoHash is null || entry.Unit != channel.Unit || entry.Decimals != channel.DecimalPlaces)
            {
                continue;
            }

            foreach ((long? value, int lead) in ((long?, int)[])[(entry.Value, 0), (entry.FinalValue, FinalLead), (entry.InitialValue, InitialLead)])
            {
                if (value is long register)
                {
                    _ = covered.Add(new(entry.UtcMilliseconds - lead, register));
                }
            }
        }

        return readings.All(covered.Contains);
    }

    /// <summary>The entries that no later one took the place of.</summary>
    public static IEnumerable<FieldEntry> InForce(IReadOnlyList<FieldEntry> entries)
    {
        HashSet<long> superseded = [];
        for (int place = entries.Count - 1; place >= 0; place--)
        {
            FieldEntry entry = entries[place];
            if (!superseded.Contains(entry.Number))
            {
                yield return entry;
            }

            if (entry.Supersedes is long number)
            {
                _ = superseded.Add(number);
            }
        }
    }
}

/// <summary>A reading that a person entered.</summary>
/// <param name="UtcMilliseconds">Its instant, milliseconds since 1970-01-01 UTC.</param>
/// <param name="Value">The channel's integer.</param>
internal readonly record struct ManualReading(long UtcMilliseconds, long Value);
