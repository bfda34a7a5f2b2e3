using System.Net.Sockets;
using Metering.Fieldbus.Serial;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// A TCP connection used as a serial line. It reads and writes by the same calls as a serial port, which wait with a precise limit
/// and can be woken by <see cref="Stop"/>; the socket class is only used to connect and to close.
/// </summary>
internal sealed class TcpLine : ISerialLine, IDisposable
{
    private const int KeepAliveSeconds = 10;
    private const int UserTimeoutOption = 18; // TCP_USER_TIMEOUT
    private const int UserTimeoutMilliseconds = 10_000;
    private readonly string _host = "";
    private readonly int _port;
    private readonly int _connectMilliseconds;
    private readonly StopSignal _stop = new();
    private readonly ConnectingSocket _connecting = new();
    private LineFile? _file;

    /// <summary>A connection that is made, and made again, when <see cref="Open"/> is called.</summary>
    internal TcpLine(string host, int port, TcpTransportOptions options)
    {
        _host = host;
        _port = port;
        _connectMilliseconds = TcpConnector.ToMilliseconds(options.ConnectTimeout);
    }

    /// <summary>A connection that was accepted; once it is gone it stays gone.</summary>
    internal TcpLine(Socket accepted) => Adopt(accepted);

    public bool IsOpen => _file is { IsOpen: true };

    public void Open()
    {
        if (IsOpen)
        {
            return;
        }

        if (_host.Length == 0)
        {
            throw new FieldbusException(FieldbusProblem.NotFound, "The connection was closed.");
        }

        Adopt(TcpConnector.Connect(_host, _port, _connectMilliseconds, _connecting));
    }

    public SerialStatus Read(Span<byte> destination, TimeSpan timeout, out int count)
    {
        count = 0;
        return _file?.Read(destination, timeout, out count) ?? SerialStatus.Disconnected;
    }

    public SerialStatus Write(ReadOnlySpan<byte> bytes, TimeSpan timeout) => _file?.Write(bytes, timeout) ?? SerialStatus.Disconnected;

    /// <summary>Ends waiting for good, from any thread.</summary>
    internal void Stop()
    {
        _stop.Set();
        _connecting.Stop();
    }

    public void Dispose()
    {
        _file?.Dispose();
        _stop.Dispose();
    }

    private void Adopt(Socket socket)
    {
        socket.NoDelay = true;
        socket.Blocking = false;

        // Neither end may say anything for hours on a bus whose devices are off, so a peer without power has to be noticed by the kernel:
        // idle, by probes; with a request under way, by the time it stays unconfirmed.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, UserTimeoutOption, BitConverter.GetBytes(UserTimeoutMilliseconds));
        _file = new LineFile((int)socket.Handle, _stop, socket);
    }
}
