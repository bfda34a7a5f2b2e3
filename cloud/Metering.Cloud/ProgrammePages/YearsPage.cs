using System.Globalization;
using Metering.Cloud.Register;
using Metering.Cloud.Texts;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Logframe;
using Metering.Programme.Records;

namespace Metering.Cloud.ProgrammePages;

/// <summary>The programme at the end of each of its years: plan against what the records show, for the yearly planning workshop.</summary>
internal static class YearsPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/programme/years";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Plan y avance por año", "Plan and progress by year");

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new(
        "Corte al mes 12, 24 y 36: la meta acumulada frente a lo que prueban los registros hasta ese día. Un año que corre se corta hoy.",
        "As of month 12, 24 and 36: the target so far against what the records prove up to that day. A year that runs is cut off today.");

    private static readonly Text Cut = new("Corte", "Cut-off");
    private static readonly Text Pre = new("Prediagnósticos", "Pre-assessments");
    private static readonly Text Verified = new("Proyectos verificados", "Projects verified");
    private static readonly Text OfTarget = new("{0} de {1}", "{0} of {1}");
    private static readonly Text Withdrawn = new("Retirados", "Withdrawn");
    private static readonly Text Overdue = new("Proyectos con retraso hoy", "Projects overdue today");
    private static readonly Text State = new("Etapa", "Stage");
    private static readonly Text InState = new("Días en la etapa", "Days in the stage");
    private static readonly Text NoOverdue = new("Ningún proyecto está retrasado.", "No project is overdue.");
    private static readonly Text None = new("No hay años del programa todavía.", "There are no programme years yet.");

    /// <summary>The page.</summary>
    public static ProgrammeView Make(ProgrammeRequest request)
    {
        RegisterSnapshot register = request.Register;
        ProgrammeYear[] years = [.. register.All<ProgrammeYear>().Where(year => year.FirstDay <= request.Today).OrderBy(year => year.Programme, StringComparer.Ordinal).ThenBy(year => year.FirstDay)];
        return new()
        {
            Address = Address,
            Title = Title,
            Lead = Lead,
            Links = [(LogframeWords.Title, LogframePage.Address), (EventsPage.Title, EventsPage.Address)],
            Sections =
            [
                new()
                {
                    Id = "years",
                    Title = Title,
                    Columns = [ProgrammeWords.Year, Cut, Pre, Verified, new("Seleccionados", "Selected"), new("Contratados", "Contracted"), Withdrawn, new("Constancias", "Certificates"), new("Eventos", "Events")],
                    Rows = [.. years.Select(year => Row(register, year, years, request.Today))],
                    WhenEmpty = None,
                },
                new()
                {
                    Id = "overdue",
                    Title = Overdue,
                    Columns = [ProgrammeWords.Project, State, InState],
                    Rows = [.. ProjectLifecycle.Standings(register, request.Today).Where(one => one.IsOverdue).Select(one => (IReadOnlyList<PageCell>)
                    [
                        PageCell.Of(new Text(one.Project.TitleSpanish, one.Project.TitleEnglish), $"{RegisterRoutes.Of(ProjectRecord.Kind)}/{one.Project.Id}"),
                        PageCell.Of(new Text(ProjectLifecycle.NameOf(one.Step.State, Language.Spanish), ProjectLifecycle.NameOf(one.Step.State, Language.English))), PageCell.Count(one.DaysInState),
                    ])],
                    WhenEmpty = NoOverdue,
                },
                EventsPage.LessonsOf(register, new(1, 1, 1), DateOnly.MaxValue),
            ],
        };
    }

    // Counts and targets run from the first day of the programme: the workshop looks at all that was promised so far.
    private static IReadOnlyList<PageCell> Row(RegisterSnapshot register, ProgrammeYear year, ProgrammeYear[] years, DateOnly today)
    {
        DateOnly cut = year.LastDay < today ? year.LastDay : today;
        ProgrammeYear[] soFar = [.. years.Where(one => one.Programme == year.Programme && one.FirstDay <= year.FirstDay)];
        DateOnly first = soFar.Min(one => one.FirstDay);
        PageCell Counted(LogframeQuery query) => PageCell.Count((long)LogframeCount.Of(register, query, first, cut).Value!.Value);
        PageCell OfPlan(LogframeQuery query, int target)
        {
            long done = (long)LogframeCount.Of(register, query, first, cut).Value!.Value;
            return PageCell.Of(Reports.ReportFormat.Both(OfTarget, _ => [Formatter.Count(done), Formatter.Count(target)]));
        }

        return
        [
            PageCell.Of(year.Number.ToString(CultureInfo.InvariantCulture), $"{RegisterRoutes.Of(ProgrammeYear.Kind)}/{year.Id}"), PageCell.Of(cut),
            OfPlan(LogframeQuery.PreAssessments, soFar.Sum(one => one.PreAssessmentTarget)), OfPlan(LogframeQuery.VerifiedProjects, soFar.Sum(one => one.ProjectTarget)),
            Counted(LogframeQuery.SelectedProjects), Counted(LogframeQuery.ContractedProjects),
            PageCell.Count(register.All<ProjectStep>().Count(step => step.State == ProjectState.Withdrawn && step.Day >= first && step.Day <= cut)),
            Counted(LogframeQuery.Certificates), Counted(LogframeQuery.Events),
        ];
    }
}
