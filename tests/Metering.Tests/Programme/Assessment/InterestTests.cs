using System.Net;
using Metering.Cloud.Assessment;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Tests.Pages;
using Metering.Tests.Programme.Pages;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.Tests.Programme.Assessment;

/// <summary>Each test has a host of its own: the limit counts by address, and all of them come from one.</summary>
public sealed class InterestTests : IAsyncLifetime
{
    private readonly PortalFixture portal = new();

    private IReadOnlyList<Lead> Leads => portal.App.Services.GetRequiredService<RecordStore>().Snapshot.All<Lead>();

    public Task InitializeAsync() => portal.InitializeAsync();

    public Task DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task A_form_is_kept_with_consent_only_and_the_answers_of_the_open_form_go_along()
    {
        using PageReader visitor = PageReader.Anonymous(portal.App);
        Dictionary<string, string> fields = Filled();
        fields["sector"] = "tanning";
        fields["amount.water-well"] = "30000";
        (HttpStatusCode status, string begun, _) = await visitor.PostAsync("/es/interest", "/es/interest", new Dictionary<string, string>(fields) { ["begin"] = "1" });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("name=\"amount.water-well\" value=\"30000\"", begun, StringComparison.Ordinal);
        Assert.Empty(Leads);
        fields.Remove("consent");
        (status, string refused, _) = await visitor.PostAsync("/es/interest", "/es/interest", fields);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("Sin su consentimiento", refused, StringComparison.Ordinal);
        Assert.Empty(Leads);
        fields["consent"] = "1";
        (status, _, string location) = await visitor.PostAsync("/es/interest", "/es/interest", fields);
        Assert.Equal(HttpStatusCode.Redirect, status);
        Lead lead = Assert.Single(Leads);
        Assert.NotNull(lead.ConsentedOn);
        Assert.Equal("sector: tanning\namount.water-well: 30000", lead.Answers);
        Assert.Contains(lead.Id, await visitor.GetAsync(location), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_fills_the_field_that_is_not_shown_gets_the_same_answer_and_nothing_is_kept()
    {
        using PageReader visitor = PageReader.Anonymous(portal.App);
        Dictionary<string, string> fields = Filled();
        fields["website"] = "spam";
        (HttpStatusCode status, _, string location) = await visitor.PostAsync("/en/interest", "/en/interest", fields);
        Assert.Equal(HttpStatusCode.Redirect, status);
        Assert.StartsWith("/en/interest?sent=lead-", location, StringComparison.Ordinal);
        Assert.Empty(Leads);
    }

    [Fact]
    public async Task One_address_sends_so_many_forms_and_is_then_told_how_long_to_wait()
    {
        using PageReader visitor = PageReader.Anonymous(portal.App);
        for (int form = 0; form < InterestRoutes.MostForms; form++)
        {
            Assert.Equal(HttpStatusCode.Redirect, (await visitor.PostAsync("/en/interest", "/en/interest", Filled())).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await visitor.PostAsync("/en/interest", "/en/interest", Filled())).Status);
        Assert.Equal(InterestRoutes.MostForms, Leads.Count);
    }

    private static Dictionary<string, string> Filled() => new(StringComparer.Ordinal)
    {
        ["company"] = "Curtidos de prueba", ["person"] = "Persona de prueba", ["email"] = "prueba@ejemplo.mx", ["consent"] = "1",
    };
}
