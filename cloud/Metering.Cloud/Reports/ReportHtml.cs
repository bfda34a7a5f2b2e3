using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Metering.Cloud.Evidence;
using Metering.Cloud.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Metering.Cloud.Reports;

/// <summary>A report as one HTML file that needs nothing else: style, drawings and pictures are in it, and no address.</summary>
internal static class ReportHtml
{
    private const int ShownHashDigits = 16;

    /// <summary>The style sheet inside every report.</summary>
    public static string Style { get; } = Encoding.UTF8.GetString(PortalAssets.Style) + Encoding.UTF8.GetString(PortalAssets.ChartStyle) + Read("report.css");

    /// <summary>The header that lets a browser use the report's own style and pictures and nothing else.</summary>
    /// <param name="html">The file.</param>
    public static string PolicyOf(string html)
    {
        int start = html.IndexOf("<style>", StringComparison.Ordinal) + "<style>".Length;
        int end = html.IndexOf("</style>", StringComparison.Ordinal);
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(html[start..end])));
        return $"default-src 'none'; img-src data:; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /// <summary>Renders a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="result">The result whose drawings it shows; null for none.</param>
    /// <param name="language">Language.</param>
    /// <param name="mark">Where it stands in the log, printed at its end; null for a report that is not in the log.</param>
    public static async Task<string> RenderAsync(ReportDocument report, ProjectResult? result, Language language, LogMark? mark = null)
    {
        PageContext page = new() { Result = result };
        page.Begin(language, "/", DateTimeOffset.UnixEpoch);
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(page);
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        string hash = ReportJson.Hash(ReportJson.Write(report));
        services.AddSingleton(new ShownReport(report, hash, mark));
        await using ServiceProvider provider = services.BuildServiceProvider();
        await using HtmlRenderer renderer = new(provider, provider.GetRequiredService<ILoggerFactory>());
        string html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<ReportView>(ParameterView.Empty)).ToHtmlString());
        string title = report.Title.In(language) + " · " + report.Subject;
        return html
            .Replace("REPORT-TITLE", StyleText(title), StringComparison.Ordinal)
            .Replace("REPORT-HASH", "sha256 " + hash[..ShownHashDigits], StringComparison.Ordinal);
    }

    private static string StyleText(string text) =>
        string.Concat(text.Where(character => char.IsLetterOrDigit(character) || character is ' ' or '·' or '-' or '.' or ','));

    private static string Read(string name)
    {
        using Stream stream = typeof(ReportHtml).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the assembly does not carry {name}");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

/// <summary>The report that a view draws.</summary>
/// <param name="Report">The report.</param>
/// <param name="Hash">SHA-256 of its report.json.</param>
/// <param name="Mark">Where it stands in the log; null for a report that is not in the log.</param>
internal sealed record ShownReport(ReportDocument Report, string Hash, LogMark? Mark);
