namespace Metering.Programme.Assessment;

/// <summary>Applies the rule table. The order is a rule as well, printed beside the list.</summary>
internal static class Recommendations
{
    /// <summary>How the list is ordered.</summary>
    public static Text Rule { get; } = new(
        es: "Orden: primero las medidas sobre un recurso que queda por encima de todas sus bandas; después lo que no se hace antes que lo que se hace en parte; después la recuperación más corta del catálogo (sin dato al final); al final, el nombre.",
        en: "Order: first the measures on a resource that lies above all its bands; then what is not done before what is done in part; then the shorter payback of the catalogue (not known last); last, the name.");

    /// <summary>Measures whose rules are fulfilled, each once with all its causes.</summary>
    public static IReadOnlyList<Recommendation> Of(Questionnaire questionnaire, AssessmentAnswers answers, IReadOnlyList<AssessedIndicator> indicators)
    {
        Dictionary<MeasureEntry, (List<RecommendationCause> Causes, List<TitledEntry> Modules)> found = [];
        foreach (AssessmentRule rule in questionnaire.Rules)
        {
            if ((rule.Sector == Questionnaire.CommonSector || rule.Sector == answers.Sector) && Causes(rule, answers, indicators) is { } causes)
            {
                if (!found.TryGetValue(rule.Measure, out (List<RecommendationCause> Causes, List<TitledEntry> Modules) entry))
                {
                    entry = ([], []);
                    found.Add(rule.Measure, entry);
                }

                entry.Causes.AddRange(causes.Where(cause => !entry.Causes.Contains(cause)));
                if (!entry.Modules.Contains(rule.Module))
                {
                    entry.Modules.Add(rule.Module);
                }
            }
        }

        return
        [
            .. found.Select(pair => new Recommendation(
                    pair.Key, pair.Value.Causes, pair.Value.Modules,
                    indicators.Any(indicator => indicator.Load == pair.Key.Resource && indicator.IsAboveAllBands),
                    pair.Value.Causes.Any(cause => cause.Answer == PracticeAnswer.No)))
                .OrderByDescending(one => one.IsLoadAboveBands)
                .ThenByDescending(one => one.IsMissingPractice)
                .ThenBy(one => one.PaybackYears ?? decimal.MaxValue)
                .ThenBy(one => one.Measure.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>Modules with the measures that lead to them, most first, then by number.</summary>
    public static IReadOnlyList<AdvisedModule> ModulesOf(Questionnaire questionnaire, IReadOnlyList<Recommendation> recommendations) =>
    [
        .. questionnaire.Modules
            .Select(module => new AdvisedModule(module, [.. recommendations.Where(one => one.Modules.Contains(module))]))
            .Where(advised => advised.Recommendations.Count > 0)
            .OrderByDescending(advised => advised.Recommendations.Count)
            .ThenBy(advised => advised.Module.Id, StringComparer.Ordinal),
    ];

    // Null unless every condition holds; an unanswered question fulfils none.
    private static List<RecommendationCause>? Causes(AssessmentRule rule, AssessmentAnswers answers, IReadOnlyList<AssessedIndicator> indicators)
    {
        List<RecommendationCause> causes = [];
        foreach (RuleCondition condition in rule.Conditions)
        {
            if (condition.Question is { } question)
            {
                if (!answers.Practices.TryGetValue(question.Id, out PracticeAnswer answer) || !condition.Answers.Contains(answer))
                {
                    return null;
                }

                causes.Add(new RecommendationCause(question, answer, null));
            }
            else if (indicators.Any(indicator => indicator.Load == condition.AboveBands && indicator.IsAboveAllBands))
            {
                causes.Add(new RecommendationCause(null, null, condition.AboveBands));
            }
            else
            {
                return null;
            }
        }

        return causes;
    }
}
