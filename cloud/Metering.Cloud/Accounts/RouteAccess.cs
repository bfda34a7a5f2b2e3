namespace Metering.Cloud.Accounts;

/// <summary>To what a route's permission is asked.</summary>
internal enum Target
{
    /// <summary>Anything: the handler filters what it shows.</summary>
    Anywhere,

    /// <summary>The whole programme.</summary>
    Programme,

    /// <summary>The plant that a route value names.</summary>
    Plant,

    /// <summary>The project that a route value names.</summary>
    Project,

    /// <summary>The plant of the channel that the route values "gateway" and "channel" name.</summary>
    Channel,
}

/// <summary>What a route needs.</summary>
/// <param name="Permission">The permission.</param>
/// <param name="Target">To what.</param>
/// <param name="Value">Name of the route value that names the plant or project.</param>
internal sealed record NeededAccess(Permission Permission, Target Target, string Value);

/// <summary>A route for everyone.</summary>
/// <param name="TakesForms">Whether its POST comes from a page of ours and carries the page's token; clients of other programs have none.</param>
internal sealed record OpenAccess(bool TakesForms);

/// <summary>How routes say who may use them. A route that says nothing is refused to everyone.</summary>
internal static class RouteAccess
{
    /// <summary>Patterns of the routes for everyone; {lang} stands for es and en. A test compares this list with the routes.</summary>
    public static IReadOnlyList<string> AnonymousRoutes { get; } =
    [
        "/", "/health", "/ready", "/site.css", "/charts.css", "/icon.svg", "/live.js", "/zoom.js", "/uplot.js", "/uplot.css", "/cloud.pub.pem", "{*path}",
        "/{lang}/sign-in", "/{lang}/first", "/{lang}/invite", "/{lang}/reset", "/{lang}/link",
        "/self-assessment", "/{lang}/self-assessment",
        "/{lang}/interest", "/{lang}/results", "/{lang}/benchmark", "/{lang}/cases", "/{lang}/measures", "/certificates/{number}", "/{lang}/certificates/{number}",
        "/{lang}/shared", "/shared.csv", "/shared.json",
        "/demo", "/{lang}/demo",
        "/reference", "/reference/{table}.csv",
        "/{lang}/api", "/api/v1/openapi.json",
        "/ping", "/write", "/api/v2/write", "/influx/ping", "/influx/write", "/influx/api/v2/write", "/influx/health",
    ];

    /// <summary>The route needs a permission.</summary>
    /// <param name="route">The route.</param>
    /// <param name="permission">The permission.</param>
    /// <param name="target">To what it is asked.</param>
    /// <param name="value">Name of the route value that names the plant or project.</param>
    public static TBuilder Needs<TBuilder>(this TBuilder route, Permission permission, Target target = Target.Anywhere, string value = "id")
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NeededAccess(permission, target, value));

    /// <summary>The route is for everyone; its pattern stands in <see cref="AnonymousRoutes"/>.</summary>
    public static TBuilder Open<TBuilder>(this TBuilder route, bool takesForms = true)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new OpenAccess(takesForms));
}
