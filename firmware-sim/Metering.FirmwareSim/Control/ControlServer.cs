using System.Net;
using System.Net.Sockets;
using Metering.FirmwareSim.Field;

namespace Metering.FirmwareSim.Control;

/// <summary>
/// The control port: sets which instant a plant's registers show. One thread and one blocking socket per connection, because a gateway
/// waits for the answer before each poll cycle.
/// </summary>
internal sealed class ControlServer : IDisposable
{
    private const int MaximumConnections = 64;
    private const int ThreadStackBytes = 256 * 1024;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, FieldPlant> _plants;
    private readonly Lock _gate = new();
    private readonly Dictionary<Socket, Thread> _connections = [];
    private readonly Socket _listener;
    private readonly Thread _acceptThread;
    private volatile bool _stopping;

    /// <summary>Listens on a free port of 127.0.0.1.</summary>
    internal ControlServer(IEnumerable<FieldPlant> plants)
    {
        _plants = plants.ToDictionary(plant => plant.Id, StringComparer.Ordinal);
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(MaximumConnections);
        }
        catch (SocketException e)
        {
            _listener.Dispose();
            throw new SimulatorException(SimulatorException.Unavailable, $"No control port could be opened on 127.0.0.1: {e.Message}.");
        }

        LocalEndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _acceptThread = new Thread(Accept, ThreadStackBytes) { IsBackground = true, Name = "control-accept" };
        _acceptThread.Start();
    }

    /// <summary>Where it listens.</summary>
    internal IPEndPoint LocalEndPoint { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _listener.Dispose();
        _acceptThread.Join(StopLimit);
        KeyValuePair<Socket, Thread>[] open;
        lock (_gate)
        {
            open = [.. _connections];
        }

        foreach ((Socket socket, Thread thread) in open)
        {
            socket.Dispose();
            thread.Join(StopLimit);
        }
    }

    private void Accept()
    {
        while (!_stopping)
        {
            try
            {
                Admit(_listener.Accept());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // A client that left before it was accepted, or the end of the server: the loop decides.
            }
        }
    }

    private void Admit(Socket socket)
    {
        socket.NoDelay = true;
        Thread thread = new(() => Serve(socket), ThreadStackBytes) { IsBackground = true, Name = "control" };
        lock (_gate)
        {
            if (_stopping || _connections.Count >= MaximumConnections)
            {
                socket.Dispose();
                return;
            }

            _connections.Add(socket, thread);
        }

        thread.Start();
    }

    private void Serve(Socket socket)
    {
        try
        {
            new ControlSession(_plants).Run(socket);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client or the server went away; the plant keeps the instant it was given.
        }
        finally
        {
            lock (_gate)
            {
                _connections.Remove(socket);
            }

            socket.Dispose();
        }
    }
}
