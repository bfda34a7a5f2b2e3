using Metering.Readings;

namespace Metering.Store;

/// <summary>
/// The life of gateways' keys after their enrolment. Nothing here is ever deleted or undone: what was revoked stays
/// revoked, and a gateway goes on under its next key epoch only. Part of every <see cref="IReadingStore"/>.
/// </summary>
public interface IGatewayRegister
{
    /// <summary>Ends a key: from an instant on nothing it signs is taken. Revoking twice keeps the earlier instant and its reason.</summary>
    /// <exception cref="StoreException">The gateway is not enrolled with this key epoch (78).</exception>
    void Revoke(string gateway, int keyEpoch, DateTimeOffset from, string reason);

    /// <summary>How a key ended, or null when it has not.</summary>
    KeyEnd? FindEnd(string gateway, int keyEpoch);

    /// <summary>Every key that ended, by gateway and key epoch.</summary>
    IReadOnlyList<KeyEnd> Ends();

    /// <summary>Offers an enrolment code; an earlier unused one of the same gateway is void from now on.</summary>
    void OfferCode(EnrolmentCode code);

    /// <summary>The code last offered to each gateway, by gateway: used, expired and dead ones too. Never the code itself.</summary>
    IReadOnlyList<CodeStanding> Codes();

    /// <summary>
    /// Redeems a code and enrols the key, in one transaction: under epoch 1, or one more than the gateway's last. The same
    /// key again gets the same answer. Counts wrong proofs, see <see cref="StoreLimits.MaximumCodeAttempts"/>.
    /// </summary>
    CodeRedemption Redeem(EnrolmentRequest request, DateTimeOffset now);

    /// <summary>
    /// Closes a key and enrols the one it names as the next epoch, in one transaction. The signature has been checked. The
    /// same rotation again is <see cref="RotationOutcome.Rotated"/> and changes nothing.
    /// </summary>
    /// <param name="rotation">What the old key signed.</param>
    /// <param name="note">The note, kept as evidence.</param>
    RotationOutcome Rotate(KeyRotation rotation, ReadOnlyMemory<byte> note);

    /// <summary>
    /// Lets a chain go on behind batches that neither the store nor the gateway has. The signature has been checked.
    /// </summary>
    /// <returns>False, and nothing changed, when the statement does not begin right behind the chain's head.</returns>
    bool AcceptLoss(LostBatches lost, ReadOnlyMemory<byte> note, DateTimeOffset now);

    /// <summary>Every loss accepted, by gateway, key epoch and first batch.</summary>
    IReadOnlyList<LostBatches> Losses();
}

/// <summary>The messages that were put aside. Part of every <see cref="IReadingStore"/>.</summary>
public interface IQuarantineShelf
{
    /// <summary>Messages put aside, ascending by number.</summary>
    /// <param name="after">The last number already known; 0 for the beginning.</param>
    /// <param name="maximum">How many at most.</param>
    /// <param name="gateway">Only of this gateway; null for all.</param>
    IReadOnlyList<QuarantinedMessage> Quarantined(long after, int maximum, string? gateway);

    /// <summary>One message, or null when it is not there.</summary>
    QuarantinedMessage? FindQuarantined(long number);

    /// <summary>Its bytes as received; null when it is not there or its bytes were not kept.</summary>
    ReadOnlyMemory<byte>? QuarantinedBytes(long number);

    /// <summary>How many messages are aside, by gateway and kind of reason (the words before the first colon).</summary>
    IReadOnlyList<QuarantineCount> QuarantineCounts();

    /// <summary>Takes a message away for ever.</summary>
    /// <returns>False when it is not there.</returns>
    bool DropQuarantined(long number);

    /// <summary>Asks ingestion to take a message once more as if it had come now.</summary>
    /// <returns>False when it is not there or its bytes were not kept.</returns>
    bool RequestRetry(long number);

    /// <summary>Takes a wish for a retry back; the message stays.</summary>
    void CancelRetry(long number);

    /// <summary>The messages to be taken once more, ascending by number; each stays until it is dropped.</summary>
    IReadOnlyList<QuarantinedMessage> RetriesWanted(int maximum);
}

/// <summary>How a key ended.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="KeyEpoch">Number of the key.</param>
/// <param name="RevokedFrom">From when on nothing it signs is taken; null when it is not revoked.</param>
/// <param name="Reason">Why it was revoked; empty when it is not.</param>
/// <param name="ClosedThrough">Last batch it signed before it handed over to the next key; null when it has not.</param>
public sealed record KeyEnd(string Gateway, int KeyEpoch, DateTimeOffset? RevokedFrom, string Reason, long? ClosedThrough);

/// <summary>A one-time code for one gateway of one plant.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="Plant">Plant identifier: it never comes from a message.</param>
/// <param name="CodeHash">See <see cref="EnrolmentRequest.HashOf"/>; the code itself is not kept.</param>
/// <param name="Expires">The first instant it is worth nothing.</param>
public sealed record EnrolmentCode(string Gateway, string Plant, string CodeHash, DateTimeOffset Expires);

/// <summary>How the code last offered to a gateway stands.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="Plant">Plant identifier.</param>
/// <param name="Expires">The first instant it is worth nothing.</param>
/// <param name="WrongProofs">Wrong codes that came so far; at <see cref="StoreLimits.MaximumCodeAttempts"/> it is dead.</param>
/// <param name="UsedEpoch">Key epoch it gave; null while it is unused.</param>
public sealed record CodeStanding(string Gateway, string Plant, DateTimeOffset Expires, long WrongProofs, int? UsedEpoch)
{
    /// <summary>Whether a gateway can still enrol with it.</summary>
    public bool IsOpenAt(DateTimeOffset now) => UsedEpoch is null && WrongProofs < StoreLimits.MaximumCodeAttempts && now < Expires;
}

/// <summary>What became of a code.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="KeyEpoch">Epoch the key has now; 0 when it is not enrolled.</param>
/// <param name="Plant">Plant of the code; null when the key is not enrolled.</param>
public sealed record CodeRedemption(EnrolmentResult Result, int KeyEpoch, string? Plant);

/// <summary>What became of a change of key.</summary>
public enum RotationOutcome
{
    /// <summary>The new key is enrolled.</summary>
    Rotated,

    /// <summary>The old key is not known.</summary>
    UnknownKey,

    /// <summary>The old key is revoked.</summary>
    Revoked,

    /// <summary>The store does not have every batch of the old key yet; they must come first.</summary>
    Behind,

    /// <summary>It contradicts the stored chain, or the next epoch has another key.</summary>
    Contradicts,
}

/// <summary>A message put aside.</summary>
/// <param name="Number">Its number, ascending in the order of arrival.</param>
/// <param name="Gateway">Gateway of the topic it came on.</param>
/// <param name="Reason">Kind of reason, colon, sentence.</param>
/// <param name="Received">When it came.</param>
/// <param name="Length">Bytes as received.</param>
/// <param name="IsKept">Whether its bytes are there.</param>
public sealed record QuarantinedMessage(long Number, string Gateway, string Reason, DateTimeOffset Received, long Length, bool IsKept);

/// <summary>How many messages of a gateway are aside for one kind of reason.</summary>
public sealed record QuarantineCount(string Gateway, string Kind, long Count);
