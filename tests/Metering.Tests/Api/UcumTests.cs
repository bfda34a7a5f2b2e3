using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Metering.Cloud.Api;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Readings;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Xunit;

namespace Metering.Tests.Api;

public sealed class UcumTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public void Every_unit_of_a_channel_has_a_code_of_its_own()
    {
        Assert.All(Units.All, unit => Assert.NotNull(UcumCodes.Of(unit)));
        Assert.Equal(Units.All.Count, Units.All.Select(UcumCodes.Of).Distinct(StringComparer.Ordinal).Count());
        Assert.Null(UcumCodes.Of("furlong"));
    }

    // As UCUM writes them: table of its base and derived units, https://ucum.org/ucum.
    [Theory]
    [InlineData("kWh", "kW.h")]
    [InlineData("degC", "Cel")]
    [InlineData("m3/h", "m3/h")]
    [InlineData("gal_us", "[gal_us]")]
    [InlineData("pH", "[pH]")]
    [InlineData("kVA", "kV.A")]
    [InlineData("pieces", "{pieces}")]
    public void A_code_is_that_of_the_standard(string unit, string code) => Assert.Equal(code, UcumCodes.Of(unit));

    [Fact]
    public async Task Channels_series_and_readings_carry_the_code_beside_the_unit()
    {
        const string channel = "/api/v1/channels/leon-tannery/mains.active-energy-import";
        foreach (string address in (string[])[channel, channel + "/series?from=2026-03-01&to=2026-03-02&step=1d", channel + "/readings?from=2026-03-01&to=2026-03-02"])
        {
            using JsonDocument answer = JsonDocument.Parse(await portal.Client.GetStringAsync(new Uri(address, UriKind.Relative)));
            Assert.Equal(("kWh", "kW.h"), (answer.RootElement.GetProperty("unit").GetString(), answer.RootElement.GetProperty("ucum").GetString()));
        }
    }

    [Fact]
    public async Task A_writing_key_of_a_project_decides_its_events_and_no_other_key_does()
    {
        RecordStore register = ApiClients.Register(portal);
        _ = register.Save([new(new StaticFactorEvent { Id = "clave", Title = "Paro", Project = SampleProjects.Accepted, FirstDay = new(2025, 3, 3), LastDay = new(2025, 3, 7), Description = "d" }, 0)], ProgrammeFixture.Ana, null);
        string address = $"/api/v1/projects/{SampleProjects.Accepted}/events/clave/decision";
        const string decision = """{"decision":"data-fault","reason":"El gateway estuvo apagado"}""";
        using HttpClient reading = ApiClients.WithKey(portal, null, mayWrite: false, SampleProjects.Accepted);
        using HttpClient plant = ApiClients.WithKey(portal, ApiClients.OwnPlant, mayWrite: true);
        using HttpClient foreign = ApiClients.WithKey(portal, null, mayWrite: true, SampleProjects.Open);
        using HttpClient own = ApiClients.WithKey(portal, null, mayWrite: true, SampleProjects.Accepted);
        Assert.Equal(403, (await reading.SendAsync("PUT", address, decision, ("If-None-Match", "*"))).Status);
        Assert.Equal(403, (await plant.SendAsync("PUT", address, decision, ("If-None-Match", "*"))).Status);
        Assert.Equal(404, (await foreign.SendAsync("PUT", address, decision, ("If-None-Match", "*"))).Status);
        Assert.Equal(201, (await own.SendAsync("PUT", address, decision, ("If-None-Match", "*"))).Status);
        RecordVersion decided = register.Snapshot.Version(new(EventDecision.Kind.Name, "clave"))!;
        Assert.Equal(("prueba", EventTreatment.DataFault), (((EventDecision)decided.Record).Person, ((EventDecision)decided.Record).Decision));
    }

    [Fact]
    public async Task A_fault_says_what_to_do_in_both_languages()
    {
        using HttpResponseMessage answer = await portal.Client.GetAsync(new Uri("/api/v1/channels/leon-tannery/mains.active-energy-import/series?step=2h", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        JsonElement fault = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            ("step is one of 15m, 1h, 1d, 1mo.", "step es 15m, 1h, 1d o 1mo.", "No se puede contestar la solicitud"),
            (fault.GetProperty("hint").GetString(), fault.GetProperty("hintEs").GetString(), fault.GetProperty("titleEs").GetString()));
        Assert.Equal(("step is one of 15m, 1h, 1d, 1mo", "step es 15m, 1h, 1d o 1mo"), (fault.GetProperty("detail").GetString(), fault.GetProperty("detailEs").GetString()));
        JsonElement message = fault.GetProperty("errors")[0].GetProperty("message");
        Assert.Equal(("step is one of 15m, 1h, 1d, 1mo", "step es 15m, 1h, 1d o 1mo"), (message.GetProperty("en").GetString(), message.GetProperty("es").GetString()));
        Assert.All(ApiCodes.All, code => Assert.True(code.Hint.In(Language.Spanish).Length > 0 && code.Hint.In(Language.English).Length > 0, code.Code));
    }
}
