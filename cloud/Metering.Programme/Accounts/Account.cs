using Microsoft.AspNetCore.Identity;

namespace Metering.Programme.Accounts;

/// <summary>A person who signs in. Password, lockout and stamps are Identity's; what the person may do stands in <see cref="Grant"/>.</summary>
public sealed class Account : IdentityUser
{
    /// <summary>The person's name as pages and the audit trail show it, 1 to 120 characters.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>"es" or "en": the language of the person's pages and messages.</summary>
    public string Language { get; set; } = "es";

    /// <summary>Whether the account may not sign in any more; accounts are never deleted, since the audit trail names them.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether the account belongs to a demonstration: it has no password, and every page says so.</summary>
    public bool IsSimulated { get; set; }
}
