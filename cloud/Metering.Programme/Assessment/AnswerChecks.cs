using Metering.Analytics.Indicators;
using Metering.Analytics.Plausibility;

namespace Metering.Programme.Assessment;

/// <summary>Looks for slips of unit in the answers. A finding is a question to the plant; no answer is changed.</summary>
internal static class AnswerChecks
{
    private const double MostDischargePerWater = 1.05;
    private const double OrdinaryDifference = 0.5;

    /// <summary>Findings, each with the answers it is about.</summary>
    public static IReadOnlyList<AnswerFinding> Of(Questionnaire questionnaire, AssessmentAnswers answers, IReadOnlyList<AssessedIndicator> indicators)
    {
        Question output = questionnaire.Of(answers.Sector).First(question => question.Kind == QuestionKind.Output);
        List<AnswerFinding> findings = [];
        List<(AssessedLoad Load, double Factor)> slips = [];
        foreach (AssessedIndicator indicator in indicators)
        {
            if (AgainstBands(answers, indicator, output) is { } finding)
            {
                findings.Add(finding.Finding);
                slips.AddRange(finding.Factors.Select(factor => (indicator.Load, factor)));
            }
        }

        // One wrong output moves every ratio by the same factor; electricity is a part of the energy and no second witness.
        IGrouping<double, (AssessedLoad Load, double Factor)>? common = slips
            .Where(slip => slip.Load is not (AssessedLoad.Electricity or AssessedLoad.GreenhouseGas))
            .GroupBy(slip => slip.Factor).FirstOrDefault(group => group.Count() > 1);
        if (common is not null)
        {
            findings.Add(new AnswerFinding([output], AssessmentTexts.OutputSlip(output, common.Key)));
        }

        if (Discharge(questionnaire, indicators) is { } discharge)
        {
            findings.Add(discharge);
        }

        return findings;
    }

    // Only when every band that applies speaks of a slip: sources differ, and one of them alone proves nothing.
    private static (AnswerFinding Finding, IReadOnlyList<double> Factors)? AgainstBands(AssessmentAnswers answers, AssessedIndicator indicator, Question output)
    {
        if (indicator.Bands.Count == 0 || !answers.Amounts.TryGetValue(output.Id, out Quantity amount) || indicator.Intensity is not { } intensity)
        {
            return null;
        }

        RatioUnit unit = new(BandPlacing.UnitOf(indicator.Load), amount.Unit);
        IReadOnlyList<PlausibilityFinding> found = ClaimChecks.AgainstBands(
            intensity.Value, unit, new DateOnly(answers.Year, 7, 1), [.. indicator.Bands.Select(band => band.Position.Band)]);
        if (!found.All(finding => finding.Kind is PlausibilityKind.PowerOfTen or PlausibilityKind.Unexplained))
        {
            return null;
        }

        List<double> factors = [.. found.SelectMany(finding => finding.LikelyCauses).Select(cause => cause.Factor).Distinct()];
        PlacedBand nearest = indicator.Bands.MinBy(band => Math.Abs(Math.Log(band.Position.RatioToNearestEnd)))!;
        List<Question> questions = [.. indicator.Parts.Where(part => answers.Amounts.TryGetValue(part.Id, out Quantity part0) && part0.Value > 0), output];
        return (new AnswerFinding(questions, AssessmentTexts.OutsideBands(indicator.Load, nearest, factors)), factors);
    }

    private static AnswerFinding? Discharge(Questionnaire questionnaire, IReadOnlyList<AssessedIndicator> indicators)
    {
        AssessedIndicator water = indicators.First(indicator => indicator.Load == AssessedLoad.Water);
        AssessedIndicator wastewater = indicators.First(indicator => indicator.Load == AssessedLoad.Wastewater);
        if (water.Absolute is not { Value: > 0 } entering || wastewater.Absolute is not { Value: > 0 } leaving)
        {
            return null;
        }

        PlausibilityFinding found = ClaimChecks.Equal(
            Quantity.Of(leaving.Value, QuantityUnit.CubicMetre), Quantity.Of(entering.Value, QuantityUnit.CubicMetre), OrdinaryDifference);
        bool isOrdinary = found.Kind is PlausibilityKind.Consistent or PlausibilityKind.Differs && found.MeasuredRatio <= MostDischargePerWater;
        bool isLittle = found.Kind is not PlausibilityKind.PowerOfTen && found.MeasuredRatio < 1;
        return isOrdinary || isLittle
            ? null
            : new AnswerFinding([.. questionnaire.Questions.Where(question => question.Load is AssessedLoad.Wastewater), .. water.Parts],
                AssessmentTexts.DischargeAgainstWater(leaving.Value, entering.Value));
    }
}
