using System.Net;
using BenchmarkDotNet.Attributes;
using Metering.Fieldbus.Modbus;

namespace Metering.Benchmarks;

/// <summary>One read of 20 registers over loopback TCP, client and server in one process. Against another client: <see cref="ModbusComparison"/>.</summary>
public class ModbusBenchmarks : IDisposable
{
    private const int RegisterCount = 20;
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(5);

    private readonly ushort[] _registers = new ushort[RegisterCount];
    private ModbusTcpServer? _server;
    private ModbusClient? _client;

    [GlobalSetup]
    public void Setup()
    {
        _server = new(new IPEndPoint(IPAddress.Loopback, 0), new CountingDevice());
        _server.Start();
        _client = new(new TcpTransport("127.0.0.1", _server.LocalEndPoint.Port, new TcpTransportOptions()));
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
        GC.SuppressFinalize(this);
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
