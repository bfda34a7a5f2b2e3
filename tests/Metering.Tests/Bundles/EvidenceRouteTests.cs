using System.Net;
using System.Text.Json;
using Metering.Cloud.Evidence;
using Metering.Evidence.Bundle;
using Metering.Programme.Accounts;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Tests.Pages;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Metering.Tests.Bundles;

public sealed class EvidenceRouteTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const long At = 1_780_000_000_000;

    [Theory]
    [InlineData("/es/projects/pml-001/evidence.mevb")]
    [InlineData("/api/v1/projects/pml-001/evidence")]
    public async Task The_bundle_comes_as_a_file_and_the_audit_trail_says_who_took_it(string address)
    {
        int before = Entries().Count;
        using HttpClient auditor = await portal.SignedIn(AccountRole.Auditor);
        using HttpResponseMessage response = await auditor.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, "application/zip", "pml-001.mevb"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentDisposition?.FileNameStar ?? response.Content.Headers.ContentDisposition?.FileName));
        Assert.True(response.Headers.CacheControl!.NoStore);
        BundleFile file = BundleFile.Open(new MemoryStream(await response.Content.ReadAsByteArrayAsync()));
        Assert.True(file.Has(BundleNames.Result));
        List<(string Actor, string? Project)> entries = Entries();
        Assert.Equal(before + 1, entries.Count);
        Assert.Equal(("Persona de prueba", "pml-001"), entries[^1]);

        // What the audit trail keeps outlives the process: a desk that was just started knows it, too.
        using (BundleDesk started = ActivatorUtilities.CreateInstance<BundleDesk>(portal.App.Services))
        {
            Assert.StartsWith("http://127.0.0.1:1/", started.WithoutTimeStamp("pml-001")!.Reason, StringComparison.Ordinal);
        }

        // The authority that was to stamp it does not answer: the page of the project says so, and no other page does.
        foreach ((string language, string told) in ((string, string)[])[("es", "pidió un sello de tiempo a la autoridad y no lo obtuvo (http://127.0.0.1:1/"), ("en", "asked the authority for a time stamp and got none (http://127.0.0.1:1/")])
        {
            Assert.Contains(told, await auditor.GetStringAsync(new Uri($"/{language}/projects/pml-001", UriKind.Relative)), StringComparison.Ordinal);
            Assert.DoesNotContain(told[..30], await auditor.GetStringAsync(new Uri($"/{language}/projects/pml-002", UriKind.Relative)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void That_the_last_bundle_had_no_time_stamp_is_known_after_a_restart_until_one_has_it()
    {
        Tell("{\"result\":7,\"logSize\":9,\"timeStampFault\":\"http://127.0.0.1:1/ no responde\"}");
        using (BundleDesk started = ActivatorUtilities.CreateInstance<BundleDesk>(portal.App.Services))
        {
            Assert.Equal("http://127.0.0.1:1/ no responde", started.WithoutTimeStamp("restarted")!.Reason);
            Assert.Equal(At, started.WithoutTimeStamp("restarted")!.At.ToUnixTimeMilliseconds());
            Assert.Null(started.WithoutTimeStamp("never-taken"));
        }

        Tell("{\"result\":7,\"logSize\":9}");
        using BundleDesk again = ActivatorUtilities.CreateInstance<BundleDesk>(portal.App.Services);
        Assert.Null(again.WithoutTimeStamp("restarted"));
    }

    [Fact]
    public async Task The_monthly_table_carries_its_headings_beside_each_figure_for_narrow_screens()
    {
        string page = await portal.Client.GetStringAsync(new Uri("/es/projects/pml-001", UriKind.Relative));
        string table = System.Text.RegularExpressions.Regex.Match(page, "<table class=\"months stack[^\"]*\">.*?</table>", System.Text.RegularExpressions.RegexOptions.Singleline).Value;
        int rows = table.Split("<tr>").Length - 2;
        Assert.True(rows > 1, table);
        Assert.Equal(rows, table.Split("data-label=\"± (").Length - 1);
        Assert.Equal(7 * rows, table.Split("data-label=").Length - 1);
    }

    [Fact]
    public async Task The_load_map_of_a_report_is_drawn_for_both_widths_with_its_picture_once()
    {
        string report = await portal.Client.GetStringAsync(new Uri("/es/projects/pml-001/report", UriKind.Relative));
        Assert.Equal(1, report.Split("data:image/png").Length - 1);
        Assert.Equal(2, report.Split("<use href=\"#load-picture\"").Length - 1);
        Assert.Contains("class=\"chart narrow\"", report[report.IndexOf("id=\"load-picture\"", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Project_page_and_result_have_the_button()
    {
        foreach ((string language, string words) in ((string, string)[])[("es", "Descargar evidencia"), ("en", "Download evidence")])
        {
            string page = await portal.Client.GetStringAsync(new Uri($"/{language}/projects/pml-001", UriKind.Relative));
            Assert.Equal(2, page.Split($"href=\"/{language}/projects/pml-001/evidence.mevb\">{words}").Length - 1);
        }
    }

    [Fact]
    public async Task A_project_without_a_plan_has_none_and_says_so()
    {
        using HttpResponseMessage response = await portal.Client.GetAsync(new Uri("/api/v1/projects/nothing/evidence", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_grade_stands_beside_the_number_on_pages_and_in_data()
    {
        string page = await portal.Client.GetStringAsync(new Uri("/en/projects/pml-001", UriKind.Relative));
        Assert.Contains("Evidence grade B: signed by the gateway that read the meter", page, StringComparison.Ordinal);
        string list = await portal.Client.GetStringAsync(new Uri("/es/", UriKind.Relative));
        Assert.Contains("title=\"firmada por el gateway que leyó el medidor\">Evidencia B</span>", list, StringComparison.Ordinal);
        Assert.Contains("Grado de evidencia: A, firmada por el medidor mismo", list, StringComparison.Ordinal);
        string plant = await portal.Client.GetStringAsync(new Uri("/en/plants/leon-tannery", UriKind.Relative));
        Assert.Contains("Evidence B</span>", plant, StringComparison.Ordinal);
        using JsonDocument result = JsonDocument.Parse(await portal.Client.GetStringAsync(new Uri("/api/v1/projects/pml-001/result", UriKind.Relative)));
        Assert.Equal("B", result.RootElement.GetProperty("evidenceGrade").GetString());
        Assert.All(result.RootElement.GetProperty("channels").EnumerateArray(), channel => Assert.Equal("B", channel.GetProperty("evidenceGrade").GetString()));
        foreach (string address in (string[])["/api/v1/channels/leon-tannery/hides.count/readings?limit=1", "/api/v1/channels/leon-tannery/hides.count/series?step=1mo", "/api/v1/channels/leon-tannery/hides.count"])
        {
            using JsonDocument channel = JsonDocument.Parse(await portal.Client.GetStringAsync(new Uri(address, UriKind.Relative)));
            Assert.Equal("B", channel.RootElement.GetProperty("evidenceGrade").GetString());
        }

        using JsonDocument portfolio = JsonDocument.Parse(await portal.Client.GetStringAsync(new Uri("/api/v1/portfolio", UriKind.Relative)));
        Assert.All(portfolio.RootElement.GetProperty("items").EnumerateArray(), row => Assert.Equal("B", row.GetProperty("evidenceGrade").GetString()));
        string report = await portal.Client.GetStringAsync(new Uri("/api/v1/projects/pml-001/report.csv?lang=en", UriKind.Relative));
        Assert.Contains("B: signed by the gateway that read the meter", report, StringComparison.Ordinal);
    }

    private void Tell(string after)
    {
        using ProgrammeContext context = portal.App.Services.GetRequiredService<ProgrammeDatabase>().NewContext();
        using Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction = ProgrammeDatabase.BeginChange(context);
        _ = AuditTrail.Append(context, new()
        {
            UtcMilliseconds = At, ActorId = "test", ActorName = "Persona de prueba", Kind = BundleDesk.AuditKind, RecordId = "restarted", After = after,
        });
        _ = context.SaveChanges();
        transaction.Commit();
    }

    private List<(string Actor, string? Project)> Entries()
    {
        using ProgrammeContext context = portal.App.Services.GetRequiredService<ProgrammeDatabase>().NewContext();
        return [.. context.Audit.Where(entry => entry.Kind == BundleDesk.AuditKind).OrderBy(entry => entry.Number).AsEnumerable().Select(entry => (entry.ActorName, entry.Project))];
    }
}
