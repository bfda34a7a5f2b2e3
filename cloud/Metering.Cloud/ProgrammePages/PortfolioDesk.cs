using System.Collections.Concurrent;
using Metering.Cloud.Projects;

namespace Metering.Cloud.ProgrammePages;

/// <summary>
/// Keeps what the portfolio is made of between requests: the parts of each result by its version, and the entries and pages of one state of
/// register and results. Safe from any thread.
/// </summary>
internal sealed class PortfolioDesk
{
    private const int MostViews = 64;

    private readonly ConcurrentDictionary<string, (string Version, (SavedPart? Whole, IReadOnlyList<SavedPart> Years) Parts)> parts = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly Dictionary<string, ProgrammeView> views = new(StringComparer.Ordinal);
    private (long Audit, string Results)? state;
    private IReadOnlyList<PortfolioEntry> entries = [];

    /// <summary>Every metered project.</summary>
    public IReadOnlyList<PortfolioEntry> EntriesOf(ProgrammeRequest request)
    {
        IReadOnlyList<ProjectResult> results = request.Board.Results();
        (long, string) asked = (request.Register.AuditNumber, VersionOf(results));
        lock (gate)
        {
            if (state == asked)
            {
                return entries;
            }

            IReadOnlySet<string> verified = PortfolioEntry.VerifiedProjects(request.Register);
            entries = [.. results.Select(result => PortfolioEntry.Of(result, PartsOf(result), request.Register, verified))];
            views.Clear();
            state = asked;
            return entries;
        }
    }

    /// <summary>A page over the entries, made once for each state of register and results.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">What else it depends on.</param>
    /// <param name="make">Makes it from the entries.</param>
    public ProgrammeView Kept(ProgrammeRequest request, string key, Func<IReadOnlyList<PortfolioEntry>, ProgrammeView> make)
    {
        IReadOnlyList<PortfolioEntry> now = EntriesOf(request);
        lock (gate)
        {
            if (views.TryGetValue(key, out ProgrammeView? known) && ReferenceEquals(now, entries))
            {
                return known;
            }
        }

        ProgrammeView made = make(now);
        lock (gate)
        {
            if (ReferenceEquals(now, entries) && views.Count < MostViews)
            {
                views[key] = made;
            }
        }

        return made;
    }

    private (SavedPart? Whole, IReadOnlyList<SavedPart> Years) PartsOf(ProjectResult result)
    {
        if (!parts.TryGetValue(result.Project.Id, out (string Version, (SavedPart? Whole, IReadOnlyList<SavedPart> Years) Parts) found) || found.Version != result.Version)
        {
            found = (result.Version, PortfolioEntry.PartsOf(result));
            parts[result.Project.Id] = found;
        }

        return found.Parts;
    }

    private static string VersionOf(IReadOnlyList<ProjectResult> results) => string.Join(' ', results.Select(result => result.Version));
}
