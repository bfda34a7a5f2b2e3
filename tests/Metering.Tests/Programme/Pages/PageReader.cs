using System.Net;
using System.Text.RegularExpressions;
using Metering.Programme.Accounts;
using Metering.Tests.Accounts;
using Microsoft.AspNetCore.Builder;

namespace Metering.Tests.Programme.Pages;

/// <summary>Reads pages and sends forms as a browser does: the page is read first, its cookie and token go along.</summary>
internal sealed partial class PageReader : IDisposable
{
    private readonly CookieContainer cookies = new();

    private PageReader(WebApplication app) =>
        Client = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = new(app.Urls.First()) };

    public HttpClient Client { get; }

    public static PageReader Anonymous(WebApplication app) => new(app);

    public static async Task<PageReader> SignedInAsync(WebApplication app, AccountRole role, string? plant = null, string? project = null)
    {
        PageReader reader = new(app);
        reader.cookies.Add(reader.Client.BaseAddress!, new Cookie("metering", await PortalAccounts.CookieAsync(app, role, plant, project)));
        return reader;
    }

    public async Task<string> GetAsync(string address)
    {
        using HttpResponseMessage answer = await Client.GetAsync(new Uri(address, UriKind.Relative));
        string page = await answer.Content.ReadAsStringAsync();
        return answer.StatusCode == HttpStatusCode.OK ? WebUtility.HtmlDecode(page) : throw new HttpRequestException($"{address}: {answer.StatusCode}", null, answer.StatusCode);
    }

    public async Task<(HttpStatusCode Status, string Page, string Location)> PostAsync(string formAddress, string address, IReadOnlyDictionary<string, string> fields)
    {
        string page = await GetAsync(formAddress);
        Dictionary<string, string> sent = new(fields, StringComparer.Ordinal) { ["__RequestVerificationToken"] = Token().Match(page).Groups[1].Value };
        using FormUrlEncodedContent form = new(sent);
        using HttpResponseMessage answer = await Client.PostAsync(new Uri(address, UriKind.Relative), form);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), answer.Headers.Location?.ToString() ?? "");
    }

    public void Dispose() => Client.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
