using System.Globalization;
using Metering.Evidence.Log;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>
/// The newest checkpoint of each log, the bundles seen of it and the entries they showed, in a text file of the reader's own: "log NAME KEY SIZE ROOT AT", "bundle NAME PROJECT NUMBER SIZE ROOT" and
/// "entry NAME INDEX HASH"; or taken from a folder of earlier bundles. A log that goes back, changes its key, has another past or denies a bundle is told.
/// </summary>
internal sealed class SeenLogs
{
    private const int MostLines = 2_000_000;
    private readonly Dictionary<string, (string Key, long Size, string Root, string At)> logs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Log, string Project, long Number), (long Size, string Root)> bundles = [];
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
                case ["log", { } name, { } key, { } size, { } root, .. { Length: <= 1 } at] when TryNumber(size, out long count):
                    seen.logs[name] = (key, count, root, at.FirstOrDefault(""));
                    break;
                case ["bundle", { } name, { } project, { } place, { } size, { } root] when TryNumber(place, out long number) && TryNumber(size, out long count):
                    seen.bundles[(name, project, number)] = (count, root);
                    break;
                case ["entry", { } name, { } place, { } hash] when TryNumber(place, out long index):
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
        logs.OrderBy(log => log.Key, StringComparer.Ordinal).Select(log => string.Create(CultureInfo.InvariantCulture, $"log {log.Key} {log.Value.Key} {log.Value.Size} {log.Value.Root}{(log.Value.At.Length == 0 ? "" : " ")}{log.Value.At}\n"))
        .Concat(bundles.OrderBy(seen => seen.Key.Log, StringComparer.Ordinal).ThenBy(seen => seen.Key.Project, StringComparer.Ordinal).ThenBy(seen => seen.Key.Number)
            .Select(seen => string.Create(CultureInfo.InvariantCulture, $"bundle {seen.Key.Log} {seen.Key.Project} {seen.Key.Number} {seen.Value.Size} {seen.Value.Root}\n")))
        .Concat(entries.OrderBy(entry => entry.Key.Log, StringComparer.Ordinal).ThenBy(entry => entry.Key.Index).Select(entry => string.Create(CultureInfo.InvariantCulture, $"entry {entry.Key.Log} {entry.Key.Index} {entry.Value}\n"))));

    /// <summary>Holds a bundle against what was seen, and takes it in when it fits.</summary>
    public void Check(BundleReport report, Checkpoint checkpoint, ShownLog log, FaultList faults)
    {
        bool isOlder = logs.ContainsKey(checkpoint.Log) && CheckLog(report, checkpoint, faults);
        if (!logs.ContainsKey(checkpoint.Log))
        {
            report.Remarks.Add(new(RemarkCode.FirstSight, checkpoint.Log));
        }

        CheckBundles(report, checkpoint, faults);
        CompareEntries(checkpoint, log, faults);
        if (faults.Count == 0)
        {
            Take(report, checkpoint, log, isOlder);
        }
    }

    // Whether it is older than what was seen, and so adds nothing.
    private bool CheckLog(BundleReport report, Checkpoint checkpoint, FaultList faults)
    {
        (string key, long size, string root, string at) = logs[checkpoint.Log];
        if (key != report.LogFingerprint)
        {
            faults.Add(FaultCode.LogKeyChanged, checkpoint.Log, key);
        }
        else if (checkpoint.Size < size && LogEntry.TryInstant(at, out long utc) && checkpoint.UtcMilliseconds < utc)
        {
            report.Remarks.Add(new(RemarkCode.OlderThanSeen, ShownLog.Text(size), at));
            return true;
        }
        else if (checkpoint.Size < size)
        {
            faults.Add(FaultCode.LogWentBack, checkpoint.Log, ShownLog.Text(size), ShownLog.Text(checkpoint.Size));
        }
        else if (checkpoint.Size == size && RootOf(checkpoint) != root)
        {
            faults.Add(FaultCode.LogForked, checkpoint.Log, ShownLog.Text(size));
        }

        return false;
    }

    // What is shown of earlier bundles is proved to be a beginning of this log: so whoever saw one of them has his own checkpoint proved.
    private void CheckBundles(BundleReport report, Checkpoint checkpoint, FaultList faults)
    {
        Dictionary<long, (long Size, string Root)> shown = report.Earlier.ToDictionary(one => one.Number, one => (one.Checkpoint.Size, RootOf(one.Checkpoint)));
        shown[report.Number] = (checkpoint.Size, RootOf(checkpoint));
        Dictionary<long, string> roots = shown.Values.DistinctBy(one => one.Size).ToDictionary(one => one.Size, one => one.Root);
        foreach (((string name, string project, long number), (long size, string root)) in bundles.Where(seen => seen.Key.Log == checkpoint.Log))
        {
            bool isOfProject = project == report.ProjectId;
            bool isSame = !isOfProject || !shown.TryGetValue(number, out (long Size, string Root) other) || other == (size, root);
            bool isInOrder = !isOfProject || number == report.Number || (number < report.Number) == (size < checkpoint.Size);
            bool isOneRoot = !roots.TryGetValue(size, out string? same) || same == root;
            if (!isSame || !isInOrder || !isOneRoot)
            {
                faults.Add(FaultCode.LogForked, checkpoint.Log, $"{project} {ShownLog.Text(number)}");
                return;
            }
        }

        if (logs.TryGetValue(checkpoint.Log, out (string Key, long Size, string Root, string At) newest) && roots.TryGetValue(newest.Size, out string? now) && now != newest.Root)
        {
            faults.Add(FaultCode.LogForked, checkpoint.Log, ShownLog.Text(newest.Size));
        }
    }

    private void Take(BundleReport report, Checkpoint checkpoint, ShownLog log, bool isOlder)
    {
        if (!isOlder)
        {
            logs[checkpoint.Log] = (report.LogFingerprint, checkpoint.Size, RootOf(checkpoint), LogEntry.Instant(checkpoint.UtcMilliseconds));
        }

        foreach ((long number, Checkpoint earlier) in report.Earlier)
        {
            bundles[(checkpoint.Log, report.ProjectId, number)] = (earlier.Size, RootOf(earlier));
        }

        bundles[(checkpoint.Log, report.ProjectId, report.Number)] = (checkpoint.Size, RootOf(checkpoint));
        foreach (ShownEntry shown in log.Entries)
        {
            entries[(checkpoint.Log, shown.Index)] = Convert.ToHexStringLower(MerkleHash.Leaf(shown.Entry.ToBytes()));
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

    private static string RootOf(Checkpoint checkpoint) => Convert.ToBase64String(checkpoint.Root.Span);

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
