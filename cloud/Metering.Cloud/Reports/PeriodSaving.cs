using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;
using Metering.Cloud.Projects;

namespace Metering.Cloud.Reports;

/// <summary>The saving of a project within a period of a report, with an interval of its own.</summary>
internal static class PeriodSaving
{
    // A part of a reporting period that passed as a whole is not refused for its own coverage or range again.
    private static readonly BaselineRules PartRules = new() { MinimumCoverage = 0, MaximumShareOutside = 1, MaximumNegativeShare = 1 };

    /// <summary>
    /// The saving of the days that lie in both the period and the project's reporting period. Null when the project has no number,
    /// or no day of it lies in the period. The whole reporting period gives the very number of the project's page.
    /// </summary>
    /// <param name="result">The project's result.</param>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day, inclusive.</param>
    public static SavingsResult? Of(ProjectResult result, DateOnly first, DateOnly last)
    {
        if (result.Savings is not { } whole || result.ReportedThrough is not { } through)
        {
            return null;
        }

        Project project = result.Project;
        DateOnly from = first > project.Reporting.First ? first : project.Reporting.First;
        DateOnly to = last < through ? last : through;
        if (to < from)
        {
            return null;
        }

        return from == project.Reporting.First && to == through
            ? whole
            : SavingsCalculator.Avoided(
                Table(result),
                Period.FromDays(project.Baseline.First, project.Baseline.Last, project.Plant.Zone),
                Period.FromDays(from, to, project.Plant.Zone),
                new() { Confidence = project.ConfidencePercent / 100, Rules = PartRules }).Result;
    }

    private static ModelTable Table(ProjectResult result)
    {
        Project project = result.Project;
        Driver[] drivers = new Driver[project.Drivers.Count];
        for (int driver = 0; driver < drivers.Length; driver++)
        {
            drivers[driver] = new(project.Drivers[driver].Id, [.. result.Days.Select(day => day.Drivers[driver])]);
        }

        return new()
        {
            StartUtcMilliseconds = [.. result.Days.Select(day => PlantCalendar.StartOfDay(day.Day, project.Plant.Zone))],
            Use = [.. result.Days.Select(day => day.Use)],
            Drivers = drivers,
        };
    }
}
