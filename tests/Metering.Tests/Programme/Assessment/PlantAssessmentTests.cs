using System.Net;
using System.Text.RegularExpressions;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;
using Metering.Tests.Pages;
using Metering.Tests.Programme.Pages;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.Tests.Programme.Assessment;

public sealed class PlantAssessmentTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const string Address = "/es/plants/leon-tannery/self-assessment";

    private RecordStore Register => portal.App.Services.GetRequiredService<RecordStore>();

    [Fact]
    public async Task An_account_of_the_plant_saves_a_draft_goes_on_later_and_answers_and_every_version_stays()
    {
        using PageReader reader = await PageReader.SignedInAsync(portal.App, AccountRole.Operator, "leon-tannery");
        Assert.Contains("Curtiduría León 1", await reader.GetAsync(Address), StringComparison.Ordinal);
        Dictionary<string, string> answers = new() { ["sector"] = "tanning", ["year"] = "2023", ["amount.water-well"] = "30.000", ["unit.water-well"] = "m3", ["draft"] = "1", ["amount.no-question"] = "x" };
        (HttpStatusCode status, _, string location) = await reader.PostAsync(Address + "?sector=tanning", Address, answers);
        Assert.Equal(HttpStatusCode.Redirect, status);
        string id = Regex.Match(location, "record=([a-z0-9-]+)").Groups[1].Value;
        SelfAssessment draft = Register.Snapshot.Find<SelfAssessment>(id)!;
        Assert.True(draft.IsDraft);
        Assert.Contains("amount.water-well: 30.000", draft.Answers, StringComparison.Ordinal);
        Assert.DoesNotContain("no-question", draft.Answers, StringComparison.Ordinal);
        Assert.Equal("Guanajuato", Register.Snapshot.Find<PlantRecord>("leon-tannery")!.State);

        // A draft keeps what is not understood, and says so beside the field when it is opened again.
        string form = await reader.GetAsync(location);
        Assert.Contains("Borrador guardado", form, StringComparison.Ordinal);
        Assert.Contains("value=\"30.000\"", form, StringComparison.Ordinal);
        Assert.Contains("puede leerse como", form, StringComparison.Ordinal);
        answers.Remove("draft");
        answers["record"] = id;
        answers["version"] = "1";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await reader.PostAsync(location, Address, answers)).Status);
        answers["amount.water-well"] = "30000";
        (status, _, location) = await reader.PostAsync(location, Address, answers);
        Assert.Equal(HttpStatusCode.Redirect, status);
        Assert.False(Register.Snapshot.Find<SelfAssessment>(id)!.IsDraft);
        Assert.Equal(2, Register.History(new("self-assessment", id)).Count);
        Assert.Contains("Resultado del autodiagnóstico", await reader.GetAsync(location), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_elses_version_is_told_and_nothing_typed_is_lost()
    {
        using PageReader reader = await PageReader.SignedInAsync(portal.App, AccountRole.Operator, "leon-tannery");
        Dictionary<string, string> answers = new() { ["sector"] = "tanning", ["year"] = "2023", ["amount.water-well"] = "100", ["unit.water-well"] = "m3", ["draft"] = "1" };
        string location = (await reader.PostAsync(Address + "?sector=tanning", Address, answers)).Location;
        answers["record"] = Regex.Match(location, "record=([a-z0-9-]+)").Groups[1].Value;
        answers["version"] = "1";
        answers["amount.water-well"] = "200";
        Assert.Equal(HttpStatusCode.Redirect, (await reader.PostAsync(location, Address, answers)).Status);
        answers["amount.water-well"] = "300";
        (HttpStatusCode status, string page, _) = await reader.PostAsync(location, Address, answers);
        Assert.Equal(HttpStatusCode.PreconditionFailed, status);
        Assert.Contains("guardó otra versión", page, StringComparison.Ordinal);
        Assert.Contains("value=\"300\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"version\" value=\"2\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slip_of_unit_is_asked_about_beside_its_field_in_a_draft_and_in_the_open_form()
    {
        Dictionary<string, string> answers = new()
        {
            ["sector"] = "tanning", ["year"] = "2023", ["amount.tanning.output"] = "1000", ["unit.tanning.output"] = "t",
            ["amount.water-well"] = "30000000", ["unit.water-well"] = "m3", ["unused.water-utility"] = "1", ["unused.water-other"] = "1",
        };
        using PageReader visitor = PageReader.Anonymous(portal.App);
        (_, string checkedPage, _) = await visitor.PostAsync("/en/self-assessment?sector=tanning", "/en/self-assessment", new Dictionary<string, string>(answers) { ["check"] = "1" });
        Assert.Matches("id=\"field-water-well\"[\\s\\S]{0,3000}class=\"fault finding\"", checkedPage);
        Assert.Contains("value=\"30000000\"", checkedPage, StringComparison.Ordinal);
        using PageReader reader = await PageReader.SignedInAsync(portal.App, AccountRole.Operator, "leon-tannery");
        string location = (await reader.PostAsync(Address + "?sector=tanning", Address, new Dictionary<string, string>(answers) { ["draft"] = "1" })).Location;
        Assert.Contains("class=\"fault finding\"", await reader.GetAsync(location), StringComparison.Ordinal);
        answers["amount.water-well"] = "30000";
        (_, string plain, _) = await visitor.PostAsync("/en/self-assessment?sector=tanning", "/en/self-assessment", new Dictionary<string, string>(answers) { ["check"] = "1" });
        Assert.DoesNotContain("class=\"fault finding\"", plain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_records_of_a_foreign_plant_are_not_there()
    {
        using PageReader reader = await PageReader.SignedInAsync(portal.App, AccountRole.Operator, "silao-auto");
        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(() => reader.GetAsync(Address));
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public void A_draft_allows_no_step_of_a_project()
    {
        using ProgrammeFixture fixture = new();
        SelfAssessment draft = new() { Id = "s", Plant = "leon", AnsweredOn = new(2026, 6, 1), Questionnaire = "q", Answers = "a: b", IsDraft = true };
        RegisterSnapshot register = fixture.Add(ProgrammeFixture.Plant(), ProgrammeFixture.Project(), draft);
        Assert.Empty(ProjectLifecycle.EvidenceFor(register, "pml-1", ProjectState.SelfAssessed, new(2026, 6, 2)));
        register = fixture.Register.Save([new(draft with { IsDraft = false }, 1)], ProgrammeFixture.Ana, "done");
        Assert.Single(ProjectLifecycle.EvidenceFor(register, "pml-1", ProjectState.SelfAssessed, new(2026, 6, 2)));
    }
}
