namespace Metering.Store;

/// <summary>Limits that every store keeps.</summary>
public static class StoreLimits
{
    /// <summary>Longest birth message that is kept, bytes: thousands of channels.</summary>
    public const int MaximumBirthLength = 4 * 1024 * 1024;

    /// <summary>Most birth messages of one gateway: further ones are let go.</summary>
    public const int MaximumBirths = 1000;

    /// <summary>Most records that people made at one gateway: ten a day for thirteen years. Further ones are refused.</summary>
    public const int MaximumRecords = 50_000;

    /// <summary>Bytes kept in quarantine altogether; beyond it only the reason and the length are kept.</summary>
    public const long MaximumQuarantineLength = 64 * 1024 * 1024;

    /// <summary>
    /// Batches of one gateway that may wait for their turn. A gateway gives its newest 16 a place of their own: so many are
    /// enough for a backlog that takes two hours of one-minute batches to come in.
    /// </summary>
    public const int MaximumEarlyBatches = 128;

    /// <summary>Bytes of one gateway's batches that may wait for their turn.</summary>
    public const long MaximumEarlyLength = 8 * 1024 * 1024;

    /// <summary>How many of a gateway's waiting batches, the newest, are looked through for the newest readings.</summary>
    public const int EarlyBatchesShown = 16;

    /// <summary>Most batches between two looks that are told apart by gateway: 200 gateways a minute for more than an hour.</summary>
    public const int MaximumStandingBatches = 16_384;

    /// <summary>Wrong proofs after which an enrolment code is dead.</summary>
    public const int MaximumCodeAttempts = 5;

    /// <summary>The first instant a reading may have: 1970-01-01 UTC.</summary>
    public const long FirstInstantUtcMilliseconds = 0;

    /// <summary>The instant every reading lies before: 10000-01-01 UTC.</summary>
    public const long EndInstantUtcMilliseconds = 253_402_300_800_000;
}
