using Metering.Cloud.Accounts;

namespace Metering.Cloud.ProgrammePages;

/// <summary>A page of the programme.</summary>
/// <param name="Address">Address after the language.</param>
/// <param name="Needs">What a reader needs for the whole programme; null for everyone.</param>
/// <param name="Title">Title.</param>
/// <param name="About">What it is, in a sentence: the one it begins with.</param>
/// <param name="Make">What it shows; null for nothing.</param>
internal sealed record ProgrammeEntry(string Address, Permission? Needs, Text Title, Text About, Func<ProgrammeRequest, ProgrammeView?> Make)
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
        new(ProgrammeRoutes.Home, Permission.SeeProject, ProgrammeWords.Home, ProgrammeWords.HomeLead, Overview),
        new(PortfolioPage.Address, Permission.SeeProject, PortfolioWords.Title, PortfolioWords.Lead, PortfolioPage.Make) { AddsUpAll = true },
        new(LogframePage.Address, Permission.SeeProject, LogframeWords.Title, LogframeWords.Lead, LogframePage.Make) { AddsUpAll = true },
        new(LedgerPage.Address, Permission.SeeProject, LedgerPage.Title, LedgerPage.Lead, LedgerPage.Make),
        new(SelectionPage.Address, Permission.SeeProject, SelectionPage.Title, SelectionPage.Lead, SelectionPage.Make),
        new(TrainingPage.Address, Permission.EditRegister, TrainingPage.Title, TrainingPage.Lead, TrainingPage.Make),
        new(EventsPage.Address, Permission.EditRegister, EventsPage.Title, EventsPage.Lead, EventsPage.Make),
        new(YearsPage.Address, Permission.SeeProject, YearsPage.Title, YearsPage.Lead, YearsPage.Make),
        new(EvaluationPage.Address, Permission.SeeProject, EvaluationPage.Title, EvaluationPage.Lead, EvaluationPage.Make),
        new(FollowUpPage.Address, Permission.SeeProject, FollowUpPage.Title, FollowUpPage.Lead, FollowUpPage.Make),
        new(NeedsPage.Address, Permission.SeeProject, NeedsPage.Title, NeedsPage.Lead, NeedsPage.Make),
        new(PlanPage.Address, Permission.EditRegister, PlanPage.Title, PlanPage.Lead, PlanPage.Make),
        new(SharingPage.Address, Permission.EditRegister, SharingPage.Title, SharingPage.Lead, request => SharingPage.Make(request, null)),
        new(BenchmarkPage.StaffAddress, Permission.EditRegister, BenchmarkPage.StaffTitle, BenchmarkPage.StaffLead, request => BenchmarkPage.Staff(request, null)),
        new(BenchmarkPage.Address, null, BenchmarkPage.Title, BenchmarkPage.Lead, BenchmarkPage.Make),
        new(ResultsPage.Address, null, ResultsPage.Title, ResultsPage.Lead, ResultsPage.Make) { AddsUpAll = true },
        new(CasesPage.Address, null, CasesPage.Title, CasesPage.Lead, CasesPage.Make),
        new(MeasuresPage.Address, null, MeasuresPage.Title, MeasuresPage.Lead, MeasuresPage.Make),
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
        Columns = [ProgrammeWords.Page, ProgrammeWords.About],
        Rows = [.. All.Where(chosen).Select(entry => (IReadOnlyList<PageCell>)[PageCell.Of(entry.Title, entry.Address), PageCell.Of(entry.About)])],
    };
}
