using Metering.Cloud.Register;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;

namespace Metering.Cloud.ProgrammePages;

/// <summary>What the selection committee decided, by whom and why; and what waits for it.</summary>
internal static class SelectionPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/programme/selection";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Comité de selección", "Selection committee");

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new("Decisiones con comité y razones, y los proyectos que esperan una.", "Decisions with committee and reasons, and the projects that wait for one.");

    private static readonly Text Decisions = new("Decisiones", "Decisions");
    private static readonly Text Waiting = new("Esperan decisión", "Waiting for a decision");
    private static readonly Text Outcome = new("Decisión", "Decision");
    private static readonly Text Committee = new("Comité", "Committee");
    private static readonly Text Reasons = new("Razones", "Reasons");
    private static readonly Text Since = new("Prediagnosticado el", "Pre-assessed on");
    private static readonly Text Selected = new("Seleccionado", "Selected");
    private static readonly Text NotSelected = new("No seleccionado", "Not selected");
    private static readonly Text None = new("El comité no ha decidido nada todavía.", "The committee has decided nothing yet.");
    private static readonly Text NoneWaiting = new("Ningún proyecto está en espera.", "No project waits.");

    /// <summary>The page.</summary>
    public static ProgrammeView Make(ProgrammeRequest request) => new()
    {
        Address = Address,
        Title = Title,
        Lead = Lead,
        Sections =
        [
            new()
            {
                Id = "waiting",
                Title = Waiting,
                Columns = [ProgrammeWords.Project, ProgrammeWords.Plant, Since],
                Rows = [.. ProjectLifecycle.Standings(request.Register, request.Today).Where(one => one.Step.State == ProjectState.PreAssessed).Select(one => (IReadOnlyList<PageCell>)
                    [PageCell.Of(new Text(one.Project.TitleSpanish, one.Project.TitleEnglish), $"{RegisterRoutes.Of(ProjectRecord.Kind)}/{one.Project.Id}"), PageCell.Of(RecordTitles.Plant(request.Register, one.Project.Plant)), PageCell.Of(one.Step.Day)])],
                WhenEmpty = NoneWaiting,
            },
            new()
            {
                Id = "decisions",
                Title = Decisions,
                Columns = [ProgrammeWords.Project, ProgrammeWords.Day, Outcome, Committee, Reasons],
                Rows = [.. request.Register.All<SelectionDecision>().OrderByDescending(one => one.DecidedOn).Select(one => (IReadOnlyList<PageCell>)
                [
                    PageCell.Of(RecordTitles.Project(request.Register, one.Project), $"{RegisterRoutes.Of(SelectionDecision.Kind)}/{one.Id}"), PageCell.Of(one.DecidedOn),
                    PageCell.Of(one.Decision == SelectionOutcome.Selected ? Selected : NotSelected), PageCell.Of(one.Committee), PageCell.Of(one.Reasons),
                ])],
                WhenEmpty = None,
                MadeOf = SelectionDecision.Kind,
            },
        ],
    };
}
