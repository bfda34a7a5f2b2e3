using System.Globalization;
using Metering.Evidence.Log;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>
/// The newest checkpoint of each log and the entries it showed, in a text file of the reader's own: "log NAME KEY SIZE ROOT" and "entry NAME INDEX HASH". A log that goes back,
/// changes its key, or shows another entry in an old place is told.
/// </summary>
internal sealed class SeenLogs
{
    private const int MostLines = 2_000_000;
    private readonly Dictionary<string, (string Key, long Size, string Root)> logs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Log, long Index), string> entries = [];

    /// <summary>Reads the text; empty for the first time.</summary>
    /// <exception cref="WireFormatException">It is not such a file.</exception>
    public static SeenLogs Parse(string text)
    {
        SeenLogs seen = new();
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string line in lines.Take(MostLines))
        {
            switch (line.Split(' '))
            {
                case ["log", { } name, { } key, { } size, { } root] when long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long count):
                    seen.logs[name] = (key, count, root);
                    break;
                case ["entry", { } name, { } place, { } hash] when long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out long index):
                    seen.entries[(name, index)] = hash;
                    break;
                default:
                    throw new WireFormatException($"'{line[..Math.Min(line.Length, 60)]}' is no line of a file of --seen");
            }
        }

        return seen;
    }

    /// <summary>The text to keep.</summary>
    public string ToText() => string.Concat(
        logs.OrderBy(log => log.Key, StringComparer.Ordinal).Select(log => string.Create(CultureInfo.InvariantCulture, $"log {log.Key} {log.Value.Key} {log.Value.Size} {log.Value.Root}\n"))
        .Concat(entries.OrderBy(entry => entry.Key.Log, StringComparer.Ordinal).ThenBy(entry => entry.Key.Index).Select(entry => string.Create(CultureInfo.InvariantCulture, $"entry {entry.Key.Log} {entry.Key.Index} {entry.Value}\n"))));

    /// <summary>Holds a checkpoint against what was seen, and takes it in when it fits.</summary>
    public void Check(BundleReport report, Checkpoint checkpoint, ShownLog log, FaultList faults)
    {
        string root = Convert.ToBase64String(checkpoint.Root.Span);
        if (logs.TryGetValue(checkpoint.Log, out (string Key, long Size, string Root) before))
        {
            if (before.Key != report.LogFingerprint)
            {
                faults.Add(FaultCode.LogKeyChanged, checkpoint.Log, before.Key);
            }
            else if (checkpoint.Size < before.Size)
            {
                faults.Add(FaultCode.LogWentBack, checkpoint.Log, ShownLog.Text(before.Size), ShownLog.Text(checkpoint.Size));
            }
            else if (checkpoint.Size == before.Size && root != before.Root)
            {
                faults.Add(FaultCode.LogForked, checkpoint.Log, ShownLog.Text(before.Size));
            }
        }
        else
        {
            report.Remarks.Add(new(RemarkCode.FirstSight, checkpoint.Log));
        }

        CompareEntries(checkpoint, log, faults);
        if (faults.Count == 0)
        {
            logs[checkpoint.Log] = (report.LogFingerprint, checkpoint.Size, root);
            foreach (ShownEntry shown in log.Entries)
            {
                entries[(checkpoint.Log, shown.Index)] = Convert.ToHexStringLower(MerkleHash.Leaf(shown.Entry.ToBytes()));
            }
        }
    }

    private void CompareEntries(Checkpoint checkpoint, ShownLog log, FaultList faults)
    {
        for (int place = 0; place < log.Indices.Count; place++)
        {
            if (entries.TryGetValue((checkpoint.Log, log.Indices[place]), out string? hash) && hash != Convert.ToHexStringLower(log.Leaves[place]))
            {
                faults.Add(FaultCode.LogForked, checkpoint.Log, ShownLog.Text(log.Indices[place]));
                return;
            }
        }
    }
}
