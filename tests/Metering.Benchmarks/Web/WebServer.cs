using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Metering.Benchmarks.Web;

/// <summary>The real cloud in role web as a process of its own, with its first administrator signed in by the real pages.</summary>
internal sealed partial class WebServer : IDisposable
{
    private const string CookieName = "metering";
    private static readonly string Password = Guid.NewGuid().ToString("N");
    private readonly Process _process;

    private WebServer(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it answers.</summary>
    public Uri Address { get; }

    /// <summary>Memory it holds, bytes.</summary>
    public long ResidentBytes => Number("VmRSS:") * 1024;

    /// <summary>Most memory it has held, bytes.</summary>
    public long PeakResidentBytes => Number("VmHWM:") * 1024;

    /// <summary>Processor time so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    private static string Program => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Metering.Cloud", "release", "Metering.Cloud.dll"));

    /// <summary>Starts it on a folder with a configuration.</summary>
    public static async Task<WebServer> StartAsync(string folder, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("dotnet", [Program, "run", "--config", Path.Combine(folder, "cloud.yaml"), "--role", "web"])
        {
            RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = folder,
        };
        Process process = Process.Start(start)!;
        string? line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        if (line is null)
        {
            throw new InvalidOperationException("the cloud ended before it was ready");
        }

        using JsonDocument ready = JsonDocument.Parse(line);
        return new(process, new(ready.RootElement.GetProperty("web").GetString()!));
    }

    /// <summary>Makes the first administrator with `cloud accounts first` and the page it names; returns the session's cookie.</summary>
    public async Task<string> SignInAsync(string folder, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("dotnet", [Program, "accounts", "first", "--config", Path.Combine(folder, "cloud.yaml"), "--lang", "en"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        using Process first = Process.Start(start)!;
        string path = (await first.StandardOutput.ReadToEndAsync(cancellationToken)).Trim();
        using HttpClient client = ClientOf(Address, "10.0.0.1", "");
        using HttpResponseMessage page = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        string text = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(cancellationToken));
        Dictionary<string, string> fields = new(StringComparer.Ordinal)
        {
            ["__RequestVerificationToken"] = Token().Match(text).Groups[1].Value,
            ["token"] = path[(path.IndexOf('=', StringComparison.Ordinal) + 1)..],
            ["user"] = "bench",
            ["name"] = "Benchmark",
            ["password"] = Password,
            ["again"] = Password,
        };
        using HttpRequestMessage send = new(HttpMethod.Post, new Uri(path[..path.IndexOf('?', StringComparison.Ordinal)], UriKind.Relative)) { Content = new FormUrlEncodedContent(fields) };
        send.Headers.Add("Cookie", Cookies(page));
        using HttpResponseMessage answer = await client.SendAsync(send, cancellationToken);
        string cookie = Cookies(answer);
        return cookie.Contains(CookieName + "=", StringComparison.Ordinal) ? cookie : throw new InvalidOperationException($"signing in was answered with {(int)answer.StatusCode}");
    }

    /// <summary>A client as behind the proxy that ends https; each address is another reader to the host.</summary>
    public static HttpClient ClientOf(Uri address, string reader, string cookie)
    {
        HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan, // the first page after a start analyses every project; the caller has a deadline
        };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", reader);
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        if (cookie.Length > 0)
        {
            client.DefaultRequestHeaders.Add("Cookie", cookie);
            client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
        }

        return client;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Cookies(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set) ? string.Join("; ", set.Select(one => one.Split(';')[0])) : "";

    private long Number(string name)
    {
        string line = Array.Find(File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/status")), one => one.StartsWith(name, StringComparison.Ordinal))!;
        return long.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
