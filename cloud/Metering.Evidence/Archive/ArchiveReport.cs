using Metering.Evidence.Chain;

namespace Metering.Evidence.Archive;

/// <summary>What may be said of a batch archive as a whole.</summary>
public enum ArchiveVerdict
{
    /// <summary>Every batch is sound, and every key is one the reader trusts.</summary>
    Verified,

    /// <summary>Every batch is sound, but the keys come from the file itself: that proves only that the file agrees with itself.</summary>
    Consistent,

    /// <summary>Something does not match.</summary>
    Mismatch,
}

/// <summary>What was found out about one gateway in one key epoch.</summary>
public sealed record GatewayReport
{
    /// <summary>The gateway.</summary>
    public required string Gateway { get; init; }

    /// <summary>The key epoch.</summary>
    public required int KeyEpoch { get; init; }

    /// <summary>SHA-256 of the public key's SubjectPublicKeyInfo, lower-case hexadecimal: the value to compare with the plant's own record.</summary>
    public required string KeyFingerprint { get; init; }

    /// <summary>Whether the key is one of those the reader trusts.</summary>
    public required bool IsTrusted { get; init; }

    /// <summary>Sound batches.</summary>
    public required long Batches { get; init; }

    /// <summary>Readings in sound batches.</summary>
    public required long Readings { get; init; }

    /// <summary>First scheduled instant; null without a sound batch.</summary>
    public required DateTimeOffset? FirstUtc { get; init; }

    /// <summary>Last scheduled instant; null without a sound batch.</summary>
    public required DateTimeOffset? LastUtc { get; init; }

    /// <summary>The faults, the first <see cref="GatewayChain.MaximumFaults"/> of them.</summary>
    public required IReadOnlyList<ChainFault> Faults { get; init; }

    /// <summary>How many faults there are in all.</summary>
    public required long FaultCount { get; init; }
}

/// <summary>What was found out about an archive.</summary>
/// <param name="Verdict">In one word.</param>
/// <param name="Gateways">Ascending by gateway and key epoch.</param>
public sealed record ArchiveReport(ArchiveVerdict Verdict, IReadOnlyList<GatewayReport> Gateways);
