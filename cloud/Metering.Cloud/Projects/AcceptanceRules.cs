using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Projects;

/// <summary>One criterion by which a reviewer accepts a baseline or a saving.</summary>
/// <param name="Name">What is looked at.</param>
/// <param name="Value">Its value; in percent when <paramref name="IsPercent"/>.</param>
/// <param name="Limit">The limit.</param>
/// <param name="IsAtLeast">The value must be at least the limit; otherwise at most.</param>
/// <param name="IsPercent">Value and limit are percentages.</param>
/// <param name="Source">Where the limit comes from.</param>
internal sealed record AcceptanceRule(Text Name, double Value, double Limit, bool IsAtLeast, bool IsPercent, string Source)
{
    /// <summary>Whether the criterion is met; a value that is not there meets none.</summary>
    public bool Passes => IsAtLeast ? Value >= Limit : Value <= Limit;
}

/// <summary>The criteria shown on the model card.</summary>
internal static class AcceptanceRules
{
    private const string Guideline14 = "ASHRAE Guideline 14";
    private const string Caltrack = "CalTRACK 2.0";
    private const string Sep = "DOE SEP";

    private const double RangeMargin = 0.1;

    /// <summary>The criteria of a result; those of the saving only when there is one, none without a fit.</summary>
    public static IReadOnlyList<AcceptanceRule> Of(ProjectResult result)
    {
        if (result.Fit is not { } fit)
        {
            return [];
        }

        List<AcceptanceRule> rules =
        [
            new(Words.RuleCvRmse, 100 * fit.CvRmse, 25, IsAtLeast: false, IsPercent: true, Guideline14),
            new(Words.RuleNmbe, 100 * Math.Abs(fit.Nmbe), 0.5, IsAtLeast: false, IsPercent: true, "NMEC"),
        ];
        if (fit.DriverNames.Count > 0)
        {
            rules.Add(new(Words.RuleR2, fit.R2, 0.5, IsAtLeast: true, IsPercent: false, Sep));
            rules.Add(new(Words.RuleF, fit.FProbability, 0.1, IsAtLeast: false, IsPercent: false, Sep));
            rules.Add(new(Words.RuleEveryP, fit.PValues.Skip(1).Max(), 0.2, IsAtLeast: false, IsPercent: false, Sep));
            rules.Add(new(Words.RuleInflation, fit.VarianceInflation.Max(), 10, IsAtLeast: false, IsPercent: false, "VIF"));
        }

        rules.Add(new(Words.RuleBaselineCoverage, 100 * fit.Coverage, 90, IsAtLeast: true, IsPercent: true, Caltrack));
        if (result.Savings is { } savings)
        {
            AddSaving(rules, result, fit, savings);
        }

        return rules;
    }

    private static void AddSaving(List<AcceptanceRule> rules, ProjectResult result, BaselineFit fit, SavingsResult savings)
    {
        rules.Add(new(Words.RuleReportingCoverage, savings.CoveragePercent, 90, IsAtLeast: true, IsPercent: true, Caltrack));
        if (fit.DriverNames.Count > 0)
        {
            rules.Add(new(Words.RuleRange, 100 * ShareOutside(result, fit), 5, IsAtLeast: false, IsPercent: true, Sep));
        }

        // At 68 % the half-width is one standard error.
        double relative = savings.Savings > 0 ? 100 * savings.StandardError / savings.Savings : double.NaN;
        rules.Add(new(Words.RuleUncertainty, relative, 50, IsAtLeast: false, IsPercent: true, Guideline14));
    }

    private static double ShareOutside(ProjectResult result, BaselineFit fit)
    {
        int outside = 0;
        int counted = 0;
        foreach (ProjectDay day in result.Days)
        {
            if (day.Phase != DayPhase.Reporting || !day.Counts)
            {
                continue;
            }

            counted++;
            for (int driver = 0; driver < fit.DriverNames.Count; driver++)
            {
                double margin = RangeMargin * (fit.DriverMaximum[driver] - fit.DriverMinimum[driver]);
                if (day.Drivers[driver] < fit.DriverMinimum[driver] - margin || day.Drivers[driver] > fit.DriverMaximum[driver] + margin)
                {
                    outside++;
                    break;
                }
            }
        }

        return counted == 0 ? double.NaN : (double)outside / counted;
    }
}
