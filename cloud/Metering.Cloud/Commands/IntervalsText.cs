using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Analytics.Validation;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Commands;

/// <summary>Intervals as text: totals, counts and findings.</summary>
/// <param name="output">Where it is written.</param>
/// <param name="language">The language.</param>
internal sealed class IntervalsText(TextWriter output, Language language)
{
    private const int FindingsShown = 3;

    /// <summary>Writes an answer.</summary>
    public void Write(IntervalsAnswer answer)
    {
        IntervalSeries series = answer.Series;
        Line("Total       {0} en {1} intervalos", $"Total       {series.Total} in {series.Value.Count} intervals");
        WriteCounts(CountCodes([.. series.Code]));
        foreach (CounterSegment segment in series.Segments)
        {
            string reason = language == Language.Spanish ? IntervalTexts.Of(segment.Reason) : CsvNames.Kebab(segment.Reason);
            Line(
                "Tramo       {0} a {1}: de {2} a {3} ({4})",
                $"Segment     {CsvJson.Text(segment.StartUtcMilliseconds)} to {CsvJson.Text(segment.EndUtcMilliseconds)}: {IntervalsAnswer.Units(segment.First, series.Exponent)} to {IntervalsAnswer.Units(segment.Last, series.Exponent)} ({reason})");
        }

        foreach (IntervalFinding finding in series.Findings)
        {
            string detail = language == Language.Spanish ? IntervalTexts.Detail(finding) : finding.Detail;
            string kind = language == Language.Spanish ? ReasonTexts.Of(finding.Kind).In(language) : CsvNames.Kebab(finding.Kind);
            Line("Hallazgo    {0} {1}: {2}", $"Finding     {CsvJson.Text(finding.UtcMilliseconds)} {kind}: {detail}");
        }

        foreach (CsvEdit line in answer.Edits ?? [])
        {
            WriteEdit(line.Edit);
        }

        if (answer.Validated is { } validated)
        {
            WriteValidated(validated, IntervalsSummary.Of(series, validated));
        }

        if (answer.Checks is { } checks)
        {
            WriteChecks(checks);
        }
    }

    /// <summary>How many intervals have each code.</summary>
    public static int[] CountCodes(ReadOnlySpan<IntervalCode> codes)
    {
        int[] counts = new int[Enum.GetValues<IntervalCode>().Length];
        foreach (IntervalCode code in codes)
        {
            counts[(int)code]++;
        }

        return counts;
    }

    private void WriteCounts(int[] counts)
    {
        foreach (IntervalCode code in Enum.GetValues<IntervalCode>())
        {
            if (counts[(int)code] > 0)
            {
                output.WriteLine(Invariant($"            {counts[(int)code],8} {(language == Language.Spanish ? IntervalTexts.Of(code) : CsvNames.Kebab(code))}"));
            }
        }
    }

    private void WriteEdit(IntervalEdit edit)
    {
        string range = Range(edit.FromUtcMilliseconds, edit.ToUtcMilliseconds);
        string what = edit.Kind switch
        {
            EditKind.SetValue => language.Say("{0} puesto en {1} por intervalo", $"{range} set to {edit.ValuePerInterval} an interval"),
            EditKind.Reject => language.Say("{0} rechazado", $"{range} rejected"),
            EditKind.Withdraw => language.Say("se retira la línea {0}", $"line {edit.Withdraws} withdrawn"),
            _ => throw new ArgumentOutOfRangeException(nameof(edit), edit.Kind, "There is no such edit."),
        };
        Line("Línea {0,-5} {1} ({2}: {3})", $"Edit {edit.Number,-6} {what} ({edit.Person}: {edit.Reason})");
    }

    private void WriteValidated(ValidatedSeries validated, IntervalsSummary summary)
    {
        output.WriteLine(summary.WithoutValue == 0
            ? language.Say("Validado    {0} en {1} intervalos", $"Validated   {summary.Total} in {validated.Count} intervals")
            : language.Say(
                "Validado    sin total: {0} de {1} intervalos no tienen valor; los otros suman {2}",
                $"Validated   no total: {summary.WithoutValue} of {validated.Count} intervals have no value; the others add up to {summary.UseOfKnown}"));
        WriteCounts(CountCodes(validated.Code));
        string share = double.IsNaN(summary.EstimatedShare) ? "" : language.Say(", {0:0.0#} % del consumo", $", {100 * summary.EstimatedShare:0.0#} % of the use");
        Line("Estimado    {0}{1}", $"Estimated   {summary.EstimatedUse}{share}");
    }

    private void WriteChecks(IntervalsChecks checks)
    {
        Line("Revisiones", $"Checks");
        foreach (ValidationRule rule in Enum.GetValues<ValidationRule>())
        {
            if (checks.Count(rule) is not { } count)
            {
                continue;
            }

            output.WriteLine(Invariant($"            {count,8} {(language == Language.Spanish ? IntervalTexts.Of(rule) : CsvNames.Kebab(rule))}"));
            foreach (ValidationFinding finding in checks.Findings.Where(finding => finding.Rule == rule).Take(FindingsShown))
            {
                output.WriteLine(Invariant($"                     {Range(finding.FromUtcMilliseconds, finding.ToUtcMilliseconds)}: {IntervalsChecks.Detail(finding, language)}"));
            }

            if (count > FindingsShown)
            {
                Line("                     y {0} más", $"                     and {count - FindingsShown} more");
            }
        }
    }

    private string Range(long from, long to) => language.Say("{0} a {1}", $"{CsvJson.Text(from)} to {CsvJson.Text(to)}");

    private void Line(string spanish, FormattableString english) => output.WriteLine(language.Say(spanish, english));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
