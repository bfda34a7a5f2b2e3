using Metering.Cloud.Pages;
using Metering.Cloud.Reports;
using Metering.Programme.Assessment;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using KeptAssessment = Metering.Programme.Kinds.SelfAssessment;
using Opportunity = Metering.Programme.Kinds.Opportunity;

namespace Metering.Cloud.ProgrammePages;

/// <summary>What plants need and have not got yet, by sector: opportunities, measures not done, practices missing.</summary>
internal static class NeedsPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/programme/needs";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Necesidades por sector", "Needs by sector");

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new("Medidas sin hacer, para saber qué tecnología y qué cursos hacen falta. Los nombres de las plantas no aparecen.", "Measures not done, to know which technology and which courses are needed. No plant is named.");

    private static readonly Text Measures = new("Medidas propuestas o aprobadas, sin implementar", "Measures proposed or approved, not implemented");
    private static readonly Text Opportunities = new("Oportunidades de los prediagnósticos", "Opportunities of the pre-assessments");
    private static readonly Text Practices = new("Medidas que recomiendan los autodiagnósticos", "Measures that the self-assessments recommend");
    private static readonly Text Count = new("Cuántas", "How many");
    private static readonly Text Plants = new("Plantas", "Plants");
    private static readonly Text Investment = new("Inversión estimada", "Estimated investment");
    private static readonly Text Measure = new("Medida", "Measure");
    private static readonly Text None = new("Ninguna todavía.", "None yet.");

    /// <summary>The page.</summary>
    public static ProgrammeView Make(ProgrammeRequest request) => new()
    {
        Address = Address,
        Title = Title,
        Lead = Lead,
        Sections =
        [
            Needed("measures", Measures, request.Register, request.Register.All<Measure>().Where(one => one.Status is MeasureStatus.Proposed or MeasureStatus.Approved)
                .Select(one => (request.Register.Find<ProjectRecord>(one.Project)?.Plant, one.Resource, one.Investment))),
            Needed("opportunities", Opportunities, request.Register, request.Register.All<Opportunity>()
                .Select(one => (request.Register.Find<PreAssessment>(one.PreAssessment)?.Plant, one.Resource, one.Investment))),
            Recommended(request),
        ],
    };

    private static PageSection Needed(string id, Text title, RegisterSnapshot register, IEnumerable<(string? Plant, SavedResource Resource, Money? Investment)> needs) => new()
    {
        Id = id,
        Title = title,
        Columns = [ProgrammeWords.Sector, ProgrammeWords.Resource, Count, Plants, Investment],
        Rows = [.. needs.GroupBy(need => (Sector: register.Find<PlantRecord>(need.Plant)?.Sector ?? Texts.Formatter.Missing, need.Resource)).OrderBy(group => group.Key.Sector, StringComparer.Ordinal).ThenBy(group => group.Key.Resource)
            .Select(group => (IReadOnlyList<PageCell>)
            [
                PageCell.Of(SavingsReport.Each(language => VerdictTexts.SectorName(group.Key.Sector, language))), PageCell.Of(NameOf(group.Key.Resource)), PageCell.Count(group.Count()),
                PageCell.Count(group.Select(need => need.Plant).Distinct(StringComparer.Ordinal).Count()), PageCell.Of(Amounts([.. group.Select(need => need.Investment).OfType<Money>()])),
            ])],
        WhenEmpty = None,
    };

    // Each currency apart; what has no estimate is counted beside it and is not zero.
    private static string Amounts(Money[] amounts) => string.Join(" + ", amounts.GroupBy(one => one.Currency, StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Sum(one => one.Amount).ToString("N2", System.Globalization.CultureInfo.InvariantCulture)} {group.Key} ({group.Count()})"));

    private static Text NameOf(SavedResource resource) =>
        Opportunity.Kind.Fields.Single(field => field.Name == "resource").Choices.Single(choice => choice.Word == Field.WordOf(resource)).Label;

    private static PageSection Recommended(ProgrammeRequest request)
    {
        Questionnaire questionnaire = Questionnaire.OfMexico(request.Today);
        IEnumerable<KeptAssessment> last = request.Register.All<KeptAssessment>().Where(one => one.IsDraft != true).GroupBy(one => one.Plant, StringComparer.Ordinal).Select(group => group.MaxBy(one => one.AnsweredOn)!);
        return new()
        {
            Id = "practices",
            Title = Practices,
            Columns = [ProgrammeWords.Sector, Measure, Plants],
            Rows = [.. last.Select(one => PlanPage.ResultOf(questionnaire, one, request.Today)).OfType<AssessmentResult>()
                .SelectMany(result => result.Recommendations.Select(one => (result.Answers.Sector, one.Measure))).GroupBy(pair => pair)
                .OrderBy(group => group.Key.Sector, StringComparer.Ordinal).ThenByDescending(group => group.Count()).ThenBy(group => group.Key.Measure.Id, StringComparer.Ordinal)
                .Select(group => (IReadOnlyList<PageCell>)[PageCell.Of(SavingsReport.Each(language => ReferenceDataNames.Subject(group.Key.Sector, language))), PageCell.Of(group.Key.Measure.Title), PageCell.Count(group.Count())])],
            WhenEmpty = None,
        };
    }
}
