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
    public async Task The_last_change_of_the_reader_is_undone_with_one_button_and_the_trail_keeps_both()
    {
        using PageReader reader = await PageReader.SignedInAsync(portal.App, AccountRole.Operator, plant: Own);
        const string Record = "/es/plants/leon-tannery/records/lab-result/own-undo";
        const string Form = "/es/plants/leon-tannery/records/lab-result/-new";
        Dictionary<string, string> fields = new(LabResult.Kind.ToTexts(Result("own-undo", Own, 300)));
        _ = await reader.PostAsync(Form, Form, fields);
        Assert.Contains("action=\"" + Record + "/withdraw\"", UndoForm(await reader.GetAsync(Record)), StringComparison.Ordinal); // a first entry is withdrawn
        (fields["value"], fields["version"], fields[RecordKind.ReasonField]) = ("30 mg/L", "1", "se leyó mal");
        _ = await reader.PostAsync(Record + "/edit", Record + "/edit", fields);
        string undo = UndoForm(await reader.GetAsync(Record));
        Assert.Contains("action=\"" + Record + "/undo\"", undo, StringComparison.Ordinal);
        Assert.Contains("value=\"Error de captura\"", undo, StringComparison.Ordinal);
        Assert.Contains(">Undo</button>", UndoForm(await reader.GetAsync(Record.Replace("/es/", "/en/", StringComparison.Ordinal))), StringComparison.Ordinal);
        Dictionary<string, string> back = new() { ["version"] = "2", ["to"] = "1", [RecordKind.ReasonField] = "Error de captura" };
        Assert.Equal(HttpStatusCode.Redirect, (await reader.PostAsync(Record, Record + "/undo", back)).Status);
        Assert.Equal(300m, Register.Snapshot.Find<LabResult>("own-undo")!.Value.Amount);
        Assert.Equal(["", "se leyó mal", "Error de captura"], Register.History(new("lab-result", "own-undo")).Select(revision => revision.Entry.Reason ?? ""));

        // What somebody else entered is brought back from its history, and never by that button.
        Assert.Equal("", UndoForm(await reader.GetAsync("/es/plants/leon-tannery/records/lab-result/own-lab")));
        Assert.Equal(HttpStatusCode.NotFound, (await reader.PostAsync(Record, "/es/plants/leon-tannery/records/lab-result/foreign-lab/undo", back)).Status);
    }

    [Fact]
    public async Task A_version_that_was_another_plants_is_not_brought_back()
    {
        _ = Register.Save([new(Result("own-lab", Foreign, 977), 1)], ProgrammeFixture.Ana, "otra planta");
        _ = Register.Save([new(Result("own-lab", Own, 412), 2)], ProgrammeFixture.Ana, "sí era");
        using PageReader reader = await PageReader.SignedInAsync(portal.App, AccountRole.Operator, plant: Own);
        const string Record = "/es/plants/leon-tannery/records/lab-result/own-lab";
        Dictionary<string, string> back = new() { ["version"] = "3", ["to"] = "2", [RecordKind.ReasonField] = "x" };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await reader.PostAsync(Record, Record + "/undo", back)).Status);
        Assert.Equal(Own, Register.Snapshot.Find<LabResult>("own-lab")!.Plant);
    }

    [Fact]
    public async Task A_plants_people_see_whom_to_turn_to_and_keep_their_own_contacts()
    {
        Contact Person(string id, string name, string? plant, ContactAudience? audience, bool consents = true) => new()
        {
            Id = id, Name = name, Organisation = "centre", Plant = plant, Audience = audience, Consents = consents, ConsentedOn = consents ? new(2026, 1, 1) : null, Telephone = consents ? "477 000 0001" : null,
        };
        IProgrammeRecord[] records =
        [
            ProgrammeFixture.Company("centre", "Centro"), Person("staff", "Persona del programa", null, ContactAudience.Plants), Person("inner", "Persona interna", null, null),
            Person("other", "Persona ajena", Foreign, ContactAudience.Staff), Person("silent", "Persona callada", Own, null, consents: false),
        ];
        _ = Register.Save([.. records.Select(record => new RecordChange(record, 0))], ProgrammeFixture.Ana, null);
        using PageReader reader = await PageReader.SignedInAsync(portal.App, AccountRole.Operator, plant: Own);
        const string Form = "/es/plants/leon-tannery/records/contact/-new";
        Dictionary<string, string> own = new(Contact.Kind.ToTexts(Person("own-contact", "Jefa de planta", Own, null) with { Organisation = null }));
        Assert.Equal(HttpStatusCode.Redirect, (await reader.PostAsync(Form, Form, own)).Status);
        string page = await reader.GetAsync("/es/plants/leon-tannery");
        Assert.Contains("A quién acudir", page, StringComparison.Ordinal);
        Assert.Contains("Persona del programa", page, StringComparison.Ordinal);
        Assert.Contains("Jefa de planta", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("Persona interna|Persona ajena|Persona callada", page);
        using PageReader auditor = await PageReader.SignedInAsync(portal.App, AccountRole.Auditor);
        Assert.DoesNotContain("Jefa de planta", await auditor.GetAsync("/es/plants/leon-tannery"), StringComparison.Ordinal);
    }

    private static string UndoForm(string page) => Regex.Match(page, "<form[^>]*>(?:(?!</form>).)*undo-reason.*?</form>", RegexOptions.Singleline).Value;

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
