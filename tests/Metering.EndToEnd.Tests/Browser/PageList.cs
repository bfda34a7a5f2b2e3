using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Playwright;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>
/// Which pages there are: every GET route of the program. Routes without a parameter are asked as they are; those with one are
/// filled with the addresses that other pages link to, so that a page added later is found without a word here.
/// </summary>
internal sealed partial class PageList
{
    /// <summary>Addresses taken for one route: each outcome of a project has a page that looks different.</summary>
    private static readonly int MaximumPerRoute = Survey.IsLong ? 6 : 1;

    /// <summary>The register's pages are one component over a list of kinds: one of them stands for the others.</summary>
    private const int MaximumPerRegisterRoute = 1;

    /// <summary>What no link leads to and a reader can still meet.</summary>
    private static readonly string[] Further =
        ["/es/no-hay", "/en/no-such", "/es/reference?on=2024-06-01", "/en/reference?on=2024-06-01", "/es/reference?on=x", "/en/reference?on=x",
            "/es/projects/pml-001?from=2026-02-01&to=2026-02-28", "/en/projects/pml-001?from=2026-02-01&to=2026-02-28",
            // Of a plant's own kinds, the one that has a record to lead to.
            "/es/plants/leon-tannery/records/lab-result", "/en/plants/leon-tannery/records/lab-result"];

    private readonly Dictionary<string, int> found = new(StringComparer.Ordinal);
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Queue<string> waiting = new();
    private readonly List<(string Route, Regex Shape)> routes = [];
    private readonly List<string> pages = [];

    /// <summary>Addresses of pages, each once, with their leading slash.</summary>
    public IReadOnlyList<string> Pages => pages;

    /// <summary>Routes with a parameter that no page links to.</summary>
    public IReadOnlyList<string> Unreached => [.. routes.Select(route => route.Route).Where(route => !found.ContainsKey(route))];

    /// <summary>Asks the portal for its pages, as whoever the requests belong to.</summary>
    /// <param name="requests">Asks as a visitor.</param>
    /// <param name="portal">The portal.</param>
    /// <param name="known">Pages that another visitor has found: of these only the two first ones are asked again, whose navigation leads to what only this visitor sees.</param>
    public static async Task<PageList> FindAsync(IAPIRequestContext requests, PortalHost portal, IReadOnlySet<string> known)
    {
        PageList list = new();
        list.seen.UnionWith(known.Where(page => page is not ("/es/" or "/en/")));
        foreach (RouteEndpoint endpoint in portal.Endpoints)
        {
            list.Add(endpoint);
        }

        foreach (string address in Further)
        {
            _ = list.seen.Add(address);
            list.waiting.Enqueue(address);
        }

        while (list.waiting.TryDequeue(out string? address))
        {
            await list.AskAsync(requests, portal.Address, address);
        }

        return list;
    }

    /// <summary>The pages that any of several visitors reached.</summary>
    public static PageList Union(IReadOnlyList<PageList> lists)
    {
        PageList all = new();
        all.pages.AddRange(lists.SelectMany(list => list.pages).Distinct(StringComparer.Ordinal));
        all.routes.AddRange(lists[0].routes);
        foreach (string route in lists.SelectMany(list => list.found.Keys))
        {
            all.found[route] = 1;
        }

        return all;
    }

    private static string Shape(RoutePatternPathSegment segment) => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => Regex.Escape(literal.Content),
        RoutePatternSeparatorPart separator => Regex.Escape(separator.Content),
        _ => "[^/]+",
    }));

    // What begins with /api is for programs, and a name with a dot is a file.
    private static bool MayBePage(string address) =>
        !address.StartsWith("/api/", StringComparison.Ordinal) && !address.Split('/')[^1].Contains('.', StringComparison.Ordinal);

    private void Add(RouteEndpoint endpoint)
    {
        RoutePattern pattern = endpoint.RoutePattern;
        string route = "/" + (pattern.RawText ?? "").TrimStart('/');
        bool isGet = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET", StringComparer.OrdinalIgnoreCase) ?? false;
        bool isNoPage = endpoint.Metadata.GetMetadata<IProducesResponseTypeMetadata>()?.ContentTypes.Any(type => type is "text/event-stream" or "application/octet-stream") ?? false;
        // The first address is no page: it leads to one of a language, and in a demonstration makes nobody one of the staff.
        if (!isGet || isNoPage || route == "/" || !MayBePage(route))
        {
            return;
        }

        if (pattern.Parameters.Count > 0)
        {
            // Pages begin with their language; an address without one only leads to them.
            if (!route.StartsWith("/es/", StringComparison.Ordinal) && !route.StartsWith("/en/", StringComparison.Ordinal))
            {
                return;
            }

            routes.Add((route, new Regex("^/" + string.Join('/', pattern.PathSegments.Select(Shape)) + "/?$", RegexOptions.CultureInvariant)));
        }
        else if (seen.Add(route))
        {
            waiting.Enqueue(route);
        }
    }

    private async Task AskAsync(IAPIRequestContext requests, Uri portal, string address)
    {
        IAPIResponse answer = await requests.GetAsync(new Uri(portal, address).ToString(), new() { MaxRedirects = 0 });
        if (answer.Status is >= 300 and < 400 || !answer.Headers.GetValueOrDefault("content-type", "").StartsWith("text/html", StringComparison.Ordinal))
        {
            return;
        }

        pages.Add(address);
        foreach (Match match in Link().Matches(await answer.TextAsync()))
        {
            string path = new Uri(portal, match.Groups[1].Value).AbsolutePath;
            if (MayBePage(path) && !seen.Contains(path) && routes.Find(route => route.Shape.IsMatch(path)) is { Route: { } route }
                && found.GetValueOrDefault(route) < (route.Contains("/register/", StringComparison.Ordinal) ? Math.Min(MaximumPerRegisterRoute, MaximumPerRoute) : MaximumPerRoute))
            {
                found[route] = found.GetValueOrDefault(route) + 1;
                _ = seen.Add(path);
                waiting.Enqueue(path);
            }
        }
    }

    [GeneratedRegex("""href="(/[^"#?]*)""")]
    private static partial Regex Link();
}
