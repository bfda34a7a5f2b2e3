using System.Globalization;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;

namespace Metering.Cloud.Commands;

/// <summary>What was asked.</summary>
internal sealed record SavingsRequest
{
    public required string Path { get; init; }

    public required string Time { get; init; }

    public required string Use { get; init; }

    public required IReadOnlyList<string> Drivers { get; init; }

    public required Period Baseline { get; init; }

    public required Period Reporting { get; init; }

    public required ModelKind Model { get; init; }

    public required double ConfidencePercent { get; init; }

    public required TimeZoneInfo Zone { get; init; }
}

/// <summary>What is answered: a result, or reasons. A reason is its name, a colon and a sentence.</summary>
internal sealed record SavingsAnswer(SavingsResult? Result, IReadOnlyList<string> Reasons, IReadOnlyList<string> Warnings)
{
    public static SavingsAnswer Of(SavingsOutcome outcome) =>
        new(outcome.Result, [.. outcome.Reasons.Select(Text)], [.. outcome.Warnings.Select(Text)]);

    public static SavingsAnswer Unreadable(string message) => new(null, [$"unreadable: {message}"], []);

    private static string Text(Reason reason) => $"{CsvNames.Kebab(reason.Kind)}: {reason.Detail}";
}

/// <summary>The answer as JSON and as text.</summary>
internal static class SavingsOutput
{
    /// <summary>Name of the constant among the coefficients.</summary>
    public const string Intercept = "intercept";

    public static void WriteJson(TextWriter output, SavingsRequest? request, SavingsAnswer answer)
    {
        using CsvJson json = new(output);
        SavingsResult? result = answer.Result;
        BaselineFit? fit = result?.Fit;
        json.Writer.WriteStartObject();
        json.Writer.WriteString("verdict", result is null ? "refused" : "accepted");
        WriteTexts(json, "reasons", answer.Reasons);
        WriteTexts(json, "warnings", answer.Warnings);
        json.Writer.WriteString("model", request is null ? null : CsvNames.Kebab(request.Model));
        json.Writer.WriteStartObject("coefficients");
        for (int j = 0; fit is not null && j < fit.P; j++)
        {
            json.Number(Name(fit, j), fit.Coefficients[j]);
        }

        json.Writer.WriteEndObject();
        json.Count("n", fit?.N);
        json.Count("p", fit?.P);
        json.Number("r2", fit?.R2);
        json.Number("cvRmse", fit?.CvRmse);
        json.Number("nmbe", fit?.Nmbe);
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
        json.Number("probabilityOfSaving", result?.ProbabilityOfSaving);
        json.Writer.WriteEndObject();
        json.Finish();
    }

    public static void WriteText(TextWriter output, SavingsRequest request, SavingsAnswer answer)
    {
        if (answer.Result is not { } result)
        {
            output.WriteLine($"No saving is stated for '{request.Use}'; the reasons are on the error stream.");
            return;
        }

        BaselineFit fit = result.Fit;
        output.WriteLine(Invariant($"Saving      {result.Savings:N1} ± {result.HalfWidth:N1} ({request.ConfidencePercent:0.#} %) in the unit of '{request.Use}'"));
        output.WriteLine(Invariant($"            {result.SavingsPercent:0.00} % of what would have been used; P(saving > 0) = {result.ProbabilityOfSaving:0.0000}"));
        output.WriteLine(Invariant($"Would be    {result.Counterfactual:N1}"));
        output.WriteLine(Invariant($"Metered     {result.Metered:N1} in {result.MeteredByRow.Count} rows, {result.CoveragePercent:0.0} % of the reporting period"));
        output.WriteLine(Invariant($"Baseline    {CsvNames.Kebab(fit.Model)}, n = {fit.N}, p = {fit.P}, R2 {fit.R2:0.000}, CV(RMSE) {100 * fit.CvRmse:0.00} %, {100 * fit.Coverage:0.0} % covered"));
        for (int j = 0; j < fit.P; j++)
        {
            output.WriteLine(Invariant($"            {Name(fit, j),-24} {fit.Coefficients[j],16:G8}  ± {fit.StandardErrors[j]:G4}  p {fit.PValues[j]:0.0000}"));
        }
    }

    private static string Name(BaselineFit fit, int index) => index == 0 ? Intercept : fit.DriverNames[index - 1];

    private static void WriteTexts(CsvJson json, string name, IReadOnlyList<string> texts)
    {
        json.Writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.Writer.WriteStringValue(text);
        }

        json.Writer.WriteEndArray();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
