using System.Collections.Concurrent;
using Metering.Cloud.Projects;

namespace Metering.Cloud.ProgrammePages;

/// <summary>
/// Keeps what the portfolio is made of between requests: the entries and pages of one state of
/// register and results. Safe from any thread.
/// </summary>
internal sealed class PortfolioDesk
{
    private const int MostViews = 64;
    private const int MostSpans = 20_000;

    private readonly ConcurrentDictionary<(string Project, DateOnly First, DateOnly Last), (string Version, SavedPart? Part)> spans = new();
    private readonly Lock gate = new();
    private readonly Dictionary<string, ProgrammeView> views = new(StringComparer.Ordinal);
    private (long Audit, ProjectSummary[] Results) state = (-1, []);
    private IReadOnlyList<PortfolioEntry> entries = [];
    private (DateOnly Today, ProjectRegister Of, ProjectBoard Board)? live;

    /// <summary>Every metered project.</summary>
    public IReadOnlyList<PortfolioEntry> EntriesOf(ProgrammeRequest request)
    {
        IReadOnlyList<ProjectSummary> results = request.Board.Summaries();
        lock (gate)
        {
            if (state.Audit == request.Register.AuditNumber && IsOf(results))
            {
                return entries;
            }

            IReadOnlySet<string> verified = PortfolioEntry.VerifiedProjects(request.Register);
            PortfolioValues values = new(request.Register);
            entries = [.. results.Select(result => PortfolioEntry.Of(result, PortfolioEntry.PartsOf(result), values, verified))];
            views.Clear();
            state = (request.Register.AuditNumber, [.. results]);
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

    /// <summary>An entry with the part of its saving that lies in a span of days as its whole; none when no day of it does.</summary>
    public PortfolioEntry Within(PortfolioEntry entry, ProjectBoard board, DateOnly first, DateOnly last)
    {
        if (board.Register.Find(entry.Project) is not { } project)
        {
            return entry with { Whole = null, Years = [], Load = null };
        }

        string version = board.SummaryOf(project).Version;
        (string Project, DateOnly First, DateOnly Last) key = (entry.Project, first, last);
        if (!spans.TryGetValue(key, out (string Version, SavedPart? Part) found) || found.Version != version)
        {
            if (spans.Count > MostSpans)
            {
                spans.Clear();
            }

            spans[key] = found = (version, PartIn(board.ResultOf(project), first, last));
        }

        return entry with { Whole = found.Part, Years = [], Load = entry.Load?.Within(first, last, entry.Zone) };
    }

    /// <summary>Whether the saving of a project lasts, by the readings up to today; null when it cannot be told.</summary>
    public PersistenceFigure? Persistence(ProjectBoard board, string project, DateOnly today)
    {
        if (board.Register.Find(project) is not { } known)
        {
            return null;
        }

        ProjectBoard going;
        lock (gate)
        {
            ProjectRegister register = board.Register;
            if (live is not { } kept || kept.Today != today || !ReferenceEquals(kept.Of, register))
            {
                live = kept = (today, register, new ProjectBoard(board.Source.Over(GoingOn(register, today)), board.Store, board.Clock));
            }

            going = kept.Board;
        }

        return PersistenceFigure.Of(board.ResultOf(known), going.ResultOf(going.Register.Find(project)!));
    }

    // The same projects, as if their reporting periods went on to today.
    private static ProjectRegister GoingOn(ProjectRegister register, DateOnly today) => register with
    {
        Projects = [.. register.Projects.Select(project =>
        {
            DateOnly most = project.Reporting.First.AddDays(DayRange.MostDays - 1);
            DateOnly last = today < most ? today : most;
            return last > project.Reporting.Last ? project with { Reporting = new(project.Reporting.First, last) } : project;
        })],
    };

    private static SavedPart? PartIn(ProjectResult result, DateOnly first, DateOnly last)
    {
        if (PartOfSaving.Of(result, first, last) is not { } whole)
        {
            return null;
        }

        double? tonnes = result.Project.Resource is Resource.Electricity or Resource.Gas ? 0 : null;
        for (int year = first.Year; year <= last.Year && tonnes is not null; year++)
        {
            DateOnly from = first.Year == year ? first : new(year, 1, 1);
            DateOnly to = last.Year == year ? last : new(year, 12, 31);
            if (PartOfSaving.Of(result, from, to) is { } part)
            {
                tonnes += part.Savings * EmissionFactors.TonnesPerUnit(result.Project.Resource, result.Unit, year);
            }
        }

        return new(0, whole.Savings, whole.StandardError, whole.DegreesOfFreedom) { Tonnes = tonnes };
    }

    // A result that changes is another object, so the objects are compared and no text is made of a thousand hashes for each request.
    private bool IsOf(IReadOnlyList<ProjectSummary> results)
    {
        bool same = state.Results.Length == results.Count;
        for (int index = 0; index < results.Count && same; index++)
        {
            same = ReferenceEquals(state.Results[index], results[index]);
        }

        return same;
    }
}
