using Metering.Analytics.CountryPacks;
using Metering.Analytics.Indicators;

namespace Metering.Programme.Assessment;

/// <summary>A figure with its unit; null when it could not be computed.</summary>
/// <param name="Value">The value.</param>
/// <param name="Unit">Its unit as printed in English: "m3/t".</param>
public sealed record AssessedFigure(double Value, string Unit);

/// <summary>The position of an intensity beside one row of the bands.</summary>
/// <param name="Row">The row, with source and confidence.</param>
/// <param name="Position">The position.</param>
public sealed record PlacedBand(PackRow Row, BandPosition Position)
{
    /// <summary>Whether the row states one figure and not a range.</summary>
    public bool IsSingleFigure => Position.Band.Low == Position.Band.High;
}

/// <summary>All that is said of one load.</summary>
public sealed record AssessedIndicator
{
    /// <summary>The load.</summary>
    public required AssessedLoad Load { get; init; }

    /// <summary>Per year; null when an answer or a factor is missing.</summary>
    public AssessedFigure? Absolute { get; init; }

    /// <summary>Output per load, of resources only; more is better.</summary>
    public AssessedFigure? Productivity { get; init; }

    /// <summary>Load per output; less is better.</summary>
    public AssessedFigure? Intensity { get; init; }

    /// <summary>Why a figure is missing; empty when all are there.</summary>
    public required IReadOnlyList<AssessmentGap> Gaps { get; init; }

    /// <summary>Amounts it was computed from, by the questions they answer.</summary>
    public required IReadOnlyList<Question> Parts { get; init; }

    /// <summary>How it was computed, line by line, with the factors and their sources.</summary>
    public required IReadOnlyList<Text> Derivation { get; init; }

    /// <summary>Positions beside the bands that hold for sector, unit and year.</summary>
    public IReadOnlyList<PlacedBand> Bands { get; init; } = [];

    /// <summary>Why there is no band at all; null when there is one, or no intensity to place.</summary>
    public Text? NoBand { get; init; }

    /// <summary>Whether the intensity lies above every band that applies, and there is one.</summary>
    public bool IsAboveAllBands => Bands.Count > 0 && Bands.All(band => band.Position.Side == BandSide.Above);
}

/// <summary>What made a rule fire.</summary>
/// <param name="Question">The practice; null when a band did.</param>
/// <param name="Answer">Its answer.</param>
/// <param name="AboveBands">The load above its bands; null when an answer did.</param>
public sealed record RecommendationCause(Question? Question, PracticeAnswer? Answer, AssessedLoad? AboveBands);

/// <summary>A measure with the reasons for it.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Causes">Answers and positions that led to it.</param>
/// <param name="Modules">Where it is taught.</param>
/// <param name="IsLoadAboveBands">Whether the load it acts on lies above every band that applies.</param>
/// <param name="IsMissingPractice">Whether one of the causes is a "no" and not only "partly".</param>
public sealed record Recommendation(
    MeasureEntry Measure, IReadOnlyList<RecommendationCause> Causes, IReadOnlyList<TitledEntry> Modules, bool IsLoadAboveBands, bool IsMissingPractice)
{
    /// <summary>Longest payback the catalogue states, years; null when none is known.</summary>
    public decimal? PaybackYears => Measure.Effects.Max(row => row.Number("payback_years_high"));
}

/// <summary>A course module with the measures that lead to it.</summary>
/// <param name="Module">The module.</param>
/// <param name="Recommendations">Measures taught in it, in the order of the recommendations.</param>
public sealed record AdvisedModule(TitledEntry Module, IReadOnlyList<Recommendation> Recommendations);

/// <summary>Answers to the practices of one part of the form, counted. There is no score.</summary>
/// <param name="Part">The part.</param>
/// <param name="Counts">How often each answer was given.</param>
/// <param name="Unanswered">Practices without an answer.</param>
public sealed record PracticeCount(TitledEntry Part, IReadOnlyDictionary<PracticeAnswer, int> Counts, IReadOnlyList<Question> Unanswered);

/// <summary>The result of a self-assessment.</summary>
public sealed record AssessmentResult
{
    /// <summary>The questionnaire it was asked with.</summary>
    public required Questionnaire Questionnaire { get; init; }

    /// <summary>The answers.</summary>
    public required AssessmentAnswers Answers { get; init; }

    /// <summary>One per load.</summary>
    public required IReadOnlyList<AssessedIndicator> Indicators { get; init; }

    /// <summary>Answers that may hold a slip of unit or do not fit each other.</summary>
    public required IReadOnlyList<AnswerFinding> Findings { get; init; }

    /// <summary>Measures in the stated order: see <see cref="Recommendations.Rule"/>.</summary>
    public required IReadOnlyList<Recommendation> Recommendations { get; init; }

    /// <summary>Modules, the one with most recommended measures first, then by number.</summary>
    public required IReadOnlyList<AdvisedModule> Modules { get; init; }

    /// <summary>Practices counted by part of the form.</summary>
    public required IReadOnlyList<PracticeCount> Practices { get; init; }

    /// <summary>The indicator of a load.</summary>
    public AssessedIndicator Of(AssessedLoad load) => Indicators.First(indicator => indicator.Load == load);
}
