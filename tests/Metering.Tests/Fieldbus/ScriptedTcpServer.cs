using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Metering.Tests.Fieldbus;

/// <summary>A TCP server that answers each request the way a script says: with any bytes, or by closing.</summary>
internal sealed class ScriptedTcpServer : IDisposable
{
    internal const int RequestLength = 12;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<int, byte[], Answer> _script;
    private readonly Thread _thread;
    private Socket? _connection;
    private int _requests;
    private volatile bool _stopping;

    /// <param name="script">Gets the index of the request (over all connections) and its bytes.</param>
    internal ScriptedTcpServer(Func<int, byte[], Answer> script)
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(16);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose()
    {
        _stopping = true;
        _listener.Dispose();
        _connection?.Dispose();
        _thread.Join(TimeSpan.FromSeconds(5));
    }

    /// <summary>The right reply; the parameters bend it.</summary>
    internal static byte[] Reply(byte[] request, int extraRegisters = 0, int transactionOffset = 0, int unitOffset = 0, int functionOffset = 0)
    {
        int start = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(8));
        int count = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(10)) + extraRegisters;
        byte[] reply = new byte[9 + (2 * count)];
        ushort transaction = unchecked((ushort)(BinaryPrimitives.ReadUInt16BigEndian(request) + transactionOffset));
        BinaryPrimitives.WriteUInt16BigEndian(reply, transaction);
        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(4), (ushort)(3 + (2 * count)));
        reply[6] = (byte)(request[6] + unitOffset);
        reply[7] = (byte)(request[7] + functionOffset);
        reply[8] = (byte)(2 * count);
        for (int index = 0; index < count; index++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(9 + (2 * index)), AddressDevice.Value(request[6], request[7], start + index));
        }

        return reply;
    }

    internal static byte[] Exception(byte[] request, byte code) =>
        [request[0], request[1], 0, 0, 0, 3, request[6], (byte)(request[7] | 0x80), code];

    private void Run()
    {
        while (!_stopping)
        {
            try
            {
                using Socket socket = _listener.Accept();
                _connection = socket;
                socket.NoDelay = true;
                Serve(socket);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // the client left, or the test is over
            }
        }
    }

    private void Serve(Socket socket)
    {
        byte[] request = new byte[RequestLength];
        while (true)
        {
            for (int length = 0; length < RequestLength;)
            {
                int count = socket.Receive(request.AsSpan(length));
                if (count == 0)
                {
                    return;
                }

                length += count;
            }

            Answer answer = _script(_requests++, (byte[])request.Clone());
            foreach (byte[] chunk in answer.Chunks)
            {
                socket.Send(chunk);
            }

            if (answer.Close)
            {
                socket.LingerState = new LingerOption(answer.Reset, 0);
                return;
            }
        }
    }

    internal readonly record struct Answer(byte[][] Chunks, bool Close = false, bool Reset = false)
    {
        internal static Answer Send(params byte[][] chunks) => new(chunks);
    }
}
