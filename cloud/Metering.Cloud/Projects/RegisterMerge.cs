using Metering.Programme.Kinds;
using Metering.Programme.Records;
using ProjectDriver = Metering.Projects.ProjectDriver;

namespace Metering.Cloud.Projects;

/// <summary>Plants and projects of the file and of the register as one.</summary>
/// <param name="file">What the file states.</param>
/// <param name="snapshot">What the register states.</param>
/// <param name="before">What stood before, whose unchanged objects are taken over; null for nothing.</param>
internal sealed class RegisterMerge(ProjectRegister file, RegisterSnapshot snapshot, ProjectRegister? before)
{
    /// <summary>The plants and projects.</summary>
    public ProjectRegister Merged()
    {
        Dictionary<string, Plant> plants = new(StringComparer.Ordinal);
        foreach (Plant plant in file.Plants.Where(plant => snapshot.Version(new(PlantRecord.Kind.Name, plant.Id)) is null).Concat(snapshot.All<PlantRecord>().Select(PlantOf)))
        {
            plants[plant.Id] = before?.FindPlant(plant.Id) is { } same && same == plant ? same : plant;
        }

        List<Project> projects = [];
        List<DraftProject> drafts = [];
        foreach (Project project in file.Projects)
        {
            RecordVersion? recorded = snapshot.Version(new(ProjectRecord.Kind.Name, project.Id));
            if (recorded is null)
            {
                projects.Add(Kept(plants.TryGetValue(project.Plant.Id, out Plant? plant) && !ReferenceEquals(plant, project.Plant) ? project with { Plant = plant } : project));
            }
            else if (!recorded.IsWithdrawn)
            {
                Add((ProjectRecord)recorded.Record, plants, projects, drafts);
            }
        }

        foreach (ProjectRecord record in snapshot.All<ProjectRecord>().Where(record => file.Find(record.Id) is null))
        {
            Add(record, plants, projects, drafts);
        }

        IEnumerable<Plant> ordered = file.Plants.Where(plant => plants.ContainsKey(plant.Id)).Select(plant => plants[plant.Id])
            .Concat(plants.Values.Where(plant => file.FindPlant(plant.Id) is null).OrderBy(plant => plant.Id, StringComparer.Ordinal));
        return new([.. ordered], projects) { Drafts = drafts };
    }

    /// <summary>A project of the register; null when its measurement plan is not written.</summary>
    /// <param name="record">The project.</param>
    /// <param name="drivers">Its drivers, in any order.</param>
    /// <param name="plant">Its plant.</param>
    public static Project? ProjectOf(ProjectRecord record, IEnumerable<Programme.Kinds.ProjectDriver> drivers, Plant plant) => record switch
    {
        {
            Gateway: { } gateway, Channel: { } channel, BaselineFirst: { } baselineFirst, BaselineLast: { } baselineLast,
            InstallationFirst: { } installationFirst, InstallationLast: { } installationLast, ReportingFirst: { } reportingFirst, ReportingLast: { } reportingLast,
        } => new()
        {
            Id = record.Id,
            Plant = plant,
            Title = new(record.TitleSpanish, record.TitleEnglish),
            Measure = new(record.MeasureSpanish, record.MeasureEnglish),
            Resource = (Resource)record.Resource,
            Use = new(gateway, channel),
            Drivers = [.. drivers.OrderBy(driver => driver.Position).ThenBy(driver => driver.Id, StringComparer.Ordinal).Select(DriverOf)],
            Baseline = new(baselineFirst, baselineLast),
            Installation = new(installationFirst, installationLast),
            Reporting = new(reportingFirst, reportingLast),
            ConfidencePercent = record.ConfidencePercent is decimal confidence ? (double)confidence : ProjectRegister.DefaultConfidence,
        },
        _ => null,
    };

    private void Add(ProjectRecord record, Dictionary<string, Plant> plants, List<Project> projects, List<DraftProject> drafts)
    {
        Plant plant = plants[record.Plant];
        if (ProjectOf(record, snapshot.All<Programme.Kinds.ProjectDriver>().Where(driver => driver.Project == record.Id), plant) is { } project)
        {
            projects.Add(Kept(project));
        }
        else
        {
            drafts.Add(new(record.Id, plant, new(record.TitleSpanish, record.TitleEnglish), new(record.MeasureSpanish, record.MeasureEnglish), (Resource)record.Resource));
        }
    }

    private Project Kept(Project project) =>
        before?.Find(project.Id) is { } same && ReferenceEquals(same.Plant, project.Plant) && same.Drivers.SequenceEqual(project.Drivers) && same with { Drivers = project.Drivers } == project ? same : project;

    /// <summary>A plant of the register.</summary>
    public static Plant PlantOf(PlantRecord record) => new(
        record.Id, new(record.NameSpanish, record.NameEnglish), record.Sector, record.State, TimeZoneInfo.FindSystemTimeZoneById(record.Zone), record.IsSimulated);

    private static ProjectDriver DriverOf(Programme.Kinds.ProjectDriver driver) => new(
        driver.Name, (DriverKind)driver.Form, driver is { Gateway: { } gateway, Channel: { } channel } ? new(gateway, channel) : null, (double)(driver.Threshold ?? 0)) { Product = driver.Product };
}
