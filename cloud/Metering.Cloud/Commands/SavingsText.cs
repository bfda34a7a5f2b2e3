using System.Globalization;
using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Analytics.Events;
using Metering.Analytics.Savings;
using Metering.Cloud.Texts;
using Verdict = Metering.Analytics.Acceptance.Verdict;

namespace Metering.Cloud.Commands;

/// <summary>The answer as text: the number with its uncertainty first.</summary>
/// <param name="output">Where it is written.</param>
/// <param name="language">The language.</param>
/// <param name="request">What was asked for.</param>
internal sealed class SavingsText(TextWriter output, Language language, SavingsRequest request)
{
    private const int MostTerms = 40;

    /// <summary>Writes an answer.</summary>
    public void Write(SavingsAnswer answer)
    {
        if (answer.Result is not { } result)
        {
            Line("No se declara ningún ahorro para «{0}»; los motivos están en la salida de errores.", $"No saving is stated for '{request.Use}'; the reasons are on the error stream.");
            return;
        }

        BaselineFit fit = result.Fit;
        Line("Ahorro      {0:N1} ± {1:N1} ({2:0.#} %) en la unidad de «{3}», {4}", $"Saving      {result.Savings:N1} ± {result.HalfWidth:N1} ({request.ConfidencePercent:0.#} %) in the unit of '{request.Use}', {KindName(result.Kind)}");
        Line("            {0:0.00} % de lo que se habría consumido; P(ahorro > 0) = {1:0.0000}", $"            {result.SavingsPercent:0.00} % of what would have been used; P(saving > 0) = {result.ProbabilityOfSaving:0.0000}");
        if (result.ProbabilityOfClaim is { } claim)
        {
            Line("Declarado   P(ahorro >= {0:N1}) = {1:0.0000}", $"Claim       P(saving >= {request.Claim:N1}) = {claim:0.0000}");
        }

        Line("Habría sido {0:N1}", $"Would be    {result.Counterfactual:N1}");
        Line("Medido      {0:N1} en {1} renglones, {2:0.0} % del periodo de reporte", $"Metered     {result.Metered:N1} in {result.MeteredByRow.Count} rows, {result.CoveragePercent:0.0} % of the reporting period");
        Line(
            "Línea base  {0}, n = {1}, p = {2}, R2 {3:0.000}, CV(RMSE) {4:0.00} %, {5:0.0} % cubierto",
            $"Baseline    {ModelName(fit.Model)}, n = {fit.N}, p = {fit.P}, R2 {fit.R2:0.000}, CV(RMSE) {100 * fit.CvRmse:0.00} %, {100 * fit.Coverage:0.0} % covered");
        for (int j = 0; j < Math.Min(fit.Coefficients.Count, MostTerms); j++)
        {
            string error = j < fit.StandardErrors.Count ? Invariant($"  ± {fit.StandardErrors[j]:G4}  p {fit.PValues[j]:0.0000}") : "";
            output.WriteLine(Invariant($"            {Coefficient(fit, j),-24} {fit.Coefficients[j],16:G8}{error}"));
        }

        foreach (ModelBreakpoint point in result.Breakpoints)
        {
            string bounds = double.IsNaN(point.Bounds.Low) ? "" : language.Say(" ({0:0.#} %: de {1} a {2})", $" ({request.ConfidencePercent:0.#} %: {Bound(point.Bounds.Low)} to {Bound(point.Bounds.High)})");
            string side = point.Side == TermKind.Below ? language.Say("debajo", $"below") : language.Say("arriba", $"above");
            Line("Quiebre     {0} {1:0.####}{2}{3}, pendiente {4}", $"Breakpoint  {point.Driver} {point.Value:0.####}{point.Unit}{bounds}, slope {side}");
        }

        WriteMore(answer, result);
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

    private void WriteMore(SavingsAnswer answer, SavingsResult result)
    {
        if (result.Candidates.Count > 1)
        {
            Line("Candidatos  (se eligió el primero; nunca por su ahorro)", $"Candidates  (the first was chosen; never by its saving)");
            foreach (CandidateModel candidate in result.Candidates)
            {
                string terms = candidate.Terms.Count == 0 ? language.Say("promedio", $"mean") : string.Join(" + ", candidate.Terms);
                string saving = double.IsNaN(candidate.Savings)
                    ? language.Say("no aplica: fuera de lo que ha visto", $"not applicable: outside what it has seen")
                    : language.Say("ahorro {0:N1}", $"saving {candidate.Savings:N1}");
                string score = double.IsNaN(candidate.Bic)
                    ? language.Say("R2 ajustada {0:0.0000}", $"adj. R2 {candidate.AdjustedR2:0.0000}")
                    : language.Say("BIC {0:0.0}  en bloques no vistos {1:0.00} %  {2}", $"BIC {candidate.Bic:0.0}  left out {100 * candidate.CrossValidatedCvRmse:0.00} %  {saving}");
                output.WriteLine(Invariant($"            {score}  {terms}"));
            }
        }

        WriteEvents(answer);
        if (answer.Detectable is { } detectable)
        {
            Line(
                "Detectable  {0:0.00} % del consumo es el menor ahorro que esta línea base distingue de cero en {1} renglones",
                $"Detectable  {detectable.Percent:0.00} % of use is the smallest saving that this baseline can tell from zero over {detectable.PlannedRows} rows");
        }

        (double guideline, double sunBaltazar) = SavingsCompatibility.HalfWidths(result);
        if (double.IsFinite(guideline))
        {
            Line("Para comparar, otras fórmulas: ASHRAE Guideline 14 ± {0:N1}; Sun y Baltazar ± {1:N1}", $"For comparison, other formulas: ASHRAE Guideline 14 ± {guideline:N1}; Sun and Baltazar ± {sunBaltazar:N1}");
        }

        WriteTests(answer);
    }

    private void WriteTests(SavingsAnswer answer)
    {
        Line("Pruebas     (se muestran, no se exigen: un modelo puede pasarlas todas y estar equivocado)", $"Tests       (shown, not asked: a model may pass all of them and be wrong)");
        foreach (AcceptanceTest test in answer.Tests)
        {
            string verdict = test.Verdict switch { Verdict.Pass => language.Say("pasa", $"pass"), Verdict.Fail => language.Say("NO  ", $"FAIL"), _ => "n/a " };
            string limit = double.IsNaN(test.Threshold) ? "" : Invariant($"  {Sign(test.Comparison)} {test.Threshold:0.####}");
            string value = double.IsNaN(test.Value) ? language.Say("no se sabe", $"not known") : Invariant($"{test.Value:0.####}");
            output.WriteLine($"            {verdict}  {StandardName(test.Standard),-24} {(language == Language.Spanish ? AcceptanceTexts.Name(test.Name).In(language) : test.Name)}: {value}{limit}");
        }
    }

    private void WriteEvents(SavingsAnswer answer)
    {
        if (request.Events == EventHandling.None)
        {
            return;
        }

        if (answer.Events.Count == 0)
        {
            Line("Eventos     no se encontró ninguno", $"Events      none found");
            return;
        }

        output.WriteLine(request.Events switch
        {
            EventHandling.Propose => language.Say("Eventos     propuestos; el ahorro de arriba no lleva ningún ajuste", $"Events      proposed; the saving above is without any adjustment"),
            EventHandling.Apply => language.Say(
                "Eventos     ajustados como se propusieron, sin que una persona lo diga; sin ellos el ahorro es {0:N1} ± {1:N1}",
                $"Events      adjusted for as proposed, without a person's word; without them the saving is {answer.WithoutEvents!.Savings:N1} ± {answer.WithoutEvents.HalfWidth:N1}"),
            _ => language.Say(
                "Eventos     como se decidió; sin ajustes el ahorro es {0:N1} ± {1:N1}",
                $"Events      as decided; without adjustments the saving is {answer.WithoutEvents!.Savings:N1} ± {answer.WithoutEvents.HalfWidth:N1}"),
        });
        foreach (ToldEvent told in answer.Events)
        {
            output.WriteLine($"            {Describe(told)}");
        }

        if (request.Events == EventHandling.ApplyFile)
        {
            return;
        }

        Line("Decisiones  corrija estos renglones, ponga en cada uno una persona y un motivo, y dé el archivo a --events apply:FILE", $"Decisions   correct these lines, put a person and a reason on each, and give the file to --events apply:FILE");
        output.WriteLine($"            {CsvEvents.Header}");
        foreach (ToldEvent told in answer.Events)
        {
            output.WriteLine($"            {Decision(told)}");
        }
    }

    private string Describe(ToldEvent told)
    {
        EventProposal proposal = told.Event;
        string last = proposal.ToUtcMilliseconds is { } to ? language.Say("al {0}", $"to {Day(to - 1)}") : language.Say("al final", $"to the end");
        double size = told.Size?.UsePerRow ?? proposal.SizePerInterval;
        string shown = double.IsFinite(size) ? language.Say(", {0:+#,0.####;-#,0.####} por renglón", $", {size:+#,0.####;-#,0.####} a row") : "";
        string error = told.Size is { } known ? language.Say(" ± {0:#,0.####} (error estándar)", $" ± {known.StandardError:#,0.####} (standard error)") : "";
        string near = EventProposals.IsLeftWithProject(proposal) ? language.Say("; empieza cerca de la instalación y puede ser el proyecto mismo: no se ajusta", $"; begins near the installation and may be the project itself: not adjusted for") : "";
        string decided = told.Decision is { } decision ? $"; {CsvEvents.Name(decision.Kind)}, {decision.Person}: {decision.Reason}" : "";
        string kind = language == Language.Spanish ? EventTexts.Kind(proposal.Kind).In(language) : CsvNames.Kebab(proposal.Kind);
        return language.Say("{0} del {1} {2}{3}{4}{5}{6}", $"{kind} from {Day(proposal.FromUtcMilliseconds)} {last}{shown}{error}{near}{decided}");
    }

    private string Decision(ToldEvent told)
    {
        EventProposal proposal = told.Event;
        string last = proposal.ToUtcMilliseconds is { } to ? Day(to - 1) : "";
        EventDecisionKind kind = EventProposals.IsLeftWithProject(proposal) ? EventDecisionKind.ProjectEffect
            : proposal.ToUtcMilliseconds is null ? EventDecisionKind.NonRoutinePermanent
            : EventDecisionKind.NonRoutineTemporary;
        return $"{Day(proposal.FromUtcMilliseconds)},{last},{CsvEvents.Name(kind)},,";
    }

    private string Bound(double bound) => double.IsInfinity(bound) ? language.Say("los datos no lo acotan", $"not bounded by the data") : Invariant($"{bound:0.####}");

    private string KindName(SavingsKind kind) => kind switch
    {
        SavingsKind.Backcast => language.Say("calculado hacia atrás", $"backcast"),
        SavingsKind.Normalised => language.Say("normalizado", $"normalised"),
        _ => language.Say("evitado", $"avoided"),
    };

    private string Coefficient(BaselineFit fit, int index) =>
        index == 0 && CoefficientName(fit, index) == SavingsJson.Intercept ? language.Say("intercepto", $"{SavingsJson.Intercept}") : CoefficientName(fit, index);

    private string Day(long utcMilliseconds) =>
        Metering.Analytics.Intervals.PlantCalendar.DayOf(utcMilliseconds, request.Zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Sign(Comparison comparison) => comparison switch { Comparison.AtLeast => ">=", Comparison.Below => "<", _ => "<=" };

    private void Line(string spanish, FormattableString english) => output.WriteLine(language.Say(spanish, english));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
