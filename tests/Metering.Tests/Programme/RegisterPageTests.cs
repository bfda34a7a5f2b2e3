using System.Net;
using System.Text.RegularExpressions;
using Metering.Cloud.Pages;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Store.Sqlite;
using Metering.Tests.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Metering.Tests.Programme;

public sealed class RegisterPageTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("metering-pages-").FullName;
    private readonly CookieContainer cookies = new();
    private HttpClient Client { get; set; } = null!;
    private SqliteStore? store;
    private WebApplication? app;

    private RecordStore Register => app!.Services.GetRequiredService<RecordStore>();

    public async Task InitializeAsync()
    {
        store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Portal.AddPortal(builder.Services, null, store);
        PortalAccounts.Add(builder, folder, TimeProvider.System);
        app = builder.Build();
        Portal.MapPortal(app);
        await app.StartAsync();
        Client = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = new(app.Urls.Single()) };
        cookies.Add(Client.BaseAddress, new Cookie("metering", await PortalAccounts.CookieAsync(app, AccountRole.Reviewer, null, null)));
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await app!.DisposeAsync();
        store!.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Every_kind_has_an_empty_list_a_CSV_and_a_form_that_refuses_what_is_missing_in_both_languages()
    {
        foreach (RecordKind kind in RecordKinds.All)
        {
            foreach ((string language, string missing, string steps) in new[] { ("es", "Falta «", "Los tres pasos siguientes"), ("en", "is missing.", "The next three steps") })
            {
                string address = $"/{language}/register/{kind.Name}";
                Assert.Contains(steps, await Client.GetStringAsync(address), StringComparison.Ordinal);
                Assert.StartsWith("id,", await Client.GetStringAsync(address + ".csv"), StringComparison.Ordinal);
                if (kind.IsWrittenByHand)
                {
                    (HttpStatusCode status, string page) = await SendAsync(address + "/-new", address + "/-new", new() { ["id"] = "a" });
                    Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
                    Assert.Contains(missing, page, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public async Task A_form_saves_a_record_and_names_are_escaped_on_pages_and_harmless_in_CSV()
    {
        const string Name = "=HYPERLINK(\"x\") <script>";
        (HttpStatusCode status, _) = await SendAsync("/es/register/organisation/-new", "/es/register/organisation/-new", new() { ["id"] = "a", ["name"] = Name });
        Assert.Equal(HttpStatusCode.Redirect, status);
        Assert.Equal(Name, Register.Snapshot.Find<Organisation>("a")!.Name);
        foreach (string address in new[] { "/es/register/organisation", "/es/register/organisation/a", "/en/register/organisation/a/edit" })
        {
            string page = await Client.GetStringAsync(address);
            Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        }

        Assert.Contains("a,\"'=HYPERLINK", await Client.GetStringAsync("/es/register/organisation.csv"), StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", await Client.GetStringAsync("/es/register/organisation?q=hyperlink&sort=name&order=descending"), StringComparison.Ordinal);
        Assert.DoesNotContain("&lt;script&gt;", await Client.GetStringAsync("/es/register/organisation?q=nobody"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_is_kept_when_it_is_refused()
    {
        (HttpStatusCode status, string page) = await SendAsync("/es/register/funding-source/-new", "/es/register/funding-source/-new", new() { ["id"] = "f", ["name"] = "Cámara", ["amount"] = "78,000 USD" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("value=\"78,000 USD\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"Cámara\"", page, StringComparison.Ordinal);
        Assert.Contains("dos maneras", page, StringComparison.Ordinal);
        Assert.Empty(Register.Snapshot.All<FundingSource>());
    }

    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        using FormUrlEncodedContent form = new(new Dictionary<string, string> { ["id"] = "a", ["name"] = "A" });
        HttpResponseMessage answer = await Client.PostAsync("/en/register/organisation/-new", form);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(Register.Snapshot.All<Organisation>());
    }

    [Fact]
    public async Task A_change_over_a_newer_version_shows_both_and_goes_through_when_it_is_sent_again()
    {
        _ = Register.Save([new(ProgrammeFixture.Company("a", "Uno"), 0)], ProgrammeFixture.Ana, null);
        _ = Register.Save([new(ProgrammeFixture.Company("a", "Dos"), 1)], ProgrammeFixture.Luis, "motivo");
        const string Address = "/es/register/organisation/a/edit";
        Dictionary<string, string> fields = new() { ["name"] = "Tres", ["version"] = "1", ["change-reason"] = "por qué" };
        (HttpStatusCode status, string page) = await SendAsync(Address, Address, fields);
        Assert.Equal(HttpStatusCode.PreconditionFailed, status);
        Assert.Contains("Luis Vega", page, StringComparison.Ordinal);
        Assert.Contains("<td>Dos</td><td>Tres</td>", page, StringComparison.Ordinal);
        fields["version"] = Regex.Match(page, "name=\"version\" value=\"(\\d+)\"").Groups[1].Value;
        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync(Address, Address, fields)).Status);
        Assert.Equal("Tres", Register.Snapshot.Find<Organisation>("a")!.Name);
    }

    [Fact]
    public async Task A_record_is_withdrawn_and_brought_back_with_reasons_from_its_page()
    {
        _ = Register.Save([new(ProgrammeFixture.Company("a", "Uno"), 0)], ProgrammeFixture.Ana, null);
        const string Address = "/en/register/organisation/a";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(Address, Address + "/withdraw", new() { ["version"] = "1", ["change-reason"] = " " })).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync(Address, Address + "/withdraw", new() { ["version"] = "1", ["change-reason"] = "closed" })).Status);
        Assert.Contains("This record is withdrawn.", await Client.GetStringAsync(Address), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync(Address, Address + "/undo", new() { ["version"] = "2", ["to"] = "1", ["change-reason"] = "open again" })).Status);
        Assert.NotNull(Register.Snapshot.Find<Organisation>("a"));
        Assert.Contains("open again", await Client.GetStringAsync(Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipeline_and_targets_say_what_to_do_when_there_is_nothing_and_name_what_is_overdue()
    {
        Assert.Contains("No project has a step yet.", await Client.GetStringAsync("/en/register/-pipeline"), StringComparison.Ordinal);
        Assert.Contains("No hay años del programa", await Client.GetStringAsync("/es/register/-targets"), StringComparison.Ordinal);
        IProgrammeRecord[] records =
        [
            ProgrammeFixture.Plant(), ProgrammeFixture.Project(), new ProjectStep { Id = "s", Project = "pml-1", State = ProjectState.Lead, Day = new(2020, 1, 1) },
            .. Metering.Programme.Lifecycle.BajioPreset.Records(new(2026, 1, 1)),
        ];
        _ = Register.Save([.. records.Select(record => new RecordChange(record, 0))], ProgrammeFixture.Ana, null);
        string pipeline = Regex.Replace(WebUtility.HtmlDecode(await Client.GetStringAsync("/es/register/-pipeline")), "<[^>]+>", " ");
        Assert.Matches("Curtiduría · [0-9,]+ días en este estado\\s+·\\s+atrasado", pipeline); // a plant by its name, and words apart
        Assert.Contains("0 of 50", await Client.GetStringAsync("/en/register/-targets"), StringComparison.Ordinal);
        Assert.Contains(">Producción más Limpia, Bajío · ", WebUtility.HtmlDecode(await Client.GetStringAsync("/en/register/-targets")), StringComparison.Ordinal);
        Assert.Contains("0 of 12", await Client.GetStringAsync("/en/register/-targets"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Bajio_programme_is_made_by_one_button_and_only_once()
    {
        const string Targets = "/es/register/-targets";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(Targets, "/es/register/-preset", new() { ["first"] = "enero" })).Status);
        Assert.Empty(Register.Snapshot.All<ProgrammeDefinition>());
        Dictionary<string, string> fields = new() { ["first"] = "2026-01-01" };
        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync(Targets, "/es/register/-preset", fields)).Status);
        Assert.Equal([7, 11, 12], Register.Snapshot.All<ProgrammeYear>().Select(year => year.ProjectTarget));
        (HttpStatusCode again, string page) = await SendAsync("/es/register/organisation/-new", "/es/register/-preset", fields);
        Assert.Equal(HttpStatusCode.PreconditionFailed, again);
        Assert.Contains("0 de 50", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_leads_to_those_that_refer_to_it()
    {
        IProgrammeRecord[] records = [ProgrammeFixture.Company("a"), ProgrammeFixture.Plant() with { Organisation = "a" }, ProgrammeFixture.Project()];
        _ = Register.Save([.. records.Select(record => new RecordChange(record, 0))], ProgrammeFixture.Ana, null);
        Assert.Contains("<a href=\"/es/register/plant/leon\">", await Client.GetStringAsync("/es/register/organisation/a"), StringComparison.Ordinal);
        Assert.Contains("<a href=\"/en/register/project/pml-1\">", await Client.GetStringAsync("/en/register/plant/leon"), StringComparison.Ordinal);
        Assert.DoesNotContain("Registros que lo usan", await Client.GetStringAsync("/es/register/project/pml-1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_kept_byte_for_byte_and_comes_back_as_a_download()
    {
        byte[] content = [.. "%PDF-1.7\n"u8, 0, 255, 13, 10];
        using HttpResponseMessage answer = await UploadAsync("../../contrato <b>.pdf", content);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Attachment attachment = Assert.Single(Register.Snapshot.All<Attachment>());
        Assert.Equal(("contrato <b>.pdf", ContentType.Pdf, content.Length), (attachment.Name, attachment.ContentType, attachment.Bytes));
        string address = answer.Headers.Location!.OriginalString;
        Assert.DoesNotContain("<b>", await Client.GetStringAsync(address), StringComparison.Ordinal);
        using HttpResponseMessage file = await Client.GetAsync(address + "/content");
        Assert.Equal(content, await file.Content.ReadAsByteArrayAsync());
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("factura.pdf", "MZ this is a program")]
    [InlineData("pagina.html", "<script>alert(1)</script>")]
    [InlineData("hoja.xlsx", "a,b")]
    [InlineData("vacio.txt", "")]
    public async Task A_file_of_another_type_is_refused_and_nothing_is_kept(string name, string content)
    {
        using HttpResponseMessage answer = await UploadAsync(name, System.Text.Encoding.UTF8.GetBytes(content));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("role=\"alert\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(Register.Snapshot.All<Attachment>());
    }

    [Theory]
    [InlineData(10 * 1024 * 1024, HttpStatusCode.Redirect)]
    [InlineData((10 * 1024 * 1024) + 1, HttpStatusCode.UnprocessableEntity)]
    [InlineData(50 * 1024 * 1024, HttpStatusCode.UnprocessableEntity)]
    public async Task A_file_that_is_too_large_is_refused_in_words(int length, HttpStatusCode expected)
    {
        byte[] content = new byte[length];
        Array.Fill(content, (byte)'1');
        using HttpResponseMessage answer = await UploadAsync("lecturas.csv", content);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Redirect ? 1 : 0, Register.Snapshot.All<Attachment>().Count);
    }

    [Fact]
    public async Task A_kind_or_record_that_is_not_there_is_not_found() =>
        Assert.Equal(
            [HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound],
            [(await Client.GetAsync("/es/register/nothing")).StatusCode, (await Client.GetAsync("/es/register/plant/none")).StatusCode, (await Client.GetAsync("/es/register/attachment/-new")).StatusCode]);

    private async Task<HttpResponseMessage> UploadAsync(string name, byte[] content)
    {
        string page = await Client.GetStringAsync("/es/register/attachment");
        string token = WebUtility.HtmlDecode(Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value);
        using MultipartFormDataContent form = [];
        form.Add(new StringContent(token), "__RequestVerificationToken");
        form.Add(new ByteArrayContent(content), "file", name);
        return await Client.PostAsync("/es/register/attachment/-upload", form);
    }

    // The form is read first, as a browser does: the cookie comes with it, and the token stands in it.
    private async Task<(HttpStatusCode Status, string Page)> SendAsync(string formAddress, string address, Dictionary<string, string> fields)
    {
        string page = await Client.GetStringAsync(formAddress);
        fields["__RequestVerificationToken"] = WebUtility.HtmlDecode(Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value);
        using FormUrlEncodedContent form = new(fields);
        HttpResponseMessage answer = await Client.PostAsync(address, form);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
