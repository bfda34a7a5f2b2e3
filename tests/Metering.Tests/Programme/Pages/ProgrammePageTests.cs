using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Metering.Cloud.ProgrammePages;
using Metering.Cloud.Reports;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Tests.Pages;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.Tests.Programme.Pages;

/// <summary>The programme's pages over a portal with metered projects and a register in which one of them is verified.</summary>
public sealed class ProgrammePageTests : IAsyncLifetime
{
    private readonly PortalFixture portal = new();
    private PageReader staff = null!;
    private PageReader visitor = null!;

    public async Task InitializeAsync()
    {
        await portal.InitializeAsync();
        SampleRegister.Fill(portal.App.Services.GetRequiredService<RecordStore>());
        staff = await PageReader.SignedInAsync(portal.App, AccountRole.Reviewer);
        visitor = PageReader.Anonymous(portal.App);
    }

    public async Task DisposeAsync()
    {
        staff.Dispose();
        visitor.Dispose();
        await portal.DisposeAsync();
    }

    [Fact]
    public async Task The_overview_says_what_each_page_shows_and_figures_stand_under_their_heading()
    {
        Assert.Contains("cada uno aparte: nunca se suman entre sí", await staff.GetAsync("/es/programme"), StringComparison.Ordinal);
        Assert.Contains("<th scope=\"col\" class=\"number\">Meta 1</th>", await staff.GetAsync("/es/programme/logframe"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_speaks_both_languages_and_says_what_the_register_holds()
    {
        (string Address, string[] Told)[] pages =
        [
            ("/programme", ["/programme/portfolio", "/results"]),
            ("/programme/portfolio", ["Declarado"]),
            ("/programme/logframe", ["Prediagnósticos hechos", "?row=i1&year=bajio-1", "50", "registro"]),
            ("/programme/logframe?row=i1&year=bajio-1", ["/register/pre-assessment/p"]),
            ("/programme/logframe?row=i2&year=bajio-1", ["/projects/pml-001"]),
            ("/programme/cost-share", ["4,800.00", "3,800.00", "60.0", "1,000.00"]),
            ("/programme/selection", ["Comité de prueba", "Razones de prueba"]),
            ("/programme/training", ["Primera edición", "Persona certificada", "PML/2026-1", "Consultora de prueba"]),
            ("/programme/events", ["Taller de prueba", "Asistente", "4.0"]),
            ("/programme/years", ["1 ", "50", "Lección de prueba"]),
            ("/programme/evaluation?seed=2026&count=3", ["pml-001", "Observación de prueba"]),
            ("/programme/follow-ups", ["pml-001"]),
            ("/programme/needs", ["500.00 USD (1)"]),
            ("/programme/plan?plant=leon-tannery", ["__________"]),
            ("/programme/sharing", ["Compradora de prueba"]),
            ("/measures", ["</table>"]),
            ("/cases", ["Guanajuato", "%"]),
            ("/results", ["</h1>"]),
            ("/benchmark", ["</h1>"]),
            ("/programme/benchmark", ["</h1>"]),
        ];
        foreach ((string address, string[] told) in pages)
        {
            string spanish = await staff.GetAsync("/es" + address);
            string english = await staff.GetAsync("/en" + address);
            Assert.Contains("lang=\"es-MX\"", spanish, StringComparison.Ordinal);
            Assert.NotEqual(Heading(spanish), Heading(english));
            foreach (string word in told)
            {
                Assert.True(spanish.Contains(word, StringComparison.Ordinal), $"{address} does not say '{word}'");
                Assert.True(english.Contains(word, StringComparison.Ordinal), $"/en{address} does not say '{word}'");
            }

            Assert.DoesNotContain("<script", spanish, StringComparison.Ordinal);
            Assert.DoesNotMatch("\\{[0-9]\\}", spanish);
            Assert.DoesNotMatch("[^0-9,][0-9]{1,3}\\.[0-9]{3}[^0-9]", Tables(spanish).Replace("“7.318”", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_portfolio_keeps_verified_measured_and_claimed_apart_and_asks_about_a_claim_that_does_not_add_up()
    {
        string page = await staff.GetAsync("/en/programme/portfolio");
        string electricity = Regex.Match(page, "<tr>\\s*<th scope=\"row\">Electricity</th>[\\s\\S]*?</tr>").Value;
        Assert.Contains("1 of 4 projects", electricity, StringComparison.Ordinal);
        Assert.Contains("17,300.0", electricity, StringComparison.Ordinal);
        Assert.Contains("12.0", electricity, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(electricity, "±"));

        // 17,300 MWh x 0.423 t/MWh = 7,317.9 t; "7.318" parts thousands.
        Assert.Contains("7,317.9", page, StringComparison.Ordinal);
        Assert.Contains("the point or comma parts thousands", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_annual_report_carries_the_rows_of_the_logframe_with_their_values()
    {
        using JsonDocument report = JsonDocument.Parse(await staff.GetAsync("/api/v1/portfolio/report.json?kind=annual&period=2026"));
        JsonElement section = report.RootElement.GetProperty("sections").EnumerateArray().Single(one => one.GetProperty("id").GetString() == "logframe");
        Assert.Contains("i1", section.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("Electricidad ahorrada", section.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_half_year_has_the_target_of_its_whole_programme_year_and_says_so()
    {
        ProgrammeRequest request = ProgrammeRequest.OfReport(portal.App.Services.GetRequiredService<RecordStore>(), portal.Board, new());
        LogframePart year = LogframePage.PartFor(request, new(2026, 1, 1), new(2026, 12, 31))!;
        LogframePart half = LogframePage.PartFor(request, new(2026, 1, 1), new(2026, 6, 30))!;
        LogframePart other = LogframePage.PartFor(request, new(2025, 7, 1), new(2026, 6, 30))!;
        Assert.Equal(50, year.Rows.Single(row => row.Code == "i1").Target);
        Assert.Null(year.TargetNote);
        Assert.Equal(50, half.Rows.Single(row => row.Code == "i1").Target);
        Assert.Contains("sin repartir entre sus meses", half.TargetNote!.In(Language.Spanish), StringComparison.Ordinal);
        Assert.All(other.Rows, row => Assert.Null(row.Target));
        Assert.Contains("do not lie in one year", other.TargetNote!.In(Language.English), StringComparison.Ordinal);
        string report = await staff.GetAsync("/api/v1/portfolio/report.json?kind=half-yearly&period=2026-H1");
        Assert.Contains("not divided among its months", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_and_the_pages_give_the_same_report()
    {
        string page = await staff.GetAsync("/api/v1/portfolio/report.json?kind=half-yearly&period=2026-H1");
        Metering.Cloud.Projects.ProjectBoard board = new(portal.Board.Source, portal.Board.Store, portal.Board.Clock); // as the command makes its own
        DrawnReport report = ReportFiles.OfPortfolio(board, new(), "half-yearly", "2026-H1")!;
        Assert.Equal(page, WebUtility.HtmlDecode(System.Text.Encoding.UTF8.GetString(ReportJson.Write(report.Document))));
        Assert.Contains("cloud report", report.Document.RecomputeCommand, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_auditor_follows_every_link_of_the_programmes_pages_and_none_is_refused()
    {
        using PageReader auditor = await PageReader.SignedInAsync(portal.App, AccountRole.Auditor);
        HashSet<string> seen = new(StringComparer.Ordinal);
        Queue<string> open = new(["/es/programme", "/en/programme"]);
        while (open.TryDequeue(out string? address))
        {
            if (!seen.Add(address))
            {
                continue;
            }

            using HttpResponseMessage answer = await auditor.Client.GetAsync(new Uri(address, UriKind.Relative));
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect, $"{address}: {answer.StatusCode}");
            string page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            foreach (Match link in Regex.Matches(page, "href=\"(/(?:es|en)/[^\"#]*)\""))
            {
                // The pages of projects and readings are other tests' affair; here they are only opened, not followed.
                if (address.Contains("/programme", StringComparison.Ordinal))
                {
                    open.Enqueue(link.Groups[1].Value);
                }
            }
        }

        Assert.True(seen.Count > 25, $"{seen.Count} pages");
        Assert.Contains(seen, address => address.EndsWith("/programme/cost-share", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_benchmark_is_published_by_the_staff_once_and_shows_no_plant()
    {
        RecordStore register = portal.App.Services.GetRequiredService<RecordStore>();
        string nothing = await visitor.GetAsync("/es/benchmark");
        Assert.Contains("Todavía no se publica nada", nothing, StringComparison.Ordinal);
        Assert.DoesNotContain("Menos es mejor", nothing, StringComparison.Ordinal);
        string[] plants = [.. Enumerable.Range(0, 6).Select(index => $"bench-{index}")];
        _ = register.Save([.. plants.Select(plant => new RecordChange(ProgrammeFixture.Plant(plant), 0)), .. plants.Select((plant, index) => new RecordChange(Answers(plant, 20_000 + (1_000 * index)), 0))], ProgrammeFixture.Ana, null);
        (HttpStatusCode status, string answer, _) = await staff.PostAsync("/es/programme/benchmark", "/es/programme/benchmark/publish", new Dictionary<string, string>());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("Grupos publicados: ", answer, StringComparison.Ordinal);
        Assert.Matches(@"por sector y año: [^.]*\d{4}: 6\b", answer);
        (_, answer, _) = await staff.PostAsync("/es/programme/benchmark", "/es/programme/benchmark/publish", new Dictionary<string, string>());
        Assert.Contains("No se publicó nada: no había ningún grupo nuevo.", answer, StringComparison.Ordinal);
        string page = await visitor.GetAsync("/en/benchmark");
        Assert.Contains("23 m3/t", Regex.Replace(page.Replace("m³", "m3", StringComparison.Ordinal), "[\u00A0\u202F]", " "), StringComparison.Ordinal); // the median of 20, 21 ... 25 is 22.5
        Assert.DoesNotContain("bench-", page, StringComparison.Ordinal);
        int count = register.Snapshot.All<BenchmarkRelease>().Count;
        Assert.True(count > 0);

        // One plant corrects its answers: the group as it would be now shows that plant by the difference, so it is refused, and the page stays as it was.
        SelfAssessment one = register.Snapshot.Find<SelfAssessment>("a-bench-3")!;
        _ = register.Save([new(one with { Answers = one.Answers.Replace("23000", "90000", StringComparison.Ordinal) }, 1)], ProgrammeFixture.Ana, "corregido");
        Assert.Contains("junto con lo publicado", await staff.GetAsync("/es/programme/benchmark"), StringComparison.Ordinal);
        Assert.Contains("No hay nada nuevo", await staff.GetAsync("/es/programme/benchmark"), StringComparison.Ordinal);
        Assert.Equal(page, await visitor.GetAsync("/en/benchmark"));
        Assert.Equal(count, register.Snapshot.All<BenchmarkRelease>().Count);

        static SelfAssessment Answers(string plant, int water) => new()
        {
            Id = "a-" + plant, Plant = plant, AnsweredOn = new(2024, 2, 1), Questionnaire = "q",
            Answers = $"sector: tanning\nyear: 2023\namount.tanning.output: 1000\nunit.tanning.output: t\namount.water-well: {water}\nunit.water-well: m3\nunused.water-utility: 1\nunused.water-other: 1",
        };
    }

    [Fact]
    public async Task A_certificate_is_found_by_exactly_its_number_by_anyone()
    {
        Assert.Contains("Persona certificada", await visitor.GetAsync("/es" + CertificatePage.AddressOf("PML/2026-1")), StringComparison.Ordinal);
        using HttpResponseMessage answer = await visitor.Client.GetAsync(new Uri(CertificatePage.AddressOf("PML/2026-1"), UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        foreach (string other in (string[])["PML", "pml/2026-1", "PML/2026-2"])
        {
            HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(() => visitor.GetAsync("/es" + CertificatePage.AddressOf(other)));
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_buyer_sees_verified_savings_by_its_link_until_the_next_link_is_made()
    {
        string first = await MakeLinkAsync();
        string page = await visitor.GetAsync("/en/shared?token=" + first);
        Assert.Contains("/shared.csv?token=" + first, page, StringComparison.Ordinal);
        Assert.Matches("[0-9].±.[0-9.]+.MWh", page); // no figure goes out without its interval
        string csv = await visitor.GetAsync("/shared.csv?token=" + first);
        Assert.Equal(2, csv.Trim().Split('\n').Length);
        using JsonDocument json = JsonDocument.Parse(await visitor.GetAsync("/shared.json?token=" + first));
        Assert.Equal("Electricity", Assert.Single(json.RootElement.EnumerateArray()).GetProperty("resource").GetString());
        Assert.DoesNotContain(first, JsonSerializer.Serialize(portal.App.Services.GetRequiredService<RecordStore>().Snapshot.All<ShareConsent>()), StringComparison.Ordinal);
        string second = await MakeLinkAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => visitor.GetAsync("/en/shared?token=" + first));
        Assert.NotEmpty(await visitor.GetAsync("/en/shared?token=" + second));
        await Assert.ThrowsAsync<HttpRequestException>(() => visitor.GetAsync("/shared.json?token="));
        using HttpResponseMessage ended = await visitor.Client.GetAsync(new Uri("/es/shared?token=" + first, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, ended.StatusCode);
        Assert.Contains("un enlace más nuevo lo sustituyó", await ended.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payment_of_the_programme_is_charged_to_its_source_of_money_and_what_is_left_is_shown()
    {
        RecordStore register = portal.App.Services.GetRequiredService<RecordStore>();
        CostShareEntry payment = new() { Id = "e3", Contract = "k", Project = SampleProjects.Accepted, Entry = LedgerEntry.Paid, Payer = Payer.Programme, Day = new(2026, 3, 2), Amount = new(1250m, "USD"), FundingSource = "fund" };
        FundingSource fund = new() { Id = "fund", Programme = "bajio", Name = "Fondo de prueba", Amount = new(465000m, "USD"), Form = FundingForm.Cash };
        _ = register.Save([new(fund, 0), new(payment, 0), new(payment with { Id = "e4", FundingSource = null, Amount = new(10m, "USD") }, 0)], ProgrammeFixture.Ana, null);
        string page = await staff.GetAsync("/es/programme/cost-share");
        Assert.Matches(new Regex("Fondo de prueba.*465,000.00.USD.*en dinero.*1,250.00.USD.*463,750.00.USD", RegexOptions.Singleline), page);
        Assert.Contains("Pagos del programa que no dicen de qué fuente salen: 1.", page, StringComparison.Ordinal);
        RecordFaultsException refused = Assert.Throws<RecordFaultsException>(() => register.Save([new(payment with { Id = "e5", Payer = Payer.Company }, 0)], ProgrammeFixture.Ana, null));
        Assert.Equal("fundingSource", Assert.Single(refused.Faults).Field);
    }

    [Fact]
    public async Task Measures_of_all_sectors_and_sectors_in_the_register_have_names_in_Spanish()
    {
        Assert.Contains("Todos los sectores", await visitor.GetAsync("/es/measures"), StringComparison.Ordinal);
        string plants = await staff.GetAsync("/es/register/plant");
        Assert.Contains("Curtiduría", plants, StringComparison.Ordinal);
        Assert.DoesNotContain("(tannery)", plants, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_a_list_or_a_page_refers_to_stand_there_by_their_titles()
    {
        ProjectRecord project = portal.App.Services.GetRequiredService<RecordStore>().Snapshot.Find<ProjectRecord>(SampleProjects.Accepted)!;
        PlantRecord plant = portal.App.Services.GetRequiredService<RecordStore>().Snapshot.Find<PlantRecord>(project.Plant)!;
        foreach ((string language, string title, string name) in ((string, string, string)[])[("es", project.TitleSpanish, plant.NameSpanish), ("en", project.TitleEnglish, plant.NameEnglish)])
        {
            string list = WebUtility.HtmlDecode(await staff.GetAsync($"/{language}/register/project"));
            Assert.Contains($">{name}</td>", list, StringComparison.Ordinal);
            Assert.Contains($">{name}</td>", WebUtility.HtmlDecode(await staff.GetAsync($"/{language}/register/project?q={Uri.EscapeDataString(name)}")), StringComparison.Ordinal);
            Assert.Contains($"/register/plant/{plant.Id}\">{name}</a>", WebUtility.HtmlDecode(await staff.GetAsync($"/{language}/register/project/{project.Id}")), StringComparison.Ordinal);
            foreach (string page in (string[])["programme/portfolio", "programme/cost-share", "programme/selection"])
            {
                string shown = WebUtility.HtmlDecode(await staff.GetAsync($"/{language}/{page}"));
                Assert.Contains($">{title}</a>", shown, StringComparison.Ordinal);
                Assert.DoesNotContain($">{project.Id}</a>", shown, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Each_page_of_the_overview_says_what_one_finds_there()
    {
        foreach (string language in (string[])["es", "en"])
        {
            string overview = await staff.GetAsync($"/{language}/programme");
            int pages = Regex.Count(overview, "<th scope=\"row\"><a ");
            Assert.True(pages > 12, overview);
            Assert.Equal(pages, Regex.Count(overview, "<td data-label=\"[^\"]+\" class=\"words\">[^<]{40,}\\.</td>"));
        }
    }

    [Fact]
    public async Task A_case_names_no_plant_without_its_consent()
    {
        string page = await visitor.GetAsync("/es/cases");
        Assert.Contains("Caso de prueba", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Reservada", page, StringComparison.Ordinal);
        RecordStore register = portal.App.Services.GetRequiredService<RecordStore>();
        PublishedCase known = register.Snapshot.Find<PublishedCase>("case")!;
        _ = register.Save([new(known with { NamesPlant = true, ConsentedOn = new(2026, 3, 1) }, 1)], ProgrammeFixture.Ana, "consented");
        Assert.Contains("Reservada", await visitor.GetAsync("/es/cases"), StringComparison.Ordinal);
    }

    private async Task<string> MakeLinkAsync()
    {
        (HttpStatusCode status, string page, _) = await staff.PostAsync("/en/programme/sharing", "/en/programme/sharing/make", new Dictionary<string, string> { ["consent"] = "sc" });
        Assert.Equal(HttpStatusCode.OK, status);
        return Regex.Match(page, "shared\\?token=([0-9a-f]{64})").Groups[1].Value;
    }

    private static string Heading(string page) => Regex.Match(page, "<h1>(.*?)</h1>").Groups[1].Value + Regex.Match(page, "<p class=\"lead\">(.*?)</p>").Groups[1].Value;

    private static string Tables(string page) => string.Concat(Regex.Matches(page, "<table>[\\s\\S]*?</table>").Select(match => match.Value));
}
