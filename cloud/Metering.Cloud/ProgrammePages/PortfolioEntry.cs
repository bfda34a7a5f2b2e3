using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.ProgrammePages;

/// <summary>The saving of a project in a calendar year, or in all of its reporting period.</summary>
/// <param name="Year">The year; 0 for all of the reporting period.</param>
/// <param name="Savings">In the unit of the project's meter.</param>
/// <param name="StandardError">Same unit.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom of the standard error.</param>
internal sealed record SavedPart(int Year, double Savings, double StandardError, double DegreesOfFreedom)
{
    /// <summary>Saving of each month, by its first day.</summary>
    public IReadOnlyList<(DateOnly Month, double Savings)> Months { get; init; } = [];

    /// <summary>At the prices of the plant that were in force, pesos; null when a month has no price.</summary>
    public double? Pesos { get; init; }

    /// <summary>At the exchange rate of its last month, dollars; null without pesos or rate.</summary>
    public double? Dollars { get; init; }

    /// <summary>At the factor of the year, t CO2e; null when there is none, or for anything but electricity and gas.</summary>
    public double? Tonnes { get; init; }
}

/// <summary>A project as the portfolio adds it up.</summary>
internal sealed record PortfolioEntry
{
    /// <summary>Identifier.</summary>
    public required string Project { get; init; }

    /// <summary>What people call the project.</summary>
    public required Text Title { get; init; }

    /// <summary>Plant; savings of two projects of a plant are compared for double counting by their meters.</summary>
    public required string Plant { get; init; }

    /// <summary>Name of the plant.</summary>
    public required Text PlantName { get; init; }

    /// <summary>Sector.</summary>
    public required string Sector { get; init; }

    /// <summary>State of Mexico.</summary>
    public required string State { get; init; }

    /// <summary>What is saved.</summary>
    public required Resource Resource { get; init; }

    /// <summary>Unit of the meter.</summary>
    public required string Unit { get; init; }

    /// <summary>Channel of the meter.</summary>
    public required string Channel { get; init; }

    /// <summary>Reporting period.</summary>
    public required DayRange Reporting { get; init; }

    /// <summary>Whether two people signed the result: the project came into the state "verified".</summary>
    public required bool IsVerified { get; init; }

    /// <summary>Days of baseline and reporting period that count, %; NaN when none has passed.</summary>
    public double ValidPercent { get; init; } = double.NaN;

    /// <summary>Evidence grade; null without readings.</summary>
    public char? Grade { get; init; }

    /// <summary>All of the reporting period; null when there is no number.</summary>
    public SavedPart? Whole { get; init; }

    /// <summary>Calendar years of it; empty when there is no number.</summary>
    public IReadOnlyList<SavedPart> Years { get; init; } = [];

    /// <summary>COD kept back over the reporting period; null for a project of anything but effluent.</summary>
    public LoadFigure? Load { get; init; }

    /// <summary>Zone of the plant's days.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Projects with a step "verified".</summary>
    public static IReadOnlySet<string> VerifiedProjects(RegisterSnapshot register) =>
        register.All<ProjectStep>().Where(step => step.State == ProjectState.Verified).Select(step => step.Project).ToHashSet(StringComparer.Ordinal);

    /// <summary>The parts of a result by calendar year.</summary>
    public static (SavedPart? Whole, IReadOnlyList<SavedPart> Years) PartsOf(ProjectSummary result)
    {
        if (result.Savings is not { } savings || result.ReportedThrough is not { } through)
        {
            return (null, []);
        }

        List<SavedPart> years = [];
        for (int year = result.Project.Reporting.First.Year; year <= through.Year; year++)
        {
            if (result.PartIn(new(year, 1, 1), new(year, 12, 31)) is { } part)
            {
                years.Add(new(year, part.Savings, part.StandardError, part.DegreesOfFreedom) { Months = [.. result.Months.Where(month => month.Month.Year == year)] });
            }
        }

        return (new(0, savings.Savings, savings.StandardError, savings.DegreesOfFreedom) { Months = result.Months }, years);
    }

    /// <summary>The entry of a result with what the register adds: signatures, prices, rates.</summary>
    public static PortfolioEntry Of(ProjectSummary result, (SavedPart? Whole, IReadOnlyList<SavedPart> Years) parts, PortfolioValues values, IReadOnlySet<string> verified)
    {
        Project project = result.Project;
        SavedPart[] years = [.. parts.Years.Select(part => values.Valued(part, project, result.Unit))];
        return new()
        {
            Project = project.Id,
            Title = project.Title,
            Plant = project.Plant.Id,
            PlantName = project.Plant.Name,
            Sector = project.Plant.Sector,
            State = project.Plant.State,
            Resource = project.Resource,
            Unit = result.Unit,
            Channel = $"{project.Use.Gateway}/{project.Use.Channel}",
            Reporting = project.Reporting,
            IsVerified = verified.Contains(project.Id),
            ValidPercent = result.ValidPercent,
            Grade = result.Grade,
            Whole = parts.Whole is { } whole ? whole with { Pesos = Sum(years, year => year.Pesos), Dollars = Sum(years, year => year.Dollars), Tonnes = Sum(years, year => year.Tonnes) } : null,
            Years = years,
            Load = values.Loads.Of(result),
            Zone = project.Plant.Zone,
        };
    }

    private static double? Sum(SavedPart[] years, Func<SavedPart, double?> pick)
    {
        double sum = 0;
        foreach (SavedPart year in years)
        {
            if (pick(year) is not { } value)
            {
                return null;
            }

            sum += value;
        }

        return years.Length == 0 ? null : sum;
    }
}
