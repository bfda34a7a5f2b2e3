using System.Security.Claims;
using Metering.Programme.Records;

namespace Metering.Cloud.Register;

/// <summary>Who makes the present request, as the audit trail names them.</summary>
internal static class CurrentActor
{
    /// <summary>The person signed in, by the claims "sub" and "name"; the program itself when nobody is.</summary>
    public static Actor Of(HttpContext http)
    {
        string? id = http.User.FindFirstValue("sub");
        return id is null ? Actor.System : new(id, http.User.FindFirstValue("name") ?? id);
    }
}
