using Metering.Cloud.Pages;
using Metering.Cloud.Reports;
using Metering.Programme.Kinds;

namespace Metering.Cloud.ProgrammePages;

/// <summary>The case library: verified projects told to the public, by name only with the company's consent.</summary>
internal static class CasesPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/cases";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Casos", "Cases");

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new("Proyectos verificados, contados para que otros los repitan. La cifra es la de las mediciones.", "Verified projects, told so that others repeat them. The figure is that of the measurements.");

    private static readonly Text List = new("Biblioteca de casos", "Case library");
    private static readonly Text Case = new("Caso", "Case");
    private static readonly Text Where = new("Dónde", "Where");
    private static readonly Text Saving = new("Ahorro, % de lo que se habría consumido", "Saving, % of what would have been used");
    private static readonly Text Story = new("Qué se hizo", "What was done");
    private static readonly Text None = new("No hay casos publicados todavía.", "No cases are published yet.");

    /// <summary>The page. A case of a project that is not verified, or not any more, is not shown.</summary>
    public static ProgrammeView Make(ProgrammeRequest request)
    {
        IReadOnlySet<string> verified = PortfolioEntry.VerifiedProjects(request.Register);
        return new()
        {
            Address = Address,
            Title = Title,
            Lead = Lead,
            IsPublic = true,
            Links = [(ResultsPage.Title, ResultsPage.Address), (MeasuresPage.Title, MeasuresPage.Address)],
            Sections =
            [
                new()
                {
                    Id = "cases",
                    Title = List,
                    Columns = [Case, Where, Saving, Story],
                    Rows = [.. request.Register.All<PublishedCase>().Where(one => verified.Contains(one.Project) && one.PublishedOn <= request.Today)
                        .OrderByDescending(one => one.PublishedOn).Select(one => Row(request, one))],
                    WhenEmpty = None,
                    MadeOf = PublishedCase.Kind,
                },
            ],
        };
    }

    private static IReadOnlyList<PageCell> Row(ProgrammeRequest request, PublishedCase one)
    {
        ProjectResult? result = request.Board.Register.Find(one.Project) is { } project ? request.Board.ResultOf(project) : null;
        PlantRecord? plant = request.Register.Find<PlantRecord>(request.Register.Find<ProjectRecord>(one.Project)?.Plant);
        bool isNamed = one.NamesPlant && one.ConsentedOn is not null;
        string sector = plant?.Sector ?? result?.Project.Plant.Sector ?? "";
        string state = plant?.State ?? result?.Project.Plant.State ?? "";
        Text where = SavingsReport.Each(language =>
            (isNamed && plant is not null ? (language == Language.Spanish ? plant.NameSpanish : plant.NameEnglish) + ", " : "") + VerdictTexts.SectorName(sector, language) + ", " + state);
        PageCell saving = result?.Savings is { } savings
            ? PageCell.Of(savings.SavingsPercent, "%", 1, 100 * savings.HalfWidth / Math.Abs(savings.Counterfactual))
            : PageCell.Missing;
        return [PageCell.Of(new Text(one.TitleSpanish, one.TitleEnglish)), PageCell.Of(where), saving, PageCell.Of(new Text(one.StorySpanish, one.StoryEnglish))];
    }
}
