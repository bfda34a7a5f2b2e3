using System.Net;
using System.Text.RegularExpressions;
using Metering.Cloud.Pages;
using Metering.Programme.Accounts;
using Metering.Programme.Records;
using Metering.Store.Sqlite;
using Metering.Tests.Pages;
using Metering.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Metering.Tests.Accounts;

/// <summary>Pages over an empty store, with a clock of their own and any number of hosts on one database.</summary>
internal sealed partial class AccountHostFixture : IAsyncDisposable
{
    public const string Password = "cuero lento bajo lluvia";
    private readonly TemporaryFolder folder = new();
    private readonly List<(WebApplication App, SqliteStore Store)> hosts = [];

    public static Actor Terminal { get; } = new("terminal", "terminal");

    public ManualTimeProvider Clock { get; } = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public string Folder => folder.Path;

    public async Task<WebApplication> StartAsync(bool hasDemoRoles = false)
    {
        string file = folder.Write("projects.yaml", SampleProjects.Yaml());
        SqliteStore store = SqliteStore.Open(folder.Combine("metering.db"), TimeProvider.System);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Portal.AddPortal(builder.Services, file, store);
        PortalAccounts.Add(builder, folder.Path, Clock, hasDemoRoles);
        WebApplication app = builder.Build();
        Portal.MapPortal(app);
        hosts.Add((app, store));
        await app.StartAsync();
        return app;
    }

    public static HttpClient Browser(WebApplication app) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new() }) { BaseAddress = new(app.Urls.First()) };

    public static async Task<T> DoAsync<TDesk, T>(WebApplication app, Func<TDesk, Task<T>> work)
        where TDesk : notnull
    {
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TDesk>());
    }

    public static Task<Account> FirstAsync(WebApplication app) =>
        DoAsync<AccountDesk, Account>(app, desk => desk.MakeFirstAsync(desk.NewFirstToken(), new("ana", "Ana Luz", Language.Spanish), Password));

    /// <summary>Opens a page, fills its form as a browser does, with the token the page carries, and sends it.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient browser, string page, string address, params (string Name, string Value)[] fields)
    {
        string html = await browser.GetStringAsync(new Uri(page, UriKind.Relative));
        string token = FormToken().Match(html).Groups[1].Value;
        using FormUrlEncodedContent form = new([new("__RequestVerificationToken", token), .. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))]);
        return await browser.PostAsync(new Uri(address, UriKind.Relative), form);
    }

    public static async Task<HttpStatusCode> SignInAsync(HttpClient browser, string password = Password, string user = "ana")
    {
        using HttpResponseMessage response = await PostAsync(browser, "/es/sign-in", "/es/sign-in", ("user", user), ("password", password));
        return response.StatusCode;
    }

    public static async Task<HttpStatusCode> StatusAsync(HttpClient client, string address)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri(address, UriKind.Relative));
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((WebApplication app, SqliteStore store) in hosts)
        {
            await app.DisposeAsync();
            store.Dispose();
        }

        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
