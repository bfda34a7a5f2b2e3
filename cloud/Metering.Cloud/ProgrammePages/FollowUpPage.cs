using Metering.Cloud.Register;
using Metering.Cloud.Reports;
using Metering.Programme.FollowUps;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.ProgrammePages;

/// <summary>Follow-ups due at 6, 12 and 24 months, and whether the saving lasts by the meters that still run.</summary>
internal static class FollowUpPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/programme/follow-ups";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Seguimiento", "Follow-ups");

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new("Visitas a los 6, 12 y 24 meses de la verificación, y lo que dicen los medidores desde entonces.", "Visits 6, 12 and 24 months after the verification, and what the meters say since.");

    private static readonly Text Schedule = new("Calendario", "Schedule");
    private static readonly Text After = new("Plazo", "After");
    private static readonly Text Due = new("Programada para el", "Due on");
    private static readonly Text Visited = new("Visita", "Visited on");
    private static readonly Text Done = new("hecho", "done");
    private static readonly Text Lost = new("hecho: el ahorro no se mantiene", "done: the saving does not last");
    private static readonly Text Overdue = new("vencido", "overdue");
    private static readonly Text Ahead = new("por venir", "to come");
    private static readonly Text None = new("Ningún proyecto está verificado todavía.", "No project is verified yet.");
    private static readonly Text Meters = new("Persistencia por los medidores", "Persistence by the meters");
    private static readonly Text MetersNote = new(
        "Ahorro en % de la línea base ajustada: en el periodo verificado y en los últimos 90 días con lecturas, con el mismo modelo. Se mantiene si el intervalo al 90 % de los últimos días alcanza el valor verificado.",
        "Saving in % of the adjusted baseline: in the verified period and in the last 90 days with readings, by the same model. It lasts when the 90 % interval of the last days reaches the verified value.");
    private static readonly Text Verified = new("Periodo verificado", "Verified period");
    private static readonly Text Recent = new("Últimos 90 días", "Last 90 days");
    private static readonly Text Through = new("Hasta", "Through");

    /// <summary>The page.</summary>
    public static ProgrammeView Make(ProgrammeRequest request)
    {
        IReadOnlyList<DueFollowUp> schedule = FollowUpSchedule.Of(request.Register);
        return new()
        {
            Address = Address,
            Title = Title,
            Lead = Lead,
            Sections =
            [
                new()
                {
                    Id = "schedule",
                    Title = Schedule,
                    Columns = [ProgrammeWords.Project, After, Due, Visited, ProgrammeWords.Finding],
                    Rows = [.. schedule.Select(one => (IReadOnlyList<PageCell>)
                    [
                        PageCell.Of(new Text(one.Project.TitleSpanish, one.Project.TitleEnglish), one.Visit is { } visit ? $"{RegisterRoutes.Of(FollowUp.Kind)}/{visit.Id}" : $"{RegisterRoutes.Of(ProjectRecord.Kind)}/{one.Project.Id}"),
                        PageCell.Of(NameOf(one.After)), PageCell.Of(one.DueOn), PageCell.Of(one.Visit?.VisitedOn),
                        PageCell.Of(one.Visit is { } done ? done.Persists ? Done : Lost : one.DueOn < request.Today ? Overdue : Ahead),
                    ])],
                    WhenEmpty = None,
                },
                new()
                {
                    Id = "meters",
                    Title = Meters,
                    Sentences = [MetersNote],
                    Columns = [ProgrammeWords.Project, Verified, Recent, Through, ProgrammeWords.Finding],
                    Rows = [.. schedule.Select(one => one.Project.Id).Distinct(StringComparer.Ordinal).Select(project => Persisted(request, project))],
                    WhenEmpty = None,
                },
            ],
        };
    }

    private static IReadOnlyList<PageCell> Persisted(ProgrammeRequest request, string project)
    {
        Text title = RecordTitles.Project(request.Register, project);
        PersistenceFigure? figure = request.Portfolio.Persistence(request.Board, project, request.Today);
        return figure is null
            ? [PageCell.Of(title), PageCell.Missing, PageCell.Missing, PageCell.Missing, PageCell.Of(PersistenceWords.Unknown)]
            : [
                PageCell.Of(title, "/projects/" + project), PageCell.Of(figure.VerifiedPercent, "%", 1), new(ReportCell.Of(figure.RecentPercent, "%", 1, figure.RecentHalfWidthPercent)),
                PageCell.Of(figure.Through), PageCell.Of(PersistenceWords.Of(figure.Outcome)),
            ];
    }

    private static Text NameOf(FollowUpMonth after) =>
        FollowUp.Kind.Fields.Single(field => field.Name == "after").Choices.Single(choice => choice.Word == Field.WordOf(after)).Label;
}
