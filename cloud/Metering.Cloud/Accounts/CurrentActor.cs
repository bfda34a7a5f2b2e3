using Metering.Programme.Records;

namespace Metering.Cloud.Accounts;

/// <summary>Who asks for a change, as the audit trail names him.</summary>
internal static class CurrentActor
{
    /// <summary>The account or key of a request.</summary>
    /// <exception cref="InvalidOperationException">Nobody signed in; a route that names a permission is never reached then.</exception>
    public static Actor Of(HttpContext http) => Viewer.Of(http) is { } viewer
        ? new(viewer.Kind == ViewerKind.Account ? viewer.Id : $"{(viewer.Kind == ViewerKind.Key ? "api-key" : "auditor-link")} {viewer.Id}", viewer.Name)
        : throw new InvalidOperationException("nobody is signed in: the route names no permission");
}
