using System.Net;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Cloud.Texts;
using Metering.Programme.Accounts;
using Metering.Tests.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Metering.Tests.Pages;

/// <summary>What the board keeps of results: summaries of all, whole results of the last ones, and summaries from one run to the next.</summary>
public sealed class ProjectBoardTests(PortalFixture portal) : IClassFixture<PortalFixture>, IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("shelf").FullName;

    private string ShelfFile => Path.Combine(directory, "summaries.json");

    [Fact]
    public void A_summary_says_what_the_result_says()
    {
        foreach (Project project in portal.Board.Register.Projects)
        {
            ProjectResult result = portal.Board.ResultOf(project);
            ProjectSummary summary = portal.Board.SummaryOf(project);
            Assert.Equal((result.Version, result.Verdict, result.Unit, result.ReportedThrough, result.IsComplete), (summary.Version, summary.Verdict, summary.Unit, summary.ReportedThrough, summary.IsComplete));
            Assert.Equal(result.ValidPercent, summary.ValidPercent);
            Assert.Equal(SavingFigures.Of(result.Savings), summary.Savings);
            Assert.Equal(result.Weeks, summary.Weeks);
            foreach ((DateOnly first, DateOnly last) in Calendar())
            {
                Assert.Equal(PartOfSaving.Of(result, first, last), summary.PartIn(first, last));
            }
        }

        Assert.Throws<ArgumentException>(() => portal.Board.SummaryOf(portal.Board.Register.Find(SampleProjects.Accepted)!).PartIn(new(2026, 2, 1), new(2026, 3, 31)));
    }

    [Fact]
    public void Only_the_results_looked_at_last_stay_whole_and_the_others_come_back_the_same()
    {
        ProjectBoard board = Board(Copies(ProjectBoard.MostWhole + 2), null);
        IReadOnlyList<Project> projects = board.Register.Projects;
        ProjectResult[] first = [.. projects.Select(board.ResultOf)];
        Assert.Equal(projects.Count, board.Analysed);

        Assert.Same(first[^1], board.ResultOf(projects[^1]));
        Assert.Equal(projects.Count, board.Analysed);
        ProjectSummary before = board.SummaryOf(projects[0]);
        ProjectResult again = board.ResultOf(projects[0]);
        Assert.Equal(projects.Count + 1, board.Analysed);
        Assert.NotSame(first[0], again);
        Assert.Equal((first[0].Version, first[0].Savings!.Savings, first[0].Savings!.HalfWidth), (again.Version, again.Savings!.Savings, again.Savings.HalfWidth));
        Assert.Same(before, board.SummaryOf(projects[0]));
    }

    [Fact]
    public void The_next_run_takes_over_what_did_not_change_and_nothing_else()
    {
        ProjectRegister register = portal.Board.Register;
        ProjectBoard board = Board(register, ShelfFile);
        IReadOnlyList<ProjectSummary> known = board.Summaries();
        Assert.Equal(0, board.Unknown);
        Assert.True(File.Exists(ShelfFile));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ShelfFile));
        }

        ProjectBoard next = Board(register, ShelfFile);
        IReadOnlyList<ProjectSummary> taken = next.Summaries();
        Assert.Equal(0, next.Analysed);
        Assert.Equal(known.Select(Told), taken.Select(Told));
        Assert.Equal(known.Select(one => one.Project), taken.Select(one => one.Project));

        Project changed = register.Projects[0] with { ConfidencePercent = 80 };
        ProjectBoard other = Board(register with { Projects = [changed, .. register.Projects.Skip(1)] }, ShelfFile);
        Assert.NotEqual(known[0].Version, other.Summaries()[0].Version);
        Assert.Equal(1, other.Analysed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"Program\":\"another\",\"Summaries\":{}}")]
    [InlineData("{\"Program\":\"an")]
    public void A_file_that_cannot_be_used_costs_time_only(string content)
    {
        File.WriteAllText(ShelfFile, content);
        ProjectBoard board = Board(portal.Board.Register, ShelfFile);
        Assert.Equal(portal.Board.Summaries().Select(Told), board.Summaries().Select(Told));
        Assert.Equal(portal.Board.Register.Projects.Count, board.Analysed);
    }

    [Fact]
    public async Task A_list_of_many_projects_says_how_far_their_preparation_is()
    {
        ProjectBoard board = Board(Copies(Preparation.WorthWaitingFor + 2), null);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Portal.AddPortal(builder.Services, null, portal.Board.Store);
        builder.Services.AddSingleton(board);
        PortalAccounts.Add(builder, directory, TimeProvider.System, pagesPerMinute: 1_000_000);
        await using WebApplication app = builder.Build();
        Portal.MapPortal(app);
        await app.StartAsync();
        using HttpClient client = await PortalAccounts.SignedInAsync(app, AccountRole.Reviewer, null, null);

        _ = board.SummaryOf(board.Register.Projects[0]);
        using HttpResponseMessage early = await client.GetAsync(new Uri("/en/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        Assert.NotNull(early.Headers.RetryAfter);
        string page = await early.Content.ReadAsStringAsync();
        Assert.Contains(WebUtility.HtmlEncode(Words.PreparingTitle.In(Language.English)), page, StringComparison.Ordinal);
        Assert.Contains("1 of 42", page, StringComparison.Ordinal);

        _ = board.SummaryOf(board.Register.Projects[1]);
        Assert.Contains("copy-41", await client.GetStringAsync(new Uri("/en/", UriKind.Relative)), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    private static string Told(ProjectSummary one) => $"{one.Project.Id} {one.Version} {one.Verdict} {one.Unit} {one.Savings} {one.ValidPercent:R} {one.Readings} {one.ReportedThrough} {string.Join(' ', one.Parts)} {string.Join(' ', one.Months)} {string.Join(' ', one.Weeks)} {string.Join(' ', one.Reasons.Select(reason => reason.Detail))}";

    private static IEnumerable<(DateOnly First, DateOnly Last)> Calendar()
    {
        for (int year = 2024; year <= 2027; year++)
        {
            yield return (new(year, 1, 1), new(year, 6, 30));
            yield return (new(year, 7, 1), new(year, 12, 31));
            yield return (new(year, 1, 1), new(year, 12, 31));
        }
    }

    private ProjectBoard Board(ProjectRegister register, string? file) =>
        new(portal.Board.Source.Over(register), portal.Board.Store, portal.Board.Clock, file is null ? null : new SummaryShelf(file));

    private ProjectRegister Copies(int count)
    {
        Project project = portal.Board.Register.Find(SampleProjects.Accepted)!;
        return portal.Board.Register with { Projects = [.. Enumerable.Range(0, count).Select(index => project with { Id = $"copy-{index}" })] };
    }
}
