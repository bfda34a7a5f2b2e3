using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Assessment;
using Metering.Cloud.Pages;
using Metering.Cloud.Reports;
using Metering.Cloud.Texts;
using Metering.Programme.Assessment;
using Metering.Programme.Benchmark;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using KeptAssessment = Metering.Programme.Kinds.SelfAssessment;

namespace Metering.Cloud.ProgrammePages;

/// <summary>The anonymous benchmark: quartiles of groups of five plants or more, published by the staff and read by anyone. A reader's visit computes nothing.</summary>
internal static class BenchmarkPage
{
    /// <summary>Address of the public page after the language.</summary>
    public const string Address = "/benchmark";

    /// <summary>Address of the staff's page after the language.</summary>
    public const string StaffAddress = "/programme/benchmark";

    /// <summary>Title of the public page.</summary>
    public static readonly Text Title = new("Comparación entre plantas", "Benchmark of plants");

    /// <summary>Title of the staff's page.</summary>
    public static readonly Text StaffTitle = new("Publicar la comparación", "Publish the benchmark");

    private const string Publish = StaffAddress + "/publish";
    private const int Digits = 2;

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new(
        "Consumo por unidad de producción de plantas del mismo sector, según sus autodiagnósticos. Ninguna cifra reúne menos de cinco plantas, ni lo permite la resta de dos cifras.",
        "Use per unit of output of plants of one sector, by their self-assessments. No figure takes in fewer than five plants, nor does the difference of two figures.");

    /// <summary>What the staff's page is.</summary>
    internal static readonly Text StaffLead = new(
        "Se publican los grupos del programa: cada sector y cada sector por estado. Lo ya publicado cuenta para siempre, también después de reiniciar: un grupo que junto con lo publicado mostraría menos de cinco plantas se rechaza.",
        "The programme's groups are published: each sector, and each sector by state. What was published counts for ever, also after a restart: a group that together with it would show fewer than five plants is refused.");

    private static readonly Text Note = new("Cifras redondeadas a dos dígitos. Menos es mejor.", "Figures rounded to two digits. Less is better.");
    private static readonly Text Groups = new("Grupos", "Groups");
    private static readonly Text Plants = new("Plantas", "Plants");
    private static readonly Text Indicator = new("Indicador", "Indicator");
    private static readonly Text Lower = new("Un cuarto, por debajo de", "A quarter lies below");
    private static readonly Text Median = new("La mitad, por debajo de", "Half lies below");
    private static readonly Text Upper = new("Tres cuartos, por debajo de", "Three quarters lie below");
    private static readonly Text AllStates = new("todos", "all");
    private static readonly Text None = new("Todavía no se publica nada: hacen falta cinco plantas de un sector con el autodiagnóstico del mismo año.", "Nothing is published yet: five plants of a sector with the self-assessment of one year are needed.");
    private static readonly Text Ready = new("Se publicarían hoy", "Would be published today");
    private static readonly Text NothingReady = new("No hay nada nuevo que publicar.", "There is nothing new to publish.");
    private static readonly Text Refused = new("Se rechazan", "Refused");
    private static readonly Text NothingRefused = new("Ningún grupo se rechaza.", "No group is refused.");
    private static readonly Text TooFew = new("menos de cinco plantas", "fewer than five plants");
    private static readonly Text WouldShow = new("junto con lo publicado mostraría menos de cinco plantas", "together with what was published it would show fewer than five plants");
    private static readonly Text PublishButton = new("Publicar", "Publish");
    private static readonly Text Done = new("Grupos publicados: {0}.", "Groups published: {0}.");
    private static readonly Text NothingDone = new("No se publicó nada: no había ningún grupo nuevo.", "Nothing was published: there was no new group.");
    private static readonly Text SoFar = new(
        "Cuentan los autodiagnósticos terminados; los borradores no. Plantas con uno, por sector y año: {0}.", "Finished self-assessments count; drafts do not. Plants with one, by sector and year: {0}.");
    private static readonly Text NoneSoFar = new("ninguna todavía", "none yet");
    private static readonly Text NotDone = new("No se publicó: alguien publicó al mismo tiempo, o un grupo es demasiado grande para un registro. Revise la lista e intente de nuevo.", "Not published: somebody published at the same time, or a group is too large for a record. Look at the list and try again.");
    private static readonly Text Simulated = new("Parte de estas plantas es simulada: es una demostración.", "Some of these plants are simulated: this is a demonstration.");

    /// <summary>The public page.</summary>
    public static ProgrammeView Make(ProgrammeRequest request) => new()
    {
        Address = Address,
        Title = Title,
        Lead = Lead,
        IsPublic = true,
        Links = [(ResultsPage.Title, ResultsPage.Address), (AssessmentWords.Title, AssessmentRoutes.Address)],
        Sections = [Table("groups", Groups, BenchmarkDesk.Shown(request.Register), None) is { Rows.Count: > 0 } groups
            ? groups with { Sentences = request.Board.Register.Plants.Any(plant => plant.IsSimulated) ? [Note, Simulated] : [Note] }
            : Table("groups", Groups, [], None)],
    };

    /// <summary>The staff's page.</summary>
    public static ProgrammeView Staff(ProgrammeRequest request, Text? notice)
    {
        IReadOnlyList<BenchmarkValue> values = ValuesOf(request.Register, request.Today);
        BenchmarkPlan plan = BenchmarkDesk.Plan(BenchmarkDesk.Published(request.Register), values, request.Today);
        return new()
        {
            Address = StaffAddress,
            Title = StaffTitle,
            Lead = StaffLead,
            Notice = notice,
            Links = [(Title, Address)],
            Sections =
            [
                Table("ready", Ready, plan.Releases, NothingReady) with { Sentences = [Counted(values)], Form = plan.Releases.Count == 0 ? null : new(Publish, IsPost: true, [], PublishButton) },
                new()
                {
                    Id = "refused",
                    Title = Refused,
                    Columns = [ProgrammeWords.Sector, ProgrammeWords.State, Indicator, ProgrammeWords.Year, Plants, ProgrammeWords.Finding],
                    Rows = [.. plan.Refused.Select(one => (IReadOnlyList<PageCell>)
                    [
                        PageCell.Of(SectorOf(one.Sector)), PageCell.Of(StateOf(one.State)), PageCell.Of(IndicatorOf(one.Indicator)), PageCell.Of(Shown(one.Year)), PageCell.Count(one.PlantCount),
                        PageCell.Of(one.Refusal == BenchmarkRefusal.TooFewPlants ? TooFew : WouldShow),
                    ])],
                    WhenEmpty = NothingRefused,
                },
            ],
        };
    }

    /// <summary>Adds the address that publishes.</summary>
    public static void Map(RouteGroupBuilder pages, Language language, ProgrammeDesk desk) =>
        pages.Answer(HttpMethods.Post, Publish, http => Task.FromResult(Save(http, language, desk))).Needs(Permission.EditRegister, Target.Programme);

    /// <summary>What may be published now.</summary>
    public static BenchmarkPlan PlanOf(RegisterSnapshot register, DateOnly today) => BenchmarkDesk.Plan(BenchmarkDesk.Published(register), ValuesOf(register, today), today);

    /// <summary>The intensities of each plant and year, by its newest answers that are no draft.</summary>
    public static IReadOnlyList<BenchmarkValue> ValuesOf(RegisterSnapshot register, DateOnly today)
    {
        Questionnaire questionnaire = Questionnaire.OfMexico(today);
        Dictionary<(string Plant, int Year), (KeptAssessment Kept, long Version, AssessmentResult Result)> newest = [];
        foreach (RecordVersion version in register.Versions(KeptAssessment.Kind).Where(version => !version.IsWithdrawn))
        {
            KeptAssessment kept = (KeptAssessment)version.Record;
            if (kept.IsDraft != true && PlanPage.ResultOf(questionnaire, kept, today) is { } result)
            {
                (string, int) key = (kept.Plant, result.Answers.Year);
                if (!newest.TryGetValue(key, out (KeptAssessment Kept, long Version, AssessmentResult Result) known) || known.Kept.AnsweredOn <= kept.AnsweredOn)
                {
                    newest[key] = (kept, version.Version, result);
                }
            }
        }

        List<BenchmarkValue> values = [];
        foreach (((string plant, int year), (_, long version, AssessmentResult result)) in newest)
        {
            string state = register.Find<PlantRecord>(plant)?.State ?? "";
            values.AddRange(result.Indicators.Where(one => one.Intensity is { } intensity && double.IsFinite(intensity.Value)).Select(one => new BenchmarkValue(
                Field.WordOf(one.Load), year, one.Intensity!.Unit, result.Answers.Sector, state, new(plant, (int)version, one.Intensity.Value))));
        }

        return values;
    }

    // So that staff see how far a sector is from five plants.
    private static Text Counted(IReadOnlyList<BenchmarkValue> values) => SavingsReport.Each(language => SoFar.In(language, values.Count == 0
        ? NoneSoFar.In(language)
        : string.Join("; ", values.GroupBy(value => (value.Sector, value.Year)).OrderByDescending(group => group.Key.Year).ThenBy(group => group.Key.Sector, StringComparer.Ordinal).Select(group =>
            $"{SectorOf(group.Key.Sector).In(language)} {Shown(group.Key.Year)}: {Formatter.Count(group.Select(value => value.Contribution.Plant).Distinct(StringComparer.Ordinal).Count())}"))));

    private static IResult Save(HttpContext http, Language language, ProgrammeDesk desk)
    {
        BenchmarkPlan plan = PlanOf(desk.Store.Snapshot, desk.Store.Today);
        try
        {
            if (plan.Releases.Count > 0)
            {
                _ = desk.Store.Save([.. plan.Releases.Select(one => new RecordChange(one, 0))], CurrentActor.Of(http), null);
            }
        }
        catch (Exception e) when (e is RecordConflictException or RecordFaultsException)
        {
            return desk.Show(http, language, request => Staff(request, NotDone), StatusCodes.Status412PreconditionFailed);
        }

        string count = Formatter.Count(plan.Releases.Count);
        return desk.Show(http, language, request => Staff(request, plan.Releases.Count == 0 ? NothingDone : new(Done.In(Language.Spanish, count), Done.In(Language.English, count))));
    }

    private static PageSection Table(string id, Text title, IReadOnlyList<BenchmarkRelease> releases, Text whenEmpty) => new()
    {
        Id = id,
        Title = title,
        Columns = [ProgrammeWords.Sector, ProgrammeWords.State, Indicator, ProgrammeWords.Year, Plants, Lower, Median, Upper],
        Rows = [.. releases.Select(one => (IReadOnlyList<PageCell>)
        [
            PageCell.Of(SectorOf(one.Sector)), PageCell.Of(StateOf(one.State)), PageCell.Of(IndicatorOf(one.Indicator)), PageCell.Of(Shown(one.Year)), PageCell.Count(one.PlantCount),
            Figure(one.Lower, one.Unit), Figure(one.Median, one.Unit), Figure(one.Upper, one.Unit),
        ])],
        WhenEmpty = whenEmpty,
    };

    private static PageCell Figure(decimal value, string unit) => PageCell.Of(
        SavingsReport.Each(language => Formatter.Significant((double)value, Digits) + Formatter.UnitSpace + AssessmentWords.UnitText(unit, language)));

    private static Text SectorOf(string sector) => SavingsReport.Each(language => ReferenceDataNames.Subject(sector, language));

    private static Text StateOf(string? state) => state is null or "" ? AllStates : new(state, state);

    /// <summary>What an indicator of the self-assessment is called; its word where it is none.</summary>
    internal static Text IndicatorOf(string word) => Array.Find(Enum.GetValues<AssessedLoad>(), load => Field.WordOf(load) == word) is var found && Field.WordOf(found) == word ? AssessmentTexts.Name(found) : new(word, word);

    private static string Shown(int year) => year.ToString(CultureInfo.InvariantCulture);
}
