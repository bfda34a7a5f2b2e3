using System.Globalization;
using System.Text;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Programme.Log;
using Metering.Projects.Statements;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Evidence;

/// <summary>Batches of a gateway's key epoch that a bundle shows: numbers without a hole, but for those that the gateway stated lost.</summary>
/// <param name="Gateway">Gateway.</param>
/// <param name="KeyEpoch">Key epoch.</param>
/// <param name="Numbers">Their numbers, ascending.</param>
internal sealed record ShownBatches(string Gateway, int KeyEpoch, IReadOnlyList<long> Numbers);

/// <summary>The entries of the log that a project's bundle shows: all of each kind and scope it shows anything of, so that nothing can be left out unseen.</summary>
internal sealed class ShownEntries
{
    private static readonly string[] KindsOfProject =
        [LogEntryKind.Plan, LogEntryKind.Decision, LogEntryKind.Validation, LogEntryKind.Result, LogEntryKind.Report, LogEntryKind.Baseline, LogEntryKind.Signature, LogEntryKind.Publication];

    private static readonly string[] KindsOfPlant = [LogEntryKind.Meter, LogEntryKind.Reconciliation];

    private static readonly string[] KindsOfGateway = [LogEntryKind.Key, LogEntryKind.Configuration, LogEntryKind.Loss, LogEntryKind.Commissioning];

    // Of a project's bundles the first and so many of the newest are shown, however often somebody asks for one.
    private const int MostNewestBundles = 63;

    private readonly SortedDictionary<long, LoggedEntry> _entries = [];

    private ShownEntries()
    {
    }

    /// <summary>The entries, ascending.</summary>
    public IReadOnlyCollection<LoggedEntry> All => _entries.Values;

    /// <summary>The batches.</summary>
    public IReadOnlyList<ShownBatches> Batches { get; private set; } = [];

    /// <summary>The entries of a project below a size of the log.</summary>
    /// <param name="parts">Log and store.</param>
    /// <param name="project">The project.</param>
    /// <param name="logSize">Only batches below this entry are shown: those the result stands on.</param>
    /// <param name="size">Size of the checkpoint.</param>
    public static ShownEntries Of(EvidenceParts parts, Project project, long logSize, long size)
    {
        ShownEntries shown = new();
        List<string> scopes = [.. KindsOfProject.Select(kind => $"{kind}/{project.Id}"), .. KindsOfPlant.Select(kind => $"{kind}/{project.Plant.Id}"), $"{LogEntryKind.Erasure}/log", $"{LogEntryKind.LogKey}/{parts.Log.Name}"];
        if (project.Drivers.Any(driver => driver.Product is not null))
        {
            scopes.Add($"{LogEntryKind.Production}/{project.Plant.Id}");
        }

        string[] gateways = [.. project.Channels().Select(channel => channel.Gateway).Distinct(StringComparer.Ordinal)];
        scopes.AddRange(gateways.SelectMany(gateway => KindsOfGateway.Select(kind => $"{kind}/{gateway}")));
        scopes.AddRange(project.Channels().Distinct().Select(channel => $"{LogEntryKind.Manual}/{channel.Gateway}/{channel.Channel}"));
        foreach (LoggedEntry entry in scopes.SelectMany(parts.Log.WithSubject).Where(entry => entry.Index < size))
        {
            shown._entries[entry.Index] = entry;
        }

        shown.AddBundles(parts.Log, project.Id, size);
        shown.Batches = [.. gateways.SelectMany(gateway => shown.BatchesOf(parts, project, gateway, logSize))];
        return shown;
    }

    /// <summary>Checkpoints of the project's earlier bundles that are shown, in their order.</summary>
    public IEnumerable<Checkpoint> EarlierCheckpoints() => All.Where(entry => entry.Entry.Kind == LogEntryKind.Bundle).Select(entry => Checkpoint.Read(entry.Body!.Value.Span));

    /// <summary>entries.txt: a line for each entry.</summary>
    public byte[] Lines()
    {
        StringBuilder lines = new();
        foreach (LoggedEntry logged in All)
        {
            LogEntry entry = logged.Entry;
            lines.Append(CultureInfo.InvariantCulture, $"{logged.Index} {entry.Kind} {LogEntry.Instant(entry.UtcMilliseconds)} {entry.Subject} {(entry.Kind == LogEntryKind.Batch ? "-" : entry.BodyHash)}\n");
        }

        return Encoding.ASCII.GetBytes(lines.ToString());
    }

    /// <summary>The gateways' keys.</summary>
    public IEnumerable<KeyStatement> Keys() => All
        .Where(entry => entry.Entry.Kind == LogEntryKind.Key && !entry.Entry.Subject.EndsWith("/end", StringComparison.Ordinal)).Select(entry => KeyStatement.Read(entry.Body!.Value.Span));

    /// <summary>proof.bin: the hashes that lead from these entries to the root.</summary>
    public byte[] Proof(EvidenceLog log, long size) =>
        log.WithTree(tree => MerkleSubset.Prove(tree, [.. All.Select(entry => entry.Index)], size).SelectMany(hash => hash).ToArray());

    /// <summary>Adds the bodies: of all but batches, validations, results and what was erased.</summary>
    public void AddBodies(BundleWriter bundle)
    {
        foreach (LoggedEntry entry in All.Where(entry => entry.Body is not null && entry.Entry.Kind is not (LogEntryKind.Batch or LogEntryKind.Validation or LogEntryKind.Result)))
        {
            string salt = entry.Salt.IsEmpty ? "-" : Convert.ToHexStringLower(entry.Salt.Span);
            bundle.Add(BundleNames.BodyOf(entry.Index), [.. Encoding.ASCII.GetBytes(salt), (byte)'\n', .. entry.Body!.Value.Span]);
        }
    }

    private void AddBundles(EvidenceLog log, string project, long size)
    {
        LoggedEntry[] bundles = [.. log.WithSubject($"{LogEntryKind.Bundle}/{project}").Where(entry => entry.Index < size)];
        foreach (LoggedEntry entry in bundles.Take(1).Concat(bundles.Skip(1).TakeLast(MostNewestBundles)))
        {
            _entries[entry.Index] = entry;
        }
    }

    private IEnumerable<ShownBatches> BatchesOf(EvidenceParts parts, Project project, string gateway, long logSize)
    {
        (long from, long to) = project.Span();
        foreach (int keyEpoch in parts.Board.Store.EnrolmentsOf(gateway).Select(enrolment => enrolment.KeyEpoch))
        {
            if (parts.Board.Store.BatchesWithin(gateway, keyEpoch, from, to) is not { } within)
            {
                continue;
            }

            SortedDictionary<long, LoggedEntry> logged = [];
            foreach (LoggedEntry entry in parts.Log.WithSubject(string.Create(CultureInfo.InvariantCulture, $"{LogEntryKind.Batch}/{gateway}/{keyEpoch}")))
            {
                long number = long.Parse(entry.Entry.Subject.AsSpan(entry.Entry.Subject.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
                bool isWanted = entry.Index < logSize && number >= within.First && number <= within.Last;
                if (isWanted && (!logged.TryGetValue(number, out LoggedEntry? other) || other.Entry.BodyHash != StoredHash(parts.Board.Store, gateway, keyEpoch, number)))
                {
                    logged[number] = entry;
                }
            }

            if (logged.Count > 0)
            {
                foreach (LoggedEntry entry in logged.Values)
                {
                    _entries[entry.Index] = entry;
                }

                yield return new(gateway, keyEpoch, [.. logged.Keys]);
            }
        }
    }

    // A batch whose number came with two notes has two entries; the readings that are counted with are those of the stored one.
    private static string? StoredHash(IReadingStore store, string gateway, int keyEpoch, long number) =>
        store.BatchesFrom(gateway, keyEpoch, number, 1) is [{ } batch] && batch.Batch == number ? BatchEnvelope.Open(batch.Envelope.Span).NoteHash : null;
}
