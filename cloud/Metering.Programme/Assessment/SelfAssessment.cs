using Metering.Analytics.Indicators;

namespace Metering.Programme.Assessment;

/// <summary>Turns answers into indicators, positions, questions back to the plant, measures and course modules.</summary>
internal static class SelfAssessment
{
    private static readonly AssessedLoad[] Loads = Enum.GetValues<AssessedLoad>();

    /// <summary>The result of the answers.</summary>
    /// <param name="questionnaire">The questionnaire they answer.</param>
    /// <param name="answers">The answers.</param>
    /// <exception cref="ArgumentException">An unknown sector, an answer to a question that is not asked, or a unit it does not allow.</exception>
    public static AssessmentResult Of(Questionnaire questionnaire, AssessmentAnswers answers)
    {
        Check(questionnaire, answers);
        LoadSums sums = new(questionnaire, answers);
        List<AssessedIndicator> indicators = [.. Loads.Select(load => BandPlacing.Placed(questionnaire, answers, sums.Indicator(load), sums.OutputUnit))];
        IReadOnlyList<Recommendation> recommendations = Recommendations.Of(questionnaire, answers, indicators);
        return new AssessmentResult
        {
            Questionnaire = questionnaire,
            Answers = answers,
            Indicators = indicators,
            Findings = AnswerChecks.Of(questionnaire, answers, indicators),
            Recommendations = recommendations,
            Modules = Recommendations.ModulesOf(questionnaire, recommendations),
            Practices = [.. questionnaire.Parts.Select(part => Count(questionnaire, answers, part)).OfType<PracticeCount>()],
        };
    }

    private static PracticeCount? Count(Questionnaire questionnaire, AssessmentAnswers answers, TitledEntry part)
    {
        List<Question> asked = [.. questionnaire.Of(answers.Sector).Where(question => question.Part == part.Id && question.Kind == QuestionKind.Practice)];
        Dictionary<PracticeAnswer, int> counts = [];
        foreach (PracticeAnswer answer in Enum.GetValues<PracticeAnswer>())
        {
            counts[answer] = asked.Count(question => answers.Practices.TryGetValue(question.Id, out PracticeAnswer given) && given == answer);
        }

        return asked.Count == 0 ? null : new PracticeCount(part, counts, [.. asked.Where(question => !answers.Practices.ContainsKey(question.Id))]);
    }

    private static void Check(Questionnaire questionnaire, AssessmentAnswers answers)
    {
        if (!questionnaire.Sectors.Contains(answers.Sector, StringComparer.Ordinal))
        {
            throw new ArgumentException($"'{answers.Sector}' is no sector of the questionnaire; it has {string.Join(", ", questionnaire.Sectors)}", nameof(answers));
        }

        Dictionary<string, Question> asked = questionnaire.Of(answers.Sector).ToDictionary(question => question.Id, StringComparer.Ordinal);
        foreach ((string id, Quantity amount) in answers.Amounts)
        {
            if (!asked.TryGetValue(id, out Question? question) || !question.Units.Contains(amount.Unit) || !(amount.Value >= 0) || double.IsInfinity(amount.Value))
            {
                throw new ArgumentException($"the answer to '{id}' belongs to no question of the sector, or its unit or value is not allowed", nameof(answers));
            }
        }

        foreach (string id in answers.NotUsed)
        {
            if (!asked.TryGetValue(id, out Question? question) || question.Kind != QuestionKind.Amount || answers.Amounts.ContainsKey(id))
            {
                throw new ArgumentException($"'{id}' cannot be said not to be used, or has an amount as well", nameof(answers));
            }
        }

        foreach (string id in answers.Practices.Keys)
        {
            if (!asked.TryGetValue(id, out Question? question) || question.Kind != QuestionKind.Practice)
            {
                throw new ArgumentException($"'{id}' is no practice asked in the sector", nameof(answers));
            }
        }
    }
}
