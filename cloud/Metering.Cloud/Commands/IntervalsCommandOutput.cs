using System.Globalization;
using Metering.Analytics.Intervals;

namespace Metering.Cloud.Commands;

/// <summary>Intervals as JSON and as text.</summary>
internal static class IntervalsOutput
{
    public static void WriteJson(TextWriter output, IntervalSeries series)
    {
        using CsvJson json = new(output);
        json.Writer.WriteStartObject();
        json.Writer.WriteStartArray("intervals");
        for (int i = 0; i < series.Value.Count; i++)
        {
            json.Writer.WriteStartObject();
            json.Instant("start", series.StartUtcMilliseconds[i]);
            json.Number("value", series.Value[i]);
            json.Writer.WriteString("code", CsvNames.Kebab(series.Code[i]));
            if (series.Code[i] == IntervalCode.Missing && series.KnownMilliseconds[i] > 0)
            {
                json.Number("knownPart", Units(series.KnownScaled[i], series.Exponent));
            }

            json.Writer.WriteEndObject();
            json.Pass();
        }

        json.Writer.WriteEndArray();
        json.Number("total", series.Total);
        json.Writer.WriteStartArray("segments");
        foreach (CounterSegment segment in series.Segments)
        {
            json.Writer.WriteStartObject();
            json.Instant("start", segment.StartUtcMilliseconds);
            json.Instant("end", segment.EndUtcMilliseconds);
            json.Number("first", Units(segment.First, series.Exponent));
            json.Number("last", Units(segment.Last, series.Exponent));
            json.Writer.WriteString("reason", CsvNames.Kebab(segment.Reason));
            json.Writer.WriteEndObject();
            json.Pass();
        }

        json.Writer.WriteEndArray();
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

    public static void WriteText(TextWriter output, IntervalSeries series)
    {
        int[] counts = new int[Enum.GetValues<IntervalCode>().Length];
        foreach (IntervalCode code in series.Code)
        {
            counts[(int)code]++;
        }

        output.WriteLine(Invariant($"Total       {series.Total} in {series.Value.Count} intervals"));
        foreach (IntervalCode code in Enum.GetValues<IntervalCode>())
        {
            if (counts[(int)code] > 0)
            {
                output.WriteLine(Invariant($"            {counts[(int)code],8} {CsvNames.Kebab(code)}"));
            }
        }

        foreach (CounterSegment segment in series.Segments)
        {
            output.WriteLine(Invariant($"Segment     {CsvJson.Text(segment.StartUtcMilliseconds)} to {CsvJson.Text(segment.EndUtcMilliseconds)}: {Units(segment.First, series.Exponent)} to {Units(segment.Last, series.Exponent)} ({CsvNames.Kebab(segment.Reason)})"));
        }

        foreach (IntervalFinding finding in series.Findings)
        {
            output.WriteLine(Invariant($"Finding     {CsvJson.Text(finding.UtcMilliseconds)} {CsvNames.Kebab(finding.Kind)}: {finding.Detail}"));
        }
    }

    private static double Units(long scaled, int exponent) =>
        double.Parse($"{scaled.ToString(CultureInfo.InvariantCulture)}E-{exponent.ToString(CultureInfo.InvariantCulture)}", NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
