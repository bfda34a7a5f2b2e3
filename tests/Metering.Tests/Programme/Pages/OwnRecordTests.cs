using System.Net;
using System.Text.RegularExpressions;
using Metering.Cloud.Projects;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Tests.Pages;
using Metering.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using MeterRecord = Metering.Programme.Kinds.MeterRecord;

namespace Metering.Tests.Programme.Pages;

/// <summary>A plant's people and a project's consultants at their own records: all of them, and nothing of anybody else.</summary>
public sealed class OwnRecordTests : IAsyncLifetime
{
    private const string Own = "leon-tannery";
    private const string Foreign = "silao-auto";
    private readonly PortalFixture portal = new();

    private RecordStore Register => portal.App.Services.GetRequiredService<RecordStore>();

    public async Task InitializeAsync()
    {
        await portal.InitializeAsync();
        using (TemporaryFolder folder = new())
        {
            ProgrammeImport.Plan(folder.Write("projects.yaml", SampleProjects.Yaml()), Register).Run(Register, ProgrammeFixture.Ana, isRehearsal: false, Language.English);
        }

        IProgrammeRecord[] records =
        [
            Result("own-lab", Own, 412), Result("foreign-lab", Foreign, 977),
            new MeterRecord { Id = "own-meter", Plant = Own, Serial = "S-OWN", Model = "Modelo", Medium = MeterMedium.Electricity },
            new MeterRecord { Id = "foreign-meter", Plant = Foreign, Serial = "S-FOREIGN", Model = "Modelo", Medium = MeterMedium.Electricity },
            new Measure { Id = "own-measure", Title = "Medida propia", Project = SampleProjects.Accepted, Resource = SavedResource.Electricity, Status = MeasureStatus.Proposed },
            new Measure { Id = "foreign-measure", Title = "Medida ajena", Project = SampleProjects.Open, Resource = SavedResource.Electricity, Status = MeasureStatus.Proposed },
        ];
        _ = Register.Save([.. records.Select(record => new RecordChange(record, 0))], ProgrammeFixture.Ana, null);
    }

    public Task DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task A_plants_operator_sees_adds_changes_and_withdraws_its_records_with_the_trail_in_their_name()
    {
        using PageReader reader = await PageReader.SignedInAsync(portal.App, AccountRole.Operator, plant: Own);
        const string Lab = "/es/plants/leon-tannery/records/lab-result";
        Assert.Contains("/es/plants/leon-tannery/records\"", await reader.GetAsync("/es/plants/leon-tannery"), StringComparison.Ordinal);
        string index = await reader.GetAsync("/es/plants/leon-tannery/records");
        Assert.Contains("Resultados de laboratorio", index, StringComparison.Ordinal);
        Assert.Contains("Records of", await reader.GetAsync("/en/plants/leon-tannery/records"), StringComparison.Ordinal);
        string list = await reader.GetAsync(Lab);
        Assert.Contains("own-lab", list, StringComparison.Ordinal);
        Assert.Contains("412", await reader.GetAsync(Lab + ".csv"), StringComparison.Ordinal);

        Dictionary<string, string> fields = new(LabResult.Kind.ToTexts(Result("own-new", Own, 300)));
        Assert.Equal(HttpStatusCode.Redirect, (await reader.PostAsync(Lab + "/-new", Lab + "/-new", fields)).Status);
        fields["value"] = "305 mg/L";
        fields["version"] = "1";
        (HttpStatusCode status, string page, _) = await reader.PostAsync(Lab + "/own-new/edit", Lab + "/own-new/edit", fields);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status); // without a reason
        Assert.Contains("Falta el motivo del cambio", page, StringComparison.Ordinal);
        fields[RecordKind.ReasonField] = "se leyó mal";
        Assert.Equal(HttpStatusCode.Redirect, (await reader.PostAsync(Lab + "/own-new/edit", Lab + "/own-new/edit", fields)).Status);
        Assert.Equal(305m, Register.Snapshot.Find<LabResult>("own-new")!.Value.Amount);
        Assert.Contains("Persona de prueba", await reader.GetAsync(Lab + "/own-new"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await reader.PostAsync(Lab + "/own-new", Lab + "/own-new/withdraw", new Dictionary<string, string> { ["version"] = "2", [RecordKind.ReasonField] = "duplicado" })).Status);
        Assert.Null(Register.Snapshot.Find<LabResult>("own-new"));
    }

    [Fact]
    public async Task Nothing_of_a_foreign_plant_is_shown_offered_or_saved()
    {
        using PageReader reader = await PageReader.SignedInAsync(portal.App, AccountRole.Operator, plant: Own);
        foreach (string address in (string[])["", "/lab-result", "/lab-result.csv", "/lab-result/-new", "/meter", "/meter-reading/-new", "/meter/own-meter", "/meter/own-meter/edit"])
        {
            string page = await reader.GetAsync("/en/plants/leon-tannery/records" + address);
            Assert.DoesNotMatch(new Regex("silao|Silao|foreign|FOREIGN|977"), page);
        }

        foreach (string address in (string[])["/lab-result/foreign-lab", "/lab-result/foreign-lab/edit", "/organisation", "/project", "/lab-result/nothing"])
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(reader, "/en/plants/leon-tannery/records" + address));
        }

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(reader, "/en/plants/silao-auto/records"));
        const string Form = "/en/plants/leon-tannery/records/lab-result/-new";
        Dictionary<string, string> fields = new(LabResult.Kind.ToTexts(Result("smuggled", Foreign, 1)));
        (HttpStatusCode status, string answer, _) = await reader.PostAsync(Form, Form, fields);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("not among the records of this place", answer, StringComparison.Ordinal);
        fields = new(LabResult.Kind.ToTexts(Result("foreign-lab", Own, 1))) { ["version"] = "1", [RecordKind.ReasonField] = "x" };
        Assert.Equal(HttpStatusCode.NotFound, (await reader.PostAsync(Form, "/en/plants/leon-tannery/records/lab-result/foreign-lab/edit", fields)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await reader.PostAsync(Form, "/en/plants/leon-tannery/records/lab-result/foreign-lab/withdraw", fields)).Status);
        fields = new(LabResult.Kind.ToTexts(Result("own-lab", Foreign, 1))) { ["version"] = "1", [RecordKind.ReasonField] = "x" };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await reader.PostAsync(Form, "/en/plants/leon-tannery/records/lab-result/own-lab/edit", fields)).Status);
        fields = new(MeterRecord.Kind.ToTexts(Register.Snapshot.Find<MeterRecord>("own-meter")!)) { ["fedBy"] = "foreign-meter", ["version"] = "1", [RecordKind.ReasonField] = "x" };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await reader.PostAsync(Form, "/en/plants/leon-tannery/records/meter/own-meter/edit", fields)).Status);
        Assert.Null(Register.Snapshot.Find<LabResult>("smuggled"));
        Assert.Equal((Foreign, 977m), (Register.Snapshot.Find<LabResult>("foreign-lab")!.Plant, Register.Snapshot.Find<LabResult>("foreign-lab")!.Value.Amount));
        Assert.Equal(Own, Register.Snapshot.Find<LabResult>("own-lab")!.Plant);
    }

    [Fact]
    public async Task A_consultant_works_on_the_measures_of_the_assigned_project_only()
    {
        using PageReader reader = await PageReader.SignedInAsync(portal.App, AccountRole.Consultant, project: SampleProjects.Accepted);
        string own = $"/es/projects/{SampleProjects.Accepted}/records";
        Assert.Contains(own + "\"", await reader.GetAsync($"/es/projects/{SampleProjects.Accepted}"), StringComparison.Ordinal);
        Assert.DoesNotContain("ajena", await reader.GetAsync(own + "/measure"), StringComparison.Ordinal);
        Dictionary<string, string> fields = new(Measure.Kind.ToTexts(Register.Snapshot.Find<Measure>("own-measure")!)) { ["title"] = "Medida corregida", ["version"] = "1", [RecordKind.ReasonField] = "título" };
        Assert.Equal(HttpStatusCode.Redirect, (await reader.PostAsync(own + "/measure/own-measure/edit", own + "/measure/own-measure/edit", fields)).Status);
        Assert.Equal("Medida corregida", Register.Snapshot.Find<Measure>("own-measure")!.Title);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(reader, own + "/measure/foreign-measure"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(reader, $"/es/projects/{SampleProjects.Open}/records"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(reader, "/es/plants/leon-tannery/records"));
        using PageReader plant = await PageReader.SignedInAsync(portal.App, AccountRole.Operator, plant: Own);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(plant, own));
        Assert.DoesNotContain(own + "\"", await plant.GetAsync($"/es/projects/{SampleProjects.Accepted}"), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(PageReader reader, string address)
    {
        using HttpResponseMessage answer = await reader.Client.GetAsync(new Uri(address, UriKind.Relative));
        return answer.StatusCode;
    }

    private static LabResult Result(string id, string plant, decimal milligrams) => new()
    {
        Id = id, Plant = plant, Parameter = "DQO", SampledOn = new(2026, 1, 17), Sample = SampleKind.Composite, Value = new(milligrams, "mg/L"), IsBelowLimit = false, Method = "NMX-AA-030/2", Laboratory = "Laboratorio de prueba",
    };
}
