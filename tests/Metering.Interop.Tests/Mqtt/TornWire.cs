using System.Net;
using System.Net.Sockets;

namespace Metering.Interop.Tests.Mqtt;

/// <summary>
/// A wire from a client to a broker on this machine that can be torn: both ends are reset with what was on the way, and nobody
/// gets through any more. So ends a process, or a machine, that is no more.
/// </summary>
internal sealed class TornWire : IDisposable
{
    private const int PieceLength = 16 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _brokerPort;
    private readonly List<TcpClient> _ends = [];
    private bool _isTorn;

    public TornWire(int brokerPort)
    {
        _brokerPort = brokerPort;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where the client finds the broker.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Tear()
    {
        lock (_ends)
        {
            _isTorn = true;
            _listener.Stop();
            foreach (TcpClient end in _ends)
            {
                // Closed like this it sends a reset and drops what was not sent.
                end.LingerState = new(enable: true, seconds: 0);
                end.Dispose();
            }

            _ends.Clear();
        }
    }

    public void Dispose()
    {
        Tear();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient near = await _listener.AcceptTcpClientAsync(CancellationToken.None);
                TcpClient far = new();
                Keep(near);
                Keep(far);
                await far.ConnectAsync(IPAddress.Loopback, _brokerPort, CancellationToken.None);
                (near.NoDelay, far.NoDelay) = (true, true);
                _ = PumpAsync(near.GetStream(), far.GetStream());
                _ = PumpAsync(far.GetStream(), near.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Torn.
        }
    }

    private void Keep(TcpClient end)
    {
        lock (_ends)
        {
            if (_isTorn)
            {
                end.Dispose();
                return;
            }

            _ends.Add(end);
        }
    }

    private static async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        byte[] piece = new byte[PieceLength];
        try
        {
            int length;
            while ((length = await from.ReadAsync(piece, CancellationToken.None)) > 0)
            {
                await to.WriteAsync(piece.AsMemory(0, length), CancellationToken.None);
            }

            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Torn.
        }
    }
}
