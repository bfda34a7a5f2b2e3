using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Metering.Cloud.Accounts;
using Metering.Cloud.Evidence;
using Metering.Cloud.Projects;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Metering.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace Metering.Tests.Accounts;

/// <summary>Every route of the running host, asked by everyone, for the own plant and for a foreign one.</summary>
public sealed partial class AccessMatrixTests(PortalFixture portal, ITestOutputHelper output) : IClassFixture<PortalFixture>
{
    private const string OwnPlant = "leon-tannery";
    private const string OwnProject = SampleProjects.Accepted;
    private const string Channel = "hides.count";
    private const string Company = "curtidos";
    private const string ForeignPlant = "silao-auto";
    private const string ForeignProject = SampleProjects.Open;

    // Words that only the foreign plant's pages have: its name, its identifier, its project's.
    private static readonly string[] ForeignWords = ["Autopartes Silao", "Silao auto parts", ForeignPlant, ForeignProject];

    /// <summary>Written by hand from the roles' description, not from the program's own table: what a pattern (of one method, where it stands before it) is about, and who may (staff: to others it is not there), o operator, i installer, c consultant, r staff, a auditor, A administrator.</summary>
    private static readonly (string Pattern, string About, string Who)[] Expected =
    [
        ("/charts/{id}/carpet.png", "project", "oicraA"),
        ("/L/projects/{id}", "project", "oicraA"),
        ("/L/plants/{id}", "plant", "oicraA"),
        ("/L/plants/{id}/live", "plant", "oicraA"),
        ("/L/alarms", "list", "oicraA"),
        ("/L/plants/{id}/alarms", "plant", "oicraA"),
        ("/L/plants/{id}/alarms/acknowledge", "plant", "oir"),
        ("/L/gateways", "list", "irA"),
        ("/L/plants/{id}/gateways/code", "plant", "irA"),
        ("/L/plants/{id}/gateways/revoke", "plant", "irA"),
        ("/L/plants/{id}/entries", "plant", "oir"),
        ("/L/plants/{id}/entries/production", "plant", "oir"),
        ("/L/plants/{id}/entries/week", "plant", "oir"),
        ("/L/plants/{id}/entries/lab", "plant", "oir"),
        ("/L/plants/{id}/entries/file", "plant", "oir"),
        ("/L/plants/{id}/entries/confirm", "plant", "oir"),
        ("/L/plants/{id}/entries/withdraw", "plant", "oir"),
        ("/L/plants/{id}/entries/restore", "plant", "oir"),
        ("/api/v1/projects/{id}.json", "project", "oicraA"),
        ("/api/v1/projects/{id}/daily.csv", "project", "oicraA"),
        ("/api/v1/projects/{id}/monthly.csv", "project", "oicraA"),
        ("/api/v1/channels/{gateway}/{channel}/intervals.csv", "plant", "oicraA"),
        ("/api/v1/projects", "list", "oicraA"),
        ("/api/v1/plants", "list", "oicraA"),
        ("/api/v1/plants/{id}", "plant", "oicraA"),
        ("/api/v1/meters", "list", "oicraA"),
        ("/api/v1/meters/{gateway}/{meter}", "plant", "oicraA"),
        ("/api/v1/channels", "list", "oicraA"),
        ("/api/v1/channels/{gateway}/{channel}", "plant", "oicraA"),
        ("/api/v1/channels/{gateway}/{channel}/series", "plant", "oicraA"),
        ("/api/v1/channels/{gateway}/{channel}/readings", "plant", "oicraA"),
        ("/api/v1/projects/{id}", "project", "oicraA"),
        ("/api/v1/projects/{id}/result", "project", "oicraA"),
        ("/api/v1/projects/{id}/events", "project", "oicraA"),
        ("/api/v1/projects/{id}/events/{event}/decision", "project", "cr"),
        ("/api/v1/portfolio", "list", "oicraA"),
        ("/api/v1/reports", "list", "oicraA"),
        ("/api/v1/audit", "list", "oicraA"),
        ("/api/v1/plants/{id}/entries/{kind}", "plant", "oicraA"),
        ("POST /api/v1/plants/{id}/entries/{kind}", "plant", "oir"),
        ("/api/v1/records", "list", "oicraA"),
        ("/api/v1/records/{kind}", "list", "oicraA"),
        ("/api/v1/records/{kind}/{id}", "staff", "r"),
        ("/api/v1/records/{kind}/{id}/history", "staff", "r"),
        ("PUT /api/v1/records/{kind}/{id}", "list", "oicr"),
        ("/api/v1/records/{kind}/{id}/withdraw", "list", "oicr"),
        ("/L/", "list", "oicraA"),
        ("/L/reference", "list", "oicraA"),
        ("/L/reference/{table}.csv", "list", "oicraA"),
        ("/L/audit", "list", "oicraA"),
        ("/L/log", "programme", "raA"),
        ("/api/v1/log/checkpoint", "list", "oicraA"),
        ("/api/v1/log/entries", "programme", "raA"),
        ("/L/audit.csv", "list", "oicraA"),
        ("/L/account", "list", "oicraA"),
        ("/L/account/password", "list", "oicraA"),
        ("/L/account/language", "list", "oicraA"),
        ("/L/account/sessions", "list", "oicraA"),
        ("/L/sign-out", "list", "oicraA"),
        ("/L/accounts", "programme", "A"),
        ("/L/accounts/invite", "programme", "A"),
        ("/L/accounts/reset", "programme", "A"),
        ("/L/accounts/grant", "programme", "A"),
        ("/L/accounts/end-grant", "programme", "A"),
        ("/L/accounts/close", "programme", "A"),
        ("/L/keys", "programme", "A"),
        ("/L/keys/make", "programme", "A"),
        ("/L/keys/revoke", "programme", "A"),
        ("/L/links", "programme", "rA"),
        ("/L/links/make", "programme", "rA"),
        ("/L/links/revoke", "programme", "rA"),
        ("/L/projects/{id}/days/{day}", "project", "oicraA"),
        ("/L/readings/{gateway}/{channel}/{instant:long}", "plant", "oicraA"),
        ("/L/channels/{gateway}/{channel}/history", "plant", "oicraA"),
        ("/api/v1/readings/{gateway}/{channel}/{instant:long}/batch", "plant", "oicraA"),
        ("/L/projects/{id}/report", "project", "oicraA"),
        ("/api/v1/projects/{id}/report.{extension}", "project", "oicraA"),
        ("/L/projects/{id}/evidence.mevb", "project", "oicraA"),
        ("/api/v1/projects/{id}/evidence", "project", "oicraA"),
        ("/L/portfolio/report", "programme", "raA"),
        ("/api/v1/portfolio/report.{extension}", "programme", "raA"),
        ("/L/plants/{id}/self-assessment", "plant", "oir"),
        ("/L/programme", "programme", "raA"),
        ("/L/programme/portfolio", "programme", "raA"),
        ("/L/programme/logframe", "programme", "raA"),
        ("/L/programme/cost-share", "programme", "raA"),
        ("/L/programme/selection", "programme", "raA"),
        ("/L/programme/training", "programme", "r"),
        ("/L/programme/events", "programme", "r"),
        ("/L/programme/years", "programme", "raA"),
        ("/L/programme/evaluation", "programme", "raA"),
        ("/L/programme/follow-ups", "programme", "raA"),
        ("/L/programme/needs", "programme", "raA"),
        ("/L/programme/plan", "programme", "r"),
        ("/L/programme/benchmark", "programme", "r"),
        ("/L/programme/benchmark/publish", "programme", "r"),
        ("/L/programme/sharing", "programme", "r"),
        ("/L/programme/sharing/make", "programme", "r"),
        ("/L/register", "programme", "r"),
        ("/L/register/-pipeline", "programme", "r"),
        ("/L/register/-targets", "programme", "r"),
        ("/L/register/-preset", "programme", "r"),
        ("/L/register/attachment/-upload", "programme", "r"),
        ("/L/register/attachment/{id}/content", "programme", "r"),
        ("/L/register/{kind}.csv", "programme", "r"),
        ("/L/register/{kind}", "programme", "r"),
        ("/L/register/{kind}/-new", "programme", "r"),
        ("/L/register/{kind}/{id}", "programme", "r"),
        ("/L/register/{kind}/{id}/edit", "programme", "r"),
        ("/L/register/{kind}/{id}/withdraw", "programme", "r"),
        ("/L/register/{kind}/{id}/undo", "programme", "r"),
        ("/L/plants/{id}/records", "plant", "oir"),
        ("/L/plants/{id}/records/{kind}.csv", "plant", "oir"),
        ("/L/plants/{id}/records/{kind}", "plant", "oir"),
        ("/L/plants/{id}/records/{kind}/-new", "plant", "oir"),
        ("/L/plants/{id}/records/{kind}/{record}", "plant", "oir"),
        ("/L/plants/{id}/records/{kind}/{record}/edit", "plant", "oir"),
        ("/L/plants/{id}/records/{kind}/{record}/withdraw", "plant", "oir"),
        ("/L/plants/{id}/records/{kind}/{record}/undo", "plant", "oir"),
        ("/L/projects/{id}/records", "project", "cr"),
        ("/L/projects/{id}/records/{kind}.csv", "project", "cr"),
        ("/L/projects/{id}/records/{kind}", "project", "cr"),
        ("/L/projects/{id}/records/{kind}/-new", "project", "cr"),
        ("/L/projects/{id}/records/{kind}/{record}", "project", "cr"),
        ("/L/projects/{id}/records/{kind}/{record}/edit", "project", "cr"),
        ("/L/projects/{id}/records/{kind}/{record}/withdraw", "project", "cr"),
        ("/L/projects/{id}/records/{kind}/{record}/undo", "project", "cr"),
        ("/L/projects/{id}/workflow", "project", "oicraA"),
        ("/L/projects/{id}/events", "project", "oicraA"),
        ("/L/projects/{id}/plan", "project", "oicraA"),
        ("/L/projects/{id}/plan/write", "project", "cr"),
        ("/L/projects/{id}/signed", "project", "oicraA"),
        ("/L/projects/{id}/events/decide", "project", "cr"),
        ("/L/projects/{id}/events/undo", "project", "cr"),
        ("/L/projects/{id}/workflow/freeze", "project", "cr"),
        ("/L/projects/{id}/workflow/installed", "project", "cr"),
        ("/L/projects/{id}/setup", "project", "cr"),
        ("/L/projects/{id}/setup/save", "project", "cr"),
        ("/L/projects/-new", "programme", "r"),
        ("/L/projects/-new/save", "programme", "r"),
        ("/L/projects/{id}/sign", "project", "c"),
        ("/L/projects/{id}/review", "project", "r"),
    ];

    private IEnumerable<RouteEndpoint> Endpoints =>
        portal.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.RoutePattern.RawText != "/en/fails");

    [Fact]
    public void Every_route_names_its_permission_or_stands_on_the_list_of_those_for_everyone()
    {
        Assert.True(Endpoints.Count() > 40);
        Assert.All(Endpoints, endpoint =>
        {
            bool isOpen = endpoint.Metadata.GetMetadata<OpenAccess>() is not null;
            bool isListed = RouteAccess.AnonymousRoutes.Contains(Listed(endpoint));
            Assert.True(isOpen == isListed, $"{endpoint.RoutePattern.RawText}: open {isOpen}, on the list {isListed}");
            Assert.True(isOpen != endpoint.Metadata.GetMetadata<NeededAccess>() is not null, $"{endpoint.RoutePattern.RawText} says not who may");
        });
    }

    [Fact]
    public async Task Every_reader_gets_of_every_route_what_the_roles_say_and_nothing_of_a_foreign_plant()
    {
        List<string> faults = [];
        int cells = 0;
        byte[] file = [.. "texto"u8];
        Attachment attachment = new() { Id = Company, Name = "a.txt", ContentType = ContentType.PlainText, Bytes = file.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)) };
        _ = portal.App.Services.GetRequiredService<RecordStore>().Save([new(ProgrammeFixture.Company(Company), 0), new(attachment, 0) { Content = file }], ProgrammeFixture.Ana, null);
        FillOwn();
        using (ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            LogFollower follower = portal.App.Services.GetRequiredService<LogFollower>();
            await follower.CatchUpAsync(CancellationToken.None);
            _ = follower.Log.SignCheckpoint(key);
        }

        foreach ((char who, HttpClient client) in await ClientsAsync())
        {
            foreach (RouteEndpoint endpoint in Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<OpenAccess>() is null))
            {
                foreach (string method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                {
                    foreach (bool isForeign in (bool[])[false, true])
                    {
                        cells++;
                        string address = Address(endpoint.RoutePattern.RawText!, isForeign);
                        using HttpRequestMessage request = new(new(method), address);
                        using HttpResponseMessage response = await client.SendAsync(request);
                        string body = await response.Content.ReadAsStringAsync();
                        string wanted = Wanted(endpoint.RoutePattern.RawText!, method, who, isForeign);
                        string got = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
                        if (!wanted.Split('|').Contains(got))
                        {
                            faults.Add($"{who} {method} {address}: {got}, wanted {wanted}");
                        }

                        // What is echoed of the request itself tells nothing.
                        string told = body.Replace(address, "", StringComparison.Ordinal);
                        if ("oic".Contains(who, StringComparison.Ordinal) && Array.Find(ForeignWords, word => told.Contains(word, StringComparison.Ordinal)) is string leak)
                        {
                            faults.Add($"{who} {method} {address}: leaks '{leak}'");
                        }
                    }
                }
            }

            client.Dispose();
        }

        output.WriteLine($"{cells} cells");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(cells >= 800, $"{cells}");
    }

    // A lab result of each plant and a measure of each project.
    private void FillOwn()
    {
        RecordStore store = portal.App.Services.GetRequiredService<RecordStore>();
        using (TemporaryFolder folder = new())
        {
            ProgrammeImport.Plan(folder.Write("projects.yaml", SampleProjects.Yaml()), store).Run(store, ProgrammeFixture.Ana, isRehearsal: false, Language.English);
        }

        foreach ((string of, string plant, string project) in (ReadOnlySpan<(string, string, string)>)[("own-", OwnPlant, OwnProject), ("foreign-", ForeignPlant, ForeignProject)])
        {
            LabResult result = new() { Id = of + "lab-result", Plant = plant, Parameter = "DQO", SampledOn = new(2026, 1, 17), Sample = SampleKind.Composite, Value = new(412m, "mg/L"), IsBelowLimit = false, Method = "M", Laboratory = "L" };
            Measure measure = new() { Id = of + "measure", Title = "Medida", Project = project, Resource = SavedResource.Electricity, Status = MeasureStatus.Proposed };
            _ = store.Save([new(result, 0), new(measure, 0)], ProgrammeFixture.Ana, null);
        }
    }

    [Fact]
    public async Task What_is_foreign_and_what_is_not_there_get_the_same_answer()
    {
        using HttpClient client = await portal.SignedIn(AccountRole.Operator, OwnPlant);
        foreach (string form in (string[])["/es/projects/{0}", "/en/plants/{0}", "/api/v1/projects/{0}.json", "/charts/{0}/carpet.png"])
        {
            async Task<string> Answer(string id)
            {
                string address = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, id);
                using HttpResponseMessage response = await client.GetAsync(new Uri(address, UriKind.Relative));
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
                return Token().Replace((await response.Content.ReadAsStringAsync()).Replace(id, "X", StringComparison.Ordinal), "T");
            }

            string foreign = form.Contains("plants", StringComparison.Ordinal) ? ForeignPlant : ForeignProject;
            Assert.Equal(await Answer("nothing-here"), await Answer(foreign));
        }
    }

    private async Task<List<(char, HttpClient)>> ClientsAsync() =>
    [
        ('-', PortalAccounts.Anonymous(portal.App)),
        ('o', await portal.SignedIn(AccountRole.Operator, OwnPlant)),
        ('i', await portal.SignedIn(AccountRole.Installer, OwnPlant)),
        ('c', await portal.SignedIn(AccountRole.Consultant, project: OwnProject)),
        ('r', await portal.SignedIn(AccountRole.Reviewer)),
        ('a', await portal.SignedIn(AccountRole.Auditor)),
        ('A', await portal.SignedIn(AccountRole.Administrator)),
    ];

    private static string Wanted(string pattern, string method, char who, bool isForeign)
    {
        string neutral = pattern.StartsWith("/es", StringComparison.Ordinal) || pattern.StartsWith("/en", StringComparison.Ordinal) ? "/L" + pattern[3..] : pattern;
        (string Pattern, string About, string Who) row = Array.Find(Expected, row => row.Pattern == method + " " + neutral);
        row = row.Pattern is null ? Array.Find(Expected, row => row.Pattern == neutral) : row;
        if (row.Pattern is null)
        {
            return $"a row for {neutral}";
        }

        if (who == '-')
        {
            return pattern.StartsWith("/api", StringComparison.Ordinal) ? "401" : "302";
        }

        bool sees = "raA".Contains(who, StringComparison.Ordinal) || !isForeign || row.About is "list" or "programme" or "staff";
        return !sees || (row.About == "staff" && !row.Who.Contains(who, StringComparison.Ordinal)) ? "404"
            : !row.Who.Contains(who, StringComparison.Ordinal) ? "403" : method == "GET" ? "200" : "400";
    }

    private string Address(string pattern, bool isForeign)
    {
        long instant = portal.Board.Store.FindChannel(isForeign ? ForeignPlant : OwnPlant, Channel)!.FirstUtcMilliseconds;
        bool isOfPlant = pattern.Contains("/plants/", StringComparison.Ordinal);
        bool isOfProject = pattern.Contains("/projects/", StringComparison.Ordinal);
        bool isRecord = pattern.Contains("/register/", StringComparison.Ordinal) || pattern.Contains("/records/", StringComparison.Ordinal);
        string id = isOfPlant ? (isForeign ? ForeignPlant : OwnPlant) : isRecord && !isOfProject ? Company : isForeign ? ForeignProject : OwnProject;
        string kind = isOfPlant ? "lab-result" : isOfProject ? "measure" : "organisation";
        return pattern.Replace("{id}", id, StringComparison.Ordinal).Replace("{gateway}", isForeign ? ForeignPlant : OwnPlant, StringComparison.Ordinal)
            .Replace("{channel}", Channel, StringComparison.Ordinal).Replace("{day}", "2025-03-03", StringComparison.Ordinal)
            .Replace("{instant:long}", instant.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("{kind}", kind, StringComparison.Ordinal)
            .Replace("{record}", (isForeign ? "foreign-" : "own-") + kind, StringComparison.Ordinal)
            .Replace("{meter}", "mains", StringComparison.Ordinal).Replace("{event}", "none", StringComparison.Ordinal)
            .Replace("{extension}", "json", StringComparison.Ordinal).Replace("{table}", "fuels", StringComparison.Ordinal);
    }

    private static string Listed(RouteEndpoint endpoint)
    {
        string pattern = endpoint.RoutePattern.RawText!;
        return RouteAccess.AnonymousRoutes.Contains(pattern) ? pattern : Lang().Replace(pattern, "/{lang}/");
    }

    [GeneratedRegex("^/(es|en)/")]
    private static partial Regex Lang();

    [GeneratedRegex("value=\"CfDJ8[^\"]*\"")]
    private static partial Regex Token();
}
