using Metering.Analytics.CountryPacks;
using Metering.Cloud.Assessment;
using Metering.Cloud.Pages;
using Metering.Programme.Assessment;

namespace Metering.Cloud.ProgrammePages;

/// <summary>The catalogue of measures: the manual's list, each with its typical effect and source.</summary>
internal static class MeasuresPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/measures";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Catálogo de medidas", "Catalogue of measures");

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new(
        "Medidas de producción más limpia con su efecto típico. Son rangos para empezar: en un proyecto los sustituye lo que se mide.",
        "Cleaner Production measures with their typical effect. They are ranges to start from: in a project what is measured takes their place.");

    private static readonly Text Measure = new("Medida", "Measure");
    private static readonly Text Effect = new("Efecto típico", "Typical effect");
    private static readonly Text Payback = new("Recuperación, hasta, años", "Payback, up to, years");
    private static readonly Text Source = new("Fuente y confianza", "Source and confidence");

    /// <summary>The page.</summary>
    public static ProgrammeView Make(ProgrammeRequest request)
    {
        Questionnaire questionnaire = Questionnaire.OfMexico(request.Today);
        return new()
        {
            Address = Address,
            Title = Title,
            Lead = Lead,
            IsPublic = true,
            Links = [(AssessmentWords.Title, AssessmentRoutes.Address), (CasesPage.Title, CasesPage.Address)],
            Sections =
            [
                .. questionnaire.Measures.GroupBy(measure => measure.Id.Split('.')[0], StringComparer.Ordinal).Select(sector => new PageSection
                {
                    Id = "sector-" + sector.Key,
                    Title = Both(language => ReferenceDataNames.Subject(sector.Key, language)),
                    Columns = [Measure, Effect, Payback, Source],
                    Rows = [.. sector.Select(measure => (IReadOnlyList<PageCell>)
                    [
                        PageCell.Of(measure.Title), PageCell.Of(EffectOf(measure)),
                        measure.Effects.Max(row => row.Number("payback_years_high")) is { } years ? PageCell.Of(AssessmentTexts.Figure((double)years)) : PageCell.Missing,
                        measure.Effects.Count == 0 ? PageCell.Missing : PageCell.Of(Both(language => string.Join("; ", measure.Effects.Select(row => row.Source + ", " + AssessmentWords.Of(row.Confidence).In(language)).Distinct(StringComparer.Ordinal)))),
                    ])],
                }),
            ],
        };
    }

    /// <summary>The effects of a measure in words; says so when none is known.</summary>
    public static Text EffectOf(MeasureEntry measure) => Both(language =>
    {
        IEnumerable<string> known = measure.Effects.Where(row => row.Value is not null).Select(row => AssessmentWords.Effect.In(
            language, ReferenceDataNames.Subject(row["resource"], language), Range(row), AssessmentWords.Of(row.Confidence).In(language)));
        string text = string.Join(". ", known);
        return text.Length > 0 ? text : AssessmentWords.NoEffect.In(language);
    });

    private static string Range(PackRow row) =>
        AssessmentTexts.Figure((double)row.Value!.Value) + (row.Number("value_high") is { } high ? "–" + AssessmentTexts.Figure((double)high) : "");

    private static Text Both(Func<Language, string> text) => new(text(Language.Spanish), text(Language.English));
}
