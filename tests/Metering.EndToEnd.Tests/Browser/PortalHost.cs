using System.Diagnostics;
using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text.Json;
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
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
    private readonly CancellationTokenSource stopping = new();
    private Task<int> running = Task.FromResult(0);

    private PortalHost()
    {
    }

    /// <summary>Where the pages answer.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Everything the program answers to, as its own routing knows it.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints { get; private set; } = [];

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
        await portal.RunAsync(CloudConfigReader.Read(file, isForRun: true));
        return portal;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        _ = await running;
        stopping.Dispose();
        folder.Dispose();
    }

    private async Task RunAsync(CloudConfig config)
    {
        using HostWatch watch = new();
        await using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        using StreamReader reader = new(new AnonymousPipeClientStream(PipeDirection.In, pipe.ClientSafePipeHandle));
        await using StreamWriter output = new(pipe);
        running = CloudHost.RunAsync(config, CloudRole.Web, hasDemoRoles: true, output, TextWriter.Null, stopping.Token);
        Task<string?> ready = reader.ReadLineAsync(stopping.Token).AsTask();
        if (await Task.WhenAny(running, ready) == running)
        {
            throw new InvalidOperationException($"the cloud ended with {await running} before it was ready");
        }

        using JsonDocument line = JsonDocument.Parse(await ready ?? "{}");
        Address = new(line.RootElement.GetProperty("web").GetString()!);
        Endpoints = [.. watch.Host!.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];
    }

    /// <summary>Hears of the host that the program builds inside itself, as the platform's own test host does.</summary>
    private sealed class HostWatch : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly List<IDisposable> subscriptions = [];

        public HostWatch() => subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

        public IHost? Host { get; private set; }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                subscriptions.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value) => Host = value.Key == "HostBuilt" ? (IHost?)value.Value : Host;

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose() => subscriptions.ForEach(subscription => subscription.Dispose());
    }
}
