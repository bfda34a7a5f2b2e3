using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Store;

/// <summary>A code as it is kept.</summary>
/// <param name="Plant">Plant identifier.</param>
/// <param name="Hash">See <see cref="EnrolmentCode.CodeHash"/>.</param>
/// <param name="ExpiresUtcMilliseconds">The first instant it is worth nothing.</param>
/// <param name="Attempts">Wrong proofs so far.</param>
/// <param name="UsedEpoch">Key epoch it gave; null when it is unused.</param>
internal sealed record OfferedCode(string Plant, string Hash, long ExpiresUtcMilliseconds, long Attempts, int? UsedEpoch);

/// <summary>The register as one transaction sees and changes it; nobody else changes the same gateway before it ends.</summary>
internal interface IRegisterRows
{
    /// <summary>The code last offered to a gateway, or null.</summary>
    OfferedCode? FindCode(string gateway);

    /// <summary>Counts one more wrong proof.</summary>
    void CountWrongProof(string gateway);

    /// <summary>Notes which key epoch the gateway's code gave.</summary>
    void UseCode(string gateway, int keyEpoch);

    /// <summary>The gateway's newest key epoch; 0 when it has none.</summary>
    int LastEpoch(string gateway);

    /// <summary>The enrolment of a key, or null.</summary>
    GatewayEnrolment? FindEnrolment(string gateway, int keyEpoch);

    /// <summary>Adds an enrolment.</summary>
    void Enrol(GatewayEnrolment enrolment);

    /// <summary>How a key ended, or null.</summary>
    KeyEnd? FindEnd(string gateway, int keyEpoch);

    /// <summary>Where a chain stands.</summary>
    ChainHead Head(string gateway, int keyEpoch);

    /// <summary>Notes the last batch of a key, with the note that says so.</summary>
    void Close(KeyRotation rotation, ReadOnlyMemory<byte> note);
}

/// <summary>What becomes of codes, changes of key and statements of loss, whichever store keeps them.</summary>
internal static class RegisterRules
{
    /// <summary>See <see cref="IGatewayRegister.Redeem"/>.</summary>
    public static CodeRedemption Redeem(IRegisterRows rows, EnrolmentRequest request, DateTimeOffset now)
    {
        if (rows.FindCode(request.Gateway) is not OfferedCode code)
        {
            return new(EnrolmentResult.WrongCode, 0, null);
        }

        if (code.Attempts >= StoreLimits.MaximumCodeAttempts)
        {
            return new(EnrolmentResult.Locked, 0, null);
        }

        string proof = EnrolmentRequest.ProofOf(request.Gateway, request.PublicKeyPem, code.Hash);
        if (!CryptographicOperations.FixedTimeEquals(Convert.FromHexString(proof), Convert.FromHexString(request.Proof)))
        {
            rows.CountWrongProof(request.Gateway);
            return new(code.Attempts + 1 >= StoreLimits.MaximumCodeAttempts ? EnrolmentResult.Locked : EnrolmentResult.WrongCode, 0, null);
        }

        if (code.UsedEpoch is int epoch)
        {
            bool isSame = rows.FindEnrolment(request.Gateway, epoch)?.PublicKeyPem == request.PublicKeyPem;
            return isSame ? new(EnrolmentResult.Enrolled, epoch, code.Plant) : new(EnrolmentResult.Used, 0, null);
        }

        if (now.ToUnixTimeMilliseconds() >= code.ExpiresUtcMilliseconds)
        {
            return new(EnrolmentResult.Expired, 0, null);
        }

        int next = rows.LastEpoch(request.Gateway) + 1;
        rows.Enrol(new(request.Gateway, next, code.Plant, request.PublicKeyPem));
        rows.UseCode(request.Gateway, next);
        return new(EnrolmentResult.Enrolled, next, code.Plant);
    }

    /// <summary>See <see cref="IGatewayRegister.Rotate"/>.</summary>
    public static RotationOutcome Rotate(IRegisterRows rows, KeyRotation rotation, ReadOnlyMemory<byte> note)
    {
        GatewayEnrolment? old = rows.FindEnrolment(rotation.Gateway, rotation.KeyEpoch);
        if (old is null)
        {
            return RotationOutcome.UnknownKey;
        }

        GatewayEnrolment? next = rows.FindEnrolment(rotation.Gateway, rotation.KeyEpoch + 1);
        KeyEnd? end = rows.FindEnd(rotation.Gateway, rotation.KeyEpoch);
        if (next is not null)
        {
            bool isSame = next.PublicKeyPem == rotation.PublicKeyPem && end?.ClosedThrough == rotation.Through;
            return isSame ? RotationOutcome.Rotated : RotationOutcome.Contradicts;
        }

        if (end?.RevokedFrom is not null)
        {
            return RotationOutcome.Revoked;
        }

        ChainHead head = rows.Head(rotation.Gateway, rotation.KeyEpoch);
        if (head.Through < rotation.Through)
        {
            return RotationOutcome.Behind;
        }

        if (head != new ChainHead(rotation.Through, rotation.Head))
        {
            return RotationOutcome.Contradicts;
        }

        rows.Enrol(new(rotation.Gateway, rotation.KeyEpoch + 1, old.Plant, rotation.PublicKeyPem));
        rows.Close(rotation, note);
        return RotationOutcome.Rotated;
    }

    /// <summary>Whether a statement of loss begins right behind a chain's head; another one could declare lost what is stored.</summary>
    public static bool Follows(LostBatches lost, ChainHead head) => lost.First == head.Through + 1;

    /// <summary>What a revocation of a key that is not known is told.</summary>
    public static StoreException NothingToRevoke(string gateway, int keyEpoch) => new(
        "el gateway {0} no está dado de alta con la llave número {1}, así que no hay nada que revocar. Liste las llaves con «cloud gateways list».", $"gateway {gateway} is not enrolled with key epoch {keyEpoch}, so there is nothing to revoke. List keys with 'cloud gateways list'.", StoreException.Configuration);
}
