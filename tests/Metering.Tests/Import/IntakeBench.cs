using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Metering.Cloud.Intake;
using Metering.Ingestion.Intake;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.CloudHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Metering.Tests.Import;

/// <summary>The intake's addresses on a real server of its own, with a store, a configuration and one token for plant "leon".</summary>
internal sealed class IntakeBench : IAsyncDisposable
{
    public const string DefaultIntake = """
        intake:
          tokensFile: intake-tokens
          databases:
            telegraf: { plant: leon }
            other: { plant: silao }
            mapped:
              plant: leon
              unknown: refuse
              channels:
                'modbus,slave=mains energy_total': { channel: mains.energy, unit: kWh, kind: counter, decimals: 2 }
                'modbus power': { channel: mains.power, unit: kW, kind: gauge }
                'water volume': { channel: water.volume, unit: m3, kind: counter, decimals: 3, round: true }
        """;

    private readonly CloudFolder _folder = new(DefaultIntake);
    private readonly IntakeService _service;
    private readonly WebApplication _app;

    private IntakeBench(TimeProvider clock, IntakeOptions options)
    {
        Store = SqliteStore.Open(_folder.At("metering.db"), TimeProvider.System);
        Tokens = new(_folder.At("intake-tokens"), clock);
        Token = Tokens.Create("telegraf", "leon", TimeSpan.FromDays(30));
        _service = IntakeService.Open(_folder.Config, Store, clock, options);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _app = builder.Build();
        IntakeRoutes.Map(_app, _service);
    }

    public SqliteStore Store { get; }

    public IntakeTokens Tokens { get; }

    public string Token { get; }

    public HttpClient Client { get; } = new();

    public CloudFolder Folder => _folder;

    public static async Task<IntakeBench> StartAsync(TimeProvider? clock = null, IntakeOptions? options = null)
    {
        IntakeBench bench = new(clock ?? TimeProvider.System, options ?? new() { Linger = TimeSpan.FromMilliseconds(1) });
        await bench._app.StartAsync();
        string address = bench._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        bench.Client.BaseAddress = new Uri(address);
        return bench;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _service.Dispose();
        Store.Dispose();
        _folder.Dispose();
    }

    /// <summary>Posts a body with the bench's token.</summary>
    public Task<(int Status, string Text)> WriteAsync(string body, string path = "/write?db=telegraf&precision=s") => SendAsync(Request(path, Encoding.UTF8.GetBytes(body)));

    public HttpRequestMessage Request(string path, byte[] body, bool isGzip = false)
    {
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new ByteArrayContent(isGzip ? Gzip(body) : body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Token", Token);
        if (isGzip)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
        }

        return request;
    }

    public async Task<(int Status, string Text)> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using HttpResponseMessage response = await Client.SendAsync(request);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Instants and values of a channel as text, "ms=value".</summary>
    public string[] Values(string gateway, string channel)
    {
        ReadingColumns columns = Store.Read(gateway, channel, 0, long.MaxValue);
        return [.. Enumerable.Range(0, columns.Count).Select(index =>
            string.Create(CultureInfo.InvariantCulture, $"{columns.UtcMilliseconds[index]}={columns.Channel.ToDouble(columns.ScaledValues[index])}"))];
    }

    /// <summary>Readings of a database that wait for the journal.</summary>
    public int WaitingOf(string database) => _service.Find(database)!.Waiting;

    private static byte[] Gzip(byte[] body)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }
}
