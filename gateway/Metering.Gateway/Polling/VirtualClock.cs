using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Metering.Gateway.Polling;

/// <summary>
/// Tells a simulated field which instant its registers shall show. Text lines over TCP: "plant ID", "at MILLISECONDS",
/// "live"; each is answered with "ok" or "error ...". Allocates nothing per instant. Belongs to the poll thread.
/// </summary>
internal sealed class VirtualClock : IDisposable
{
    private const int LongestLine = 256;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly string _name;
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[LongestLine];

    private VirtualClock(string name, Socket socket)
    {
        _name = name;
        _socket = socket;
    }

    /// <summary>Connects for one plant.</summary>
    /// <exception cref="VirtualClockException">Nobody answers there, or the plant is not known.</exception>
    internal static VirtualClock Connect(string host, int port, string plant)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = (int)AnswerTimeout.TotalMilliseconds };
        VirtualClock clock = new(string.Create(null, $"{host}:{port}"), socket);
        try
        {
            socket.Connect(host, port);
            clock.Ask(Encoding.ASCII.GetBytes($"plant {plant}\n", clock._buffer));
            return clock;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new VirtualClockException($"The simulated field's control port {host}:{port} does not answer: {e.Message}. Start the simulator first (sim run).");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>From now on the plant's registers show this instant.</summary>
    /// <exception cref="VirtualClockException">The simulator is gone or refuses.</exception>
    internal void At(long utcMilliseconds)
    {
        "at "u8.CopyTo(_buffer);
        _ = Utf8Formatter.TryFormat(utcMilliseconds, _buffer.AsSpan(3), out int digits);
        _buffer[3 + digits] = (byte)'\n';
        Ask(4 + digits);
    }

    /// <summary>From now on the plant follows the wall clock.</summary>
    /// <exception cref="VirtualClockException">The simulator is gone or refuses.</exception>
    internal void Live() => Ask(Encoding.ASCII.GetBytes("live\n", _buffer));

    public void Dispose() => _socket.Dispose();

    private void Ask(int length)
    {
        try
        {
            _ = _socket.Send(_buffer.AsSpan(0, length));
            int received = 0;
            while (received == 0 || _buffer[received - 1] != (byte)'\n')
            {
                int count = received == LongestLine ? 0 : _socket.Receive(_buffer.AsSpan(received));
                if (count == 0)
                {
                    throw new VirtualClockException($"The simulated field at {_name} ended the conversation.");
                }

                received += count;
            }

            if (!_buffer.AsSpan(0, received).SequenceEqual("ok\n"u8))
            {
                throw new VirtualClockException($"The simulated field at {_name} refused: {Encoding.UTF8.GetString(_buffer, 0, received).Trim()}");
            }
        }
        catch (SocketException e)
        {
            throw new VirtualClockException($"The simulated field at {_name} does not answer: {e.Message}.");
        }
    }
}

/// <summary>The simulated field cannot be told the time; without it, no reading may be taken for that time.</summary>
internal sealed class VirtualClockException(string message) : Exception(message);
