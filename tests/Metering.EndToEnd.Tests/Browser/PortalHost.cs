using System.Security.Cryptography;
using Metering.Cloud.Hosting;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Metering.Tests.Programme.Pages;
using Metering.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>The cloud as `cloud run --role web` starts it, over a store with a project of each outcome, on a free port.</summary>
internal sealed class PortalHost : IAsyncDisposable
{
    private const string Config = """
        name: metering-cloud
        keyFile: cloud.pem
        store: metering.db
        projectsFile: projects.yaml
        broker: { host: 127.0.0.1, port: 1 }
        web: { address: 127.0.0.1, port: 0 }
        """;

    private readonly TemporaryFolder folder = new(inMemory: true);
    private RunningCloud? cloud;

    private PortalHost()
    {
    }

    /// <summary>Where the pages answer.</summary>
    public Uri Address => cloud!.Address;

    /// <summary>Everything the program answers to, as its own routing knows it.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints => cloud!.Endpoints;

    public static async Task<PortalHost> StartAsync()
    {
        PortalHost portal = new();
        _ = portal.folder.Write("projects.yaml", SampleProjects.Yaml());
        string file = portal.folder.Write("cloud.yaml", Config);
        using (ECDsa key = SigningKey.Create(portal.folder.Combine("cloud.pem")))
        using (SqliteStore store = SqliteStore.Open(portal.folder.Combine("metering.db"), TimeProvider.System))
        {
            await new SamplePlant("leon-tannery", 1) { WithGaps = true }.FillAsync(store);
            await new SamplePlant("silao-auto", 2) { Saving = 0.004, Noise = 0.05 }.FillAsync(store);
            await new SamplePlant("salamanca-chem", 3) { ProductionFactor = 3 }.FillAsync(store);
            await new SamplePlant("celaya-hospital", 4) { Last = new(2026, 3, 18) }.FillAsync(store);
        }

        FillRegister(new(ProgrammeDatabase.Open(StoreLocation.AtFile(portal.folder.Combine("programme.db"))), TimeProvider.System));
        portal.cloud = await RunningCloud.StartAsync(CloudConfigReader.Read(file, isForRun: true), CloudRole.Web, hasDemoRoles: true);
        return portal;
    }

    // Tables with rows, and sentences as long as people write them: an empty page is never ugly.
    private static void FillRegister(RecordStore register)
    {
        SampleRegister.Fill(register);
        PlantRecord tannery = register.Snapshot.Find<PlantRecord>("leon-tannery")!;
        PlantRecord shown = tannery with { NameSpanish = "Curtiduría León 1 (simulada)", NameEnglish = "León tannery 1 (simulated)", Discharge = DischargeKind.Sewer };
        _ = register.Save([new(shown, register.Snapshot.Version(new(PlantRecord.Kind.Name, tannery.Id))!.Version)], ProgrammeFixture.Ana, "descarga");
        IProgrammeRecord[] records =
        [
            ProgrammeFixture.Company("curtidos", "Curtidos del Bajío (simulada)"), ProgrammeFixture.Plant(), ProgrammeFixture.Project(),
            new ProjectStep { Id = "step-1", Project = "pml-1", State = ProjectState.Lead, Day = new(2026, 1, 15) },
            new ElectricityRates
            {
                Id = "rates", Plant = tannery.Id, Tariff = ElectricityTariff.Gdmth, Division = "Bajío", Month = new(2026, 10, 1), Base = 0.8123m, Intermedia = 1.4567m, Punta = 1.6789m,
                Transmission = 0.1743m, Capacity = 401.78m, Distribution = 98.5m, Supplier = 640.25m, Source = "Recibo simulado",
            },
            Lab("chromium", "Cr (VI)", 0.62m, "mg/L"), Lab("acidity", "pH", 7.4m, "pH"), Lab("demand", "DQO", 318m, "mg/L"),
            new Lesson { Id = "long", Title = "Medir antes de proponer", Project = SampleProjects.Accepted, WrittenOn = new(2026, 5, 4), Content = string.Join(' ', Enumerable.Repeat("Sin un año de lecturas nadie supo si el ahorro venía del variador o de la temporada.", 6)) },
            new EvaluationFinding
            {
                Id = "long", Title = "Evidencia de dos visitas", Evaluator = "Evaluadora", FoundOn = new(2026, 5, 6), RespondedOn = new(2026, 5, 20),
                Finding = string.Join(' ', Enumerable.Repeat("Dos de las cinco visitas no tienen minuta firmada, y en una la fecha no coincide con la del sistema.", 4)),
                Response = string.Join(' ', Enumerable.Repeat("Las minutas se subieron el 18 de mayo; la fecha se corrigió con su motivo.", 3)),
            },
        ];
        _ = register.Save([.. records.Select(record => new RecordChange(record, 0))], ProgrammeFixture.Ana, null);
    }

    private static LabResult Lab(string id, string parameter, decimal value, string unit) => new()
    {
        Id = id, Plant = "leon-tannery", Parameter = parameter, SampledOn = new(2026, 10, 14), Sample = SampleKind.Instant, Value = new(value, unit), IsBelowLimit = false, Method = "NMX (simulado)", Laboratory = "Laboratorio simulado",
    };

    public async ValueTask DisposeAsync()
    {
        if (cloud is not null)
        {
            await cloud.DisposeAsync();
        }

        folder.Dispose();
    }
}
