using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Metering.Readings;
using Metering.Store.Influx;

namespace Metering.Benchmarks.Store;

/// <summary>A real influxd 1.x on free ports of 127.0.0.1 with its data in a folder given; its work is measured by its own processor time.</summary>
internal sealed class InfluxServer : IDisposable
{
    public const string Executable = "/usr/bin/influxd";
    private const string Database = "metering";
    private const int LinesPerBody = 5000;
    private const int SettledSeconds = 12;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(5) };
    private readonly LineBuffer _lines = new();
    private readonly InfluxClient _client;
    private readonly Uri _url;
    private readonly Process _process;

    private InfluxServer(string folder)
    {
        _folder = folder;
        int port = FreePort();
        _url = new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        _client = new(_http, new() { Url = _url, Database = Database }, TimeProvider.System);
        string configuration = Path.Combine(Directory.CreateDirectory(folder).FullName, "influxdb.conf");
        File.WriteAllText(configuration, Configuration(port));
        _process = Process.Start(new ProcessStartInfo(Executable, ["-config", configuration])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts a server and waits until it answers.</summary>
    public static async Task<InfluxServer> StartAsync(string folder)
    {
        InfluxServer server = new(folder);
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await server._http.GetAsync(new Uri(server._url, "ping"));
                break;
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(begun) < StartLimit && !server._process.HasExited)
            {
                await Task.Delay(BetweenTries, TimeProvider.System);
            }
        }

        Require(await server._client.QueryAsync($"CREATE DATABASE {Database}", _ => { }, CancellationToken.None));
        return server;
    }

    /// <summary>Processor time of the server so far, user and system.</summary>
    public TimeSpan Processor()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>Writes readings of one channel as the mirror would; bodies of 5,000 lines are sent as they fill.</summary>
    public async Task AddAsync(Channel channel, ReadOnlyMemory<long> instants, ReadOnlyMemory<long> values, ReadOnlyMemory<ReadingQuality> qualities)
    {
        byte[] prefix = LineBuffer.Prefix("bench-plant", SignedWorkload.Gateway, channel);
        for (int index = 0; index < instants.Length; index++)
        {
            Reading reading = new(instants.Span[index], values.Span[index], 0, qualities.Span[index], HasValue: true);
            _lines.Add(prefix, channel.DecimalPlaces, reading, alwaysQuality: false);
            if (_lines.Count == LinesPerBody)
            {
                await FlushAsync();
            }
        }
    }

    /// <summary>Sends what has not filled a body.</summary>
    public async Task FlushAsync()
    {
        if (_lines.Count > 0)
        {
            Require(await _client.WriteAsync(_lines.Lines(0, _lines.Count), CancellationToken.None));
            _lines.Clear();
        }
    }

    /// <summary>Waits until the write-ahead log has gone over into compacted files that no longer change, and gives their bytes.</summary>
    public async Task<long> SettleAsync()
    {
        long begun = Stopwatch.GetTimestamp();
        long before = -1;
        int same = 0;
        while (same < SettledSeconds && Stopwatch.GetElapsedTime(begun) < SettleLimit)
        {
            await Task.Delay(Second, TimeProvider.System);
            long size = SizeOf("data", "*.tsm");
            same = size == before && size > 0 ? same + 1 : 0;
            before = size;
        }

        return before;
    }

    /// <summary>Reads value and quality of a channel as chunked CSV into columns; gives the number of readings.</summary>
    public async Task<int> ReadAsync(string channel, (long From, long To) range, int expected)
    {
        byte[] csv = await QueryCsvAsync(Where($"SELECT value, quality FROM reading WHERE channel='{channel}'", range));
        long[] instants = new long[expected];
        double[] values = new double[expected];
        byte[] qualities = new byte[expected];
        int count = 0;
        ReadOnlySpan<byte> rest = csv;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (!line.StartsWith("reading,,"u8))
            {
                continue;
            }

            line = line["reading,,".Length..];
            _ = Utf8Parser.TryParse(line, out instants[count], out int digits);
            _ = Utf8Parser.TryParse(line[(digits + 1)..], out values[count], out int more);
            _ = Utf8Parser.TryParse(line[(digits + more + 2)..], out qualities[count], out _);
            count++;
        }

        return count == expected ? count : throw new InvalidOperationException($"influxd gave {count} readings of {channel}, {expected} were expected");
    }

    /// <summary>The last register or the mean of every quarter hour of the channels, worked out by the server; gives the bytes of the answer.</summary>
    public async Task<int> QuarterHoursAsync(IEnumerable<Channel> channels, (long From, long To) range)
    {
        int length = 0;
        foreach (IGrouping<bool, Channel> group in channels.GroupBy(channel => channel.Kind == ChannelKind.Counter))
        {
            string function = group.Key ? "last" : "mean";
            string names = string.Join('|', group.Select(channel => channel.Id.Replace(".", "\\.", StringComparison.Ordinal)));
            string query = Where($"SELECT {function}(value) FROM reading WHERE channel=~/^({names})$/", range) + " GROUP BY time(15m), channel fill(none)";
            length += (await QueryCsvAsync(query)).Length;
        }

        return length;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _http.Dispose();
    }

    private static string Where(string query, (long From, long To) range) =>
        string.Create(CultureInfo.InvariantCulture, $"{query} AND time>={range.From}ms AND time<{range.To}ms");

    private async Task<byte[]> QueryCsvAsync(string query)
    {
        using FormUrlEncodedContent content = new([new("q", query)]);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(_url, $"query?db={Database}&epoch=ms&chunked=true&chunk_size=10000")) { Content = content };
        request.Headers.Accept.Add(new("application/csv"));
        using HttpResponseMessage answer = await _http.SendAsync(request);
        _ = answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static void Require(InfluxAnswer answer)
    {
        if (answer.Verdict != InfluxVerdict.Ok)
        {
            throw new InvalidOperationException($"influxd: {answer.Text}");
        }
    }

    private long SizeOf(string folder, string pattern)
    {
        string path = Path.Combine(_folder, folder);
        return Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles(pattern, SearchOption.AllDirectories).Sum(file => file.Length) : 0;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Compaction begins after seconds instead of hours, so that sizes are final when they are read.
    private string Configuration(int port) => $"""
        reporting-disabled = true
        bind-address = "127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}"
        [meta]
        dir = "{_folder}/meta"
        [data]
        dir = "{_folder}/data"
        wal-dir = "{_folder}/wal"
        query-log-enabled = false
        cache-snapshot-write-cold-duration = "5s"
        compact-full-write-cold-duration = "5s"
        [monitor]
        store-enabled = false
        [http]
        bind-address = "127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"
        log-enabled = false
        [continuous_queries]
        enabled = false
        """;
}
