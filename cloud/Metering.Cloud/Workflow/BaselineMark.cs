using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Metering.Analytics.Baselines;
using Metering.Cloud.Texts;
using Metering.Programme.Kinds;

namespace Metering.Cloud.Workflow;

/// <summary>What tells one baseline from another: the hash of its model and the hash of the days it was fitted to.</summary>
/// <param name="ModelHash">SHA-256 over the window, the kind, the terms and every coefficient in its shortest exact form; hexadecimal in lower case.</param>
/// <param name="DataHash">SHA-256 over each day of the window: its state, use and drivers, exactly; hexadecimal in lower case.</param>
/// <param name="Model">The model in one line, at most 200 characters.</param>
internal sealed record BaselineMark(string ModelHash, string DataHash, string Model)
{
    private const int LongestModel = 200;
    private const string Base = "base";

    // A result never changes, and each of its pages asks.
    private static readonly ConditionalWeakTable<ProjectResult, BaselineMark> Known = [];

    /// <summary>The mark of a result; null without a fit.</summary>
    public static BaselineMark? Of(ProjectResult result) =>
        result.Fit is null ? null : Known.GetValue(result, static result => new(HashModel(result.Project, result.Fit!), HashData(result), Line(result.Fit!, Language.English)));

    /// <summary>Whether a frozen baseline is the one of a result: what is not on record of an older freeze is not compared.</summary>
    public bool Holds(BaselineFreeze freeze) => freeze.ModelHash == ModelHash && (freeze.DataHash is null || freeze.DataHash == DataHash);

    private static string HashModel(Project project, BaselineFit fit)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{project.Baseline.First:yyyy-MM-dd} {project.Baseline.Last:yyyy-MM-dd} {fit.Model} {fit.N} {fit.P} {fit.SumOfSquaredErrors:R}\n");
        for (int term = 0; term < fit.Coefficients.Count; term++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(term == 0 ? Base : ModelTexts.HashedTerm(fit, term - 1))} {fit.Coefficients[term]:R}\n");
        }

        return Hash(text);
    }

    private static string HashData(ProjectResult result)
    {
        StringBuilder text = new();
        foreach (ProjectDay day in result.MeasuredDays)
        {
            if (day.Phase == DayPhase.Baseline)
            {
                text.Append(CultureInfo.InvariantCulture, $"{day.Day:yyyy-MM-dd} {day.State} {day.Use:R}");
                foreach (double driver in day.Drivers)
                {
                    text.Append(CultureInfo.InvariantCulture, $" {driver:R}");
                }

                text.Append('\n');
            }
        }

        return Hash(text);
    }

    /// <summary>A model in one line for a reader; what is kept with a freeze is in English.</summary>
    public static string Line(BaselineFit fit, Language language)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"n={fit.N} p={fit.P} CV(RMSE)={100 * fit.CvRmse:0.0}%: ");
        for (int term = 0; term < fit.Coefficients.Count; term++)
        {
            string sign = term == 0 ? "" : fit.Coefficients[term] < 0 ? " - " : " + ";
            double size = term == 0 ? fit.Coefficients[0] : Math.Abs(fit.Coefficients[term]);
            text.Append(CultureInfo.InvariantCulture, $"{sign}{size:G5}{(term == 0 ? "" : " " + Name(fit, term, language))}");
        }

        return text.Length <= LongestModel ? text.ToString() : text.ToString(0, LongestModel - 1) + "…";
    }

    private static string Name(BaselineFit fit, int term, Language language) => term == 0 ? Base : ModelTexts.Term(fit, term - 1, language);

    private static string Hash(StringBuilder text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
}
