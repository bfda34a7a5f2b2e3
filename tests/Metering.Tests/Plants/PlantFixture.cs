using System.Net;
using System.Text.RegularExpressions;
using Metering.Cloud.Pages;
using Metering.Programme.Accounts;
using Metering.Programme.Records;
using Metering.Store.Sqlite;
using Metering.Tests.Accounts;
using Metering.Tests.Pages;
using Metering.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Metering.Tests.Plants;

/// <summary>The pages over one plant that is read every hour until 23:00 of 1 November 2026; the clock stands at a quarter to two in the night after it.</summary>
public sealed partial class PlantFixture : IAsyncLifetime
{
    public const string Plant = "leon-tannery";

    private readonly string folder = Directory.CreateTempSubdirectory("metering-plant-").FullName;
    private SqliteStore? store;
    private WebApplication? app;

    /// <summary>Midnight of 2 November in the centre of Mexico is 06:00 UTC.</summary>
    public ManualTimeProvider Clock { get; init; } = new(new DateTimeOffset(2026, 11, 2, 7, 45, 0, TimeSpan.Zero));

    /// <summary>First day that the plant is read.</summary>
    public DateOnly First { get; init; } = new(2026, 9, 1);

    public IServiceProvider Services => app!.Services;

    internal RecordStore Records => app!.Services.GetRequiredService<RecordStore>();

    internal SqliteStore Store => store!;

    public async Task InitializeAsync()
    {
        string file = Path.Combine(folder, "projects.yaml");
        await File.WriteAllTextAsync(file, SampleProjects.Yaml());
        store = SqliteStore.Open(Path.Combine(folder, "metering.db"), Clock);
        await new SamplePlant(Plant, 1) { First = First }.FillAsync(store);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Portal.AddPortal(builder.Services, file, store);
        PortalAccounts.Add(builder, folder, Clock, pagesPerMinute: 1_000_000);
        app = builder.Build();
        Portal.MapPortal(app);
        await app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await app!.DisposeAsync();
        store!.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A client of a new account that keeps its cookies and follows no redirect.</summary>
    public async Task<HttpClient> SignedInAsync(AccountRole role, string? plant = Plant)
    {
        CookieContainer cookies = new();
        HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = new(app!.Urls.First()) };
        cookies.Add(client.BaseAddress, new Cookie("metering", await PortalAccounts.CookieAsync(app, role, plant, null)));
        return client;
    }

    /// <summary>Sends a form as its page does: with the page's token.</summary>
    public static async Task<(HttpStatusCode Status, string Page)> SendAsync(HttpClient client, string formAddress, string address, params (string Name, string Value)[] fields)
    {
        using FormUrlEncodedContent form = new([.. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)), new("__RequestVerificationToken", await TokenAsync(client, formAddress))]);
        using HttpResponseMessage answer = await client.PostAsync(new Uri(address, UriKind.Relative), form);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Uploads a file as its page does.</summary>
    public static async Task<(HttpStatusCode Status, string Page)> UploadAsync(HttpClient client, string formAddress, string address, string what, string name, byte[] content)
    {
        using MultipartFormDataContent form = new()
        {
            { new StringContent(await TokenAsync(client, formAddress)), "__RequestVerificationToken" },
            { new StringContent(what), "what" },
            { new StringContent("detect"), "sign" },
            { new ByteArrayContent(content), "file", name },
        };
        using HttpResponseMessage answer = await client.PostAsync(new Uri(address, UriKind.Relative), form);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The hidden fields of the form of a page that goes to an address.</summary>
    public static (string Name, string Value)[] Hidden(string page, string action)
    {
        string form = Regex.Match(page, $"<form[^>]*action=\"{Regex.Escape(action)}\".*?</form>", RegexOptions.Singleline).Value;
        return [.. HiddenField().Matches(form).Select(match => (match.Groups[1].Value, WebUtility.HtmlDecode(match.Groups[2].Value))).Where(field => field.Item1 != "__RequestVerificationToken")];
    }

    private static async Task<string> TokenAsync(HttpClient client, string address) =>
        WebUtility.HtmlDecode(Regex.Match(await client.GetStringAsync(address), "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value);

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();
}
