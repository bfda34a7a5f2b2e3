using System.Security.Cryptography;
using Metering.Gateway.Keys;
using Metering.Readings;

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

    /// <summary>Channels of a gateway.</summary>
    internal const int MaximumChannels = 16 * BatchLimits.MaximumChannels;

    /// <summary>While only hourly totals are taken, a batch waits this long for more of them: its frame costs more than they do.</summary>
    internal static readonly TimeSpan NarrowBatchAge = TimeSpan.FromHours(6);

    internal const long DefaultMaximumLength = 4L * 1024 * 1024 * 1024;
    internal const long DefaultKeepAckedLength = 256L * 1024 * 1024;
    internal static readonly TimeSpan DefaultKeepAckedAge = TimeSpan.FromDays(90);

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

    /// <summary>Readings of a full batch; a cut of several batches, for more channels than one may hold, has as many times more.</summary>
    public required int MaximumReadings { get; init; }

    /// <summary>Bytes of acknowledged batches kept, in case a restored cloud asks for them again.</summary>
    public long KeepAckedLength { get; init; } = DefaultKeepAckedLength;

    /// <summary>Acknowledged batches older than this, by their readings, are not kept. What is not acknowledged has no age limit.</summary>
    public TimeSpan KeepAckedAge { get; init; } = DefaultKeepAckedAge;

    /// <summary>Bytes after which a segment file of the log of batches is closed.</summary>
    public long SegmentLength { get; init; } = BatchSegmentLength;

    /// <summary>Bytes of the whole outbox; near it, only hourly totals are taken, see <see cref="OutboxSpace"/>. What is not acknowledged is never dropped.</summary>
    public long MaximumLength { get; init; } = DefaultMaximumLength;

    /// <summary>Free bytes of the disk a folder is on.</summary>
    public Func<string, long> FreeLength { get; init; } = static folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>The disk of a log, by its folder; the tests put a simulated one here.</summary>
    public Func<string, ISegmentFiles> Files { get; init; } = static folder => new SegmentFolder(folder);
}

/// <summary>A state directory that cannot be used; the message says why and what to do.</summary>
internal sealed class OutboxException(string message, int exitCode) : Exception(message)
{
    /// <summary>Exit code of the process (sysexits).</summary>
    internal int ExitCode { get; } = exitCode;
}
