using System.Security.Cryptography;
using Metering.Cloud.Hosting;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
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

        RecordStore register = new(ProgrammeDatabase.Open(StoreLocation.AtFile(portal.folder.Combine("programme.db"))), TimeProvider.System);
        IProgrammeRecord[] records =
        [
            ProgrammeFixture.Company("curtidos", "Curtidos del Bajío (simulada)"), ProgrammeFixture.Plant(), ProgrammeFixture.Project(),
            new ProjectStep { Id = "step-1", Project = "pml-1", State = ProjectState.Lead, Day = new(2026, 1, 15) },
            .. BajioPreset.Records(new(2026, 1, 1)),
            new Course { Id = "course", Title = "Producción más limpia (simulado)" },
            new CourseEdition { Id = "edition", Title = "Primera edición", Course = "course", FirstDay = new(2026, 2, 1), LastDay = new(2026, 2, 5) },
            new Enrolment { Id = "enrolment", Person = "Persona de prueba", Edition = "edition", AttendancePercent = 90m, Certificate = "PML-2026-1", CertifiedOn = new(2026, 2, 6) },
        ];
        _ = register.Save([.. records.Select(record => new RecordChange(record, 0))], ProgrammeFixture.Ana, null);
        portal.cloud = await RunningCloud.StartAsync(CloudConfigReader.Read(file, isForRun: true), CloudRole.Web, hasDemoRoles: true);
        return portal;
    }

    public async ValueTask DisposeAsync()
    {
        if (cloud is not null)
        {
            await cloud.DisposeAsync();
        }

        folder.Dispose();
    }
}
