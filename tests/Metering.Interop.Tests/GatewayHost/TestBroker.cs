using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Metering.Interop.Tests.GatewayHost;

/// <summary>A real mosquitto on a free port of the loopback.</summary>
internal sealed class TestBroker : IDisposable
{
    private const string Program = "/usr/sbin/mosquitto";
    private readonly string _folder = Directory.CreateTempSubdirectory("metering-broker-").FullName;
    private Process _process;

    internal TestBroker()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        File.WriteAllText(
            Path.Combine(_folder, "mosquitto.conf"),
            $"listener {Port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nmax_inflight_messages 100\nset_tcp_nodelay true\n");
        _process = Launch();
    }

    internal int Port { get; }

    /// <summary>False (after a printed line) when there is no mosquitto here; a failure where daemons are required.</summary>
    internal static bool IsThere()
    {
        if (File.Exists(Program))
        {
            return true;
        }

        Assert.False(Environment.GetEnvironmentVariable("METERING_REQUIRE_DAEMONS") == "1", "mosquitto is not installed");
        Console.WriteLine("SKIPPED: mosquitto is not installed");
        return false;
    }

    /// <summary>Kills the broker, with all it had in memory, and starts a new one on the same port.</summary>
    internal void KillAndRestart()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = Launch();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Process Launch()
    {
        ProcessStartInfo start = new(Program, ["-c", Path.Combine(_folder, "mosquitto.conf")]) { RedirectStandardError = true, UseShellExecute = false };
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        long begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using TcpClient client = new();
                client.Connect(IPAddress.Loopback, Port);
                return process;
            }
            catch (SocketException) when (TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(20))
            {
                _ = process.WaitForExit(20);
            }
        }
    }
}
