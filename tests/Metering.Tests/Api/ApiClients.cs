using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Tests.Accounts;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Microsoft.Extensions.DependencyInjection;

namespace Metering.Tests.Api;

/// <summary>Programs and people that ask the API, and the register they ask about.</summary>
internal static partial class ApiClients
{
    public const string OwnPlant = "leon-tannery";
    public const string ForeignPlant = "silao-auto";

    /// <summary>A program with a key.</summary>
    public static HttpClient WithKey(PortalFixture portal, string? plant, bool mayWrite, string? project = null)
    {
        using IServiceScope scope = portal.App.Services.CreateScope();
        (AccessKey _, string secret) = scope.ServiceProvider.GetRequiredService<KeyDesk>().Make(
            ProgrammeFixture.Ana, new() { Kind = AccessKeyKind.Machine, Name = "prueba", Plant = plant, Project = project, MayWrite = mayWrite, Days = 10 });
        HttpClient client = PortalAccounts.Anonymous(portal.App);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return client;
    }

    /// <summary>A person's session with the token that the browser sends beside a change.</summary>
    public static async Task<HttpClient> WithTokenAsync(PortalFixture portal, AccountRole role, string? project = null) => await WithTokenAsync(await portal.SignedIn(role, project: project));

    /// <summary>The same of a client that carries a session already.</summary>
    public static async Task<HttpClient> WithTokenAsync(HttpClient client)
    {
        using HttpResponseMessage page = await client.GetAsync(new Uri("/en/account", UriKind.Relative));
        string token = Token().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;
        string cookie = page.Headers.GetValues("Set-Cookie").First(one => one.StartsWith("metering-form=", StringComparison.Ordinal)).Split(';')[0];
        string session = client.DefaultRequestHeaders.GetValues("Cookie").Single();
        _ = client.DefaultRequestHeaders.Remove("Cookie");
        client.DefaultRequestHeaders.Add("Cookie", session + "; " + cookie);
        client.DefaultRequestHeaders.Add("RequestVerificationToken", token);
        return client;
    }

    /// <summary>The sample plants, the accepted project and its company as records, made once.</summary>
    public static RecordStore Register(PortalFixture portal)
    {
        RecordStore store = portal.App.Services.GetRequiredService<RecordStore>();
        lock (portal)
        {
            if (store.Snapshot.Find<PlantRecord>(OwnPlant) is null)
            {
                _ = store.Save(
                    [
                        new(ProgrammeFixture.Plant(OwnPlant), 0), new(ProgrammeFixture.Plant(ForeignPlant), 0),
                        new(ProgrammeFixture.Project(SampleProjects.Accepted, OwnPlant), 0), new(ProgrammeFixture.Project(SampleProjects.Open, ForeignPlant), 0),
                    ],
                    ProgrammeFixture.Ana,
                    null);
            }
        }

        return store;
    }

    /// <summary>Sends a request with headers and a JSON body.</summary>
    public static async Task<ApiReply> SendAsync(this HttpClient client, string method, string address, string? body = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(new(method), address);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach ((string name, string value) in headers)
        {
            _ = request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ETag?.ToString(), response.Headers.TryGetValues("Link", out IEnumerable<string>? link) ? link.Single() : null, response);
    }

    [GeneratedRegex("value=\"(CfDJ8[^\"]*)\"")]
    private static partial Regex Token();
}

/// <summary>What came back.</summary>
internal sealed record ApiReply(int Status, string Body, string? Tag, string? Link, HttpResponseMessage Response)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Code => Json.GetProperty("code").GetString();

    public string? Next => Json.GetProperty("next").GetString();

    public IReadOnlyList<JsonElement> Items => [.. Json.GetProperty("items").EnumerateArray()];

    /// <summary>Fields that a fault names.</summary>
    public IReadOnlyList<string> Fields => Json.TryGetProperty("errors", out JsonElement errors) ? [.. errors.EnumerateArray().Select(error => error.GetProperty("field").GetString()!)] : [];
}
