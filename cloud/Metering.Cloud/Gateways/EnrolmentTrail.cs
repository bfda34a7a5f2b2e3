using System.Globalization;
using Metering.Programme.Accounts;
using Metering.Programme.Records;
using Metering.Store;

namespace Metering.Cloud.Gateways;

/// <summary>Codes and keys of gateways in the audit trail: the same entries whether the page or a terminal made the change, and never a code itself.</summary>
internal static class EnrolmentTrail
{
    /// <summary>Kind of a code in the audit trail.</summary>
    public const string CodeKind = "gateway-code";

    /// <summary>Kind of a key in the audit trail.</summary>
    public const string KeyKind = "gateway-key";

    /// <summary>A code was made.</summary>
    public static void Tell(AccountChange change, Actor actor, OfferedEnrolment offered) =>
        change.Tell(actor, (CodeKind, offered.Gateway), null, new { offered.Plant, Expires = Instant(offered.Expires) }, of: (offered.Plant, null));

    /// <summary>A key was made known by hand.</summary>
    public static void Tell(AccountChange change, Actor actor, GatewayEnrolment enrolment) =>
        change.Tell(actor, (KeyKind, enrolment.Gateway), null, new { enrolment.KeyEpoch, enrolment.Plant, Fingerprint = GatewayKey.FingerprintOf(enrolment) }, of: (enrolment.Plant, null));

    /// <summary>A key was ended.</summary>
    public static void Tell(AccountChange change, Actor actor, KeyEnd end, string plant) => change.Tell(
        actor, (KeyKind, end.Gateway), new { end.KeyEpoch }, new { end.KeyEpoch, RevokedFrom = Instant(end.RevokedFrom!.Value) }, end.Reason, (plant, null));

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
