using System.Diagnostics;

namespace Metering.Ingestion;

/// <summary>Why a message was refused and put aside.</summary>
internal enum RefusalKind
{
    /// <summary>Not a batch in canonical form, cut off, too large, or a segment without its hash.</summary>
    Form,

    /// <summary>Of a later version of the format: parked until the cloud understands it.</summary>
    LaterVersion,

    /// <summary>The gateway is not enrolled under any key.</summary>
    UnknownGateway,

    /// <summary>The gateway is enrolled, but not with this key epoch.</summary>
    UnknownKey,

    /// <summary>The batch names another gateway than the topic.</summary>
    OtherGateway,

    /// <summary>The signature does not hold.</summary>
    Signature,

    /// <summary>The key is revoked.</summary>
    Revoked,

    /// <summary>The key was closed by its gateway before this batch.</summary>
    Closed,

    /// <summary>It contradicts the stored chain.</summary>
    Fork,

    /// <summary>Sound, but the store can never take it.</summary>
    NeverStorable,

    /// <summary>A request that is not in order.</summary>
    Request,

    /// <summary>A fault of this program.</summary>
    Unexpected,
}

internal static class RefusalKinds
{
    /// <summary>The word that begins the reason of a message put aside, and names its counter.</summary>
    public static string ToWord(this RefusalKind kind) => kind switch
    {
        RefusalKind.Form => "form",
        RefusalKind.LaterVersion => "later version",
        RefusalKind.UnknownGateway => "unknown gateway",
        RefusalKind.UnknownKey => "unknown key",
        RefusalKind.OtherGateway => "other gateway",
        RefusalKind.Signature => "signature",
        RefusalKind.Revoked => "revoked",
        RefusalKind.Closed => "closed",
        RefusalKind.Fork => "fork",
        RefusalKind.NeverStorable => "never storable",
        RefusalKind.Request => "request",
        RefusalKind.Unexpected => "unexpected",
        _ => throw new UnreachableException(),
    };
}
