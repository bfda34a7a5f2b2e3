using System.Globalization;
using System.Net.Sockets;

namespace Metering.Gateway.Service;

/// <summary>
/// Tells the service manager how the gateway stands: the protocol of sd_notify(3), datagrams to the socket that NOTIFY_SOCKET names.
/// Without that variable nobody asked and every call does nothing. A manager that is gone or busy is no reason to stop reading meters, so nothing here throws;
/// what it must know (ready, reloading, stopping) waits a while for room in its queue, which holds ten words, and the rest is said again anyway.
/// </summary>
internal sealed class ServiceNotifier : IDisposable
{
    private const int LongestStatus = 400;
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>How long a word that is said once waits for a busy manager.</summary>
    private const int PatienceMilliseconds = 5000;

    private readonly Socket? _socket;
    private readonly Socket? _patient;
    private readonly UnixDomainSocketEndPoint? _address;
    private readonly TimeProvider _clock;

    /// <param name="variable">Gives the value of an environment variable, null when it is not set.</param>
    /// <param name="processId">This process: a watchdog meant for another (WATCHDOG_PID) is not fed.</param>
    /// <param name="clock">Its monotonic clock must be CLOCK_MONOTONIC, as the one of the system is.</param>
    internal ServiceNotifier(Func<string, string?> variable, int processId, TimeProvider clock)
    {
        _clock = clock;
        if (variable("NOTIFY_SOCKET") is not { Length: > 1 } name || name[0] is not ('/' or '@'))
        {
            return;
        }

        try
        {
            // A name that begins with @ lies in the abstract name space: the first byte is then zero.
            _address = new(name[0] == '@' ? "\0" + name[1..] : name);
            _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            _patient = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = PatienceMilliseconds };
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            _socket = null;
            return;
        }

        bool isMine = variable("WATCHDOG_PID") is not { Length: > 0 } watched || watched == processId.ToString(CultureInfo.InvariantCulture);
        if (isMine && long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0)
        {
            WatchdogTimeout = TimeSpan.FromMicroseconds(microseconds);
        }
    }

    /// <summary>Whether a service manager listens.</summary>
    internal bool IsManaged => _socket is not null;

    /// <summary>Time after which the manager kills a process that has not said it is alive; null when it does not watch.</summary>
    internal TimeSpan? WatchdogTimeout { get; }

    /// <summary>The gateway polls.</summary>
    internal void Ready(string status) => Send(_patient, "READY=1\nSTATUS=" + OneLine(status));

    /// <summary>One line for "systemctl status".</summary>
    internal void Status(string status) => Send(_socket, "STATUS=" + OneLine(status));

    /// <summary>Feeds the watchdog.</summary>
    internal void Alive() => Send(_socket, "WATCHDOG=1");

    /// <summary>The configuration is being read anew; <see cref="Ready"/> must follow.</summary>
    internal void Reloading()
    {
        long microseconds = (long)((Int128)_clock.GetTimestamp() * MicrosecondsPerSecond / _clock.TimestampFrequency);
        Send(_patient, string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}"));
    }

    /// <summary>The gateway ends itself.</summary>
    internal void Stopping() => Send(_patient, "STOPPING=1");

    public void Dispose()
    {
        _socket?.Dispose();
        _patient?.Dispose();
    }

    private static string OneLine(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= LongestStatus ? line : line[..LongestStatus];
    }

    private void Send(Socket? socket, string text)
    {
        if (socket is null || _address is null)
        {
            return;
        }

        try
        {
            _ = socket.SendTo(System.Text.Encoding.UTF8.GetBytes(text), _address);
        }
        catch (SocketException)
        {
            // Nobody listens any more, or its queue is full and stays so.
        }
    }
}
