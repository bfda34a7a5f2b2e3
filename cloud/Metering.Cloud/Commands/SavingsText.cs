using System.Globalization;
using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Analytics.Events;
using Metering.Analytics.Savings;

namespace Metering.Cloud.Commands;

/// <summary>The answer as text: the number with its uncertainty first.</summary>
internal static class SavingsText
{
    private const int MostTerms = 40;

    public static void Write(TextWriter output, SavingsRequest request, SavingsAnswer answer)
    {
        if (answer.Result is not { } result)
        {
            output.WriteLine($"No saving is stated for '{request.Use}'; the reasons are on the error stream.");
            return;
        }

        BaselineFit fit = result.Fit;
        output.WriteLine(Invariant($"Saving      {result.Savings:N1} ± {result.HalfWidth:N1} ({request.ConfidencePercent:0.#} %) in the unit of '{request.Use}', {CsvNames.Kebab(result.Kind)}"));
        output.WriteLine(Invariant($"            {result.SavingsPercent:0.00} % of what would have been used; P(saving > 0) = {result.ProbabilityOfSaving:0.0000}"));
        if (result.ProbabilityOfClaim is { } claim)
        {
            output.WriteLine(Invariant($"Claim       P(saving >= {request.Claim:N1}) = {claim:0.0000}"));
        }

        output.WriteLine(Invariant($"Would be    {result.Counterfactual:N1}"));
        output.WriteLine(Invariant($"Metered     {result.Metered:N1} in {result.MeteredByRow.Count} rows, {result.CoveragePercent:0.0} % of the reporting period"));
        output.WriteLine(Invariant($"Baseline    {CsvNames.Kebab(fit.Model)}, n = {fit.N}, p = {fit.P}, R2 {fit.R2:0.000}, CV(RMSE) {100 * fit.CvRmse:0.00} %, {100 * fit.Coverage:0.0} % covered"));
        for (int j = 0; j < Math.Min(fit.Coefficients.Count, MostTerms); j++)
        {
            string error = j < fit.StandardErrors.Count ? Invariant($"  ± {fit.StandardErrors[j]:G4}  p {fit.PValues[j]:0.0000}") : "";
            output.WriteLine(Invariant($"            {CoefficientName(fit, j),-24} {fit.Coefficients[j],16:G8}{error}"));
        }

        WriteMore(output, request, answer, result);
    }

    /// <summary>Name of a coefficient; the first is the intercept where the model has one.</summary>
    public static string CoefficientName(BaselineFit fit, int index)
    {
        if (fit.Terms.Count == 0 && fit.P > 1)
        {
            return fit.DriverNames[index];
        }

        return index == 0 ? SavingsJson.Intercept : fit.TermName(index - 1);
    }

    private static void WriteMore(TextWriter output, SavingsRequest request, SavingsAnswer answer, SavingsResult result)
    {
        if (result.Candidates.Count > 1)
        {
            output.WriteLine("Candidates  (the first was chosen; never by its saving)");
            foreach (CandidateModel candidate in result.Candidates)
            {
                string terms = candidate.Terms.Count == 0 ? "mean" : string.Join(" + ", candidate.Terms);
                string score = double.IsNaN(candidate.Bic) ? Invariant($"adj. R2 {candidate.AdjustedR2:0.0000}") : Invariant($"BIC {candidate.Bic:0.0}  left out {100 * candidate.CrossValidatedCvRmse:0.00} %  saving {candidate.Savings:N1}");
                output.WriteLine(Invariant($"            {score}  {terms}"));
            }
        }

        WriteEvents(output, request, answer, result);
        if (answer.Detectable is { } detectable)
        {
            output.WriteLine(Invariant($"Detectable  {detectable.Percent:0.00} % of use is the smallest saving that this baseline can tell from zero over {detectable.PlannedRows} rows"));
        }

        (double guideline, double sunBaltazar) = SavingsCompatibility.HalfWidths(result);
        if (double.IsFinite(guideline))
        {
            output.WriteLine(Invariant($"For comparison, other formulas: ASHRAE Guideline 14 ± {guideline:N1}; Sun and Baltazar ± {sunBaltazar:N1}"));
        }

        output.WriteLine("Tests       (shown, not asked: a model may pass all of them and be wrong)");
        foreach (AcceptanceTest test in answer.Tests)
        {
            string verdict = test.Verdict switch { Verdict.Pass => "pass", Verdict.Fail => "FAIL", _ => "n/a " };
            string limit = double.IsNaN(test.Threshold) ? "" : Invariant($"  {Sign(test.Comparison)} {test.Threshold:0.####}");
            output.WriteLine(Invariant($"            {verdict}  {CsvNames.Kebab(test.Standard),-24} {test.Name}: {test.Value:0.####}{limit}"));
        }
    }

    private static void WriteEvents(TextWriter output, SavingsRequest request, SavingsAnswer answer, SavingsResult result)
    {
        if (request.Events == EventHandling.None)
        {
            return;
        }

        if (answer.Events.Count == 0)
        {
            output.WriteLine("Events      none found");
            return;
        }

        output.WriteLine(request.Events == EventHandling.Propose
            ? "Events      proposed; the saving above is without any adjustment. Decide each line, save them, and give the file to --events apply:FILE"
            : Invariant($"Events      adjusted for; without them the saving is {answer.WithoutEvents!.Savings:N1} ± {answer.WithoutEvents.HalfWidth:N1}"));
        output.WriteLine($"            {CsvEvents.Header}");
        foreach (ToldEvent told in answer.Events)
        {
            EventProposal proposal = told.Event;
            string last = proposal.ToUtcMilliseconds is { } to ? Day(to - 1, request.Zone) : "";
            string decision = told.Decision is { } decided ? CsvEvents.Name(decided.Kind)
                : EventProposals.IsLeftWithProject(proposal) ? CsvEvents.Name(EventDecisionKind.ProjectEffect)
                : CsvEvents.Name(proposal.ToUtcMilliseconds is null ? EventDecisionKind.NonRoutinePermanent : EventDecisionKind.NonRoutineTemporary);
            double size = told.Size?.UsePerRow ?? proposal.SizePerInterval;
            string shown = double.IsFinite(size) ? Invariant($"   # {CsvNames.Kebab(proposal.Kind)}, {size:+0.####;-0.####} a row{(told.Size is { } known ? Invariant($" ± {known.StandardError:G3} (standard error)") : "")}") : "";
            output.WriteLine($"            {Day(proposal.FromUtcMilliseconds, request.Zone)},{last},{decision},{told.Decision?.Person},{told.Decision?.Reason}{shown}");
        }
    }

    private static string Day(long utcMilliseconds, TimeZoneInfo zone) =>
        Metering.Analytics.Intervals.PlantCalendar.DayOf(utcMilliseconds, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Sign(Comparison comparison) => comparison switch { Comparison.AtLeast => ">=", Comparison.Below => "<", _ => "<=" };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
