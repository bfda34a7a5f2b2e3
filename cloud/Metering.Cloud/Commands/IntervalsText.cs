using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Analytics.Validation;

namespace Metering.Cloud.Commands;

/// <summary>Intervals as text: totals, counts and findings.</summary>
internal static class IntervalsText
{
    private const int FindingsShown = 3;

    public static void Write(TextWriter output, IntervalsAnswer answer)
    {
        IntervalSeries series = answer.Series;
        output.WriteLine(Invariant($"Total       {series.Total} in {series.Value.Count} intervals"));
        WriteCounts(output, CountCodes([.. series.Code]));
        foreach (CounterSegment segment in series.Segments)
        {
            output.WriteLine(Invariant($"Segment     {CsvJson.Text(segment.StartUtcMilliseconds)} to {CsvJson.Text(segment.EndUtcMilliseconds)}: {IntervalsAnswer.Units(segment.First, series.Exponent)} to {IntervalsAnswer.Units(segment.Last, series.Exponent)} ({CsvNames.Kebab(segment.Reason)})"));
        }

        foreach (IntervalFinding finding in series.Findings)
        {
            output.WriteLine(Invariant($"Finding     {CsvJson.Text(finding.UtcMilliseconds)} {CsvNames.Kebab(finding.Kind)}: {finding.Detail}"));
        }

        foreach (CsvEdit line in answer.Edits ?? [])
        {
            WriteEdit(output, line.Edit);
        }

        if (answer.Validated is { } validated)
        {
            WriteValidated(output, validated, IntervalsSummary.Of(series, validated));
        }

        if (answer.Checks is { } checks)
        {
            WriteChecks(output, checks);
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

    private static void WriteCounts(TextWriter output, int[] counts)
    {
        foreach (IntervalCode code in Enum.GetValues<IntervalCode>())
        {
            if (counts[(int)code] > 0)
            {
                output.WriteLine(Invariant($"            {counts[(int)code],8} {CsvNames.Kebab(code)}"));
            }
        }
    }

    private static void WriteEdit(TextWriter output, IntervalEdit edit)
    {
        string range = $"{CsvJson.Text(edit.FromUtcMilliseconds)} to {CsvJson.Text(edit.ToUtcMilliseconds)}";
        string what = edit.Kind switch
        {
            EditKind.SetValue => Invariant($"{range} set to {edit.ValuePerInterval} an interval"),
            EditKind.Reject => $"{range} rejected",
            EditKind.Withdraw => Invariant($"line {edit.Withdraws} withdrawn"),
            _ => throw new ArgumentOutOfRangeException(nameof(edit), edit.Kind, "There is no such edit."),
        };
        output.WriteLine(Invariant($"Edit {edit.Number,-6} {what} ({edit.Person}: {edit.Reason})"));
    }

    private static void WriteValidated(TextWriter output, ValidatedSeries validated, IntervalsSummary summary)
    {
        output.WriteLine(summary.WithoutValue == 0
            ? Invariant($"Validated   {summary.Total} in {validated.Count} intervals")
            : Invariant($"Validated   no total: {summary.WithoutValue} of {validated.Count} intervals have no value; the others add up to {summary.UseOfKnown}"));
        WriteCounts(output, CountCodes(validated.Code));
        string share = double.IsNaN(summary.EstimatedShare) ? "" : Invariant($", {100 * summary.EstimatedShare:0.0#} % of the use");
        output.WriteLine(Invariant($"Estimated   {summary.EstimatedUse}{share}"));
    }

    private static void WriteChecks(TextWriter output, IntervalsChecks checks)
    {
        output.WriteLine("Checks");
        foreach (ValidationRule rule in Enum.GetValues<ValidationRule>())
        {
            if (checks.Count(rule) is not { } count)
            {
                continue;
            }

            output.WriteLine(Invariant($"            {count,8} {CsvNames.Kebab(rule)}"));
            foreach (ValidationFinding finding in checks.Findings.Where(finding => finding.Rule == rule).Take(FindingsShown))
            {
                output.WriteLine(Invariant($"                     {CsvJson.Text(finding.FromUtcMilliseconds)} to {CsvJson.Text(finding.ToUtcMilliseconds)}: {IntervalsChecks.Detail(finding)}"));
            }

            if (count > FindingsShown)
            {
                output.WriteLine(Invariant($"                     and {count - FindingsShown} more"));
            }
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
