using System.Text.RegularExpressions;
using Metering.Cloud.Accounts;
using Metering.Cloud.Texts;
using Metering.Programme.Accounts;
using Metering.Readings;
using Metering.Readings.Texts;
using Metering.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Metering.EndToEnd.Tests.Browser.Walks;

/// <summary>An auditor with a link that staff made: from a saving to the words of a meter's registers, and the evidence taken along.</summary>
[Collection(BrowserFixture.Collection)]
public sealed class AuditorWalkTests(BrowserFixture fixture)
{
    [NeedsTheory("chromium", "mosquitto")]
    [InlineData(Language.Spanish)]
    [InlineData(Language.English)]
    public async Task The_auditor_drills_to_the_raw_words_and_takes_the_evidence_along(Language language)
    {
        WalkHost host = await fixture.WalksAsync();
        await host.HistorySentAsync();
        string link = await MakeLinkAsync(host, language);
        await using Walker auditor = await Walker.BeginAsync(fixture.Browser, host.Address, language, "auditor");
        await auditor.OpenAsync(link);
        await auditor.FollowAsync(host.ProjectTitle(WalkHost.RunningProject, language));
        await auditor.SeeAsync(Words.Downloads);
        await auditor.LookAsync("project");
        byte[] daily = await auditor.DownloadAsync(Words.DownloadDaily);
        byte[] quarters = await auditor.DownloadAsync(Words.DownloadIntervals);
        Assert.True(quarters.Length > daily.Length && daily.Length > 1000, $"{quarters.Length}, {daily.Length}");

        // Four clicks from the saving: a day, a quarter of an hour's readings, one of them.
        ILocator days = auditor.Page.Locator(".days a");
        await days.Nth(await days.CountAsync() / 2).ClickAsync();
        await auditor.SeeAsync(Words.IntervalsOfDay);
        await auditor.LookAsync("day");
        await auditor.Page.Locator("table").Last.Locator("tbody tr").Nth(40).GetByRole(AriaRole.Link).First.ClickAsync();
        await auditor.SeeAsync(Words.ReadingsOfHour, 10);
        await auditor.Page.Locator("[aria-labelledby=hour] tbody").GetByRole(AriaRole.Link).First.ClickAsync();
        await auditor.SeeAsync(Words.RawWords);
        await auditor.SeeAsync(Words.SignatureGood);
        await auditor.LookAsync("reading");

        // The words on the page are the number on the page, and the batch that is taken along holds it as a signed line.
        string words = await auditor.Page.Locator("#raw-words").InnerTextAsync();
        string line = await auditor.Page.Locator("#segment-line").InnerTextAsync();
        long value = long.Parse(line.Trim().Split(',')[1], System.Globalization.CultureInfo.InvariantCulture);
        MatchCollection hexadecimal = Regex.Matches(words, "[0-9A-Fa-f]{4}");
        Assert.Equal(value, hexadecimal.Aggregate(0L, (sum, word) => (sum << 16) | Convert.ToInt64(word.Value, 16)));
        BatchEnvelope batch = BatchEnvelope.Open(await auditor.DownloadAsync(Words.DownloadBatch));
        Assert.Contains(batch.Segments, segment => System.Text.Encoding.ASCII.GetString(segment).Contains(line.Trim(), StringComparison.Ordinal));

        // And back: the result that the reading is part of. Nothing may be changed by this link.
        await auditor.FollowAsync(host.ProjectTitle(WalkHost.RunningProject, language));
        await auditor.SeeAsync(Words.Downloads);
        Assert.Equal(0, await auditor.Page.Locator("main form:not([method=get])").CountAsync());
        auditor.ExpectNoFaults();
    }

    // Staff copies the link from the page that shows it once.
    private async Task<string> MakeLinkAsync(WalkHost host, Language language)
    {
        await using Walker staff = await Walker.BeginAsync(fixture.Browser, host.Address, language, "auditor-link");
        await staff.EnterAsync(await host.InviteAsync("sharing", AccountRole.Reviewer, language));
        await staff.FollowAsync(AccountWords.Links);
        await staff.FillAsync(AccountWords.Name, "Auditoría externa");
        await staff.FillAsync(AccountWords.Days, "7");
        await staff.PressAsync(AccountWords.Make);
        string link = await staff.Page.Locator("code.secret").InnerTextAsync();
        await staff.LookAsync("link-made");
        staff.ExpectNoFaults();
        return new Uri(link).PathAndQuery;
    }
}
