using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Metering.Tests.FirmwareSim;

/// <summary>A client of the control port as a gateway is one.</summary>
internal sealed class ControlClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    internal ControlClient(IPEndPoint endPoint)
    {
        _socket.ReceiveTimeout = (int)Deadline.TotalMilliseconds;
        _socket.Connect(endPoint);
    }

    internal string Ask(string line)
    {
        _socket.Send(Encoding.UTF8.GetBytes(line + "\n"));
        return Receive();
    }

    internal string Receive()
    {
        StringBuilder answer = new();
        byte[] one = new byte[1];
        while (_socket.Receive(one) == 1 && one[0] != '\n')
        {
            answer.Append((char)one[0]);
        }

        return answer.ToString();
    }

    public void Dispose() => _socket.Dispose();
}
