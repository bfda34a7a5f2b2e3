using Metering.Analytics.Indicators;

namespace Metering.Programme.Assessment;

/// <summary>What a plant answered. What is not in it was not answered; it is never taken for zero.</summary>
public sealed record AssessmentAnswers
{
    /// <summary>One of <see cref="Questionnaire.Sectors"/>.</summary>
    public required string Sector { get; init; }

    /// <summary>The calendar year of all amounts; factors hold by calendar year.</summary>
    public required int Year { get; init; }

    /// <summary>Amounts and the output by question, each zero or more and in a unit of the question.</summary>
    public required IReadOnlyDictionary<string, Quantity> Amounts { get; init; }

    /// <summary>Amounts said not to be used: an answer, and the only way to zero but typing it.</summary>
    public required IReadOnlySet<string> NotUsed { get; init; }

    /// <summary>Practices by question.</summary>
    public required IReadOnlyDictionary<string, PracticeAnswer> Practices { get; init; }
}

/// <summary>Why a figure is missing and what to answer for it.</summary>
/// <param name="Question">The question to answer or to answer otherwise; null when no answer would help.</param>
/// <param name="What">What is missing and what to do.</param>
public sealed record AssessmentGap(Question? Question, Text What);

/// <summary>A question about answers already given: they do not fit each other or any plant of the sector.</summary>
/// <param name="Questions">The answers it is about.</param>
/// <param name="What">What was found, what may be the cause, and what to check.</param>
public sealed record AnswerFinding(IReadOnlyList<Question> Questions, Text What);
