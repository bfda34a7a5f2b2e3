using System.Net.Sockets;
using Metering.Gateway.Configuration;
using Metering.Gateway.Metrics;
using Metering.Gateway.Service;
using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Status;

/// <summary>The status page of a running gateway. That it cannot be shown is no reason to stop reading meters: it is logged.</summary>
internal sealed class StatusServer : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly GatewayHost _host;
    private readonly StatusPageOptions _options;
    private readonly HttpServer? _server;
    private readonly ITimer? _timer;
    private readonly GatewayMetrics? _metrics;
    private GatewayConfiguration? _counted;
    private HashSet<string> _counters = [];

    internal StatusServer(GatewayHost host, GatewayService service, TimeProvider clock, ILogger logger)
    {
        _host = host;
        _options = host.Configuration.StatusPage;
        if (_options.Listen is null)
        {
            return;
        }

        StatusSource source = new(host, service, clock);
        RecentValues recent = new();
        _metrics = new GatewayMetrics(source.Take);
        StatusAccess access = new(_options.Token, clock);
        StatusSite site = new(source.Take, access, _metrics, new EntryForms(() => host.Configuration, host.FieldBook, access, clock), language => new(language, recent, IsCounter, TimeoutOf));
        try
        {
            _server = new HttpServer(_options.Listen, site.AnswerAsync, clock, logger);
            Address = StatusAddress.Write(host.Configuration.StateDirectory, _server.Address);
            _server.Start();
            string shown = Address.ToString();
            ServiceEvents.StatusPage(logger, shown);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            string problem = $"{_options.Listen}: {e.Message}";
            ServiceEvents.NoStatusPage(logger, problem);
            return;
        }

        _timer = clock.CreateTimer(
            _ =>
            {
                if (host.Snapshot() is Polling.PollingSnapshot snapshot)
                {
                    recent.Take(snapshot, IsCounter);
                }
            },
            null,
            Minute / 4,
            Minute / 4);
    }

    /// <summary>Where it is; null when it is off or could not be shown.</summary>
    internal Uri? Address { get; }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        if (_server is not null)
        {
            StatusAddress.Remove(_host.Configuration.StateDirectory);
            await _server.DisposeAsync();
        }

        _metrics?.Dispose();
    }

    private TimeSpan? TimeoutOf(string bus) => _host.Configuration.Buses.FirstOrDefault(one => one.Id == bus)?.AnswerTimeout;

    private bool IsCounter(string channel)
    {
        GatewayConfiguration configuration = _host.Configuration;
        if (!ReferenceEquals(configuration, Volatile.Read(ref _counted)))
        {
            _counters = [.. configuration.Channels.Where(one => one.Kind == ChannelKind.Counter).Select(one => one.Id)];
            Volatile.Write(ref _counted, configuration);
        }

        return _counters.Contains(channel);
    }
}
