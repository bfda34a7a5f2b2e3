using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Metering.Cloud.Explore;
using Metering.Store;
using Metering.Tests.Pages;
using Xunit;

namespace Metering.Tests.Explore;

/// <summary>How many links a reader follows from a number to the register words it came from, and back.</summary>
public sealed class ClickTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const int MostClicks = 4;
    private const string Project = SampleProjects.Accepted;

    [Theory]
    [InlineData("/en/projects/" + Project)]
    [InlineData("/es/projects/" + Project)]
    [InlineData("/en/projects/" + Project + "?from=2026-03-01&to=2026-03-14")]
    [InlineData("/en/")]
    [InlineData("/es/")]
    [InlineData("/en/projects/" + Project + "/report")]
    [InlineData("/es/portfolio/report")]
    [InlineData("/en/plants/leon-tannery")]
    public async Task At_most_four_links_lead_from_a_number_to_the_register_words(string address)
    {
        KeepBirth();
        List<string> way = [address];
        string page = await PageAsync(address);
        while (!page.Contains("id=\"raw-words\"", StringComparison.Ordinal))
        {
            Assert.True(way.Count <= MostClicks, string.Join(" -> ", way));
            way.Add(Deepest(page, way));
            page = await PageAsync(way[^1]);
        }

        Assert.Contains("/readings/", way[^1], StringComparison.Ordinal);
        Assert.Contains($"/projects/{Project}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reading_leads_back_to_every_project_and_to_the_reports_that_were_signed()
    {
        StoredChannel stored = portal.Board.Store.FindChannel("leon-tannery", "weather.outdoor-temperature")!;
        string page = await PageAsync("/en" + ExploreRoutes.Reading(new(stored.Gateway, stored.Channel.Id), stored.FirstUtcMilliseconds));
        foreach (Metering.Projects.Project project in portal.Board.Register.Projects.Where(project => project.Channels().Contains(new(stored.Gateway, stored.Channel.Id))))
        {
            Assert.Contains($"href=\"/en/projects/{project.Id}\"", page, StringComparison.Ordinal);
            Assert.Contains($"href=\"/en/projects/{project.Id}/signed\"", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_file_of_a_report_names_no_address_and_its_page_is_the_file_with_its_links()
    {
        string file = await portal.Client.GetStringAsync(new Uri($"/api/v1/projects/{Project}/report.html?lang=en&download", UriKind.Relative));
        string page = await portal.Client.GetStringAsync(new Uri($"/en/projects/{Project}/report", UriKind.Relative));
        Assert.DoesNotContain("href=\"/", file, StringComparison.Ordinal);
        int start = page.IndexOf("<nav class=\"links", StringComparison.Ordinal);
        int end = page.IndexOf("</nav>", start, StringComparison.Ordinal) + "</nav>".Length;
        Assert.Equal(file, page.Remove(start, end - start));
    }

    // As a reader does who wants to see what a number is made of: a reading if there is one, else a day, else a shorter stretch, else the project.
    private static string Deepest(string page, List<string> way)
    {
        foreach (string pattern in (string[])["/(?:es|en)/readings/[^\"]*active-energy-import/[^\"]*", "/(?:es|en)/projects/[^\"/]+/days/[^\"]+", @"[^""]*\?from=(\d{4}-\d\d-\d\d)&to=\1#zoom", @"[^""]*\?m=[^""]*", $"/(?:es|en)/projects/{Project}", "/(?:es|en)/channels/[^\"]*active-energy-import/history"])
        {
            Match match = Regex.Match(page, $"href=\"({pattern})\"");
            string link = match.Groups[1].Value.Split('#')[0];
            link = link.StartsWith('?') ? way[^1].Split('?')[0] + link : link;
            if (match.Success && !way.Contains(link))
            {
                return link;
            }
        }

        throw new InvalidOperationException("no link leads on from " + way[^1]);
    }

    // The samples come without a gateway's birth: each configuration that signed a batch gets one.
    private void KeepBirth()
    {
        IReadingStore store = portal.Board.Store;
        foreach (string config in store.Journal(0, int.MaxValue).Where(record => record.Gateway == "leon-tannery").Select(record => BatchConfig(record.Envelope)).Distinct())
        {
            _ = store.KeepBirth("leon-tannery", config, "1.0", Encoding.UTF8.GetBytes(
                """
                {"gateway":"leon-tannery","meters":[{"id":"mains","bus":"rs485","unit":7}],
                 "channels":[{"id":"mains.active-energy-import","register":{"table":"holding","address":4096,"format":"uint32","order":"abcd","numerator":1,"denominator":1,"whole":true}}]}
                """));
        }
    }

    private static string BatchConfig(ReadOnlyMemory<byte> envelope) => Metering.Readings.BatchEnvelope.Open(envelope.Span).Manifest.ConfigHash;

    private async Task<string> PageAsync(string address) => WebUtility.HtmlDecode(await portal.Client.GetStringAsync(new Uri(address, UriKind.Relative)));
}
