using YamlDotNet.RepresentationModel;

namespace Metering.Cloud.Projects;

/// <summary>A project of the register whose measurement plan is not written yet: it has no channel and no periods, and so no saving.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Plant">Its plant.</param>
/// <param name="Title">Title.</param>
/// <param name="Measure">What is to be done.</param>
/// <param name="Resource">What is saved.</param>
internal sealed record DraftProject(string Id, Plant Plant, Text Title, Text Measure, Resource Resource);

/// <summary>The plants and projects of the programme, as the projects file and the register state them.</summary>
internal sealed record ProjectRegister(IReadOnlyList<Plant> Plants, IReadOnlyList<Project> Projects)
{
    private static readonly string[] ChannelKeys = ["gateway", "channel", "aggregate", "above", "below"];

    private volatile ProjectIndex? index;

    /// <summary>Confidence of a project that states none, in percent.</summary>
    public const double DefaultConfidence = 90;

    /// <summary>Projects that are not measured yet.</summary>
    public IReadOnlyList<DraftProject> Drafts { get; init; } = [];

    /// <summary>Reads a projects file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="lines">Gets the 1-based line of every plant, project and driver ("plant/leon", "project/pml-1", "project/pml-1/production"); null when nobody asks.</param>
    /// <exception cref="ProjectsFileException">A fault, with file, line and column.</exception>
    public static ProjectRegister Load(string file, Dictionary<string, long>? lines = null)
    {
        YamlMap root = new(file, YamlMap.Load(file), "plants", "projects");
        Dictionary<string, Plant> plants = new(StringComparer.Ordinal);
        List<Plant> ordered = [];
        foreach (YamlNode node in root.List("plants", isRequired: true))
        {
            YamlMap map = new(file, node, "id", "name", "sector", "state", "zone", "simulated");
            Plant plant = ReadPlant(map);
            ordered.Add(plants.TryAdd(plant.Id, plant) ? plant : throw map.FaultAt("id", $"plant '{plant.Id}' is there twice"));
            lines?.Add("plant/" + plant.Id, node.Start.Line);
        }

        List<Project> projects = [];
        foreach (YamlNode node in root.List("projects", isRequired: true))
        {
            YamlMap map = new(
                file, node, "id", "plant", "title", "measure", "resource", "use", "drivers", "step", "baseline", "installation", "reporting", "confidence");
            Project project = ReadProject(file, map, plants);
            projects.Add(projects.Exists(other => other.Id == project.Id) ? throw map.FaultAt("id", $"project '{project.Id}' is there twice") : project);
            lines?.Add("project/" + project.Id, node.Start.Line);
            foreach ((ProjectDriver driver, YamlNode place) in project.Drivers.Zip(map.List("drivers", isRequired: false)))
            {
                lines?.Add($"project/{project.Id}/{driver.Id}", place.Start.Line);
            }
        }

        return new(ordered, projects);
    }

    /// <summary>A project; null when there is none of this id.</summary>
    public Project? Find(string id)
    {
        // A copy with other projects carries the index of the first over, which is then made anew.
        ProjectIndex? known = index;
        if (known is null || !ReferenceEquals(known.Of, Projects))
        {
            index = known = new(Projects, FirstById(Projects));
        }

        return known.ById.GetValueOrDefault(id);
    }

    /// <summary>A project without a measurement plan; null when there is none of this id.</summary>
    public DraftProject? FindDraft(string id) => Drafts.FirstOrDefault(draft => draft.Id == id);

    /// <summary>Plant of a project, measured or not; null when there is none of this id.</summary>
    public Plant? PlantOfProject(string id) => Find(id)?.Plant ?? FindDraft(id)?.Plant;

    /// <summary>A plant; null when there is none of this id.</summary>
    public Plant? FindPlant(string id) => Plants.FirstOrDefault(plant => plant.Id == id);

    private static Dictionary<string, Project> FirstById(IReadOnlyList<Project> projects)
    {
        Dictionary<string, Project> found = new(projects.Count, StringComparer.Ordinal);
        foreach (Project project in projects)
        {
            _ = found.TryAdd(project.Id, project);
        }

        return found;
    }

    private static Plant ReadPlant(YamlMap map)
    {
        string zone = map.Text("zone");
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? found)
            ? new(map.Id("id"), map.Both("name"), map.Id("sector"), map.Text("state"), found, map.Flag("simulated", byDefault: false))
            : throw map.FaultAt("zone", $"zone '{zone}' is not known here; write an IANA name such as America/Mexico_City, and install tzdata");
    }

    private static Project ReadProject(string file, YamlMap map, Dictionary<string, Plant> plants)
    {
        string plantId = map.Id("plant");
        if (!plants.TryGetValue(plantId, out Plant? plant))
        {
            throw map.FaultAt("plant", $"plant '{plantId}' is not among 'plants'");
        }

        _ = map.Word("step", "1d");
        Project project = new()
        {
            Id = map.Id("id"),
            Plant = plant,
            Title = map.Both("title"),
            Measure = map.Both("measure"),
            Resource = (Resource)map.Word("resource", "electricity", "water", "gas", "effluent"),
            Use = ReadChannel(new YamlMap(file, map.Required("use"), "gateway", "channel")),
            Drivers = ReadDrivers(file, map),
            Baseline = map.Days("baseline"),
            Installation = map.Days("installation"),
            Reporting = map.Days("reporting"),
            ConfidencePercent = map.Number("confidence") ?? DefaultConfidence,
        };
        if (project.Installation.First <= project.Baseline.Last)
        {
            throw map.FaultAt("installation", "the installation must begin after the last day of the baseline");
        }

        if (project.Reporting.First <= project.Installation.Last)
        {
            throw map.FaultAt("reporting", "the reporting period must begin after the last day of the installation");
        }

        return project.ConfidencePercent is >= 50 and <= 99.9
            ? project
            : throw map.FaultAt("confidence", "the confidence is a percentage from 50 to 99.9, such as 90");
    }

    private static List<ProjectDriver> ReadDrivers(string file, YamlMap map)
    {
        List<ProjectDriver> drivers = [];
        foreach (YamlNode node in map.List("drivers", isRequired: false))
        {
            YamlMap driverMap = new(file, node, "id", "gateway", "channel", "aggregate", "above", "below", "calendar", "product");
            ProjectDriver driver = ReadDriver(driverMap);
            drivers.Add(drivers.Exists(other => other.Id == driver.Id) ? throw driverMap.FaultAt("id", $"driver '{driver.Id}' is there twice") : driver);
        }

        return drivers;
    }

    private static ProjectDriver ReadDriver(YamlMap map)
    {
        string id = map.Id("id");
        if (map.Has("product"))
        {
            return Array.Exists(ChannelKeys, map.Has) || map.Has("calendar")
                ? throw map.FaultAt("product", "a driver has either a product of the production records, a calendar, or a channel")
                : new(id, DriverKind.Production, null, 0) { Product = map.Text("product") };
        }

        if (map.Has("calendar"))
        {
            _ = map.Word("calendar", "workday");
            return map.Has("channel") || map.Has("aggregate") || map.Has("above") || map.Has("below")
                ? throw map.FaultAt("calendar", "a driver has either a calendar or a channel, not both")
                : new(id, DriverKind.Workday, null, 0);
        }

        ChannelName source = ReadChannel(map);
        bool isMean = map.Word("aggregate", "difference", "mean") == 1;
        double? above = map.Number("above");
        double? below = map.Number("below");
        if ((above is not null && below is not null) || (!isMean && (above ?? below) is not null))
        {
            throw map.FaultAt(above is null ? "below" : "above", "'above' and 'below' exclude each other and belong to 'aggregate: mean'");
        }

        DriverKind kind = !isMean ? DriverKind.Difference
            : above is not null ? DriverKind.Above
            : below is not null ? DriverKind.Below
            : DriverKind.Mean;
        return new(id, kind, source, above ?? below ?? 0);
    }

    private static ChannelName ReadChannel(YamlMap map) => new(map.Id("gateway"), map.Id("channel"));

    private sealed record ProjectIndex(IReadOnlyList<Project> Of, Dictionary<string, Project> ById);
}
