using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Metering.Gateway.Service;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Service;

/// <summary>The words to the service manager, as they arrive at a real datagram socket.</summary>
public sealed class ServiceNotifierTests : IDisposable
{
    private static readonly int DeadlineMilliseconds = (int)TimeSpan.FromSeconds(20).TotalMilliseconds;

    private readonly TemporaryFolder _folder = new();
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = DeadlineMilliseconds };

    public void Dispose()
    {
        _manager.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_word_is_one_datagram_in_the_form_of_sd_notify()
    {
        using ServiceNotifier notifier = Notifier(Listen());
        Assert.True(notifier.IsManaged);
        notifier.Ready("3 meters\nREADY=0");
        Assert.Equal("READY=1\nSTATUS=3 meters READY=0", Heard());
        notifier.Status("árbol");
        Assert.Equal("STATUS=árbol", Heard());
        notifier.Alive();
        Assert.Equal("WATCHDOG=1", Heard());
        notifier.Stopping();
        Assert.Equal("STOPPING=1", Heard());
    }

    [Fact]
    public void A_reload_carries_the_time_of_the_monotonic_clock_in_microseconds()
    {
        using ServiceNotifier notifier = Notifier(Listen());
        long before = MonotonicMicroseconds();
        notifier.Reloading();
        string[] lines = Heard().Split('\n');
        Assert.Equal("RELOADING=1", lines[0]);
        Assert.InRange(long.Parse(lines[1]["MONOTONIC_USEC=".Length..], CultureInfo.InvariantCulture), before - 1, MonotonicMicroseconds() + 1);
    }

    [Fact]
    public void What_is_said_once_waits_for_a_manager_whose_queue_is_full()
    {
        using ServiceNotifier notifier = Notifier(Listen());
        for (int word = 0; word < 100; word++)
        {
            notifier.Alive();
        }

        Thread reloading = new(notifier.Reloading);
        reloading.Start();
        Assert.False(reloading.Join(TimeSpan.FromMilliseconds(200)), "it did not wait");
        string heard = "WATCHDOG=1";
        while (heard == "WATCHDOG=1")
        {
            heard = Heard();
        }

        Assert.StartsWith("RELOADING=1", heard, StringComparison.Ordinal);
        reloading.Join();
    }

    [Fact]
    public void A_name_in_the_abstract_name_space_is_found()
    {
        string name = "metering-test-" + Guid.NewGuid().ToString("N");
        _manager.Bind(new UnixDomainSocketEndPoint("\0" + name));
        using ServiceNotifier notifier = Notifier("@" + name);
        notifier.Alive();
        Assert.Equal("WATCHDOG=1", Heard());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vsock:2:1234")]
    public void Without_a_manager_nothing_is_said_and_nothing_fails(string? socket)
    {
        using ServiceNotifier notifier = Notifier(socket);
        Assert.False(notifier.IsManaged);
        notifier.Ready("x");
        notifier.Alive();
        notifier.Stopping();
    }

    [Fact]
    public void A_manager_that_has_gone_or_does_not_read_stops_nothing()
    {
        string path = Listen();
        using ServiceNotifier notifier = Notifier(path);
        for (int word = 0; word < 5_000; word++)
        {
            notifier.Alive();
        }

        _manager.Dispose();
        notifier.Alive();
    }

    [Theory]
    [InlineData("30000000", null, 30)]
    [InlineData("30000000", "7", 30)]
    [InlineData("30000000", "8", null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    [InlineData(null, null, null)]
    public void The_watchdog_counts_only_when_it_means_this_process(string? microseconds, string? processId, int? seconds)
    {
        using ServiceNotifier notifier = Notifier(Listen(), microseconds, processId);
        Assert.Equal(seconds is int whole ? TimeSpan.FromSeconds(whole) : null, notifier.WatchdogTimeout);
    }

    private static long MonotonicMicroseconds() => (long)((Int128)TimeProvider.System.GetTimestamp() * 1_000_000 / TimeProvider.System.TimestampFrequency);

    private string Listen()
    {
        string path = Path.Combine(_folder.Path, "notify");
        _manager.Bind(new UnixDomainSocketEndPoint(path));
        return path;
    }

    private string Heard()
    {
        byte[] buffer = new byte[1024];
        int length = _manager.Receive(buffer);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static ServiceNotifier Notifier(string? socket, string? watchdogMicroseconds = null, string? watchdogProcessId = null) => new(
        name => name switch
        {
            "NOTIFY_SOCKET" => socket,
            "WATCHDOG_USEC" => watchdogMicroseconds,
            "WATCHDOG_PID" => watchdogProcessId,
            _ => null,
        },
        processId: 7,
        TimeProvider.System);
}
