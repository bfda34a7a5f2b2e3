using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Metering.Cloud.Explore;
using Metering.Tests.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Metering.Tests.Explore;

public sealed partial class ZoomTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const string Project = SampleProjects.Accepted;
    private const string Gateway = "leon-tannery";
    private const string Use = "mains.active-energy-import";

    private static readonly DayRange Whole = new(new(2024, 11, 20), new(2026, 10, 31));

    [Theory]
    [InlineData("2026-03-01", "2026-03-14", "", "QuarterHour", false)]
    [InlineData("2026-03-01", "2026-03-15", "", "Day", false)]
    [InlineData("2026-03-01", "2026-03-15", "15m", "Day", true)]
    [InlineData("2025-01-01", "2026-03-15", "15m", "Week", true)]
    [InlineData("2025-01-01", "2026-03-15", "1d", "Week", true)]
    [InlineData("2025-01-01", "2026-02-04", "1d", "Day", false)]
    [InlineData("2025-01-01", "2026-03-15", "", "Week", false)]
    [InlineData("2026-03-01", "2026-03-14", "1w", "Week", false)]
    [InlineData("2026-03-01", "2026-03-14", "1h", "Day", true)]
    [InlineData("2026-03-14", "2026-03-01", "", "Week", true)]
    [InlineData("yesterday", "", "", "Week", true)]
    [InlineData("2031-01-01", "2031-01-02", "", "Week", true)]
    public void A_stretch_is_shown_in_the_finest_step_that_it_allows_and_a_coarser_one_is_told(string from, string to, string step, string shown, bool isTold)
    {
        ZoomAsk ask = ZoomAsk.Of(from, to, step, Whole);
        Assert.Equal((shown, isTold), (ask.Step.ToString(), ask.Notice is not null));
        Assert.True(ask.Range.First >= Whole.First && ask.Range.Last <= Whole.Last);
        Assert.True(ask.Step != ZoomStep.QuarterHour || ask.Range.Count <= ZoomAsk.MostQuarterDays);
    }

    [Fact]
    public void Quarters_days_and_weeks_add_up_to_the_same_whole()
    {
        foreach ((string first, string last) in new[] { ("2026-03-01", "2026-03-14"), ("2026-02-09", "2026-02-22"), ("2026-03-17", "2026-03-17") })
        {
            ZoomView quarters = View(first, last, "15m");
            ZoomView days = View(first, last, "1d");
            ZoomView weeks = View(first, last, "1w");
            Assert.Equal(ZoomStep.QuarterHour, quarters.Ask.Step);
            Assert.Equal(days.Parts.Count, quarters.Days.Count);
            Assert.Equal(days.Sum, weeks.Sum, 1e-6);
            Assert.Equal(days.Total, days.Sum, 1e-6);
            foreach (ZoomPart day in days.Parts.Where(day => day.Known > 0))
            {
                ZoomPart[] own = [.. quarters.Parts.Where(part => part.First == day.First)];
                double sum = own.Where(part => part.Known > 0).Sum(part => part.Value);
                if (own.All(part => part.Known > 0))
                {
                    Assert.Equal(day.Value, sum, 1e-6);
                }
                else
                {
                    Assert.True(sum <= day.Value + 1e-6, $"{day.First}: {sum} of {day.Value}");
                }
            }
        }

        ProjectResult result = portal.Board.ResultOf(portal.Board.Register.Find(Project)!);
        ZoomView whole = View("2024-11-20", "2026-10-31", "1w");
        Assert.Equal(result.Days.Where(day => double.IsFinite(day.Use)).Sum(day => day.Use), whole.Sum, 1e-3);
        Assert.Equal(result.Days.Count, whole.Parts.Sum(part => part.Count));
    }

    [Fact]
    public void A_week_known_in_part_is_told_and_one_that_is_not_known_is_no_zero()
    {
        ZoomView weeks = View("2024-11-20", "2026-10-31", "1w");
        Assert.Contains(weeks.Parts, part => part.IsPartial);
        Assert.All(weeks.Parts, part => Assert.Equal(part.Known == 0, double.IsNaN(part.Value)));
        Assert.All(weeks.Parts.Skip(1), part => Assert.Equal(DayOfWeek.Monday, part.First.DayOfWeek));
        ZoomView gap = View("2026-02-09", "2026-02-22", "15m");
        Assert.Contains(gap.Parts, part => part.Known == 0);
        Assert.All(gap.Parts, part => Assert.Equal(part.Known == 0, double.IsNaN(part.Value)));
    }

    [Theory]
    [InlineData("en", "Total of these days:", "Every 15 minutes is shown for up to 14 days")]
    [InlineData("es", "Total del tramo:", "Cada 15 minutos se muestran hasta 14 días")]
    public async Task The_page_of_a_project_shows_the_stretch_asked_for_with_its_total_and_table(string language, string total, string tooLong)
    {
        string page = await PageAsync($"/{language}/projects/{Project}?from=2026-03-01&to=2026-03-14");
        Assert.Contains(total, page, StringComparison.Ordinal);
        Assert.Contains("id=\"zoom\"", page, StringComparison.Ordinal);
        Assert.Contains("zoom-chart-w", page, StringComparison.Ordinal);
        Assert.Contains($"/{language}/projects/{Project}/days/2026-03-04", page, StringComparison.Ordinal);
        Assert.DoesNotContain(tooLong, page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(InlineScript(), page);
        Assert.Contains(tooLong, await PageAsync($"/{language}/projects/{Project}?from=2026-01-01&to=2026-03-14&step=15m"), StringComparison.Ordinal);
        string[] links = [.. Stretch().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.True(links.Length >= 6, string.Join('\n', links));
        foreach (string link in links.Distinct())
        {
            Assert.Contains("id=\"zoom\"", await PageAsync(link), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_chart_to_zoom_into_is_served_from_here_with_its_licence_and_asks_for_the_series_of_the_page()
    {
        string page = await PageAsync($"/en/projects/{Project}?from=2026-03-01&to=2026-03-14");
        foreach (string address in (string[])[ZoomAssets.PlotAddress, ZoomAssets.PlotStyleAddress, ZoomAssets.ModuleAddress])
        {
            Assert.Contains(address, page, StringComparison.Ordinal);
            using HttpResponseMessage answer = await portal.Client.GetAsync(new Uri(address, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }

        string script = await portal.Client.GetStringAsync(new Uri(ZoomAssets.PlotAddress, UriKind.Relative));
        Assert.Contains("Copyright (c) 2022 Leon Sorokin", script, StringComparison.Ordinal);
        Match island = Island().Match(page);
        Assert.Equal(("2026-03-01", "2026-03-15"), (island.Groups[2].Value, island.Groups[3].Value));
        using JsonDocument series = JsonDocument.Parse(await portal.Client.GetStringAsync(new Uri($"{island.Groups[1].Value}?from={island.Groups[2].Value}&to={island.Groups[3].Value}&step=15m", UriKind.Relative)));
        double sum = series.RootElement.GetProperty("values").EnumerateArray().Where(value => value.ValueKind == JsonValueKind.Number).Sum(value => value.GetDouble());
        Assert.Equal(View("2026-03-01", "2026-03-14", "15m").Sum, sum, 1e-6);
    }

    [Fact]
    public async Task A_channel_has_a_page_from_its_plant_down_to_its_readings()
    {
        string plant = await PageAsync("/en/plants/leon-tannery");
        string address = $"/en/channels/{Gateway}/{Use}/history";
        Assert.Contains($"href=\"{address}\"", plant, StringComparison.Ordinal);
        string newest = await PageAsync(address);
        Assert.Contains("id=\"zoom\"", newest, StringComparison.Ordinal);
        Assert.Contains($"href=\"/en/projects/{Project}\"", newest, StringComparison.Ordinal);
        string day = await PageAsync(address + "?from=2026-03-17&to=2026-03-17");
        string reading = ReadingLink().Match(day).Groups[1].Value;
        Assert.Contains("id=\"segment-line\"", await PageAsync(reading), StringComparison.Ordinal);
        string gauge = await PageAsync($"/es/channels/{Gateway}/weather.outdoor-temperature/history?from=2026-03-01&to=2026-03-07");
        Assert.Contains("Promedios;", gauge, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", gauge + day + newest, StringComparison.Ordinal);
        using HttpResponseMessage missing = await portal.Client.GetAsync(new Uri($"/en/channels/{Gateway}/none/history", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private ZoomView View(string first, string last, string step)
    {
        ProjectResult result = portal.Board.ResultOf(portal.Board.Register.Find(Project)!);
        return ZoomView.OfProject(portal.Board, result, new QueryCollection(new Dictionary<string, StringValues> { ["from"] = first, ["to"] = last, ["step"] = step }))!;
    }

    private async Task<string> PageAsync(string address) => WebUtility.HtmlDecode(await portal.Client.GetStringAsync(new Uri(WebUtility.HtmlDecode(address), UriKind.Relative)));

    [GeneratedRegex("<script(?![^>]*src=)")]
    private static partial Regex InlineScript();

    [GeneratedRegex("href=\"(/(?:es|en)/projects/[^\"]*\\?from=[^\"#]*)")]
    private static partial Regex Stretch();

    [GeneratedRegex("data-zoom=\"([^\"]+)\" data-from=\"([^\"]+)\" data-to=\"([^\"]+)\"")]
    private static partial Regex Island();

    [GeneratedRegex("href=\"(/en/readings/[^\"]+)\"")]
    private static partial Regex ReadingLink();
}
