using System.Security.Cryptography;
using Metering.Cloud.Projects;
using Metering.Programme.Log;

namespace Metering.Cloud.Evidence;

/// <summary>What bundles are made from.</summary>
/// <param name="Board">Projects and their readings.</param>
/// <param name="Log">The log.</param>
/// <param name="CatchUpAsync">Brings the log up to what is stored.</param>
/// <param name="Key">The log's private key.</param>
internal sealed record EvidenceParts(ProjectBoard Board, EvidenceLog Log, Func<CancellationToken, Task> CatchUpAsync, ECDsa Key)
{
    /// <summary>Authority that checkpoints of bundles are stamped by; null when none is configured.</summary>
    public TimeStampAuthority? TimeStamps { get; init; }
}

/// <summary>How far a bundle is.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Done">Batches done.</param>
/// <param name="Total">Batches to do; 0 while it is not known.</param>
internal readonly record struct BundleProgress(BundleStep Step, long Done, long Total);

/// <summary>Steps of making a bundle.</summary>
internal enum BundleStep
{
    /// <summary>The log is brought up to what is stored.</summary>
    Log = 0,

    /// <summary>The result is computed and logged.</summary>
    Result = 1,

    /// <summary>Batches are read and compressed.</summary>
    Batches = 2,

    /// <summary>The file is put together and sealed.</summary>
    Seal = 3,
}

/// <summary>What a finished bundle is about.</summary>
/// <param name="Result">Entry of the result.</param>
/// <param name="Checkpoint">The signed checkpoint in it.</param>
/// <param name="Batches">Batches shown.</param>
/// <param name="Readings">Readings shown.</param>
internal sealed record BundleSummary(long Result, byte[] Checkpoint, long Batches, long Readings)
{
    /// <summary>Why its checkpoint has no time stamp although an authority is configured; null otherwise.</summary>
    public string? TimeStampFault { get; init; }
}

/// <summary>No bundle can be made now.</summary>
/// <param name="code">Code for programs, see <see cref="Api.ApiCodes"/>.</param>
/// <param name="isTransient">Whether another try may succeed.</param>
/// <param name="words">What happened, and what to do.</param>
internal sealed class BundleRefusal(string code, bool isTransient, Text words) : Exception(words.In(Language.English))
{
    /// <summary>Code for programs.</summary>
    public string Code => code;

    /// <summary>Whether another try may succeed.</summary>
    public bool IsTransient => isTransient;

    /// <summary>What happened, and what to do.</summary>
    public Text Words => words;
}
