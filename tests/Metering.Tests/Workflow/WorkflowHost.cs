using System.Net;
using System.Text.RegularExpressions;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Cloud.Workflow;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Store.Sqlite;
using Metering.Tests.Accounts;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Metering.Tests.Workflow;

/// <summary>The pages over a real store of two plants and a register of its own for each test.</summary>
public sealed partial class WorkflowHost : IAsyncLifetime
{
    public const string Project = "pml-009";

    private readonly string folder = Directory.CreateTempSubdirectory("metering-workflow-").FullName;
    private SqliteStore? store;
    private WebApplication? app;

    internal WebApplication App => app!;

    internal RecordStore Register => app!.Services.GetRequiredService<RecordStore>();

    internal ProjectBoard Board => app!.Services.GetRequiredService<ProjectBoard>();

    internal ProjectFlow Flow => ProjectFlow.Read(Board, Register, Project)!;

    internal string Folder => folder;

    public async Task InitializeAsync()
    {
        string file = Path.Combine(folder, "projects.yaml");
        await File.WriteAllTextAsync(file, SampleProjects.Yaml());
        store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System);
        await new SamplePlant("leon-tannery", 1) { PowerAddedInMay = 12 }.FillAsync(store);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Portal.AddPortal(builder.Services, file, store);
        PortalAccounts.Add(builder, folder, TimeProvider.System, pagesPerMinute: 1_000_000);
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

    /// <summary>Puts a plant and a measured project into the register, as staff would.</summary>
    internal void Record()
    {
        IProgrammeRecord[] records =
        [
            ProgrammeFixture.Plant("leon-tannery"),
            ProgrammeFixture.Project(Project, "leon-tannery") with
            {
                Gateway = "leon-tannery",
                Channel = "mains.active-energy-import",
                BaselineFirst = new(2024, 11, 20),
                BaselineLast = new(2025, 9, 30),
                InstallationFirst = new(2025, 10, 1),
                InstallationLast = new(2025, 10, 31),
                ReportingFirst = new(2025, 11, 1),
                ReportingLast = new(2026, 10, 31),
            },
            Driver("production", 1, DriverForm.Difference, "hides.count"), Driver("workday", 2, DriverForm.Workday, null),
            Driver("cooling-degrees", 3, DriverForm.Above, "weather.outdoor-temperature") with { Threshold = 18 },
        ];
        _ = Register.Save([.. records.Select(record => new RecordChange(record, 0))], ProgrammeFixture.Ana, null);
    }

    /// <summary>Somebody who signed in.</summary>
    internal async Task<Reader> ReaderAsync(AccountRole role, string? plant = null, string? project = null)
    {
        CookieContainer cookies = new();
        HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = new(app!.Urls.Single()) };
        cookies.Add(client.BaseAddress, new Cookie("metering", await PortalAccounts.CookieAsync(app, role, plant, project)));
        return new(client);
    }

    /// <summary>Somebody who is the project's consultant and of the programme's staff.</summary>
    internal async Task<Reader> BothAsync()
    {
        Reader reader = await ReaderAsync(AccountRole.Reviewer);
        await using AsyncServiceScope scope = app!.Services.CreateAsyncScope();
        string newest = scope.ServiceProvider.GetRequiredService<Metering.Programme.Storage.ProgrammeContext>().Grants.OrderByDescending(grant => grant.Number).First().AccountId;
        _ = scope.ServiceProvider.GetRequiredService<GrantDesk>().Give(ProgrammeFixture.Ana, new() { AccountId = newest, Role = AccountRole.Consultant, Project = Project }, "both");
        return reader;
    }

    private static Metering.Programme.Kinds.ProjectDriver Driver(string name, int position, DriverForm form, string? channel) => new()
    {
        Id = $"{Project}.{name}",
        Project = Project,
        Name = name,
        Position = position,
        Form = form,
        Gateway = channel is null ? null : "leon-tannery",
        Channel = channel,
    };

    /// <summary>A reader with a browser's habits: a form is read before it is sent, with everything hidden in it.</summary>
    internal sealed partial class Reader(HttpClient client) : IDisposable
    {
        public async Task<string> GetAsync(string address) => await client.GetStringAsync(new Uri(address, UriKind.Relative));

        public async Task<HttpStatusCode> StatusAsync(string address)
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri(address, UriKind.Relative));
            return answer.StatusCode;
        }

        public async Task<byte[]> BytesAsync(string address) => await client.GetByteArrayAsync(new Uri(address, UriKind.Relative));

        /// <summary>The hidden fields of the form on a page that is sent to an address and holds a text; empty when there is no such form.</summary>
        public async Task<Dictionary<string, string>> FormAsync(string page, string action, string holds = "")
        {
            string html = await GetAsync(page);
            Match form = FormPattern().Matches(html).FirstOrDefault(match => WebUtility.HtmlDecode(match.Groups[1].Value) == action && match.Value.Contains(holds, StringComparison.Ordinal)) ?? Match.Empty;
            return HiddenPattern().Matches(form.Value).ToDictionary(match => match.Groups[1].Value, match => WebUtility.HtmlDecode(match.Groups[2].Value), StringComparer.Ordinal);
        }

        /// <summary>Sends fields; what a form lacks is taken from the page's token.</summary>
        public async Task<(HttpStatusCode Status, string Page)> PostAsync(string page, string action, Dictionary<string, string> fields)
        {
            if (!fields.ContainsKey("__RequestVerificationToken"))
            {
                fields["__RequestVerificationToken"] = WebUtility.HtmlDecode(TokenPattern().Match(await GetAsync(page)).Groups[1].Value);
            }

            using FormUrlEncodedContent form = new(fields);
            using HttpResponseMessage answer = await client.PostAsync(new Uri(action, UriKind.Relative), form);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        public void Dispose() => client.Dispose();

        [GeneratedRegex("<form[^>]*action=\"([^\"]+)\".*?</form>", RegexOptions.Singleline)]
        private static partial Regex FormPattern();

        [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
        private static partial Regex HiddenPattern();

        [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
        private static partial Regex TokenPattern();
    }
}
