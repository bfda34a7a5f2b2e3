using System.Net.Sockets;

namespace Metering.Fieldbus.Modbus;

/// <summary>The socket an attempt to connect waits on, so that another thread can end the attempt.</summary>
internal sealed class ConnectingSocket
{
    private readonly Lock _gate = new();
    private Socket? _socket;
    private bool _isStopped;

    /// <summary>False when there is to be no attempt any more.</summary>
    internal bool TryBegin(Socket socket)
    {
        lock (_gate)
        {
            _socket = _isStopped ? null : socket;
            return !_isStopped;
        }
    }

    /// <summary>The attempt is over, either way. False when it was stopped: then the socket is disposed of.</summary>
    internal bool TryEnd()
    {
        lock (_gate)
        {
            _socket = null;
            return !_isStopped;
        }
    }

    /// <summary>Ends an attempt under way and forbids further ones.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
            _socket?.Dispose();
            _socket = null;
        }
    }
}
