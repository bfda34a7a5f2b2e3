using Metering.Cloud.Pages;
using Metering.Store.Sqlite;
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

    public HttpClient Client { get; } = new(new HttpClientHandler { AllowAutoRedirect = false });

    public async Task InitializeAsync()
    {
        store = SqliteStore.Open(Path.Combine(directory, "metering.db"), TimeProvider.System);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Portal.AddPortal(builder.Services, null, store);
        app = builder.Build();
        Portal.MapPortal(app);
        await app.StartAsync();
        Client.BaseAddress = new(app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        store?.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}
