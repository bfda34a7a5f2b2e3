using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;

namespace Metering.Cloud.Commands;

/// <summary>The answer as one JSON object. Every key is always there; a number that is not known is null, never zero.</summary>
internal sealed class SavingsJson : IDisposable
{
    /// <summary>Name of the constant among the coefficients.</summary>
    public const string Intercept = "intercept";

    private readonly CsvJson json;

    private SavingsJson(TextWriter output) => json = new CsvJson(output);

    public static void Write(TextWriter output, SavingsRequest? request, SavingsAnswer answer)
    {
        using SavingsJson writer = new(output);
        writer.WriteAll(request, answer);
    }

    public void Dispose() => json.Dispose();

    private void WriteAll(SavingsRequest? request, SavingsAnswer answer)
    {
        SavingsResult? result = answer.Result;
        BaselineFit? fit = result?.Fit;
        json.Writer.WriteStartObject();
        json.Writer.WriteString("verdict", result is null ? "refused" : "accepted");
        Texts("reasons", [.. answer.Reasons.Select(reason => reason.In(Language.English))]);
        Texts("warnings", [.. answer.Warnings.Select(reason => reason.In(Language.English))]);
        json.Writer.WriteString("model", result is not null ? SavingsText.ModelName(result.Fit.Model) : request is null ? null : SavingsText.ModelName(request.Model));
        json.Writer.WriteString("kind", request is null ? null : CsvNames.Kebab(request.Kind));
        WriteModel(fit, result);
        json.Number("counterfactual", result?.Counterfactual);
        json.Number("metered", result?.Metered);
        json.Number("savings", result?.Savings);
        json.Number("savingsPercent", result?.SavingsPercent);
        json.Number("halfWidth", result?.HalfWidth);
        json.Number("confidence", result is null ? null : request?.ConfidencePercent);
        json.Number("coveragePercent", result?.CoveragePercent);
        json.Number("baselineCoveragePercent", 100 * fit?.Coverage);
        json.Count("reportingRows", result?.MeteredByRow.Count);
        json.Number("standardError", result?.StandardError);
        json.Number("degreesOfFreedom", result?.DegreesOfFreedom);
        json.Number("autocorrelation", result?.Autocorrelation);
        json.Number("ljungBoxProbability", result?.LjungBoxProbability);
        json.Number("probabilityOfSaving", result?.ProbabilityOfSaving);
        json.Number("probabilityPositive", result?.ProbabilityOfSaving);
        json.Number("probabilityOfClaim", result?.ProbabilityOfClaim);
        json.Number("savingsWithoutEvents", answer.WithoutEvents?.Savings);
        json.Number("halfWidthWithoutEvents", answer.WithoutEvents?.HalfWidth);
        json.Number("minimumDetectable", answer.Detectable?.Percent);
        json.Number("minimumDetectableUse", answer.Detectable?.Savings);
        WriteVariance(result?.Variance);
        WriteCompatibility(result);
        WriteCandidates(result?.Candidates ?? []);
        WriteEvents(answer.Events);
        WriteTests(answer.Tests);
        json.Writer.WriteEndObject();
        json.Finish();
    }

    private void WriteModel(BaselineFit? fit, SavingsResult? result)
    {
        json.Writer.WriteStartObject("coefficients");
        for (int j = 0; fit is not null && j < fit.Coefficients.Count; j++)
        {
            json.Number(SavingsText.CoefficientName(fit, j), fit.Coefficients[j]);
        }

        json.Writer.WriteEndObject();
        json.Writer.WriteStartArray("breakpoints");
        foreach (ModelBreakpoint breakpoint in result?.Breakpoints ?? [])
        {
            json.Writer.WriteStartObject();
            json.Writer.WriteString("driver", breakpoint.Driver);
            json.Writer.WriteString("side", breakpoint.Side == TermKind.Below ? "below" : "above");
            json.Number("value", breakpoint.Value);
            json.Number("low", breakpoint.Bounds.Low);
            json.Number("high", breakpoint.Bounds.High);
            json.Writer.WriteString("unit", breakpoint.Unit);
            json.Writer.WriteEndObject();
        }

        json.Writer.WriteEndArray();
        json.Count("n", fit?.N);
        json.Count("p", fit?.P);
        json.Number("r2", fit?.R2);
        json.Number("adjustedR2", fit?.AdjustedR2);
        json.Number("cvRmse", fit?.CvRmse);
        json.Number("nmbe", fit?.Nmbe);
    }

    private void WriteVariance(SavingsVariance? variance)
    {
        json.Writer.WriteStartObject("variance");
        json.Number("model", variance?.Model);
        json.Number("breakpoints", variance?.Breakpoints);
        json.Number("reporting", variance?.Reporting);
        json.Number("meterClass", variance?.MeterClass);
        json.Number("estimated", variance?.Estimated);
        json.Number("betweenModels", variance?.BetweenModels);
        json.Number("stipulated", variance?.Stipulated);
        json.Number("eventDates", variance?.EventDates);
        json.Number("blocks", variance?.Blocks);
        json.Writer.WriteEndObject();
    }

    private void WriteCompatibility(SavingsResult? result)
    {
        (double guideline, double sunBaltazar) = result is null ? (double.NaN, double.NaN) : SavingsCompatibility.HalfWidths(result);
        json.Writer.WriteStartObject("compatibility");
        json.Number("ashrae14HalfWidth", guideline);
        json.Number("sunBaltazarHalfWidth", sunBaltazar);
        json.Writer.WriteEndObject();
    }

    private void WriteCandidates(IReadOnlyList<CandidateModel> candidates)
    {
        json.Writer.WriteStartArray("candidates");
        foreach (CandidateModel candidate in candidates)
        {
            json.Writer.WriteStartObject();
            json.Writer.WriteString("model", SavingsText.ModelName(candidate.Model));
            Texts("terms", candidate.Terms);
            json.Count("p", candidate.P);
            json.Number("bic", candidate.Bic);
            json.Number("adjustedR2", candidate.AdjustedR2);
            json.Number("cvRmse", candidate.CvRmse);
            json.Number("crossValidatedCvRmse", candidate.CrossValidatedCvRmse);
            json.Number("crossValidatedNmbe", candidate.CrossValidatedNmbe);
            json.Number("weight", candidate.Weight);
            json.Number("savings", candidate.Savings);
            json.Number("savingsPercent", candidate.SavingsPercent);
            json.Writer.WriteEndObject();
        }

        json.Writer.WriteEndArray();
    }

    private void WriteEvents(IReadOnlyList<ToldEvent> events)
    {
        json.Writer.WriteStartArray("events");
        foreach (ToldEvent told in events)
        {
            json.Writer.WriteStartObject();
            json.Writer.WriteString("kind", CsvNames.Kebab(told.Event.Kind));
            json.Writer.WriteString("period", CsvNames.Kebab(told.Event.Period));
            json.Instant("from", told.Event.FromUtcMilliseconds);
            if (told.Event.ToUtcMilliseconds is { } to)
            {
                json.Instant("to", to);
            }
            else
            {
                json.Writer.WriteNull("to");
            }

            json.Number("sizePerRow", told.Size?.UsePerRow ?? told.Event.SizePerInterval);
            json.Number("standardError", told.Size?.StandardError);
            json.Number("gain", told.Event.LikelihoodGain);
            json.Number("penalty", told.Event.Penalty);
            json.Writer.WriteBoolean("nearInstallation", told.Event.IsNearInstallation);
            json.Writer.WriteBoolean("applied", told.Size is not null);
            json.Writer.WriteString("decision", told.Decision is { } decision ? CsvEvents.Name(decision.Kind) : null);
            json.Writer.WriteString("person", told.Decision?.Person);
            json.Writer.WriteString("reason", told.Decision?.Reason);
            json.Writer.WriteEndObject();
        }

        json.Writer.WriteEndArray();
    }

    private void WriteTests(IReadOnlyList<AcceptanceTest> tests)
    {
        json.Writer.WriteStartArray("tests");
        foreach (AcceptanceTest test in tests)
        {
            json.Writer.WriteStartObject();
            json.Writer.WriteString("standard", SavingsText.StandardName(test.Standard));
            json.Writer.WriteString("name", test.Name);
            json.Number("value", test.Value);
            json.Writer.WriteString("comparison", CsvNames.Kebab(test.Comparison));
            json.Number("threshold", test.Threshold);
            json.Writer.WriteBoolean("pass", test.Pass);
            json.Writer.WriteString("verdict", CsvNames.Kebab(test.Verdict));
            json.Writer.WriteString("note", test.Note);
            json.Writer.WriteString("source", test.Source);
            json.Writer.WriteEndObject();
        }

        json.Writer.WriteEndArray();
    }

    private void Texts(string name, IReadOnlyList<string> texts)
    {
        json.Writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.Writer.WriteStringValue(text);
        }

        json.Writer.WriteEndArray();
    }
}
