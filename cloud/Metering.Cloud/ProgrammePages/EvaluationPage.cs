using System.Globalization;
using Metering.Cloud.Register;
using Metering.Programme.Evaluation;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;

namespace Metering.Cloud.ProgrammePages;

/// <summary>For evaluators: a sample of projects that anyone can draw again, findings and the answers to them.</summary>
internal static class EvaluationPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/programme/evaluation";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Evaluación externa", "Independent evaluation");

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new("Muestra de proyectos, observaciones y respuestas.", "Sample of projects, findings and answers.");

    private static readonly Text Sample = new("Muestra al azar", "Random sample");
    private static readonly Text SampleNote = new(
        "Los proyectos se ordenan por SHA-256 de «semilla:proyecto» y se toman los primeros. Con la misma semilla cualquiera obtiene la misma muestra; quien la elige es el evaluador. Entran todos los proyectos con pasos, también los retirados.",
        "Projects are ordered by the SHA-256 of “seed:project” and the first ones are taken. With the same seed anyone gets the same sample; the evaluator chooses it. All projects with steps take part, withdrawn ones too.");
    private static readonly Text Seed = new("Semilla", "Seed");
    private static readonly Text Count = new("Proyectos", "Projects");
    private static readonly Text Draw = new("Tomar la muestra", "Draw the sample");
    private static readonly Text Place = new("Posición", "Place");
    private static readonly Text Stage = new("Etapa", "Stage");
    private static readonly Text Proof = new("Cifras y evidencia", "Figures and evidence");
    private static readonly Text Open = new("abrir", "open");
    private static readonly Text Hash = new("SHA-256, comienzo", "SHA-256, beginning");
    private static readonly Text NoSample = new("Escriba una semilla y cuántos proyectos.", "Write a seed and how many projects.");
    private static readonly Text Findings = new("Observaciones y respuestas", "Findings and answers");
    private static readonly Text Finding = new("Observación", "Finding");
    private static readonly Text Evaluator = new("Evaluador", "Evaluator");
    private static readonly Text Content = new("Qué se observó", "What was found");
    private static readonly Text Answer = new("Respuesta", "Answer");
    private static readonly Text Answered = new("Respondida el", "Answered on");
    private static readonly Text Pending = new("sin respuesta", "not answered");
    private static readonly Text NoFindings = new("No hay observaciones todavía.", "There are no findings yet.");

    /// <summary>The page.</summary>
    public static ProgrammeView Make(ProgrammeRequest request)
    {
        string seed = request.Query["seed"].ToString();
        _ = int.TryParse(request.Query["count"], NumberStyles.None, CultureInfo.InvariantCulture, out int count);
        bool isAsked = seed.Length is > 0 and <= 100 && count is > 0 and <= ProjectSample.MostProjects;
        IReadOnlyList<ProjectStanding> standings = ProjectLifecycle.Standings(request.Register, request.Today);
        IReadOnlyList<SampledProject> sample = isAsked ? ProjectSample.Draw([.. standings.Select(one => one.Project.Id)], seed, count) : [];
        string shown = isAsked ? count.ToString(CultureInfo.InvariantCulture) : "5";
        return new()
        {
            Address = Address + (isAsked ? $"?seed={Uri.EscapeDataString(seed)}&count={shown}" : ""),
            Title = Title,
            Lead = Lead,
            Sections =
            [
                new()
                {
                    Id = "sample",
                    Title = Sample,
                    Sentences = [SampleNote],
                    Columns = [ProgrammeWords.Project, Place, Stage, Proof, Hash],
                    Rows = [.. sample.Select((one, index) => (IReadOnlyList<PageCell>)
                    [
                        PageCell.Of(RecordTitles.Project(request.Register, one.Project), $"{RegisterRoutes.Of(ProjectRecord.Kind)}/{one.Project}"), PageCell.Count(index + 1), PageCell.Of(StageOf(standings, one.Project)),
                        request.Board.Register.Find(one.Project) is null ? PageCell.Missing : PageCell.Of(Open, "/projects/" + one.Project), PageCell.Of(one.Hash[..12]),
                    ])],
                    WhenEmpty = NoSample,
                    Form = new(Address, IsPost: false, [new("seed", Seed, seed.Length <= 100 ? seed : ""), new("count", Count, shown)], Draw),
                },
                FindingsOf(request),
            ],
        };
    }

    private static Text StageOf(IReadOnlyList<ProjectStanding> standings, string project)
    {
        ProjectState state = standings.First(one => one.Project.Id == project).Step.State;
        return new(ProjectLifecycle.NameOf(state, Language.Spanish), ProjectLifecycle.NameOf(state, Language.English));
    }

    private static PageSection FindingsOf(ProgrammeRequest request) => new()
    {
        Id = "findings",
        Title = Findings,
        Columns = [Finding, ProgrammeWords.Day, Evaluator, Content, Answer, Answered],
        Rows = [.. request.Register.All<EvaluationFinding>().OrderByDescending(one => one.FoundOn).Select(one => (IReadOnlyList<PageCell>)
        [
            PageCell.Of(one.Title, $"{RegisterRoutes.Of(EvaluationFinding.Kind)}/{one.Id}"), PageCell.Of(one.FoundOn), PageCell.Of(one.Evaluator), PageCell.Of(one.Finding),
            one.Response is { } response ? PageCell.Of(response) : PageCell.Of(Pending), PageCell.Of(one.RespondedOn),
        ])],
        WhenEmpty = NoFindings,
        MadeOf = EvaluationFinding.Kind,
    };
}
