using Metering.Cloud.Pages;
using Metering.Programme.Accounts;
using Metering.Store.Sqlite;
using Metering.Tests.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Metering.Tests.Pages;

/// <summary>The pages on a free port over an empty store.</summary>
public sealed class ReferenceDataFixture : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("reference").FullName;
    private SqliteStore? store;
    private WebApplication? app;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>The cookie that the client is signed in with.</summary>
    public string Cookie => Client.DefaultRequestHeaders.GetValues("Cookie").Single();

    public async Task InitializeAsync()
    {
        store = SqliteStore.Open(Path.Combine(directory, "metering.db"), TimeProvider.System);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Portal.AddPortal(builder.Services, null, store);
        PortalAccounts.Add(builder, directory, TimeProvider.System);
        app = builder.Build();
        Portal.MapPortal(app);
        await app.StartAsync();
        Client = await PortalAccounts.SignedInAsync(app, AccountRole.Reviewer);
    }

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
