using System.Globalization;
using System.Net;
using System.Text;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Explore;

/// <summary>The way down from a report that is read on this site: to its project's page and months, from there to days, readings and register words.</summary>
internal static class ReportLinks
{
    /// <summary>Links of a project's report.</summary>
    public static string OfProject(ProjectResult result, Language language)
    {
        Formatter format = new(language);
        string page = $"/{language.Code()}/projects/{result.Project.Id}";
        StringBuilder links = Begin(language);
        Add(links, page, result.Project.Title.In(language));
        foreach (MonthRow month in result.Months)
        {
            Add(links, string.Create(CultureInfo.InvariantCulture, $"{page}?m={month.Year:0000}-{month.Month:00}#daily"), format.Month(month.Year, month.Month));
        }

        return links.Append("</nav>").ToString();
    }

    /// <summary>Links of the portfolio's report.</summary>
    public static string OfPortfolio(IReadOnlyList<ProjectResult> results, Language language)
    {
        StringBuilder links = Begin(language);
        foreach (ProjectResult result in results)
        {
            Add(links, $"/{language.Code()}/projects/{result.Project.Id}", result.Project.Title.In(language));
        }

        return links.Append("</nav>").ToString();
    }

    /// <summary>A report with its links before its content.</summary>
    public static byte[] Put(byte[] html, string links)
    {
        int place = html.AsSpan().IndexOf("<main>"u8);
        return place < 0 ? html : [.. html[..place], .. Encoding.UTF8.GetBytes(links), .. html[place..]];
    }

    private static StringBuilder Begin(Language language) =>
        new StringBuilder("<nav class=\"links print-hidden\" aria-label=\"").Append(WebUtility.HtmlEncode(ZoomWords.Down.In(language))).Append("\"><span class=\"meta\">").Append(WebUtility.HtmlEncode(ZoomWords.Down.In(language))).Append("</span> ");

    private static void Add(StringBuilder links, string address, string name) =>
        links.Append("<a href=\"").Append(WebUtility.HtmlEncode(address)).Append("\">").Append(WebUtility.HtmlEncode(name)).Append("</a> ");
}
