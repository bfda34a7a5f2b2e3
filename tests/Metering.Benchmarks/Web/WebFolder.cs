using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Cloud.Projects;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;

namespace Metering.Benchmarks.Web;

/// <summary>A folder that `cloud run` serves: a made-up store marked as simulated, its projects and its register.</summary>
internal static class WebFolder
{
    /// <summary>Project of the plant with many channels.</summary>
    public const string Large = "large";

    /// <summary>Channels of the plant of the large project.</summary>
    public const int LargeChannels = 20;

    private const int LargeSlots = 96;
    private const int LargeDrivers = 5;

    // Every tenth of the small projects is signed by two people, so that verified sums and those of the rest are both made.
    private const int OneVerifiedOf = 10;
    private const string Sectors = "tannery automotive chemical hospital hotel";
    private const string States = "Guanajuato Querétaro Aguascalientes Jalisco";
    private static readonly Actor Maker = new("benchmark", "made up by the benchmark");

    /// <summary>Makes everything.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="projects">Small projects, each at a plant of its own, read once a day.</param>
    /// <returns>Readings stored.</returns>
    public static async Task<long> MakeAsync(string folder, int projects)
    {
        SigningKey.Create(Path.Combine(folder, "cloud.pem")).Dispose();
        await File.WriteAllTextAsync(Path.Combine(folder, "cloud.yaml"), """
            name: metering-cloud
            keyFile: cloud.pem
            store: metering.db
            projectsFile: projects.yaml
            broker: { host: 127.0.0.1, port: 1 }
            web: { address: 127.0.0.1, port: 0, allowRemote: true, trustedProxy: 127.0.0.1 }
            """);
        string file = Path.Combine(folder, "projects.yaml");
        await File.WriteAllTextAsync(file, Projects(projects));
        long readings = 0;
        using (ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        using (SqliteStore store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System))
        {
            store.BecomeWriter();
            readings += await new WebPlant(Large, 1, LargeChannels, LargeSlots).FillAsync(store, key, "kWh");
            for (int index = 0; index < projects; index++)
            {
                readings += await new WebPlant(PlantOf(index), index + 2, 2, 1).FillAsync(store, key, UnitOf(index));
            }

            await store.SealAsync();
        }

        RecordStore register = new(ProgrammeDatabase.Open(StoreLocation.AtFile(Path.Combine(folder, "programme.db"))), TimeProvider.System);
        ProgrammeImport.Plan(file, register).Run(register, Maker, isRehearsal: false, Readings.Texts.Language.English);
        Fill(register, projects);
        return readings;
    }

    /// <summary>Identifier of a small project.</summary>
    public static string ProjectOf(int index) => string.Create(CultureInfo.InvariantCulture, $"small-{index:0000}");

    /// <summary>Identifier of its plant.</summary>
    public static string PlantOf(int index) => string.Create(CultureInfo.InvariantCulture, $"plant-{index:0000}");

    /// <summary>Unit of its use.</summary>
    public static string UnitOf(int index) => index % 3 == 2 ? "m3" : "kWh";

    private static string Projects(int count)
    {
        StringBuilder yaml = new("plants:\n");
        string[] sectors = Sectors.Split(' ');
        string[] states = States.Split(' ');
        AddPlant(yaml, Large, sectors[0], states[0]);
        for (int index = 0; index < count; index++)
        {
            AddPlant(yaml, PlantOf(index), sectors[index % sectors.Length], states[index % states.Length]);
        }

        _ = yaml.Append("projects:\n");
        AddProject(yaml, Large, Large, "electricity", LargeDrivers);
        for (int index = 0; index < count; index++)
        {
            AddProject(yaml, ProjectOf(index), PlantOf(index), UnitOf(index) == "m3" ? "water" : "electricity", 1);
        }

        return yaml.ToString();
    }

    private static void AddPlant(StringBuilder yaml, string id, string sector, string state) => yaml.Append(
        CultureInfo.InvariantCulture, $"  - {{ id: {id}, name: {{ es: \"Planta {id} (simulada)\", en: \"Plant {id} (simulated)\" }}, sector: {sector}, state: {state}, zone: America/Mexico_City, simulated: true }}\n");

    private static void AddProject(StringBuilder yaml, string id, string plant, string resource, int drivers)
    {
        _ = yaml.Append(CultureInfo.InvariantCulture, $"  - id: {id}\n    plant: {plant}\n    title: {{ es: \"Proyecto {id}\", en: \"Project {id}\" }}\n    measure: {{ es: \"Medida de prueba.\", en: \"Measure made up for the benchmark.\" }}\n")
            .Append(CultureInfo.InvariantCulture, $"    resource: {resource}\n    use: {{ gateway: {plant}, channel: {WebPlant.Use} }}\n    drivers:\n")
            .Append(CultureInfo.InvariantCulture, $"      - {{ id: production, gateway: {plant}, channel: {WebPlant.Production}, aggregate: difference }}\n");
        for (int driver = 0; driver < drivers - 1; driver++)
        {
            _ = yaml.Append(CultureInfo.InvariantCulture, $"      - {{ id: other-{driver}, gateway: {plant}, channel: {WebPlant.Other(driver)}, aggregate: difference }}\n");
        }

        _ = yaml.Append("    step: 1d\n    baseline: 2023-01-01..2023-12-31\n    installation: 2024-01-01..2024-01-31\n    reporting: 2024-02-01..2025-01-31\n    confidence: 90\n");
    }

    private static void Fill(RecordStore register, int projects)
    {
        List<IProgrammeRecord> records = [.. BajioPreset.Records(new(2023, 1, 1)), new Consultant { Id = "consultant", Name = "Made-up consultant", IsTrained = true }];
        for (int month = 0; month < 26; month++)
        {
            DateOnly day = new DateOnly(2023, 1, 1).AddMonths(month);
            records.Add(new ExchangeRate { Id = string.Create(CultureInfo.InvariantCulture, $"rate-{month}"), Day = day, PesosPerDollar = 17 + (0.1m * month), Source = "made up" });
        }

        for (int index = 0; index < projects; index++)
        {
            ProjectResource resource = UnitOf(index) == "m3" ? ProjectResource.Water : ProjectResource.Electricity;
            records.Add(new ResourcePrice
            {
                Id = "price-" + PlantOf(index), Plant = PlantOf(index), Resource = resource, Price = new(resource == ProjectResource.Water ? 60m : 2.4m, "MXN"),
                Per = resource == ProjectResource.Water ? PricedUnit.CubicMetre : PricedUnit.Kwh, From = new(2023, 1, 1), Source = "made up",
            });
            if (index % OneVerifiedOf == 0)
            {
                records.AddRange(Evidence(ProjectOf(index), PlantOf(index)));
            }
        }

        _ = register.Save([.. records.Select(record => new RecordChange(record, 0))], Maker, null);
        Walk(register, [.. Enumerable.Range(0, projects).Where(index => index % OneVerifiedOf == 0).Select(ProjectOf)]);
    }

    private static IEnumerable<IProgrammeRecord> Evidence(string project, string plant) =>
    [
        new SelfAssessment { Id = "s-" + plant, Plant = plant, AnsweredOn = new(2025, 2, 1), Questionnaire = "q", Answers = "sector: tanning\nyear: 2023" },
        new PreAssessment { Id = "p-" + plant, Plant = plant, VisitedOn = new(2025, 2, 1), Staff = "made up", Recommendation = Recommendation.Project, Summary = "made up" },
        new SelectionDecision { Id = "d-" + project, Project = project, DecidedOn = new(2025, 2, 1), Decision = SelectionOutcome.Selected, Committee = "made up", Reasons = "made up" },
        new Contract { Id = "k-" + project, Project = project, Consultant = "consultant", SignedOn = new(2025, 2, 1), Fee = new(8000m, "USD"), CompanyShare = new(4000m, "USD") },
        new BaselineFreeze { Id = "f-" + project, Project = project, FrozenOn = new(2025, 2, 1), ModelHash = new string('a', 64), Model = "m" },
        new Measure { Id = "m-" + project, Title = "made up", Project = project, Resource = SavedResource.Electricity, Status = MeasureStatus.Implemented, ImplementedOn = new(2025, 2, 1) },
        new ReviewSignature { Id = "a-" + project, Project = project, Role = SignatureRole.Author, PersonId = "a", Person = "made up", SignedOn = new(2025, 2, 1), ResultHash = "h", IsApproved = true },
        new ReviewSignature { Id = "r-" + project, Project = project, Role = SignatureRole.Reviewer, PersonId = "r", Person = "made up", SignedOn = new(2025, 2, 1), ResultHash = "h", IsApproved = true },
    ];

    private static void Walk(RecordStore register, string[] projects)
    {
        DateOnly day = new(2025, 2, 2);
        foreach (ProjectState state in (ProjectState[])[ProjectState.Lead, ProjectState.SelfAssessed, ProjectState.PreAssessed, ProjectState.Selected, ProjectState.Contracted, ProjectState.Baselining, ProjectState.Implementing, ProjectState.Reporting, ProjectState.Verified])
        {
            RegisterSnapshot now = register.Snapshot;
            _ = register.Save([.. projects.Select(project =>
            {
                string evidence = string.Join(' ', ProjectLifecycle.EvidenceFor(now, project, state, day));
                return new RecordChange(
                    new ProjectStep { Id = string.Create(CultureInfo.InvariantCulture, $"{project}-{(int)state}"), Project = project, State = state, Day = day, Evidence = evidence.Length == 0 ? null : evidence }, 0);
            })], Maker, null);
            day = day.AddDays(1);
        }
    }
}
