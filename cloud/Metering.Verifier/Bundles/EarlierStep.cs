using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects.Statements;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>Step 2: the checkpoints of the project's earlier bundles and the time stamp, each proved to be a beginning of this bundle's log.</summary>
internal sealed class EarlierStep(BundleFile file, ShownLog log, BodyStep bodies, FaultList faults)
{
    private const int MostNewest = 63;
    private const int LargestProof = 1024 * 1024;
    private const int LargestNote = 64 * 1024;
    private const string StampedName = BundleNames.TimeStampNote;

    private readonly List<(long Index, LogKeyChange Change)> changes = [];

    /// <summary>Checks them.</summary>
    /// <param name="about">What the bundle says it is.</param>
    /// <param name="own">Its checkpoint.</param>
    /// <param name="logKey">The log's key.</param>
    /// <param name="report">Is told of them.</param>
    public void Run(BundleDescription about, Checkpoint own, ECDsa logKey, BundleReport report)
    {
        report.Number = about.Number;
        ReadKeyChanges(logKey, report);
        List<(string Name, Checkpoint Checkpoint)> found = [];
        ShownEntry[] entries = [.. log.Of(LogEntryKind.Bundle, about.Project)];
        CheckNumbers(about.Number, entries);
        long before = 0;
        foreach (ShownEntry shown in entries.Where(shown => bodies.Bodies.ContainsKey(shown.Index)))
        {
            string name = ShownLog.Text(shown.Number);
            if (ReadNote(name, bodies.Bodies[shown.Index], logKey) is not { } checkpoint)
            {
                continue;
            }

            if (checkpoint.Size <= before || checkpoint.Size > shown.Index || checkpoint.Size >= own.Size)
            {
                faults.Add(FaultCode.EarlierOrder, name, ShownLog.Text(checkpoint.Size));
            }

            before = checkpoint.Size;
            found.Add((name, checkpoint));
            report.Earlier.Add((shown.Number, checkpoint));
        }

        CheckTimeStamp(own, logKey, report, found);
        if (faults.IsSoundThrough(2))
        {
            CheckProofs(own, found);
        }
    }

    // The first and the newest are shown, none of them left out.
    private void CheckNumbers(long number, ShownEntry[] entries)
    {
        List<long> expected = number <= 1 ? [] : [1];
        for (long next = Math.Max(2, number - MostNewest); next < number; next++)
        {
            expected.Add(next);
        }

        for (int place = 0; place < Math.Max(expected.Count, entries.Length) || number < 1; place++)
        {
            string wanted = place < expected.Count ? ShownLog.Text(expected[place]) : "-";
            string shown = place < entries.Length ? ShownLog.Text(entries[place].Number) : "-";
            if (wanted != shown || number < 1)
            {
                faults.Add(FaultCode.EarlierMissing, wanted, shown);
                return;
            }
        }
    }

    private void ReadKeyChanges(ECDsa logKey, BundleReport report)
    {
        foreach (ShownEntry shown in log.Of(LogEntryKind.LogKey, report.Log).Where(shown => bodies.Bodies.ContainsKey(shown.Index)))
        {
            try
            {
                LogKeyChange change = LogKeyChange.Read(bodies.Bodies[shown.Index]);
                if (changes.Count > 0 && changes[^1].Change.After != change.Before)
                {
                    throw new WireFormatException("it changes a key that was not the log's");
                }

                changes.Add((shown.Index, change));
            }
            catch (WireFormatException e)
            {
                faults.Add(FaultCode.BodyForm, ShownLog.Text(shown.Index), e.Message);
            }
        }

        if (changes.Count > 0 && changes[^1].Change.After != SigningKey.PublicPem(logKey))
        {
            faults.Add(FaultCode.BodyForm, ShownLog.Text(changes[^1].Index), "it changes to a key that is not the log's");
        }

        report.LogKeyChanges = changes.Count;
    }

    private Checkpoint? ReadNote(string name, byte[] note, ECDsa logKey)
    {
        try
        {
            Checkpoint checkpoint = Checkpoint.Read(note);
            if (checkpoint.Log != Checkpoint.Read(file.Read(BundleNames.Checkpoint, LargestNote)).Log)
            {
                throw new WireFormatException("it is of another log");
            }

            string? pem = LogKeyChange.KeyAt(checkpoint.Size, changes);
            using ECDsa? earlier = pem is null ? null : KeyStep.Parse(pem);
            NoteFault fault = pem is not null && earlier is null ? NoteFault.WrongKey : SignedNote.Verify(note, checkpoint.Log, earlier ?? logKey);
            if (fault != NoteFault.None)
            {
                faults.Add(FaultCode.EarlierSignature, name, fault.ToString());
            }

            return checkpoint;
        }
        catch (WireFormatException e)
        {
            faults.Add(FaultCode.EarlierForm, name, e.Message);
            return null;
        }
    }

    private void CheckTimeStamp(Checkpoint own, ECDsa logKey, BundleReport report, List<(string Name, Checkpoint Checkpoint)> found)
    {
        if (!file.Has(BundleNames.TimeStamp) && !file.Has(BundleNames.TimeStampNote))
        {
            return;
        }

        if (!file.Has(BundleNames.TimeStamp) || !file.Has(BundleNames.TimeStampNote))
        {
            faults.Add(FaultCode.MissingFile, file.Has(BundleNames.TimeStamp) ? BundleNames.TimeStampNote : BundleNames.TimeStamp);
            return;
        }

        byte[] note = file.Read(BundleNames.TimeStampNote, LargestNote);
        if (ReadNote(StampedName, note, logKey) is not { } checkpoint)
        {
            return;
        }

        if (checkpoint.Size > own.Size)
        {
            faults.Add(FaultCode.EarlierOrder, StampedName, ShownLog.Text(checkpoint.Size));
        }

        found.Add((StampedName, checkpoint));
        try
        {
            TimeStamp? stamp = TimeStamp.Read(file.Read(BundleNames.TimeStamp, TimeStamp.MaximumLength));
            if (stamp?.IsOver(note) == false)
            {
                faults.Add(FaultCode.TimeStampImprint);
            }
            else if (stamp?.SignerOf(note) is not { } signer)
            {
                faults.Add(FaultCode.TimeStampSignature);
            }
            else
            {
                report.TimeStamp = new(stamp.At, checkpoint, signer.Subject, signer, stamp.Certificates);
            }
        }
        catch (WireFormatException e)
        {
            faults.Add(FaultCode.TimeStampForm, e.Message);
        }
    }

    private void CheckProofs(Checkpoint own, List<(string Name, Checkpoint Checkpoint)> found)
    {
        byte[] bytes = file.Read(BundleNames.Consistency, LargestProof);
        byte[][] proof = [.. bytes.Chunk(MerkleHash.Length)];
        int used = 0;
        foreach ((string name, Checkpoint checkpoint) in found)
        {
            if (bytes.Length % MerkleHash.Length != 0 || MerkleGrowth.Roots(checkpoint.Size, own.Size, proof, ref used) is not { } roots || !own.Root.Span.SequenceEqual(roots.Second))
            {
                faults.Add(FaultCode.ConsistencyProof, name);
                return;
            }

            if (!checkpoint.Root.Span.SequenceEqual(roots.First))
            {
                faults.Add(FaultCode.LogRewritten, name);
            }
        }

        if (used != proof.Length)
        {
            faults.Add(FaultCode.ConsistencyProof, "-");
        }
    }
}

/// <summary>What an authority says of the log: it was there at an instant.</summary>
/// <param name="At">The authority's instant.</param>
/// <param name="Checkpoint">Where the log stood.</param>
/// <param name="Authority">Name in the certificate that signed.</param>
/// <param name="Signer">That certificate.</param>
/// <param name="Certificates">Further certificates that came with it.</param>
internal sealed record BundleTimeStamp(DateTimeOffset At, Checkpoint Checkpoint, string Authority, X509Certificate2 Signer, X509Certificate2Collection Certificates)
{
    /// <summary>Whether the authority is one that the reader vouches for.</summary>
    public bool IsTrusted { get; set; }
}
