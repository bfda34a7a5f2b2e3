using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Metering.Tests.Accounts;
using Xunit;

namespace Metering.Tests.CloudHost;

/// <summary>Readers of other machines: by https with a certificate of our own, and behind a proxy that ends https.</summary>
public sealed class RemoteAccessTests
{
    private const string Password = "cuero lento bajo lluvia";

    [Fact]
    public async Task With_a_certificate_a_person_signs_in_by_https_and_the_cookie_never_travels_without()
    {
        using CloudFolder folder = new("web: { address: 127.0.0.1, port: 0, allowRemote: true, certificateFile: web.pem, certificateKeyFile: web.key }");
        string thumbprint = Certify(folder);
        await using CloudProcess cloud = await CloudProcess.StartAsync(folder);
        Assert.Equal("https", cloud.Address.Scheme);
        CookieContainer cookies = new();
        using HttpClient browser = Browser(cloud.Address, cookies, thumbprint);
        string first = await FirstAsync(folder);
        using HttpResponseMessage made = await AccountHostFixture.PostAsync(
            browser, first, first.Split('?')[0], ("token", first.Split('=')[1]), ("user", "ana"), ("name", "Ana Luz"), ("password", Password), ("again", Password));
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        Cookie session = cookies.GetAllCookies().Single(cookie => cookie.Name == "metering");
        Assert.True(session.Secure);
        Assert.True(session.HttpOnly);
        using HttpResponseMessage page = await browser.GetAsync(new Uri("/es/account", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("Ana Luz", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // Nothing is there yet: the first page says what to do next, and links only what this person may open.
        string empty = WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri("/es/", UriKind.Relative)));
        Assert.Contains("Primeros pasos", empty, StringComparison.Ordinal);
        Assert.Contains("href=\"/es/accounts\"", empty, StringComparison.Ordinal);
        Assert.DoesNotContain("/es/register", empty, StringComparison.Ordinal);
        Assert.Contains("First steps", await browser.GetStringAsync(new Uri("/en/", UriKind.Relative)), StringComparison.Ordinal);

        // The same port without https answers nothing.
        using HttpClient plain = new() { BaseAddress = new UriBuilder(cloud.Address) { Scheme = "http" }.Uri };
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync(new Uri("/es/sign-in", UriKind.Relative)));
        await cloud.StopAsync();
    }

    [Fact]
    public async Task Behind_a_proxy_only_what_came_to_it_by_https_is_answered()
    {
        using CloudFolder folder = new("web: { address: 127.0.0.1, port: 0, allowRemote: true, trustedProxy: 127.0.0.1 }");
        await using CloudProcess cloud = await CloudProcess.StartAsync(folder);
        using HttpClient proxy = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = cloud.Address };
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await AskAsync(proxy, "/es/sign-in", null)).Status);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await AskAsync(proxy, "/es/sign-in", "http")).Status);
        (HttpStatusCode status, string cookie, string health) = await AskAsync(proxy, "/es/sign-in", "https");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(health);

        // Readers of other machines are told no gateway's name, nor how much is stored.
        Assert.DoesNotContain("journal", (await AskAsync(proxy, "/health", "https")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_headers_of_anyone_but_the_proxy_are_not_believed()
    {
        using CloudFolder folder = new("web: { address: 127.0.0.1, port: 0, allowRemote: true, trustedProxy: 192.0.2.1 }");
        await using CloudProcess cloud = await CloudProcess.StartAsync(folder);
        using HttpClient other = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = cloud.Address };
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await AskAsync(other, "/es/sign-in", "https")).Status);
    }

    [Fact]
    public async Task Over_https_a_page_is_compressed_only_when_it_repeats_nothing_of_the_request()
    {
        using CloudFolder folder = new("web: { address: 127.0.0.1, port: 0, allowRemote: true, trustedProxy: 127.0.0.1 }");
        await using CloudProcess cloud = await CloudProcess.StartAsync(folder);
        using HttpClient proxy = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = cloud.Address };
        Assert.Equal("gzip", await EncodingAsync(proxy, "/es/measures"));
        Assert.Equal("", await EncodingAsync(proxy, "/es/sign-in?return=/es/measures"));
    }

    /// <summary>The address of the first administrator's page.</summary>
    internal static async Task<string> FirstAsync(CloudFolder folder)
    {
        (int exitCode, string output, string error) = await CloudProcess.RunAsync("accounts", "first", "--config", folder.At("cloud.yaml"), "--lang", "es");
        return exitCode == 0 ? output.Trim() : throw new InvalidOperationException(error);
    }

    private static async Task<string> EncodingAsync(HttpClient client, string address)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(address, UriKind.Relative));
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using HttpResponseMessage answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return string.Join(',', answer.Content.Headers.ContentEncoding);
    }

    private static async Task<(HttpStatusCode Status, string Cookie, string Body)> AskAsync(HttpClient client, string address, string? scheme)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(address, UriKind.Relative));
        if (scheme is not null)
        {
            request.Headers.Add("X-Forwarded-For", "203.0.113.7");
            request.Headers.Add("X-Forwarded-Proto", scheme);
        }

        using HttpResponseMessage answer = await client.SendAsync(request);
        string cookie = answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set) ? string.Join('\n', set) : "";
        return (answer.StatusCode, cookie, await answer.Content.ReadAsStringAsync());
    }

    private static HttpClient Browser(Uri address, CookieContainer cookies, string thumbprint) => new(new HttpClientHandler
    {
        AllowAutoRedirect = false,
        CookieContainer = cookies,
#pragma warning disable MA0039 // It believes the one certificate made in this test and no other.
        ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Thumbprint == thumbprint,
#pragma warning restore MA0039
    })
    {
        BaseAddress = address,
    };

    private static string Certify(CloudFolder folder)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        File.WriteAllText(folder.At("web.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.At("web.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }
}
