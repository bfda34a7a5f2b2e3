using Metering.Analytics.Effluent;
using Metering.Analytics.Intervals;
using Metering.Cloud.Plants;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using LabResult = Metering.Programme.Kinds.LabResult;

namespace Metering.Cloud.ProgrammePages;

/// <summary>The COD that a project keeps back, or why that cannot be stated.</summary>
/// <param name="Saving">The load; null when it cannot be stated.</param>
/// <param name="Why">Why not; null when it can.</param>
internal sealed record LoadFigure(LoadSaving? Saving, Text? Why)
{
    /// <summary>The same figure for some days of the reporting period; no figure when none of them has a known flow.</summary>
    public LoadFigure Within(DateOnly first, DateOnly last, TimeZoneInfo zone)
    {
        LoadSaving? part = Saving?.Within(Period.FromDays(first, last, zone));
        return new(part, part is null ? Why ?? LoadWords.NoDays : null);
    }
}

/// <summary>COD of the plants' composites in one state of the register, laid out once for all projects.</summary>
internal sealed class LoadFigures
{
    private const string Cod = "cod";

    private readonly Dictionary<string, List<LabResult>> results = new(StringComparer.Ordinal);
    private readonly HashSet<string> severalDischarges;
    private readonly RegisterSnapshot register;

    /// <summary>Lays out the results of a register.</summary>
    public LoadFigures(RegisterSnapshot register)
    {
        this.register = register;
        foreach (LabResult result in register.All<LabResult>())
        {
            if (result.Sample == SampleKind.Composite && DischargeCheck.ParameterOf(result.Parameter) == Cod)
            {
                if (!results.TryGetValue(result.Plant, out List<LabResult>? known))
                {
                    results[result.Plant] = known = [];
                }

                known.Add(result);
            }
        }

        severalDischarges = register.All<ProjectRecord>().Where(project => project.Resource == ProjectResource.Effluent).GroupBy(project => project.Plant, StringComparer.Ordinal)
            .Where(plant => plant.Select(project => (project.Gateway, project.Channel)).Distinct().Count() > 1).Select(plant => plant.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The figure of a project over its reporting period as far as it has come; null for a project of anything but effluent.</summary>
    public LoadFigure? Of(ProjectSummary result)
    {
        Project project = result.Project;
        if (project.Resource != Resource.Effluent)
        {
            return null;
        }

        if (result.Unit != "m3")
        {
            return new(null, LoadWords.NoVolume);
        }

        // A result names its plant and not its outlet: with two of them nobody can say which water it stands for.
        if (severalDischarges.Contains(project.Plant.Id))
        {
            return new(null, LoadWords.SeveralDischarges);
        }

        MeteredDay[] reporting = [.. result.EffluentDays.Where(day => day.Phase == DayPhase.Reporting)];
        LoadSavingOutcome outcome = LoadSaving.Compute(
            InputOf(project, project.Baseline, [.. result.EffluentDays.Where(day => day.Phase == DayPhase.Baseline)]),
            InputOf(project, project.Reporting, reporting));
        return reporting.Length == 0 ? new(null, LoadWords.NoDays) : new(outcome.Result, outcome.Reason is { } reason ? LoadWords.Of(reason) : null);
    }

    private LoadInput InputOf(Project project, DayRange range, MeteredDay[] days)
    {
        TimeZoneInfo zone = project.Plant.Zone;
        IReadOnlyList<LabResult> known = results.GetValueOrDefault(project.Plant.Id) ?? [];
        return new()
        {
            Period = Period.FromDays(range.First, range.Last, zone),
            Flow = [.. days.Select(day => new FlowInterval(Period.FromDays(day.Day, day.Day, zone), day.State == DayState.Excluded ? double.NaN : day.Use))],
            Options = new() { FlowSharedPercent = MeterClass.StandardUncertaintyPercent(ResourceMeters.MetersByChannel(register, project.Plant.Id).GetValueOrDefault(project.Use)?.AccuracyClass) },
            Results = [.. known.Where(one => one.SampledOn >= range.First && one.SampledOn <= range.Last).Select(one => DischargeBoard.SampleOf(one, Cod, zone))],
        };
    }
}
