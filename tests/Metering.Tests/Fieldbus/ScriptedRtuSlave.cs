using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;

namespace Metering.Tests.Fieldbus;

/// <summary>A slave on a real pseudo-terminal, or behind a TCP socket as a serial converter, that answers each request the way a script says, with any bytes.</summary>
internal sealed class ScriptedRtuSlave : IDisposable
{
    internal const int RequestLength = 8;
    private readonly PseudoTerminal? _terminal;
    private readonly Socket? _listener;
    private readonly bool _ownsTerminal;
    private readonly Func<int, byte[], byte[][]?> _script;
    private readonly Thread _thread;
    private volatile ISerialLine? _line;
    private volatile bool _stopping;

    /// <param name="script">Gets the index of the request and its bytes, gives the chunks to send; null hangs up.</param>
    /// <param name="terminal">Where to serve; null makes one.</param>
    /// <param name="isTcp">Serves on a socket instead.</param>
    internal ScriptedRtuSlave(Func<int, byte[], byte[][]?> script, PseudoTerminal? terminal = null, bool isTcp = false)
    {
        _script = script;
        if (isTcp)
        {
            _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(16);
        }
        else
        {
            _ownsTerminal = terminal is null;
            _terminal = terminal ?? new PseudoTerminal();
            _line = _terminal;
        }

        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    internal string Path => _terminal!.SlavePath;

    /// <summary>A transport to this slave with short silences.</summary>
    internal IModbusTransport Connect(RtuTransportOptions timing) => _listener is null
        ? new RtuTransport(SerialPort.Open(Path, new SerialSettings { BaudRate = 115200 }), timing)
        : new RtuOverTcpTransport("127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port, new TcpTransportOptions { FirstReconnectDelay = TimeSpan.Zero }, new SerialSettings { BaudRate = 115200 }, timing);

    public void Dispose()
    {
        _stopping = true;
        _listener?.Dispose();
        _thread.Join(TimeSpan.FromSeconds(5));
        if (_ownsTerminal)
        {
            _terminal?.Dispose();
        }
    }

    /// <summary>Sends bytes nobody asked for.</summary>
    internal void Send(byte[] bytes) => Assert(_line!.Write(bytes, TimeSpan.FromSeconds(1)));

    internal static int Count(byte[] request) => BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(4));

    internal static int Start(byte[] request) => BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(2));

    /// <summary>The right reply; the parameters bend it (the CRC is right all the same).</summary>
    internal static byte[] Reply(byte[] request, int extraRegisters = 0, int unitOffset = 0, int functionOffset = 0)
    {
        int count = Count(request) + extraRegisters;
        byte[] reply = new byte[5 + (2 * count)];
        reply[0] = (byte)(request[0] + unitOffset);
        reply[1] = (byte)(request[1] + functionOffset);
        reply[2] = (byte)(2 * count);
        for (int index = 0; index < count; index++)
        {
            ushort value = AddressDevice.Value(reply[0], reply[1], Start(request) + index);
            BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(3 + (2 * index)), value);
        }

        ModbusCrc.Append(reply);
        return reply;
    }

    internal static byte[] Exception(byte[] request, byte code)
    {
        byte[] reply = [request[0], (byte)(request[1] | 0x80), code, 0, 0];
        ModbusCrc.Append(reply);
        return reply;
    }

    internal static byte[] Damaged(byte[] reply)
    {
        byte[] damaged = (byte[])reply.Clone();
        damaged[^3] ^= 0x10;
        return damaged;
    }

    private static void Assert(SerialStatus status)
    {
        if (status != SerialStatus.Ok)
        {
            throw new IOException($"The pseudo-terminal did not take the bytes: {status}.");
        }
    }

    private void Run()
    {
        int index = 0;
        while (!_stopping)
        {
            if (_listener is null)
            {
                Serve(_line!, ref index);
                continue;
            }

            try
            {
                using TcpLine line = new(_listener.Accept());
                _line = line;
                Serve(line, ref index);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // the test is over
            }
        }
    }

    private void Serve(ISerialLine line, ref int index)
    {
        byte[] request = new byte[RequestLength];
        int length = 0;
        while (!_stopping)
        {
            SerialStatus status = line.Read(request.AsSpan(length), TimeSpan.FromMilliseconds(20), out int count);
            if (status == SerialStatus.Disconnected)
            {
                return;
            }

            length += count;
            if (length < RequestLength)
            {
                continue;
            }

            length = 0;
            byte[][]? chunks = _script(index++, (byte[])request.Clone());
            if (chunks is null)
            {
                return;
            }

            foreach (byte[] chunk in chunks)
            {
                Assert(line.Write(chunk, TimeSpan.FromSeconds(1)));
            }
        }
    }
}
