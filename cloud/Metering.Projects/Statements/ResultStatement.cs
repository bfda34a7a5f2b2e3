using System.Text.Json;
using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;

namespace Metering.Projects.Statements;

/// <summary>
/// The body of a `result` entry: everything a reader of the report sees, and what it was computed from. Equal inputs give equal bytes on every machine; names of
/// persons, and what depends on when it was looked at, are not in it.
/// </summary>
internal static partial class ResultStatement
{
    /// <summary>Most bytes of a result: twenty years of days with fifty drivers take a quarter of it.</summary>
    public const int MaximumLength = 32 * 1024 * 1024;

    /// <summary>The bytes.</summary>
    /// <param name="result">The result.</param>
    /// <param name="sources">What it was computed from.</param>
    public static byte[] Write(ProjectResult result, ResultSources sources) => StatementJson.Write(json =>
    {
        WriteSources(json, result, sources);
        WriteVerdict(json, result);
        WriteSaving(json, result);
        json.WritePropertyName("model");
        WriteModel(json, result);
        WriteMonths(json, result);
        WriteWaterfall(json, result.Waterfall);
        WriteEvents(json, result);
        WriteIndicators(json, result);
        WriteLoad(json, result);
        WriteChannels(json, result, sources);
        WriteDays(json, result);
    });

    /// <summary>What a result was computed from, as its bytes say; the grades are not among it, they follow from the keys.</summary>
    /// <param name="root">The result.</param>
    public static ResultSources SourcesOf(JsonElement root)
    {
        root.RequireVersion("result");
        JsonElement code = root.GetProperty("code");
        return new()
        {
            Plan = root.Whole("plan"),
            Decisions = [.. root.GetProperty("decisions").EnumerateArray().Select(index => index.GetInt64())],
            Production = [.. root.GetProperty("production").EnumerateArray().Select(index => index.GetInt64())],
            Validation = root.Whole("validation"),
            LogSize = root.Whole("logSize"),
            Code = new(code.Text("version"), code.Text("commit"), code.Text("sha256")),
            PartsSha256 = root.Text("sbom"),
            Grades = new Dictionary<string, char>(StringComparer.Ordinal),
        };
    }

    private static void WriteSources(Utf8JsonWriter json, ProjectResult result, ResultSources sources)
    {
        json.WriteNumber("result", 1);
        json.WriteString("project", result.Project.Id);
        json.WriteNumber("plan", sources.Plan);
        WriteIndices(json, "decisions", sources.Decisions);
        WriteIndices(json, "production", sources.Production);
        json.WriteNumber("validation", sources.Validation);
        json.WriteNumber("logSize", sources.LogSize);
        json.WriteStartObject("code");
        json.WriteString("version", sources.Code.Version);
        json.WriteString("commit", sources.Code.Commit);
        json.WriteString("sha256", sources.Code.Sha256);
        json.WriteEndObject();
        json.WriteString("sbom", sources.PartsSha256);
        json.WriteString("version", result.Version);
    }

    private static void WriteVerdict(Utf8JsonWriter json, ProjectResult result)
    {
        json.WriteString("unit", result.Unit);
        json.WriteString("verdict", StatementJson.Word(result.Verdict));
        json.WriteBoolean("complete", result.IsComplete);
        json.Day("reportedThrough", result.ReportedThrough);
        json.Number("validPercent", result.ValidPercent);
        WriteReasons(json, "reasons", result.Reasons);
        WriteReasons(json, "warnings", result.Warnings);
    }

    private static void WriteReasons(Utf8JsonWriter json, string name, IReadOnlyList<Reason> reasons) => json.Objects(name, reasons, reason =>
    {
        json.WriteString("kind", StatementJson.Word(reason.Kind));
        json.WriteString("detail", reason.Detail);
    });

    private static void WriteSaving(Utf8JsonWriter json, ProjectResult result)
    {
        WriteStated(json, "withoutEvents", result.WithoutEvents is { } without ? new(without.Savings, without.HalfWidth) : null);
        if (result.Savings is not { } saving)
        {
            json.WriteNull("saving");
            return;
        }

        json.WriteStartObject("saving");
        json.Number("value", saving.Savings);
        json.Number("halfWidth", saving.HalfWidth);
        json.Number("percent", saving.SavingsPercent);
        json.Number("confidencePercent", result.Project.ConfidencePercent);
        json.Number("counterfactual", saving.Counterfactual);
        json.Number("metered", saving.Metered);
        json.WriteNumber("days", saving.MeteredByRow.Count);
        json.Number("coveragePercent", saving.CoveragePercent);
        json.Number("standardError", saving.StandardError);
        json.Number("degreesOfFreedom", saving.DegreesOfFreedom);
        json.Number("autocorrelation", saving.Autocorrelation);
        json.Number("probabilityOfSaving", saving.ProbabilityOfSaving);
        json.Number("ljungBoxProbability", saving.LjungBoxProbability);
        WriteVariance(json, saving.Variance);
        json.Objects("adjustments", saving.Adjustments, size =>
        {
            json.WriteString("name", size.Adjustment.Name);
            json.WriteNumber("fromUtc", size.Adjustment.Period.StartUtcMilliseconds);
            json.WriteNumber("toUtc", size.Adjustment.Period.EndUtcMilliseconds);
            json.Whole("grownUtc", size.Adjustment.GrownUtcMilliseconds);
            json.WriteBoolean("inBaseline", size.InBaseline);
            json.Number("usePerDay", size.UsePerRow);
            json.Number("standardError", size.StandardError);
            json.WriteNumber("days", size.Rows);
        });
        json.Numbers("termMeans", saving.ReportingTermMeans);
        json.WriteEndObject();
    }

    private static void WriteVariance(Utf8JsonWriter json, SavingsVariance variance)
    {
        json.WriteStartObject("variance");
        json.Number("model", variance.Model);
        json.Number("breakpoints", variance.Breakpoints);
        json.Number("reporting", variance.Reporting);
        json.Number("meterClass", variance.MeterClass);
        json.Number("estimated", variance.Estimated);
        json.Number("betweenModels", variance.BetweenModels);
        json.Number("stipulated", variance.Stipulated);
        json.Number("eventDates", variance.EventDates);
        json.Number("blocks", variance.Blocks);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, ProjectResult result)
    {
        if (result.Fit is not { } fit)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("kind", StatementJson.Word(fit.Model));
        json.WriteStartArray("drivers");
        foreach (string name in fit.DriverNames)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.Objects("terms", fit.Terms, term =>
        {
            json.WriteString("name", term.Name(fit.DriverNames));
            json.WriteString("kind", StatementJson.Word(term.Kind));
            json.WriteNumber("driver", term.Driver);
            json.Whole("second", term.Second < 0 ? null : term.Second);
            json.Number("breakpoint", term.Breakpoint);
        });
        json.Numbers("coefficients", fit.Coefficients);
        json.Numbers("standardErrors", fit.StandardErrors);
        json.Numbers("tStatistics", fit.TStatistics);
        json.Numbers("pValues", fit.PValues);
        json.Numbers("varianceInflation", fit.VarianceInflation);
        json.WriteNumber("n", fit.N);
        json.WriteNumber("p", fit.P);
        json.Number("meanUse", fit.MeanUse);
        json.Number("sumOfSquaredErrors", fit.SumOfSquaredErrors);
        json.Number("r2", fit.R2);
        json.Number("adjustedR2", fit.AdjustedR2);
        json.Number("cvRmse", fit.CvRmse);
        json.Number("nmbe", fit.Nmbe);
        json.Number("f", fit.F);
        json.Number("fProbability", fit.FProbability);
        json.Number("lag1Autocorrelation", fit.Lag1Autocorrelation);
        json.Number("coverage", fit.Coverage);
        WriteTests(json, result.Tests);
        WriteCandidates(json, result.Candidates);
        json.Numbers("residualAutocorrelation", result.Residuals?.Autocorrelation ?? []);
        json.WriteEndObject();
    }

    private static void WriteTests(Utf8JsonWriter json, IReadOnlyList<AcceptanceTest> tests) => json.Objects("tests", tests, test =>
    {
        json.WriteString("standard", StatementJson.Word(test.Standard));
        json.WriteString("name", test.Name);
        json.Number("value", test.Value);
        json.WriteString("comparison", StatementJson.Word(test.Comparison));
        json.Number("threshold", test.Threshold);
        json.WriteString("verdict", StatementJson.Word(test.Verdict));
        json.WriteString("note", test.Note);
    });

    private static void WriteCandidates(Utf8JsonWriter json, IReadOnlyList<CandidateModel> candidates) => json.Objects("candidates", candidates, candidate =>
    {
        json.WriteString("kind", StatementJson.Word(candidate.Model));
        json.WriteStartArray("terms");
        foreach (string term in candidate.Terms)
        {
            json.WriteStringValue(term);
        }

        json.WriteEndArray();
        json.WriteNumber("p", candidate.P);
        json.Number("bic", candidate.Bic);
        json.Number("cvRmse", candidate.CvRmse);
        json.Number("crossValidatedCvRmse", candidate.CrossValidatedCvRmse);
        json.Number("crossValidatedNmbe", candidate.CrossValidatedNmbe);
        json.Number("weight", candidate.Weight);
        json.Number("savings", candidate.Savings);
        json.Number("savingsPercent", candidate.SavingsPercent);
    });

    private static void WriteIndices(Utf8JsonWriter json, string name, IReadOnlyList<long> indices)
    {
        json.WriteStartArray(name);
        foreach (long index in indices)
        {
            json.WriteNumberValue(index);
        }

        json.WriteEndArray();
    }

    private static void WriteStated(Utf8JsonWriter json, string name, StatedSaving? saving)
    {
        if (saving is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.Number("value", saving.Value);
        json.Number("halfWidth", saving.HalfWidth);
        json.WriteEndObject();
    }
}
