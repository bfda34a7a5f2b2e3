using Metering.Cloud.Assessment;
using Metering.Programme.Assessment;
using Metering.Programme.Kinds;
using KeptAssessment = Metering.Programme.Kinds.SelfAssessment;

namespace Metering.Cloud.ProgrammePages;

/// <summary>The plan of a plant to begin with: the measures its answers lead to, with what has to be agreed for each left open.</summary>
internal static class PlanPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/programme/plan";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Plan de producción más limpia", "Cleaner Production plan");

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new(
        "Plantilla del manual: medidas recomendadas por el último autodiagnóstico de la planta. Responsable, fecha e inversión se acuerdan con ella.",
        "Template of the manual: measures recommended by the plant's last self-assessment. Who, when and the investment are agreed with the plant.");

    private static readonly Text Choose = new("Planta", "Plant");
    private static readonly Text MakePlan = new("Generar el plan", "Make the plan");
    private static readonly Text NoAnswers = new("Ninguna planta ha contestado su autodiagnóstico todavía.", "No plant has answered its self-assessment yet.");
    private static readonly Text Measures = new("Medidas", "Measures");
    private static readonly Text Measure = new("Medida", "Measure");
    private static readonly Text Because = new("Porque", "Because");
    private static readonly Text Effect = new("Efecto típico", "Typical effect");
    private static readonly Text Modules = new("Curso", "Course");
    private static readonly Text Who = new("Responsable", "Responsible");
    private static readonly Text When = new("Fecha", "Day");
    private static readonly Text Investment = new("Inversión", "Investment");
    private static readonly Text Open = new("__________", "__________");
    private static readonly Text None = new("Las respuestas no llevan a ninguna medida de la tabla.", "The answers lead to no measure of the table.");
    private static readonly Text Steps = new("Pasos", "Steps");
    private static readonly Text[] StepTexts =
    [
        new("1. Acordar límites: qué planta, qué medidores, qué doce meses.", "1. Agree the boundary: which plant, which meters, which twelve months."),
        new("2. Medir la línea base antes de cambiar nada y congelarla.", "2. Measure the baseline before anything is changed, and freeze it."),
        new("3. Instalar las medidas y anotar la fecha de cada una.", "3. Install the measures and write down the day of each."),
        new("4. Medir el periodo de reporte, anotar eventos y producción.", "4. Measure the reporting period, write down events and production."),
        new("5. Calcular, revisar entre dos personas y firmar.", "5. Compute, have two people look at it, and sign."),
    ];

    /// <summary>The page; without a plant the choice of one.</summary>
    public static ProgrammeView? Make(ProgrammeRequest request)
    {
        string asked = request.Query["plant"].ToString();
        KeptAssessment[] last = [.. request.Register.All<KeptAssessment>().Where(one => one.IsDraft != true).GroupBy(one => one.Plant, StringComparer.Ordinal).Select(group => group.OrderBy(one => one.AnsweredOn).ThenBy(one => one.Id, StringComparer.Ordinal).Last())];
        PageForm? form = last.Length == 0 ? null : new(Address, IsPost: false, [new("plant", Choose, asked, [.. last.Select(one => (one.Plant, NameOf(request, one.Plant)))])], MakePlan);
        KeptAssessment? chosen = Array.Find(last, one => one.Plant == asked);
        return asked.Length > 0 && chosen is null
            ? null
            : new()
            {
                Address = Address + (asked.Length == 0 ? "" : "?plant=" + Uri.EscapeDataString(asked)),
                Title = Title,
                Lead = Lead,
                Sections = chosen is null
                    ? [new() { Id = "choose", Title = Choose, WhenEmpty = form is null ? NoAnswers : null, Form = form }]
                    : [Recommended(request, chosen) with { Form = form }, new() { Id = "steps", Title = Steps, Sentences = StepTexts }],
            };
    }

    private static Text NameOf(ProgrammeRequest request, string plant) => request.Register.Find<PlantRecord>(plant) is { } record ? new(record.NameSpanish, record.NameEnglish) : new(plant, plant);

    private static PageSection Recommended(ProgrammeRequest request, KeptAssessment kept)
    {
        Questionnaire questionnaire = Questionnaire.OfMexico(request.Today);
        return new()
        {
            Id = "measures",
            Title = Measures,
            Sentences = [NameOf(request, kept.Plant)],
            Columns = [Measure, Because, Effect, Modules, Who, When, Investment],
            Rows = [.. (ResultOf(questionnaire, kept, request.Today)?.Recommendations ?? []).Select(one => (IReadOnlyList<PageCell>)
            [
                PageCell.Of(one.Measure.Title), PageCell.Of(ReasonOf(one)), PageCell.Of(MeasuresPage.EffectOf(one.Measure)),
                PageCell.Of(Both(language => string.Join("; ", one.Modules.Select(module => module.Title.In(language))))), PageCell.Of(Open), PageCell.Of(Open), PageCell.Of(Open),
            ])],
            WhenEmpty = None,
        };
    }

    /// <summary>The result of kept answers; null when they are of an earlier questionnaire or not understood.</summary>
    public static AssessmentResult? ResultOf(Questionnaire questionnaire, KeptAssessment kept, DateOnly today)
    {
        IReadOnlyDictionary<string, string> fields = AnswerLines.Read(kept.Answers);
        string sector = fields.GetValueOrDefault(AnswerLines.Sector, "");
        return questionnaire.Sectors.Contains(sector, StringComparer.Ordinal) && AssessmentForm.OfKept(sector, today.Year - 1, fields).Read(questionnaire) is { } answers
            ? Metering.Programme.Assessment.SelfAssessment.Of(questionnaire, answers)
            : null;
    }

    private static Text ReasonOf(Metering.Programme.Assessment.Recommendation one) => Both(language => string.Join("; ", one.Causes.Select(cause => cause.Question is { } question && cause.Answer is { } answer
        ? question.Words.In(language) + " – " + AssessmentWords.Of(answer).In(language)
        : AssessmentWords.AboveBands.In(language, AssessmentTexts.Name(cause.AboveBands!.Value).In(language)))));

    private static Text Both(Func<Language, string> text) => new(text(Language.Spanish), text(Language.English));
}
