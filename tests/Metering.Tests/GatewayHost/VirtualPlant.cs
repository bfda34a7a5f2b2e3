using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Metering.Fieldbus.Modbus;
using Metering.Tests.Support;

namespace Metering.Tests.GatewayHost;

/// <summary>A meter of one counter whose registers follow a virtual clock, as a simulated field offers it: Modbus on one port, the clock on another.</summary>
internal sealed class VirtualPlant : IDisposable
{
    private readonly MemoryDevice _device = new();
    private readonly ModbusTcpServer _field;
    private readonly TcpListener _control = new(IPAddress.Loopback, 0);
    private readonly Func<long, uint> _counterAt;

    /// <param name="counterAt">What the counter in the registers 0 and 1 shows at an instant, in milliseconds since 1970-01-01 UTC.</param>
    internal VirtualPlant(Func<long, uint> counterAt)
    {
        _counterAt = counterAt;
        _field = new(new IPEndPoint(IPAddress.Loopback, 0), _device);
        _field.Start();
        _control.Start();
        new Thread(Answer) { IsBackground = true }.Start();
    }

    internal int FieldPort => _field.LocalEndPoint.Port;

    internal int ControlPort => ((IPEndPoint)_control.LocalEndpoint).Port;

    public void Dispose()
    {
        _control.Dispose();
        _field.Dispose();
    }

    private void Answer()
    {
        try
        {
            while (true)
            {
                using TcpClient client = _control.AcceptTcpClient();
                using StreamReader reader = new(client.GetStream());
                using StreamWriter writer = new(client.GetStream()) { AutoFlush = true, NewLine = "\n" };
                while (reader.ReadLine() is string line)
                {
                    if (line.StartsWith("at ", StringComparison.Ordinal))
                    {
                        uint counter = _counterAt(long.Parse(line.AsSpan(3), CultureInfo.InvariantCulture));
                        _ = _device.Write(1, ModbusTable.HoldingRegisters, 0, [(ushort)(counter >> 16), (ushort)(counter & 0xFFFF)]);
                    }

                    writer.WriteLine("ok");
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test has ended.
        }
    }
}
