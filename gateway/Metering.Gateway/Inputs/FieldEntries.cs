using Metering.Readings.Field;

namespace Metering.Gateway.Inputs;

/// <summary>What entries mean together.</summary>
internal static class FieldEntries
{
    /// <summary>Entries that no other one took the place of, in order.</summary>
    internal static IEnumerable<FieldEntry> Valid(IReadOnlyList<FieldEntry> entries)
    {
        HashSet<long> superseded = [.. entries.Where(entry => entry.Supersedes is not null).Select(entry => entry.Supersedes!.Value)];
        return entries.Where(entry => !superseded.Contains(entry.Number));
    }
}
