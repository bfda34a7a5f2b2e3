using System.Globalization;
using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Analytics.Events;
using Metering.Analytics.Savings;
using Verdict = Metering.Analytics.Acceptance.Verdict;

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
        output.WriteLine(Invariant($"Baseline    {ModelName(fit.Model)}, n = {fit.N}, p = {fit.P}, R2 {fit.R2:0.000}, CV(RMSE) {100 * fit.CvRmse:0.00} %, {100 * fit.Coverage:0.0} % covered"));
        for (int j = 0; j < Math.Min(fit.Coefficients.Count, MostTerms); j++)
        {
            string error = j < fit.StandardErrors.Count ? Invariant($"  ± {fit.StandardErrors[j]:G4}  p {fit.PValues[j]:0.0000}") : "";
            output.WriteLine(Invariant($"            {CoefficientName(fit, j),-24} {fit.Coefficients[j],16:G8}{error}"));
        }

        foreach (ModelBreakpoint point in result.Breakpoints)
        {
            string bounds = double.IsNaN(point.Bounds.Low) ? "" : Invariant($" ({request.ConfidencePercent:0.#} %: {Bound(point.Bounds.Low)} to {Bound(point.Bounds.High)})");
            output.WriteLine(Invariant($"Breakpoint  {point.Driver} {point.Value:0.####}{point.Unit}{bounds}, slope {(point.Side == TermKind.Below ? "below" : "above")}"));
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

    /// <summary>The model as the command line names it.</summary>
    public static string ModelName(ModelKind model) => model switch
    {
        ModelKind.ChangePoint => "cp",
        _ => CsvNames.Kebab(model).Replace("cal-track", "caltrack", StringComparison.Ordinal),
    };

    /// <summary>Whose rule an acceptance test is.</summary>
    public static string StandardName(AcceptanceStandard standard) =>
        CsvNames.Kebab(standard).Replace("cal-track", "caltrack", StringComparison.Ordinal);

    private static void WriteMore(TextWriter output, SavingsRequest request, SavingsAnswer answer, SavingsResult result)
    {
        if (result.Candidates.Count > 1)
        {
            output.WriteLine("Candidates  (the first was chosen; never by its saving)");
            foreach (CandidateModel candidate in result.Candidates)
            {
                string terms = candidate.Terms.Count == 0 ? "mean" : string.Join(" + ", candidate.Terms);
                string score = double.IsNaN(candidate.Bic) ? Invariant($"adj. R2 {candidate.AdjustedR2:0.0000}") : Invariant($"BIC {candidate.Bic:0.0}  left out {100 * candidate.CrossValidatedCvRmse:0.00} %  {(double.IsNaN(candidate.Savings) ? "not applicable: outside what it has seen" : Invariant($"saving {candidate.Savings:N1}"))}");
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
            string value = double.IsNaN(test.Value) ? "not known" : Invariant($"{test.Value:0.####}");
            output.WriteLine($"            {verdict}  {StandardName(test.Standard),-24} {test.Name}: {value}{limit}");
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

        output.WriteLine(request.Events switch
        {
            EventHandling.Propose => "Events      proposed; the saving above is without any adjustment",
            EventHandling.Apply => Invariant($"Events      adjusted for as proposed, without a person's word; without them the saving is {answer.WithoutEvents!.Savings:N1} ± {answer.WithoutEvents.HalfWidth:N1}"),
            _ => Invariant($"Events      as decided; without adjustments the saving is {answer.WithoutEvents!.Savings:N1} ± {answer.WithoutEvents.HalfWidth:N1}"),
        });
        foreach (ToldEvent told in answer.Events)
        {
            output.WriteLine($"            {Describe(told, request.Zone)}");
        }

        if (request.Events == EventHandling.ApplyFile)
        {
            return;
        }

        output.WriteLine("Decisions   correct these lines, put a person and a reason on each, and give the file to --events apply:FILE");
        output.WriteLine($"            {CsvEvents.Header}");
        foreach (ToldEvent told in answer.Events)
        {
            output.WriteLine($"            {Line(told, request.Zone)}");
        }
    }

    private static string Describe(ToldEvent told, TimeZoneInfo zone)
    {
        EventProposal proposal = told.Event;
        string last = proposal.ToUtcMilliseconds is { } to ? $"to {Day(to - 1, zone)}" : "to the end";
        double size = told.Size?.UsePerRow ?? proposal.SizePerInterval;
        string shown = double.IsFinite(size) ? Invariant($", {size:+#,0.####;-#,0.####} a row") : "";
        string error = told.Size is { } known ? Invariant($" ± {known.StandardError:#,0.####} (standard error)") : "";
        string near = EventProposals.IsLeftWithProject(proposal) ? "; begins near the installation and may be the project itself: not adjusted for" : "";
        string decided = told.Decision is { } decision ? $"; {CsvEvents.Name(decision.Kind)}, {decision.Person}: {decision.Reason}" : "";
        return $"{CsvNames.Kebab(proposal.Kind)} from {Day(proposal.FromUtcMilliseconds, zone)} {last}{shown}{error}{near}{decided}";
    }

    private static string Line(ToldEvent told, TimeZoneInfo zone)
    {
        EventProposal proposal = told.Event;
        string last = proposal.ToUtcMilliseconds is { } to ? Day(to - 1, zone) : "";
        EventDecisionKind kind = EventProposals.IsLeftWithProject(proposal) ? EventDecisionKind.ProjectEffect
            : proposal.ToUtcMilliseconds is null ? EventDecisionKind.NonRoutinePermanent
            : EventDecisionKind.NonRoutineTemporary;
        return $"{Day(proposal.FromUtcMilliseconds, zone)},{last},{CsvEvents.Name(kind)},,";
    }

    private static string Bound(double bound) => double.IsInfinity(bound) ? "not bounded by the data" : Invariant($"{bound:0.####}");

    private static string Day(long utcMilliseconds, TimeZoneInfo zone) =>
        Metering.Analytics.Intervals.PlantCalendar.DayOf(utcMilliseconds, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Sign(Comparison comparison) => comparison switch { Comparison.AtLeast => ">=", Comparison.Below => "<", _ => "<=" };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
