using Metering.Cloud.Accounts;

namespace Metering.Cloud.ProgrammePages;

/// <summary>A page of the programme.</summary>
/// <param name="Address">Address after the language.</param>
/// <param name="Needs">What a reader needs for the whole programme; null for everyone.</param>
/// <param name="Title">Title.</param>
/// <param name="Make">What it shows; null for nothing.</param>
internal sealed record ProgrammeEntry(string Address, Permission? Needs, Text Title, Func<ProgrammeRequest, ProgrammeView?> Make)
{
    /// <summary>What one finds there, in a sentence; null for the overview itself.</summary>
    public Text? About { get; init; }

    /// <summary>Whether it adds up the results of all projects.</summary>
    public bool AddsUpAll { get; init; }
}

/// <summary>All pages of the programme; the overview lists them.</summary>
internal static class ProgrammeEntries
{
    /// <summary>All pages.</summary>
    public static IReadOnlyList<ProgrammeEntry> All { get; } =
    [
        new(ProgrammeRoutes.Home, Permission.SeeProject, ProgrammeWords.Home, Overview),
        new(PortfolioPage.Address, Permission.SeeProject, PortfolioWords.Title, PortfolioPage.Make) { About = OverviewWords.Portfolio, AddsUpAll = true },
        new(LogframePage.Address, Permission.SeeProject, LogframeWords.Title, LogframePage.Make) { About = OverviewWords.Logframe, AddsUpAll = true },
        new(LedgerPage.Address, Permission.SeeProject, LedgerPage.Title, LedgerPage.Make) { About = OverviewWords.Ledger },
        new(SelectionPage.Address, Permission.SeeProject, SelectionPage.Title, SelectionPage.Make) { About = OverviewWords.Selection },
        new(TrainingPage.Address, Permission.EditRegister, TrainingPage.Title, TrainingPage.Make) { About = OverviewWords.Training },
        new(EventsPage.Address, Permission.EditRegister, EventsPage.Title, EventsPage.Make) { About = OverviewWords.Events },
        new(YearsPage.Address, Permission.SeeProject, YearsPage.Title, YearsPage.Make) { About = OverviewWords.Years },
        new(EvaluationPage.Address, Permission.SeeProject, EvaluationPage.Title, EvaluationPage.Make) { About = OverviewWords.Evaluation },
        new(FollowUpPage.Address, Permission.SeeProject, FollowUpPage.Title, FollowUpPage.Make) { About = OverviewWords.FollowUp },
        new(NeedsPage.Address, Permission.SeeProject, NeedsPage.Title, NeedsPage.Make) { About = OverviewWords.Needs },
        new(PlanPage.Address, Permission.EditRegister, PlanPage.Title, PlanPage.Make) { About = OverviewWords.Plan },
        new(SharingPage.Address, Permission.EditRegister, SharingPage.Title, request => SharingPage.Make(request, null)) { About = OverviewWords.Sharing },
        new(BenchmarkPage.StaffAddress, Permission.EditRegister, BenchmarkPage.StaffTitle, request => BenchmarkPage.Staff(request, null)) { About = OverviewWords.BenchmarkStaff },
        new(BenchmarkPage.Address, null, BenchmarkPage.Title, BenchmarkPage.Make) { About = OverviewWords.Benchmark },
        new(ResultsPage.Address, null, ResultsPage.Title, ResultsPage.Make) { About = OverviewWords.Results, AddsUpAll = true },
        new(CasesPage.Address, null, CasesPage.Title, CasesPage.Make) { About = OverviewWords.Cases },
        new(MeasuresPage.Address, null, MeasuresPage.Title, MeasuresPage.Make) { About = OverviewWords.Measures },
    ];

    private static ProgrammeView Overview(ProgrammeRequest request) => new()
    {
        Address = ProgrammeRoutes.Home,
        Title = ProgrammeWords.Home,
        Lead = ProgrammeWords.HomeLead,
        Sections =
        [
            Listed("staff", ProgrammeWords.StaffPages, entry => entry.Needs is { } needed && entry.Address != ProgrammeRoutes.Home && request.May(needed)),
            Listed("public", ProgrammeWords.PublicPages, entry => entry.Needs is null),
        ],
    };

    private static PageSection Listed(string id, Text title, Func<ProgrammeEntry, bool> chosen) => new()
    {
        Id = id,
        Title = title,
        Columns = [ProgrammeWords.Page, OverviewWords.About],
        Rows = [.. All.Where(chosen).Select(entry => (IReadOnlyList<PageCell>)[PageCell.Of(entry.Title, entry.Address), PageCell.Of(entry.About!)])],
    };
}
