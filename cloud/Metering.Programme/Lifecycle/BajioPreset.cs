using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Programme.Lifecycle;

/// <summary>The Bajío programme as records, to begin with: 50, 50 and 50 pre-assessments, 7, 11 and 12 projects of US$8,000 with up to half paid by the company.</summary>
internal static class BajioPreset
{
    private static readonly (int PreAssessments, int Projects)[] Targets = [(50, 7), (50, 11), (50, 12)];

    /// <summary>The programme and its years.</summary>
    /// <param name="firstDay">First day of the first year; each year is twelve months and can be changed like any record.</param>
    public static IReadOnlyList<IProgrammeRecord> Records(DateOnly firstDay)
    {
        ProgrammeDefinition programme = new()
        {
            Id = "bajio",
            Name = "Producción más Limpia, Bajío",
            FirstDay = firstDay,
            LastDay = firstDay.AddYears(Targets.Length).AddDays(-1),
            ProjectFee = new(8000m, "USD"),
            CompanyShareMostPercent = 50m,
        };
        return [programme, .. Targets.Select((target, index) => new ProgrammeYear
        {
            Id = $"bajio-{index + 1}",
            Programme = programme.Id,
            Number = index + 1,
            FirstDay = firstDay.AddYears(index),
            LastDay = firstDay.AddYears(index + 1).AddDays(-1),
            PreAssessmentTarget = target.PreAssessments,
            ProjectTarget = target.Projects,
        })];
    }
}
