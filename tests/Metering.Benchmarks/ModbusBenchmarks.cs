using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Metering.Fieldbus.Modbus;

namespace Metering.Benchmarks;

/// <summary>One read of 20 registers over loopback TCP. Baseline: two sockets that pass as many bytes to and fro.</summary>
public class ModbusBenchmarks : IDisposable
{
    private const int RegisterCount = 20;
    private const int RequestLength = 12;
    private const int ReplyLength = 9 + (2 * RegisterCount);
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(5);

    private readonly byte[] _request = new byte[RequestLength];
    private readonly byte[] _reply = new byte[ReplyLength];
    private readonly ushort[] _registers = new ushort[RegisterCount];
    private ModbusTcpServer? _server;
    private ModbusClient? _client;
    private Socket? _near;
    private Socket? _far;

    [GlobalSetup]
    public void Setup()
    {
        _server = new(new IPEndPoint(IPAddress.Loopback, 0), new CountingDevice());
        _server.Start();
        _client = new(new TcpTransport("127.0.0.1", _server.LocalEndPoint.Port, new TcpTransportOptions()));
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _near = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _near.Connect(listener.LocalEndPoint!);
        _far = listener.Accept();
        _far.NoDelay = true;
        new Thread(Answer) { IsBackground = true }.Start();
    }

    [Benchmark(Baseline = true)]
    public byte RawSockets()
    {
        _ = _near!.Send(_request);
        Fill(_near, _reply);
        return _reply[^1];
    }

    [Benchmark]
    public ushort ModbusTcpRead() => _client!.ReadHoldingRegisters(1, 0, _registers, Generous).IsOk
        ? _registers[^1]
        : throw new InvalidOperationException("the server did not answer");

    [GlobalCleanup]
    public void Dispose()
    {
        _client?.Dispose();
        _server?.Dispose();
        _near?.Dispose();
        _far?.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Answer()
    {
        byte[] question = new byte[RequestLength];
        byte[] answer = new byte[ReplyLength];
        while (Fill(_far!, question))
        {
            _ = _far!.Send(answer);
        }
    }

    private static bool Fill(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count = socket.Receive(buffer, SocketFlags.None, out SocketError error);
            if (count == 0 || error != SocketError.Success)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }

    private sealed class CountingDevice : IModbusDevice
    {
        public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
        {
            for (int index = 0; index < destination.Length; index++)
            {
                destination[index] = (ushort)(start + index);
            }

            return ModbusAnswer.Ok;
        }

        public bool HasUnit(byte unit) => true;
    }
}
