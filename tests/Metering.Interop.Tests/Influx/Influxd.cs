using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Metering.Interop.Tests.Influx;

/// <summary>A real influxd on free ports of 127.0.0.1 with its data in a temporary folder.</summary>
internal sealed class Influxd : IDisposable
{
    public const string AdminName = "admin";
    public const string AdminPassword = "correct horse";
    private const string Executable = "/usr/bin/influxd";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    private readonly string _folder;
    private readonly bool _isFolderOurs;
    private readonly HttpClient _http = new();
    private readonly bool _hasAuthentication;
    private Process? _process;

    private Influxd(bool hasAuthentication, string? folder)
    {
        _isFolderOurs = folder is null;
        _folder = folder ?? Directory.CreateTempSubdirectory("metering-influxd-").FullName;
        _hasAuthentication = hasAuthentication;
        Port = FreePort();
        Url = new($"http://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}");
        File.WriteAllText(Path.Combine(_folder, "influxdb.conf"), Configuration());
    }

    public int Port { get; }

    public Uri Url { get; }

    public HttpClient Http => _http;

    /// <summary>Starts a server, or gives null with a printed reason where influxd is not installed; fails there when METERING_REQUIRE_DAEMONS=1.</summary>
    public static async Task<Influxd?> StartAsync(bool hasAuthentication = false, string? folder = null, [CallerMemberName] string test = "")
    {
        if (!File.Exists(Executable))
        {
            string reason = $"SKIPPED: {test}: {Executable} is not installed (Debian package influxdb)";
            Console.WriteLine(reason);
            return Environment.GetEnvironmentVariable("METERING_REQUIRE_DAEMONS") == "1" ? throw new InvalidOperationException(reason) : null;
        }

        Influxd server = new(hasAuthentication, folder);
        try
        {
            await server.StartAgainAsync();
            if (hasAuthentication)
            {
                _ = await server.QueryAsync($"CREATE USER {AdminName} WITH PASSWORD '{AdminPassword}' WITH ALL PRIVILEGES");
            }

            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Ends the process at once, as a power cut of the machine's memory would.</summary>
    public void Kill()
    {
        if (_process is not null)
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
            _process = null;
        }
    }

    /// <summary>Starts the process on the same data and port and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        ProcessStartInfo start = new(Executable, ["-config", Path.Combine(_folder, "influxdb.conf")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync(new Uri(Url, "ping"));
                return;
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(begun) < StartLimit && !_process.HasExited)
            {
                await Task.Delay(BetweenTries, TimeProvider.System);
            }
        }
    }

    /// <summary>Runs an InfluxQL statement and gives the JSON answer.</summary>
    public async Task<JsonDocument> QueryAsync(string statement, string database = "metering")
    {
        using FormUrlEncodedContent content = new([new("q", statement)]);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Url, $"query?db={database}&epoch=ms")) { Content = content };
        using HttpResponseMessage answer = await SendAsync(request);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Writes raw lines, milliseconds.</summary>
    public async Task WriteAsync(string lines, string database = "metering")
    {
        using StringContent content = new(lines);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Url, $"write?db={database}&precision=ms")) { Content = content };
        using HttpResponseMessage answer = await SendAsync(request);
        _ = answer.EnsureSuccessStatusCode();
    }

    /// <summary>The first number of the first row after the time, or 0 when there is no row.</summary>
    public async Task<double> NumberAsync(string statement)
    {
        using JsonDocument answer = await QueryAsync(statement);
        return answer.RootElement.GetProperty("results")[0].TryGetProperty("series", out JsonElement series)
            ? series[0].GetProperty("values")[0][1].GetDouble()
            : 0;
    }

    public void Dispose()
    {
        Kill();
        _http.Dispose();
        if (_isFolderOurs)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (_hasAuthentication)
        {
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{AdminName}:{AdminPassword}")));
        }

        return _http.SendAsync(request);
    }

    private string Configuration() => $"""
        reporting-disabled = true
        bind-address = "127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}"
        [meta]
        dir = "{_folder}/meta"
        [data]
        dir = "{_folder}/data"
        wal-dir = "{_folder}/wal"
        query-log-enabled = false
        [monitor]
        store-enabled = false
        [http]
        bind-address = "127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}"
        auth-enabled = {(_hasAuthentication ? "true" : "false")}
        log-enabled = false
        [continuous_queries]
        enabled = false
        """;
}
