using Metering.Analytics.Intervals;
using Metering.Analytics.Validation;

namespace Metering.Cloud.Commands;

/// <summary>Intervals as one JSON object. Keys of edits, estimation and checks are there when those were asked for.</summary>
internal static class IntervalsJson
{
    public static void Write(TextWriter output, IntervalsAnswer answer)
    {
        IntervalSeries series = answer.Series;
        using CsvJson json = new(output);
        json.Writer.WriteStartObject();
        json.Writer.WriteStartArray("intervals");
        for (int i = 0; i < series.Value.Count; i++)
        {
            WriteInterval(json, answer, i);
        }

        json.Writer.WriteEndArray();
        json.Number("total", series.Total);
        WriteSegments(json, series);
        WriteFindings(json, series);
        if (answer.Validated is { } validated)
        {
            WriteSummary(json, validated, IntervalsSummary.Of(series, validated));
        }

        WriteEdits(json, answer.Edits);
        WriteReplacements(json, answer.Replacements);
        WriteChecks(json, answer.Checks);
        json.Writer.WriteEndObject();
        json.Finish();
    }

    public static void WriteRefusal(TextWriter output, string kind, string reason)
    {
        using CsvJson json = new(output);
        json.Writer.WriteStartObject();
        json.Writer.WriteStartArray("intervals");
        json.Writer.WriteEndArray();
        json.Writer.WriteNull("total");
        json.Writer.WriteStartArray("segments");
        json.Writer.WriteEndArray();
        json.Writer.WriteStartArray("findings");
        json.Writer.WriteStartObject();
        json.Writer.WriteString("kind", kind);
        json.Writer.WriteNull("time");
        json.Writer.WriteString("detail", reason);
        json.Writer.WriteEndObject();
        json.Writer.WriteEndArray();
        json.Writer.WriteEndObject();
        json.Finish();
    }

    private static void WriteInterval(CsvJson json, IntervalsAnswer answer, int interval)
    {
        IntervalSeries series = answer.Series;
        ValidatedSeries? validated = answer.Validated;
        json.Writer.WriteStartObject();
        json.Instant("start", series.StartUtcMilliseconds[interval]);
        json.Number("value", validated is null ? series.Value[interval] : validated.Value[interval]);
        json.Writer.WriteString("code", CsvNames.Kebab(validated is null ? series.Code[interval] : validated.Code[interval]));
        if (series.Code[interval] == IntervalCode.Missing && series.KnownMilliseconds[interval] > 0)
        {
            json.Number("knownPart", IntervalsAnswer.Units(series.KnownScaled[interval], series.Exponent));
        }

        if (validated is not null && validated.Method[interval] != EstimationMethod.None)
        {
            json.Number("variance", validated.Variance[interval]);
            json.Writer.WriteString("method", CsvNames.Kebab(validated.Method[interval]));
        }

        if (validated is not null && validated.Edit[interval] > 0)
        {
            json.Number("original", series.Value[interval]);
            json.Writer.WriteString("originalCode", CsvNames.Kebab(series.Code[interval]));
            json.Writer.WriteNumber("edit", validated.Edit[interval]);
        }

        json.Writer.WriteEndObject();
        json.Pass();
    }

    private static void WriteSegments(CsvJson json, IntervalSeries series)
    {
        json.Writer.WriteStartArray("segments");
        foreach (CounterSegment segment in series.Segments)
        {
            json.Writer.WriteStartObject();
            json.Instant("start", segment.StartUtcMilliseconds);
            json.Instant("end", segment.EndUtcMilliseconds);
            json.Number("first", IntervalsAnswer.Units(segment.First, series.Exponent));
            json.Number("last", IntervalsAnswer.Units(segment.Last, series.Exponent));
            json.Writer.WriteString("reason", CsvNames.Kebab(segment.Reason));
            json.Writer.WriteEndObject();
            json.Pass();
        }

        json.Writer.WriteEndArray();
    }

    private static void WriteFindings(CsvJson json, IntervalSeries series)
    {
        json.Writer.WriteStartArray("findings");
        foreach (IntervalFinding finding in series.Findings)
        {
            json.Writer.WriteStartObject();
            json.Writer.WriteString("kind", CsvNames.Kebab(finding.Kind));
            json.Instant("time", finding.UtcMilliseconds);
            json.Writer.WriteString("detail", finding.Detail);
            json.Writer.WriteEndObject();
            json.Pass();
        }

        json.Writer.WriteEndArray();
    }

    private static void WriteSummary(CsvJson json, ValidatedSeries validated, IntervalsSummary summary)
    {
        int[] counts = IntervalsText.CountCodes(validated.Code);
        json.Writer.WriteStartObject("summary");
        json.Number("total", summary.Total);
        json.Number("totalOfKnown", summary.UseOfKnown);
        json.Number("estimatedUse", summary.EstimatedUse);
        json.Number("estimatedShare", summary.EstimatedShare);
        json.Writer.WriteStartObject("counts");
        foreach (IntervalCode code in Enum.GetValues<IntervalCode>())
        {
            json.Writer.WriteNumber(CsvNames.Kebab(code), counts[(int)code]);
        }

        json.Writer.WriteEndObject();
        json.Writer.WriteEndObject();
    }

    private static void WriteEdits(CsvJson json, IReadOnlyList<CsvEdit>? edits)
    {
        if (edits is null)
        {
            return;
        }

        HashSet<int> withdrawn = [.. edits.Select(edit => edit.Edit.Withdraws)];
        json.Writer.WriteStartArray("edits");
        foreach (CsvEdit line in edits)
        {
            IntervalEdit edit = line.Edit;
            json.Writer.WriteStartObject();
            json.Writer.WriteNumber("edit", edit.Number);
            json.Writer.WriteString("kind", CsvNames.Kebab(edit.Kind));
            if (edit.Kind == EditKind.Withdraw)
            {
                json.Writer.WriteNumber("withdraws", edit.Withdraws);
            }
            else
            {
                json.Instant("from", edit.FromUtcMilliseconds);
                json.Instant("to", edit.ToUtcMilliseconds);
                json.Number("value", edit.ValuePerInterval);
                json.Writer.WriteBoolean("keepsTotal", line.KeepsTotal);
                json.Writer.WriteBoolean("withdrawn", withdrawn.Contains(edit.Number));
            }

            json.Writer.WriteString("person", edit.Person);
            json.Writer.WriteString("reason", edit.Reason);
            json.Writer.WriteEndObject();
            json.Pass();
        }

        json.Writer.WriteEndArray();
    }

    private static void WriteReplacements(CsvJson json, IReadOnlyList<RecordedReplacement>? replacements)
    {
        if (replacements is null)
        {
            return;
        }

        json.Writer.WriteStartArray("replacements");
        foreach (RecordedReplacement replacement in replacements)
        {
            json.Writer.WriteStartObject();
            json.Instant("at", replacement.UtcMilliseconds);
            json.Number("final", Units(replacement.Final));
            json.Number("initial", Units(replacement.Initial));
            json.Writer.WriteString("person", replacement.Person);
            json.Writer.WriteString("reason", replacement.Reason);
            json.Writer.WriteEndObject();
        }

        json.Writer.WriteEndArray();
    }

    private static void WriteChecks(CsvJson json, IntervalsChecks? checks)
    {
        if (checks is null)
        {
            return;
        }

        json.Writer.WriteStartArray("checks");
        foreach (ValidationFinding finding in checks.Findings)
        {
            json.Writer.WriteStartObject();
            json.Writer.WriteString("rule", CsvNames.Kebab(finding.Rule));
            json.Writer.WriteNumber("version", finding.RuleVersion);
            json.Writer.WriteString("channel", finding.Channel);
            json.Instant("from", finding.FromUtcMilliseconds);
            json.Instant("to", finding.ToUtcMilliseconds);
            json.Number("value", finding.Value);
            json.Number("limit", finding.Limit);
            json.Writer.WriteString("detail", IntervalsChecks.Detail(finding, Language.English));
            json.Writer.WriteEndObject();
            json.Pass();
        }

        json.Writer.WriteEndArray();
        json.Writer.WriteStartObject("checkCounts");
        foreach (ValidationRule rule in Enum.GetValues<ValidationRule>())
        {
            json.Count(CsvNames.Kebab(rule), checks.Count(rule));
        }

        json.Writer.WriteEndObject();
    }

    private static double? Units((long Mantissa, int Decimals)? register) =>
        register is { } known ? IntervalsAnswer.Units(known.Mantissa, known.Decimals) : null;
}
