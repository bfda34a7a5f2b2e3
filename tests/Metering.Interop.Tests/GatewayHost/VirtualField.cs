using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Metering.Fieldbus.Modbus;

namespace Metering.Interop.Tests.GatewayHost;

/// <summary>Two meters whose registers are a function of the instant, with the control port of a simulated field. Unit 9 is silent.</summary>
internal sealed class VirtualField : IModbusDevice, IDisposable
{
    private readonly ModbusTcpServer _server;
    private readonly TcpListener _control = new(IPAddress.Loopback, 0);
    private readonly Thread _thread;
    private long _instant;

    internal VirtualField()
    {
        _server = new ModbusTcpServer(new IPEndPoint(IPAddress.Loopback, 0), this);
        _server.Start();
        _control.Start();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    internal int Port => _server.LocalEndPoint.Port;

    internal int ControlPort => ((IPEndPoint)_control.LocalEndpoint).Port;

    internal long Requests => _server.Requests;

    /// <summary>What register pair p of a unit shows at an instant: a counter that rises with time.</summary>
    internal static long ValueOf(int unit, int pair, long instant) => ((instant / 60_000) + (unit * 1000) + pair) & 0xFFFF_FFFF;

    public bool HasUnit(byte unit) => unit != 9;

    public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
    {
        if (unit == 9)
        {
            return ModbusAnswer.Silence;
        }

        long instant = Volatile.Read(ref _instant);
        for (int index = 0; index < destination.Length; index++)
        {
            int address = start + index;
            long value = ValueOf(unit, address / 2, instant);
            destination[index] = unchecked((ushort)(address % 2 == 0 ? value >> 16 : value));
        }

        return ModbusAnswer.Ok;
    }

    public void Dispose()
    {
        _control.Stop();
        _server.Dispose();
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                using TcpClient client = _control.AcceptTcpClient();
                client.NoDelay = true;
                using StreamReader reader = new(client.GetStream());
                using StreamWriter writer = new(client.GetStream()) { AutoFlush = true, NewLine = "\n" };
                while (reader.ReadLine() is string line)
                {
                    Volatile.Write(ref _instant, line.StartsWith("at ", StringComparison.Ordinal) ? long.Parse(line.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture) : _instant);
                    writer.WriteLine("ok");
                }
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}
