using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Metering.Cloud.Explore;
using Metering.Readings;
using Metering.Store;
using Xunit;

namespace Metering.Tests.Pages;

public sealed partial class DrillDownTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const string Project = SampleProjects.Accepted;

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    public async Task Three_links_lead_from_the_headline_to_the_signed_line_and_one_back(string language)
    {
        string page = await Page($"/{language}/projects/{Project}");
        string month = Link(page, @"\?m=2026-03#daily");
        string daily = await Page($"/{language}/projects/{Project}{WebUtility.HtmlDecode(month)[..^"#daily".Length]}");
        string day = await Page(Link(daily, $"/{language}/projects/{Project}/days/2026-03-17"));
        string address = Link(day, $@"/{language}/readings/leon-tannery/mains\.active-energy-import/\d+");
        string reading = await Page(address);
        long instant = long.Parse(address.Split('/')[^1], CultureInfo.InvariantCulture);
        string line = Line().Match(reading).Groups[1].Value;
        Reading stored = Stored(instant);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{instant},{stored.ScaledValue},G"), line);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{stored.ScaledValue} × 10^-1"), reading, StringComparison.Ordinal);
        Assert.Contains(language == "en" ? "made by the gateway&#x27;s enrolled key" : "es de la llave registrada", Normal(reading), StringComparison.Ordinal);
        _ = Link(reading, $"/{language}/projects/{Project}");
        Assert.Contains(portal.Board.ResultOf(portal.Board.Register.Find(Project)!).Version, reading, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", reading + day, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", reading + day, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_downloaded_batch_is_the_one_the_page_names()
    {
        long instant = Instant(new(2026, 3, 17));
        ReadingTrace trace = ReadingTrace.Find(portal.Board.Store, "leon-tannery", "mains.active-energy-import", instant)!;
        byte[] bytes = await portal.Client.GetByteArrayAsync(new Uri($"/api/v1/readings/leon-tannery/mains.active-energy-import/{instant}/batch", UriKind.Relative));
        BatchEnvelope envelope = BatchEnvelope.Open(bytes);
        Assert.Equal(trace.Batch!.NoteHash, envelope.NoteHash);
        Assert.Equal(NoteFault.None, trace.Batch.Signature);
        Assert.Contains(envelope.Segments, segment => Encoding.ASCII.GetString(segment).Contains("\n" + trace.Batch.Line + "\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_quarters_of_an_hour_of_a_day_add_up_to_its_use()
    {
        ProjectResult result = portal.Board.ResultOf(portal.Board.Register.Find(Project)!);
        DayTrace trace = DayTrace.Of(portal.Board, result, new(2026, 3, 17), hour: 13)!;
        Assert.Equal(96, trace.Intervals.Count);
        Assert.Equal(trace.Day.Use, trace.Intervals.Sum(interval => interval.Use), 1e-6);
        Assert.Single(trace.Listed);
        Assert.Contains("13:00:00", await Page($"/en/projects/{Project}/days/2026-03-17?h=13"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reading_without_a_value_is_told_in_words_and_never_as_zero()
    {
        long instant = Instant(new(2026, 2, 12)) + (3 * 3_600_000);
        string page = await Page($"/en/readings/leon-tannery/mains.active-energy-import/{instant}");
        Assert.Contains("no value", page, StringComparison.Ordinal);
        Assert.Contains("the meter did not answer", page, StringComparison.Ordinal);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{instant},,B.timeout"), Line().Match(page).Groups[1].Value);
    }

    [Theory]
    [InlineData("/en/readings/leon-tannery/mains.active-energy-import/1")]
    [InlineData("/en/readings/leon-tannery/mains.active-energy-import/1773727200001")]
    [InlineData("/en/readings/nobody/mains.active-energy-import/1773727200000")]
    [InlineData("/en/readings/leon-tannery/mains.active-energy-import/9223372036854775807")]
    [InlineData("/es/projects/pml-001/days/2031-01-01")]
    [InlineData("/es/projects/pml-001/days/yesterday")]
    [InlineData("/api/v1/readings/leon-tannery/none/1773727200000/batch")]
    public async Task What_is_not_stored_is_not_found(string address)
    {
        using HttpResponseMessage response = await portal.Client.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static long Instant(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(-6)).ToUnixTimeMilliseconds();

    private static string Normal(string html) => html.Replace("gateway's", "gateway&#x27;s", StringComparison.Ordinal);

    private static string Link(string html, string pattern)
    {
        Match match = Regex.Match(html, $"href=\"({pattern})\"");
        Assert.True(match.Success, $"no link to {pattern}");
        return match.Groups[1].Value;
    }

    private Reading Stored(long instant)
    {
        ReadingColumns columns = portal.Board.Store.Read("leon-tannery", "mains.active-energy-import", instant, instant + 1);
        return new(instant, columns.ScaledValues[0], 0, columns.Qualities[0], columns.HasValues[0]);
    }

    private async Task<string> Page(string address) => await portal.Client.GetStringAsync(new Uri(address, UriKind.Relative));

    [GeneratedRegex("<pre class=\"wire\" id=\"segment-line\">([^<]*)</pre>")]
    private static partial Regex Line();
}
