using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Programme.Log;

namespace Metering.Cloud.Evidence;

/// <summary>Where the log stands in a bundle: the checkpoint, the so many-th of its project, and what binds it to earlier ones and to an authority's clock.</summary>
internal sealed class BundlePoint
{
    private readonly (byte[] Note, byte[] Answer)? _timeStamp;

    private BundlePoint(long number, byte[] note, (byte[] Note, byte[] Answer)? timeStamp, string? timeStampFault)
    {
        (Number, Note, Checkpoint) = (number, note, Checkpoint.Read(note));
        _timeStamp = timeStamp is { } stamped && Checkpoint.Read(stamped.Note).Size <= Checkpoint.Size ? timeStamp : null;
        TimeStampFault = timeStampFault;
    }

    /// <summary>Number of the bundle, from 1.</summary>
    public long Number { get; }

    /// <summary>The signed checkpoint.</summary>
    public byte[] Note { get; }

    /// <summary>What it says.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>Why this checkpoint has no time stamp although an authority is configured; null otherwise.</summary>
    public string? TimeStampFault { get; }

    /// <summary>Signs the checkpoint of a project's next bundle, and has it stamped where an authority is configured. Without an answer the newest stamp of an earlier checkpoint stays.</summary>
    public static async Task<BundlePoint> BeginAsync(EvidenceParts parts, string project, CancellationToken cancellationToken)
    {
        (long number, byte[] note) = parts.Log.BeginBundle(project, parts.Key);
        string? fault = null;
        if (parts.TimeStamps is { } authority && parts.Log.NewestTimeStamp?.Note.AsSpan().SequenceEqual(note) != true)
        {
            try
            {
                _ = parts.Log.KeepTimeStamp(note, await authority.AskAsync(note, cancellationToken));
            }
            catch (TimeStampException e)
            {
                fault = e.Message;
            }
        }

        return new(number, note, parts.Log.NewestTimeStamp, fault);
    }

    /// <summary>Adds the proofs that earlier checkpoints are beginnings of this one, and the time stamp.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="log">The log.</param>
    /// <param name="earlier">Checkpoints of the earlier bundles that are shown, in their order.</param>
    public void AddTo(BundleWriter bundle, EvidenceLog log, IEnumerable<Checkpoint> earlier)
    {
        List<long> sizes = [.. earlier.Select(checkpoint => checkpoint.Size)];
        if (_timeStamp is { } stamp)
        {
            sizes.Add(Checkpoint.Read(stamp.Note).Size);
        }

        bundle.Add(BundleNames.Consistency, log.WithTree(tree => sizes.SelectMany(size => MerkleGrowth.Prove(tree, size, Checkpoint.Size)).SelectMany(hash => hash).ToArray()));
        if (_timeStamp is { } stamped)
        {
            bundle.Add(BundleNames.TimeStampNote, stamped.Note);
            bundle.Add(BundleNames.TimeStamp, stamped.Answer);
        }
    }
}
