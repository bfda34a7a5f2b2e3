using System.Globalization;
using System.Net;
using System.Text.Json;
using Metering.Programme.Accounts;
using Metering.Programme.Records;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Xunit;

namespace Metering.Tests.Api;

public sealed class ApiReadTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const string Mains = "/api/v1/channels/leon-tannery/mains.active-energy-import";

    [Fact]
    public async Task A_list_read_in_parts_gives_each_standing_row_once_while_rows_are_added_and_withdrawn()
    {
        RecordStore register = ApiClients.Register(portal);
        _ = register.Save([.. ((string[])["b", "d", "f", "h"]).Select(id => new RecordChange(ProgrammeFixture.Company(id), 0))], ProgrammeFixture.Ana, null);
        List<string> seen = [];
        string? address = "/api/v1/records/organisation?limit=1";
        while (address is not null)
        {
            ApiReply part = await portal.Client.SendAsync("GET", address);
            Assert.Equal(200, part.Status);
            seen.AddRange(part.Items.Select(item => item.GetProperty("id").GetString()!));
            Assert.Equal(part.Next is null ? null : $"<{part.Next}>; rel=\"next\"", part.Link);
            address = part.Next;
            if (seen.Count == 2)
            {
                _ = register.Save([new(ProgrammeFixture.Company("a"), 0), new(ProgrammeFixture.Company("e"), 0)], ProgrammeFixture.Ana, null);
                _ = register.Withdraw(new("organisation", "d"), 1, ProgrammeFixture.Ana, "prueba");
            }
        }

        Assert.Equal(["b", "d", "e", "f", "h"], seen);
    }

    [Theory]
    [InlineData("/api/v1/plants?limit=0", 400, "bad-limit", "limit")]
    [InlineData("/api/v1/plants?limit=1001", 400, "bad-limit", "limit")]
    [InlineData("/api/v1/channels?limit=ten", 400, "bad-limit", "limit")]
    [InlineData("/api/v1/channels?after=*", 400, "bad-cursor", "after")]
    [InlineData("/api/v1/audit?after=YWJj", 400, "bad-cursor", "after")]
    [InlineData(Mains + "/readings?after=YWJj", 400, "bad-cursor", "after")]
    [InlineData(Mains + "/series?step=7m", 400, "bad-step", "step")]
    [InlineData(Mains + "/series?from=soon", 400, "bad-time", "from")]
    [InlineData(Mains + "/series?to=2026-02-30", 400, "bad-time", "to")]
    [InlineData(Mains + "/series?from=2026-01-01T00:00:00", 400, "bad-time", "from")]
    [InlineData(Mains + "/series?from=2026-02-01&to=2026-01-01", 400, "bad-range", "to")]
    [InlineData(Mains + "/series?from=1970-01-01&to=2500-01-01", 400, "bad-range", "to")]
    [InlineData("/api/v1/records/organisation?withdrawn=maybe", 400, "bad-filter", "withdrawn")]
    [InlineData("/api/v1/channels/leon-tannery/none/series", 404, "unknown-address", null)]
    [InlineData("/api/v1/meters/leon-tannery/none", 404, "unknown-meter", null)]
    [InlineData("/api/v1/projects/none", 404, "unknown-project", null)]
    [InlineData("/api/v1/projects/none/events", 404, "unknown-project", null)]
    [InlineData("/api/v1/plants/none", 404, "unknown-plant", null)]
    [InlineData("/api/v1/records/nothing", 404, "unknown-kind", null)]
    [InlineData("/api/v1/records/organisation/none", 404, "unknown-record", null)]
    [InlineData("/api/v1/plants/leon-tannery/entries/organisation", 404, "unknown-kind", null)]
    public async Task A_fault_has_code_hint_and_docs_and_names_its_field(string address, int status, string code, string? field)
    {
        _ = ApiClients.Register(portal);
        ApiReply reply = await portal.Client.SendAsync("GET", address);
        Assert.Equal(status, reply.Status);
        Assert.Equal("application/problem+json", reply.Response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(reply.Code, (string[])[code, code == "unknown-address" ? "unknown-channel" : code]);
        Assert.NotEqual("", reply.Json.GetProperty("hint").GetString());
        Assert.Equal("/en/api#" + reply.Code, reply.Json.GetProperty("docs").GetString());
        Assert.Equal(field is null ? [] : [field], reply.Fields);
    }

    [Fact]
    public async Task A_series_has_the_same_values_in_columns_and_as_a_table_and_gaps_are_null()
    {
        const string asked = Mains + "/series?from=2025-01-01&to=2026-01-01&step=1d";
        ApiReply json = await portal.Client.SendAsync("GET", asked);
        ApiReply csv = await portal.Client.SendAsync("GET", asked, null, ("Accept", "text/csv, application/json;q=0.5"));
        Assert.Equal("text/csv", csv.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("P1D", "kWh", "use", "America/Mexico_City"), (Text(json, "step"), Text(json, "unit"), Text(json, "kind"), Text(json, "zone")));
        double?[] values = [.. json.Json.GetProperty("values").EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? (double?)null : value.GetDouble())];
        string[] lines = csv.Body.TrimStart('\uFEFF').TrimEnd().Split("\r\n");
        double?[] table = [.. lines.Skip(1).Select(line => line.Split(',')[2]).Select(cell => cell.Length == 0 ? (double?)null : double.Parse(cell, CultureInfo.InvariantCulture))];
        Assert.Equal(table, values);
        string quality = Text(json, "q")!;
        Assert.Equal(values.Length, quality.Length);
        Assert.All(Enumerable.Range(0, values.Length), index => Assert.Equal(values[index] is null, quality[index] is 'X' or 'W'));
        Assert.Contains(values, value => value > 0);
        Assert.Equal("2025-01-01T06:00:00+00:00", Text(json, "t0"));
        ApiReply neither = await portal.Client.SendAsync("GET", asked, null, ("Accept", "image/png"));
        Assert.Equal((406, "not-acceptable"), (neither.Status, neither.Code));
    }

    [Theory]
    [InlineData("/api/v1/plants")]
    [InlineData("/api/v1/meters?plant=leon-tannery")]
    [InlineData("/api/v1/channels")]
    [InlineData(Mains + "/series?step=1mo")]
    [InlineData("/api/v1/projects")]
    [InlineData("/api/v1/projects/pml-001")]
    [InlineData("/api/v1/projects/pml-001/result")]
    [InlineData("/api/v1/projects/pml-001/events")]
    [InlineData("/api/v1/portfolio")]
    [InlineData("/api/v1/reports")]
    [InlineData("/api/v1/records")]
    [InlineData("/api/v1/records/plant/leon-tannery")]
    [InlineData("/api/v1/openapi.json")]
    public async Task What_the_caller_has_already_is_not_sent_again(string address)
    {
        _ = ApiClients.Register(portal);
        ApiReply first = await portal.Client.SendAsync("GET", address);
        Assert.Equal(200, first.Status);
        Assert.Matches("^\"[^\"]+\"$", first.Tag);
        ApiReply again = await portal.Client.SendAsync("GET", address, null, ("If-None-Match", "\"other\", W/" + first.Tag));
        Assert.Equal((304, ""), (again.Status, again.Body));
        Assert.Equal(200, (await portal.Client.SendAsync("GET", address, null, ("If-None-Match", "\"other\""))).Status);
    }

    [Fact]
    public async Task Readings_in_parts_are_all_readings_of_the_range_each_once()
    {
        List<long> seen = [];
        string? address = Mains + "/readings?from=2025-03-01&to=2025-03-11&limit=37";
        while (address is not null)
        {
            ApiReply part = await portal.Client.SendAsync("GET", address);
            seen.AddRange(part.Json.GetProperty("utcMilliseconds").EnumerateArray().Select(instant => instant.GetInt64()));
            address = part.Next;
        }

        long from = new DateTimeOffset(2025, 3, 1, 6, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        long[] stored = portal.Board.Store.Read("leon-tannery", "mains.active-energy-import", from, from + (10 * TimeSpan.MillisecondsPerDay)).UtcMilliseconds;
        Assert.Equal(stored, seen);
        Assert.True(stored.Length > 100);
    }

    [Fact]
    public async Task A_key_of_one_plant_never_gets_a_row_of_another()
    {
        _ = ApiClients.Register(portal);
        using HttpClient machine = ApiClients.WithKey(portal, ApiClients.OwnPlant, mayWrite: true);
        foreach (string address in (string[])["plants", "meters", "channels", "projects", "portfolio", "reports", "audit", "records/plant", "records/project", "records/organisation", "records/production-record"])
        {
            ApiReply reply = await machine.SendAsync("GET", "/api/v1/" + address + "?limit=1000");
            Assert.Equal(200, reply.Status);
            Assert.All((string[])[ApiClients.ForeignPlant, SampleProjects.Open], word => Assert.DoesNotContain(word, reply.Body, StringComparison.Ordinal));
        }

        Assert.Equal(ApiClients.OwnPlant, Assert.Single((await machine.SendAsync("GET", "/api/v1/plants")).Items).GetProperty("id").GetString());
        string there = (await machine.SendAsync("GET", "/api/v1/records/plant/" + ApiClients.ForeignPlant)).Body;
        Assert.Equal(there, (await machine.SendAsync("GET", "/api/v1/records/plant/nothing-here")).Body);
        ApiReply foreign = await machine.SendAsync("GET", "/api/v1/meters/silao-auto/mains");
        Assert.Equal(foreign.Body, (await machine.SendAsync("GET", "/api/v1/meters/nothing/here")).Body);
        Assert.Equal(404, foreign.Status);
    }

    [Fact]
    public async Task The_audit_is_followed_from_the_last_number_known()
    {
        RecordStore register = ApiClients.Register(portal);
        ApiReply all = await portal.Client.SendAsync("GET", "/api/v1/audit?kind=plant&limit=1");
        Assert.NotNull(all.Next);
        ApiReply rest = await portal.Client.SendAsync("GET", all.Next);
        Assert.True(rest.Items[0].GetProperty("number").GetInt64() > all.Items[0].GetProperty("number").GetInt64());
        _ = register.Save([new(ProgrammeFixture.Plant("otra"), 0)], ProgrammeFixture.Luis, null);
        ApiReply news = await portal.Client.SendAsync("GET", all.Next.Replace("limit=1", "limit=1000", StringComparison.Ordinal));
        Assert.Equal(("otra", "Luis Vega"), (news.Items[^1].GetProperty("id").GetString(), news.Items[^1].GetProperty("actor").GetString()));
        Assert.Null(news.Next);
    }

    [Fact]
    public async Task The_page_shows_every_code_in_both_languages_and_its_examples_work()
    {
        _ = ApiClients.Register(portal);
        using HttpClient machine = ApiClients.WithKey(portal, ApiClients.OwnPlant, mayWrite: true);
        foreach (string language in (string[])["es", "en"])
        {
            string page = WebUtility.HtmlDecode(await machine.GetStringAsync(new Uri($"/{language}/api", UriKind.Relative)));
            Assert.All(Metering.Cloud.Api.ApiCodes.All, code => Assert.Contains($"id=\"{code.Code}\"", page, StringComparison.Ordinal));
            Assert.All(Examples(), example => Assert.Contains(example.Command(), page, StringComparison.Ordinal));
        }

        foreach (Metering.Cloud.Api.ApiExample example in Examples())
        {
            (string, string)[] headers = [.. example.Headers.Where(header => !header.StartsWith("Content-Type", StringComparison.Ordinal)).Select(header => (header.Split(": ")[0], header.Split(": ")[1]))];
            ApiReply reply = await machine.SendAsync(example.Method, example.Path, example.Body, headers);
            Assert.True(reply.Status == (example.Method == "GET" ? 200 : 201), $"{example.Path}: {reply.Status} {reply.Body}");
        }
    }

    [Fact]
    public async Task A_program_without_a_key_is_told_how_to_get_one_and_a_reading_key_cannot_enter()
    {
        using HttpClient nobody = Accounts.PortalAccounts.Anonymous(portal.App);
        ApiReply refused = await nobody.SendAsync("GET", "/api/v1/plants");
        Assert.Equal((401, "no-key"), (refused.Status, refused.Code));
        using HttpClient reader = ApiClients.WithKey(portal, ApiClients.OwnPlant, mayWrite: false);
        ApiReply denied = await reader.SendAsync("POST", "/api/v1/plants/leon-tannery/entries/lab-result", "{}", ("Idempotency-Key", "a"));
        Assert.Equal((403, "not-permitted"), (denied.Status, denied.Code));
        using HttpClient auditor = await portal.SignedIn(AccountRole.Auditor);
        Assert.Equal(200, (await auditor.SendAsync("GET", "/api/v1/portfolio")).Status);
    }

    private static IReadOnlyList<Metering.Cloud.Api.ApiExample> Examples() =>
        Metering.Cloud.Api.ApiExample.All("leon-tannery", "leon-tannery", "mains.active-energy-import", SampleProjects.Accepted);

    private static string? Text(ApiReply reply, string name) => reply.Json.GetProperty(name).GetString();
}
