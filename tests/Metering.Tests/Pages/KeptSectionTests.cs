using System.Text.RegularExpressions;
using Xunit;

namespace Metering.Tests.Pages;

/// <summary>What is kept of a page is what was drawn, for its language and month and for no other.</summary>
public sealed partial class KeptSectionTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData(SampleProjects.Accepted)]
    [InlineData(SampleProjects.Refused)]
    [InlineData(SampleProjects.Empty)]
    public async Task A_page_is_the_same_when_it_is_kept_whatever_was_asked_in_between(string project)
    {
        string[] addresses = [$"/es/projects/{project}", $"/en/projects/{project}", $"/es/projects/{project}?m=2026-03", $"/en/projects/{project}?m=2025-12"];
        string[] drawn = [.. await ReadAsync(addresses)];
        string[] kept = [.. await ReadAsync(addresses.AsEnumerable().Reverse())];
        Assert.Equal(drawn, kept.AsEnumerable().Reverse());
        Assert.NotEqual(drawn[0], drawn[1]);
        Assert.Contains("lang=\"es-MX\"", drawn[0], StringComparison.Ordinal);
        if (project == SampleProjects.Accepted)
        {
            Assert.NotEqual(drawn[0], drawn[2]); // another month
            Assert.Contains("savings-title", drawn[0], StringComparison.Ordinal);
        }
    }

    private async Task<List<string>> ReadAsync(IEnumerable<string> addresses)
    {
        List<string> pages = [];
        foreach (string address in addresses)
        {
            pages.Add(Token().Replace(await portal.Client.GetStringAsync(new Uri(address, UriKind.Relative)), "T"));
        }

        return pages;
    }

    [GeneratedRegex("value=\"CfDJ8[^\"]*\"")]
    private static partial Regex Token();
}
