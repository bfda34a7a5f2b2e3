using System.Security.Cryptography;
using Metering.Gateway.Keys;

namespace Metering.Gateway.Outbox;

/// <summary>Who writes the outbox and within which limits.</summary>
internal sealed record OutboxOptions
{
    /// <summary>Cycles that follow each other faster than this share one flush to the disk.</summary>
    internal static readonly TimeSpan CommitSpacing = TimeSpan.FromMilliseconds(20);

    /// <summary>Readings that may wait in memory for the disk before polling has to wait.</summary>
    internal const int MaximumPendingReadings = 65_536;

    /// <summary>Bytes after which a segment file of the log of cycles is closed.</summary>
    internal const long CycleSegmentLength = 4 * 1024 * 1024;

    /// <summary>Bytes after which a segment file of the log of batches is closed.</summary>
    internal const long BatchSegmentLength = 16 * 1024 * 1024;

    public required string Directory { get; init; }

    public required string Gateway { get; init; }

    public required int KeyEpoch { get; init; }

    public required ECDsa Key { get; init; }

    /// <summary>The changes of key that led to <see cref="KeyEpoch"/>, ascending.</summary>
    public IReadOnlyList<RotationStep> Rotations { get; init; } = [];

    /// <summary>Description of the readings added from now on.</summary>
    public required CycleTable Table { get; init; }

    /// <summary>Oldest age of a batch that is not full.</summary>
    public required TimeSpan MaximumAge { get; init; }

    /// <summary>Readings of a full batch.</summary>
    public required int MaximumReadings { get; init; }

    /// <summary>Bytes of acknowledged batches kept, in case a restored cloud asks for them again.</summary>
    public long KeepAckedLength { get; init; } = 256L * 1024 * 1024;

    /// <summary>Bytes after which a segment file of the log of batches is closed.</summary>
    public long SegmentLength { get; init; } = BatchSegmentLength;

    /// <summary>Bytes of the whole outbox; above it, no further cycle is taken. What is not acknowledged is never dropped.</summary>
    public long MaximumLength { get; init; } = 4L * 1024 * 1024 * 1024;
}

/// <summary>A state directory that cannot be used; the message says why and what to do.</summary>
internal sealed class OutboxException(string message, int exitCode) : Exception(message)
{
    /// <summary>Exit code of the process (sysexits).</summary>
    internal int ExitCode { get; } = exitCode;
}
