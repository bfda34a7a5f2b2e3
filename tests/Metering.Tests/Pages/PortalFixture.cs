using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Accounts;
using Metering.Store.Sqlite;
using Metering.Tests.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Metering.Tests.Pages;

/// <summary>The pages on a free port over a real store with a project of each outcome.</summary>
public sealed class PortalFixture : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("portal").FullName;
    private SqliteStore? store;
    private WebApplication? app;

    /// <summary>A client signed in as programme staff.</summary>
    public HttpClient Client { get; private set; } = null!;

    internal WebApplication App => app!;

    internal ProjectBoard Board => app!.Services.GetRequiredService<ProjectBoard>();

    public async Task InitializeAsync()
    {
        string file = Path.Combine(directory, "projects.yaml");
        await File.WriteAllTextAsync(file, SampleProjects.Yaml());
        store = SqliteStore.Open(Path.Combine(directory, "metering.db"), TimeProvider.System);
        await new SamplePlant("leon-tannery", 1) { WithGaps = true }.FillAsync(store);
        await new SamplePlant("silao-auto", 2) { Saving = 0.004, Noise = 0.05 }.FillAsync(store);
        await new SamplePlant("salamanca-chem", 3) { ProductionFactor = 3 }.FillAsync(store);
        await new SamplePlant("celaya-hospital", 4) { Last = new(2026, 3, 18) }.FillAsync(store);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Portal.AddPortal(builder.Services, file, store);
        PortalAccounts.Add(builder, directory, TimeProvider.System, pagesPerMinute: 1_000_000);
        app = builder.Build();
        Portal.MapPortal(app);
        app.MapGet("/en/fails", (HttpContext _) => { throw new InvalidOperationException("inner secret"); }).Needs(Permission.SeeReference);
        await app.StartAsync();
        Client = await SignedIn(AccountRole.Reviewer);
    }

    /// <summary>A client signed in as a new account with this role, for a plant, a project or the programme.</summary>
    public Task<HttpClient> SignedIn(AccountRole role, string? plant = null, string? project = null) => PortalAccounts.SignedInAsync(app!, role, plant, project);

    public async Task DisposeAsync()
    {
        Client.Dispose();
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        store?.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }
}
