using System.Net;

namespace Metering.Fieldbus.Modbus;

/// <summary>How a Modbus TCP connection is made and made again.</summary>
public sealed record TcpTransportOptions
{
    private static readonly TimeSpan LongestConnectTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How long the host may take to accept the connection: above 0, up to 60 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Pause after the first failed attempt to connect; doubles with each further one. 0 tries at every request.</summary>
    public TimeSpan FirstReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause between attempts to connect.</summary>
    public TimeSpan ReconnectDelayLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Measures the pauses between attempts (only these; answer timeouts are the kernel's).</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal static void Check(string host, int port, TcpTransportOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.ConnectTimeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ConnectTimeout, LongestConnectTimeout, nameof(options));
    }
}
