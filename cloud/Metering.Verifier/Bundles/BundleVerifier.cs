using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects;
using Metering.Projects.Statements;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>How far a bundle is checked.</summary>
internal enum BundleDepth
{
    /// <summary>Everything.</summary>
    Whole = 0,

    /// <summary>Form and seal alone.</summary>
    Seal = 1,

    /// <summary>Form, seal, and what it shows of the log: enough to hold another bundle against it.</summary>
    Log = 2,
}

/// <summary>
/// Checks a bundle from its seal to the result computed anew, in the order that cloud/Metering.Evidence/README.md gives. Holds the columns of the project's readings,
/// never their text.
/// </summary>
internal sealed class BundleVerifier
{
    private const int SmallFile = 64 * 1024;
    private const int LargestProof = 64 * 1024 * 1024;
    private const int BufferLength = 128 * 1024;

    private readonly Stream stream;
    private readonly TrustStep trust;
    private readonly FaultList faults = new();
    private readonly BundleReport report;
    private readonly BundleDepth depth;

    private BundleVerifier(Stream stream, TrustStep trust, BundleDepth depth)
    {
        (this.stream, this.trust, this.depth) = (stream, trust, depth);
        report = new() { Faults = faults };
    }

    /// <summary>The batches whose notes are shown, for what asks further.</summary>
    public IReadOnlyList<ShownBatches> Batches { get; private set; } = [];

    /// <summary>What people recorded at the gateways, for what asks further.</summary>
    public IReadOnlyList<ShownRecord> Records { get; private set; } = [];

    /// <summary>The report.</summary>
    public BundleReport Report => report;

    /// <summary>Checks a bundle.</summary>
    /// <param name="stream">The file; can seek.</param>
    /// <param name="trust">Keys and earlier sights that the reader brings.</param>
    /// <param name="depth">How far.</param>
    /// <exception cref="BundleFormatException">It is no bundle at all.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static BundleVerifier Verify(Stream stream, TrustStep trust, BundleDepth depth = BundleDepth.Whole)
    {
        BundleVerifier verifier = new(stream, trust, depth);
        verifier.Run();
        return verifier;
    }

    private void Run()
    {
        BundleFile file = BundleFile.Open(stream);
        ECDsa? logKey = CheckSeal(file);
        if (logKey is null || depth == BundleDepth.Seal)
        {
            logKey?.Dispose();
            return;
        }

        using (logKey)
        {
            report.IsLogTrusted = trust.Trusts(logKey);
            try
            {
                CheckContents(file, logKey);
            }
            catch (BundleFormatException e)
            {
                Fault fault = FaultTexts.Of(e);
                faults.Add(fault.Code, fault.Values);
            }

            // Whoever makes a log of his own chooses plan, order and decisions: true batches alone do not make a result true.
            report.Verdict = faults.Count > 0 ? BundleVerdict.Mismatch : report.IsLogTrusted ? BundleVerdict.Verified : BundleVerdict.Consistent;
        }
    }

    private ECDsa? CheckSeal(BundleFile file)
    {
        BundleSeal seal = BundleSeal.Read(file.Seal.Span);
        report.Log = seal.Log;
        foreach (string name in StrayStep.Required)
        {
            if (!file.Has(name))
            {
                faults.Add(FaultCode.MissingFile, name);
            }
        }

        if (seal.Length != file.SealedLength)
        {
            faults.Add(FaultCode.SealLength, ShownLog.Text(seal.Length), ShownLog.Text(file.SealedLength));
        }
        else if (seal.Hash != HashOf(file.SealedLength))
        {
            faults.Add(FaultCode.SealHash);
        }

        if (faults.Count > 0)
        {
            return null;
        }

        if (KeyStep.Parse(Encoding.ASCII.GetString(file.Read(BundleNames.LogKey, SmallFile))) is not { } key)
        {
            faults.Add(FaultCode.LogKeyForm);
            return null;
        }

        report.LogFingerprint = ShownKey.FingerprintOf(key);
        NoteFault fault = SignedNote.Verify(file.Seal.Span, seal.Log, key);
        if (fault == NoteFault.None)
        {
            return key;
        }

        faults.Add(FaultCode.SealSignature, seal.Log, fault.ToString());
        key.Dispose();
        return null;
    }

    private string HashOf(long length)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        stream.Position = 0;
        byte[] buffer = new byte[BufferLength];
        for (long left = length; left > 0;)
        {
            int read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0)
            {
                break;
            }

            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void CheckContents(BundleFile file, ECDsa logKey)
    {
        byte[] result = file.Read(BundleNames.Result, ResultStatement.MaximumLength);
        if (Describe(file, result) is not { } about || ReadCheckpoint(file, logKey) is not { } checkpoint)
        {
            return;
        }

        ShownLog log = ShownLog.Read(file, faults);
        report.EntriesShown = log.Indices.Count;
        if (!faults.IsSoundThrough(2))
        {
            return;
        }

        if (log.LastUtc > checkpoint.UtcMilliseconds)
        {
            faults.Add(FaultCode.EntryTime, ShownLog.Text(log.Indices[^1]));
        }

        if (log.Indices.Count == 0 || log.Indices[^1] >= checkpoint.Size)
        {
            faults.Add(FaultCode.EntryBeyond, log.Indices.Count == 0 ? "-" : ShownLog.Text(log.Indices[^1]), ShownLog.Text(checkpoint.Size));
            return;
        }

        BodyStep bodies = new(file, log, faults);
        bodies.Run();
        PlanStep plan = new(log, bodies, faults);
        plan.FindPlan(about.Description, about.Sources);
        bodies.CheckNumbers(new HashSet<string>(StringComparer.Ordinal) { about.Description.Project, plan.Project?.Plant.Id ?? "", report.Log });
        new EarlierStep(file, log, bodies, faults).Run(about.Description, checkpoint, logKey, report);
        if (depth == BundleDepth.Log)
        {
            trust.CheckSeen(report, log, faults);
            return;
        }

        if (plan.Project is { } project)
        {
            plan.CheckInputs(project, about.Sources);
            Date(project, plan);
        }

        SortedDictionary<(string Gateway, int KeyEpoch), ShownKey> keys = KeyStep.Run(file, log, bodies.Bodies, faults);
        try
        {
            RecordStep records = new(log, bodies, faults);
            records.Run(keys);
            Records = records.Records;
            about = (about.Description, about.Sources with { Entries = records.EntriesBelow(about.Sources.LogSize) });
            CheckReadings(file, (log, checkpoint), keys, plan, bodies, about, result);
            trust.Check(report, log, keys, faults, logKey);
        }
        finally
        {
            foreach (ShownKey key in keys.Values)
            {
                key.Key.Dispose();
            }
        }
    }

    private void CheckReadings(
        BundleFile file,
        (ShownLog Log, Checkpoint Checkpoint) logged,
        SortedDictionary<(string Gateway, int KeyEpoch), ShownKey> keys,
        PlanStep plan,
        BodyStep bodies,
        (BundleDescription Description, ResultSources Sources) about,
        byte[] result)
    {
        HashSet<ChannelName> channels = [.. plan.Project?.Channels() ?? []];
        List<NoteStep> steps = [];
        foreach (ShownKey key in keys.Values)
        {
            NoteStep step = new((file, logged.Log, faults), key, channels);
            step.Run(bodies.Bodies);
            steps.Add(step);
            report.Gateways.Add(new(key.Statement.Gateway, key.Statement.KeyEpoch, key.Statement.Origin, ShownKey.FingerprintOf(key.Key), trust.Trusts(key.Key), step.Batches.Number.Count, step.Batches.ReadingCount));
        }

        NoteStep.CheckEpochs(steps, faults);
        Batches = [.. steps.Select(step => step.Batches)];
        CheckInclusion(file, logged.Log, logged.Checkpoint);
        CheckResultEntry(logged.Log, about, result);
        StrayStep.Run(file, logged.Log, keys.Keys, channels, about.Description, faults);
        new ReportStep(file, logged.Log, bodies, faults).Run(about.Description, report);
        if (faults.Count > 0 || plan.Project is not { } project)
        {
            return;
        }

        Dictionary<string, char> grades = keys.Values.GroupBy(key => key.Statement.Gateway, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => EvidenceGrade.Weakest(group.Select(key => EvidenceGrade.Of(key.Statement.Origin))), StringComparer.Ordinal);
        RecomputeStep recompute = new(file, Batches, new(file, logged.Log, faults), faults);
        recompute.Run(project, plan, about.Sources with { Grades = grades }, (result, about.Description.Result));
        report.ReadingsComputed = recompute.Readings;
    }

    // A leaf of which nothing is known was told as a missing note already.
    private void CheckInclusion(BundleFile file, ShownLog log, Checkpoint checkpoint)
    {
        byte[] proof = file.Read(BundleNames.Proof, LargestProof);
        bool isWhole = log.Leaves.All(leaf => leaf.Length > 0);
        if (isWhole && (proof.Length % MerkleHash.Length != 0
            || !MerkleSubset.Verify(log.Indices, log.Leaves, checkpoint.Size, [.. proof.Chunk(MerkleHash.Length)], checkpoint.Root.Span)))
        {
            faults.Add(FaultCode.LogInclusion);
        }
    }

    private void CheckResultEntry(ShownLog log, (BundleDescription Description, ResultSources Sources) about, byte[] result)
    {
        string index = ShownLog.Text(about.Description.Result);
        ShownEntry? entry = log.Of(LogEntryKind.Result, about.Description.Project).FirstOrDefault(shown => shown.Index == about.Description.Result);
        if (entry is null)
        {
            faults.Add(FaultCode.BodyMissing, index, $"result/{about.Description.Project}");
        }
        else if (entry.Entry.BodyHash != BodyStep.HashOf(result))
        {
            faults.Add(FaultCode.BodyHash, index, entry.Entry.Subject);
        }
        else if (about.Sources.LogSize > entry.Index)
        {
            faults.Add(FaultCode.EntryBeyond, ShownLog.Text(about.Sources.LogSize), index);
        }

        // A result stands on what was logged before it: batches behind its size take no part, and have no place in its bundle.
        foreach (ShownBatches epoch in Batches)
        {
            if (epoch.LogIndex.Count > 0 && epoch.LogIndex[^1] >= about.Sources.LogSize)
            {
                faults.Add(FaultCode.EntryBeyond, ShownLog.Text(epoch.LogIndex[^1]), ShownLog.Text(about.Sources.LogSize));
            }
        }
    }

    private (BundleDescription Description, ResultSources Sources)? Describe(BundleFile file, byte[] result)
    {
        BundleDescription about;
        try
        {
            about = BundleDescription.Read(file.Read(BundleNames.Description, SmallFile));
        }
        catch (WireFormatException e)
        {
            faults.Add(FaultCode.Description, e.Message);
            return null;
        }

        report.ProjectId = about.Project;
        try
        {
            using JsonDocument document = JsonDocument.Parse(result);
            ResultSources sources = ResultStatement.SourcesOf(document.RootElement);
            report.Result = ResultFigures.Of(document.RootElement);
            string project = document.RootElement.Text("project");
            if (project != about.Project)
            {
                faults.Add(FaultCode.ResultOther, project, about.Project);
            }

            return (about, sources);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            faults.Add(FaultCode.ResultForm, e.Message);
            return null;
        }
    }

    private Checkpoint? ReadCheckpoint(BundleFile file, ECDsa logKey)
    {
        byte[] note = file.Read(BundleNames.Checkpoint, SmallFile);
        Checkpoint checkpoint;
        try
        {
            checkpoint = Checkpoint.Read(note);
        }
        catch (WireFormatException e)
        {
            faults.Add(FaultCode.CheckpointForm, e.Message);
            return null;
        }

        NoteFault fault = SignedNote.Verify(note, checkpoint.Log, logKey);
        if (fault != NoteFault.None)
        {
            faults.Add(FaultCode.CheckpointSignature, fault.ToString());
        }

        string described = BundleDescription.Read(file.Read(BundleNames.Description, SmallFile)).Log;
        if (checkpoint.Log != report.Log || described != report.Log)
        {
            faults.Add(FaultCode.LogName, report.Log, checkpoint.Log != report.Log ? checkpoint.Log : described);
        }

        report.Checkpoint = checkpoint;
        return checkpoint;
    }

    private void Date(Project project, PlanStep plan)
    {
        const long Day = 24 * 60 * 60 * 1000L;
        report.Project = project;
        report.PlanFixed = plan.FixedBy;
        long begun = Metering.Analytics.Intervals.PlantCalendar.StartOfDay(project.Installation.First, project.Plant.Zone);
        report.DaysBeforeInstallation = (long)Math.Floor((begun - (plan.FixedBy?.Entry.UtcMilliseconds ?? begun)) / (double)Day);
    }
}
