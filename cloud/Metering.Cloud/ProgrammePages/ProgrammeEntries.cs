using Metering.Cloud.Accounts;

namespace Metering.Cloud.ProgrammePages;

/// <summary>A page of the programme.</summary>
/// <param name="Address">Address after the language.</param>
/// <param name="Needs">What a reader needs for the whole programme; null for everyone.</param>
/// <param name="Title">Title.</param>
/// <param name="Make">What it shows; null for nothing.</param>
internal sealed record ProgrammeEntry(string Address, Permission? Needs, Text Title, Func<ProgrammeRequest, ProgrammeView?> Make)
{
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
        new(PortfolioPage.Address, Permission.SeeProject, PortfolioWords.Title, PortfolioPage.Make) { AddsUpAll = true },
        new(LogframePage.Address, Permission.SeeProject, LogframeWords.Title, LogframePage.Make) { AddsUpAll = true },
        new(LedgerPage.Address, Permission.SeeProject, LedgerPage.Title, LedgerPage.Make),
        new(SelectionPage.Address, Permission.SeeProject, SelectionPage.Title, SelectionPage.Make),
        new(TrainingPage.Address, Permission.EditRegister, TrainingPage.Title, TrainingPage.Make),
        new(EventsPage.Address, Permission.EditRegister, EventsPage.Title, EventsPage.Make),
        new(YearsPage.Address, Permission.SeeProject, YearsPage.Title, YearsPage.Make),
        new(EvaluationPage.Address, Permission.SeeProject, EvaluationPage.Title, EvaluationPage.Make),
        new(FollowUpPage.Address, Permission.SeeProject, FollowUpPage.Title, FollowUpPage.Make),
        new(NeedsPage.Address, Permission.SeeProject, NeedsPage.Title, NeedsPage.Make),
        new(PlanPage.Address, Permission.EditRegister, PlanPage.Title, PlanPage.Make),
        new(SharingPage.Address, Permission.EditRegister, SharingPage.Title, request => SharingPage.Make(request, null)),
        new(BenchmarkPage.StaffAddress, Permission.EditRegister, BenchmarkPage.StaffTitle, request => BenchmarkPage.Staff(request, null)),
        new(BenchmarkPage.Address, null, BenchmarkPage.Title, BenchmarkPage.Make),
        new(ResultsPage.Address, null, ResultsPage.Title, ResultsPage.Make) { AddsUpAll = true },
        new(CasesPage.Address, null, CasesPage.Title, CasesPage.Make),
        new(MeasuresPage.Address, null, MeasuresPage.Title, MeasuresPage.Make),
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
        Columns = [ProgrammeWords.Page],
        Rows = [.. All.Where(chosen).Select(entry => (IReadOnlyList<PageCell>)[PageCell.Of(entry.Title, entry.Address)])],
    };
}
