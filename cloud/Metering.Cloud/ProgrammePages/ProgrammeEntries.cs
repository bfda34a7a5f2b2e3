using Metering.Cloud.Accounts;

namespace Metering.Cloud.ProgrammePages;

/// <summary>A page of the programme.</summary>
/// <param name="Address">Address after the language.</param>
/// <param name="Needs">What a reader needs for the whole programme; null for everyone.</param>
/// <param name="Title">Title.</param>
/// <param name="Make">What it shows; null for nothing.</param>
internal sealed record ProgrammeEntry(string Address, Permission? Needs, Text Title, Func<ProgrammeRequest, ProgrammeView?> Make);

/// <summary>All pages of the programme; the overview lists them.</summary>
internal static class ProgrammeEntries
{
    /// <summary>All pages.</summary>
    public static IReadOnlyList<ProgrammeEntry> All { get; } =
    [
        new(ProgrammeRoutes.Home, Permission.SeeProject, ProgrammeWords.Home, _ => Overview()),
        new(PortfolioPage.Address, Permission.SeeProject, PortfolioWords.Title, PortfolioPage.Make),
    ];

    private static ProgrammeView Overview() => new()
    {
        Address = ProgrammeRoutes.Home,
        Title = ProgrammeWords.Home,
        Lead = ProgrammeWords.HomeLead,
        Sections =
        [
            Listed("staff", ProgrammeWords.StaffPages, entry => entry.Needs is not null && entry.Address != ProgrammeRoutes.Home),
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
