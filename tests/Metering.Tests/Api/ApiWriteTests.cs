using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Xunit;

namespace Metering.Tests.Api;

public sealed class ApiWriteTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const string Entries = "/api/v1/plants/leon-tannery/entries/production-record";
    private const string Production = """{"product":"Cuero","firstDay":"2026-01-01","lastDay":"2026-01-31","output":{"amount":18250.5,"unit":"m2"},"source":"Reporte"}""";

    [Fact]
    public async Task A_change_needs_the_version_it_was_made_from_and_a_lost_update_is_refused()
    {
        RecordStore register = ApiClients.Register(portal);
        using HttpClient staff = await ApiClients.WithTokenAsync(portal, AccountRole.Reviewer);
        const string address = "/api/v1/records/organisation/api-company";
        ApiReply unnamed = await staff.SendAsync("PUT", address, Company("Uno", null));
        Assert.Equal((428, "no-precondition"), (unnamed.Status, unnamed.Code));
        ApiReply made = await staff.SendAsync("PUT", address, Company("Uno", null), ("If-None-Match", "*"));
        Assert.Equal((201, "\"1\""), (made.Status, made.Tag));
        Assert.Equal(address, made.Response.Headers.Location?.OriginalString);
        ApiReply twice = await staff.SendAsync("PUT", address, Company("Dos", null), ("If-None-Match", "*"));
        Assert.Equal((412, "already-there", "\"1\""), (twice.Status, twice.Code, twice.Tag));
        ApiReply changed = await staff.SendAsync("PUT", address, Company("Dos", "corrección"), ("If-Match", "\"1\""));
        Assert.Equal((200, "\"2\""), (changed.Status, changed.Tag));
        ApiReply lost = await staff.SendAsync("PUT", address, Company("Tres", "otra corrección"), ("If-Match", "\"1\""));
        Assert.Equal((412, "changed-meanwhile", "\"2\""), (lost.Status, lost.Code, lost.Tag));
        Assert.Equal("Dos", register.Snapshot.Find<Organisation>("api-company")!.Name);
        ApiReply noReason = await staff.SendAsync("PUT", address, Company("Tres", null), ("If-Match", "\"2\""));
        Assert.Equal(400, noReason.Status);
        Assert.Equal(["reason"], noReason.Fields);
        ApiReply weak = await staff.SendAsync("PUT", address, Company("Tres", "x"), ("If-Match", "W/\"2\""));
        Assert.Equal((400, "bad-tag"), (weak.Status, weak.Code));
        ApiReply history = await staff.SendAsync("GET", address + "/history");
        Assert.Equal(["Uno", "Dos"], history.Items.Select(item => item.GetProperty("record").GetProperty("name").GetString()));
        Assert.Equal(428, (await staff.SendAsync("POST", address + "/withdraw", """{"reason":"fuera"}""")).Status);
        Assert.Equal(200, (await staff.SendAsync("POST", address + "/withdraw", """{"reason":"fuera"}""", ("If-Match", "\"2\""))).Status);
        Assert.True((await staff.SendAsync("GET", address)).Json.GetProperty("withdrawn").GetBoolean());
        Assert.Equal(404, (await staff.SendAsync("POST", "/api/v1/records/organisation/none/withdraw", """{"reason":"x"}""", ("If-Match", "\"1\""))).Status);
        Assert.Equal(403, (await staff.SendAsync("PUT", "/api/v1/records/attachment/a", """{"record":{}}""", ("If-None-Match", "*"))).Status);
    }

    [Theory]
    [InlineData("""{"product":"Cuero","firstDay":"31/01/2026","lastDay":"2026-01-31","output":{"amount":"1,5","unit":"m2"},"source":7,"colour":"rojo"}""", "colour,output,source")]
    [InlineData("""{"product":"Cuero","firstDay":"31/01/2026","lastDay":"2026-01-31","output":{"amount":1,"unit":"acres"}}""", "firstDay,output,source")]
    [InlineData("""{"product":"Cuero","firstDay":"2026-02-01","lastDay":"2026-01-31","output":{"amount":1,"unit":"m2"},"source":"x"}""", "lastDay")]
    [InlineData("""{"plant":"silao-auto","product":"Cuero","firstDay":"2026-01-01","lastDay":"2026-01-31","output":{"amount":1,"unit":"m2"},"source":"x"}""", "plant")]
    [InlineData("""{"product":"Cuero","firstDay":"2026-01-01","lastDay":"2026-01-31","output":{"amount":1},"source":"x"}""", "output")]
    [InlineData("""{"product":"Cuero","firstDay":"2026-01-01","lastDay":"2026-01-31","output":{"amount":1,"unit":"m2"},"source":"x","file":"nada"}""", "file")]
    public async Task A_refused_entry_names_every_field_at_fault_and_stores_nothing(string body, string fields)
    {
        RecordStore register = ApiClients.Register(portal);
        using HttpClient machine = ApiClients.WithKey(portal, ApiClients.OwnPlant, mayWrite: true);
        int before = register.Snapshot.Versions(ProductionRecord.Kind).Count;
        ApiReply reply = await machine.SendAsync("POST", Entries, body, ("Idempotency-Key", Guid.NewGuid().ToString()));
        Assert.Equal((400, "invalid-fields"), (reply.Status, reply.Code));
        Assert.Equal(fields.Split(','), reply.Fields.Order(StringComparer.Ordinal));
        Assert.Equal(before, register.Snapshot.Versions(ProductionRecord.Kind).Count);
    }

    [Theory]
    [InlineData("[]", 400, "invalid-json")]
    [InlineData("{\"product\":\"a\",\"product\":\"b\"}", 400, "invalid-json")]
    [InlineData("{\"product\":", 400, "invalid-json")]
    [InlineData("null", 400, "invalid-json")]
    public async Task A_body_that_is_no_object_is_refused_without_internals(string body, int status, string code)
    {
        using HttpClient machine = ApiClients.WithKey(portal, ApiClients.OwnPlant, mayWrite: true);
        ApiReply reply = await machine.SendAsync("POST", Entries, body, ("Idempotency-Key", "k"));
        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.DoesNotContain("System.", reply.Body, StringComparison.Ordinal);
        ApiReply large = await machine.SendAsync("POST", Entries, "{\"product\":\"" + new string('a', 300_000) + "\"}", ("Idempotency-Key", "k"));
        Assert.Equal((413, "too-large"), (large.Status, large.Code));
        Assert.Equal((400, "no-idempotency-key"), await CodeAsync(machine, Production));
        using HttpRequestMessage form = new(HttpMethod.Post, Entries) { Content = new FormUrlEncodedContent([new("product", "Cuero")]) };
        form.Headers.Add("Idempotency-Key", "k");
        using HttpResponseMessage refused = await machine.SendAsync(form);
        Assert.Equal(System.Net.HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
    }

    [Fact]
    public async Task An_entry_sent_again_is_stored_once_and_its_key_takes_no_other_entry()
    {
        RecordStore register = ApiClients.Register(portal);
        using HttpClient machine = ApiClients.WithKey(portal, ApiClients.OwnPlant, mayWrite: true);
        int before = register.Snapshot.All<ProductionRecord>().Count;
        ApiReply[] replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => machine.SendAsync("POST", Entries, Production, ("Idempotency-Key", "mes-1"))));
        Assert.All(replies, reply => Assert.Equal(201, reply.Status));
        Assert.Equal(replies[0].Body, Assert.Single(replies.Select(reply => reply.Body).Distinct()));
        Assert.Equal(before + 1, register.Snapshot.All<ProductionRecord>().Count);
        Assert.Equal((422, "key-reused"), await CodeAsync(machine, Production.Replace("Cuero", "Piel", StringComparison.Ordinal), ("Idempotency-Key", "mes-1")));
        string id = replies[0].Json.GetProperty("id").GetString()!;
        string record = "/api/v1/records/production-record/" + id;
        ApiReply corrected = await machine.SendAsync("PUT", record, $$"""{"record":{{Production.Replace("18250.5", "18300", StringComparison.Ordinal).Replace("{\"product\"", "{\"plant\":\"leon-tannery\",\"product\"", StringComparison.Ordinal)}},"reason":"error de dedo"}""", ("If-Match", "\"1\""));
        Assert.Equal((200, "\"2\""), (corrected.Status, corrected.Tag));
        ApiReply replayed = await machine.SendAsync("POST", Entries, Production, ("Idempotency-Key", "mes-1"));
        Assert.Equal((201, 2), (replayed.Status, replayed.Json.GetProperty("version").GetInt32()));
        Assert.Equal("true", replayed.Response.Headers.GetValues("Idempotency-Replayed").Single());
        using HttpClient other = ApiClients.WithKey(portal, ApiClients.OwnPlant, mayWrite: true);
        ApiReply own = await other.SendAsync("POST", Entries, Production, ("Idempotency-Key", "mes-1"));
        Assert.NotEqual(id, own.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Another_plants_records_are_not_there_for_reading_changing_or_making()
    {
        RecordStore register = ApiClients.Register(portal);
        ProductionRecord foreign = new() { Id = "ajena", Plant = ApiClients.ForeignPlant, Product = "Puertas", FirstDay = new(2026, 1, 1), LastDay = new(2026, 1, 31), Output = new(1, "t"), Source = "x" };
        _ = register.Save([new(foreign, 0)], ProgrammeFixture.Ana, null);
        using HttpClient machine = ApiClients.WithKey(portal, ApiClients.OwnPlant, mayWrite: true);
        string own = Production.Replace("{\"product\"", "{\"plant\":\"leon-tannery\",\"product\"", StringComparison.Ordinal);
        string theirs = own.Replace("leon-tannery", ApiClients.ForeignPlant, StringComparison.Ordinal);
        Assert.Equal(404, (await machine.SendAsync("GET", "/api/v1/records/production-record/ajena")).Status);
        Assert.Equal(404, (await machine.SendAsync("PUT", "/api/v1/records/production-record/ajena", $$"""{"record":{{own}},"reason":"x"}""", ("If-Match", "\"1\""))).Status);
        Assert.Equal(404, (await machine.SendAsync("POST", "/api/v1/records/production-record/ajena/withdraw", """{"reason":"x"}""", ("If-Match", "\"1\""))).Status);
        Assert.Equal(404, (await machine.SendAsync("PUT", "/api/v1/records/production-record/nueva", $$"""{"record":{{theirs}}}""", ("If-None-Match", "*"))).Status);
        Assert.Equal(404, (await machine.SendAsync("POST", "/api/v1/plants/silao-auto/entries/production-record", Production, ("Idempotency-Key", "k"))).Status);
        Assert.Equal(201, (await machine.SendAsync("PUT", "/api/v1/records/production-record/nueva", $$"""{"record":{{own}}}""", ("If-None-Match", "*"))).Status);
        Assert.Equal(404, (await machine.SendAsync("PUT", "/api/v1/records/production-record/nueva", $$"""{"record":{{theirs}},"reason":"x"}""", ("If-Match", "\"1\""))).Status);
        Assert.Equal(1, register.Snapshot.Version(new("production-record", "ajena"))!.Version);
        Assert.Equal(404, (await machine.SendAsync("PUT", "/api/v1/records/organisation/otra", Company("Otra", null), ("If-None-Match", "*"))).Status);
    }

    [Fact]
    public async Task An_event_is_decided_by_the_projects_consultant_and_by_no_other()
    {
        RecordStore register = ApiClients.Register(portal);
        StaticFactorEvent entered = new() { Id = "paro", Title = "Paro de línea", Project = SampleProjects.Accepted, FirstDay = new(2026, 1, 5), LastDay = new(2026, 1, 9), Description = "Mantenimiento" };
        _ = register.Save([new(entered, 0)], ProgrammeFixture.Ana, null);
        using HttpClient consultant = await ApiClients.WithTokenAsync(portal, AccountRole.Consultant, SampleProjects.Accepted);
        using HttpClient stranger = await ApiClients.WithTokenAsync(portal, AccountRole.Consultant, SampleProjects.Open);
        const string address = "/api/v1/projects/pml-001/events/paro/decision";
        const string decision = """{"decision":"non-routine-temporary","reason":"La línea estuvo parada"}""";
        Assert.Equal(404, (await stranger.SendAsync("PUT", address, decision, ("If-None-Match", "*"))).Status);
        Assert.Equal(428, (await consultant.SendAsync("PUT", address, decision)).Status);
        ApiReply bad = await consultant.SendAsync("PUT", address, """{"decision":"ignore"}""", ("If-None-Match", "*"));
        Assert.Equal(400, bad.Status);
        Assert.Equal(["decision", "reason"], bad.Fields);
        Assert.Equal(201, (await consultant.SendAsync("PUT", address, decision, ("If-None-Match", "*"))).Status);
        Assert.Equal(412, (await consultant.SendAsync("PUT", address, decision, ("If-None-Match", "*"))).Status);
        Assert.Equal(200, (await consultant.SendAsync("PUT", address, decision.Replace("non-routine-temporary", "data-fault", StringComparison.Ordinal), ("If-Match", "\"1\""))).Status);
        Assert.Equal(EventTreatment.DataFault, register.Snapshot.Find<EventDecision>("paro")!.Decision);
        ApiReply events = await consultant.SendAsync("GET", "/api/v1/projects/pml-001/events?limit=1000");
        Assert.Contains(events.Items, item => item.GetProperty("id").GetString() == "paro" && item.GetProperty("decision").GetProperty("version").GetInt32() == 2);
        Assert.Equal(404, (await consultant.SendAsync("PUT", "/api/v1/projects/pml-001/events/none/decision", decision, ("If-None-Match", "*"))).Status);
    }

    private static async Task<(int, string?)> CodeAsync(HttpClient client, string body, params (string, string)[] headers)
    {
        ApiReply reply = await client.SendAsync("POST", Entries, body, headers);
        return (reply.Status, reply.Code);
    }

    private static string Company(string name, string? reason) => $$"""{"record":{"name":"{{name}}"}{{(reason is null ? "" : $",\"reason\":\"{reason}\"")}}}""";
}
