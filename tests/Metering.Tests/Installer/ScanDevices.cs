using System.Net;
using System.Net.Sockets;
using Metering.Fieldbus.Modbus;
using Metering.Gateway.Commands.Lines;
using Metering.Meters.Registers;

namespace Metering.Tests.Installer;

/// <summary>Meters with the registers of an SDM630 on a Mexican supply: 127.3 V and 59.98 Hz as binary32 input registers.</summary>
internal sealed class MexicanMeter(params byte[] units) : IModbusDevice
{
    public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
    {
        if (!HasUnit(unit))
        {
            return ModbusAnswer.Silence;
        }

        if (table != ModbusTable.InputRegisters || start + destination.Length > 400)
        {
            return ModbusAnswer.Exception(ModbusExceptionCode.IllegalDataAddress);
        }

        ushort[] image = new ushort[400];
        Write(image, 0, 1273, 1);
        Write(image, 2, 1268, 1);
        Write(image, 4, 1271, 1);
        Write(image, 70, 5998, 2);
        Write(image, 72, 123456, 2);
        image.AsSpan(start, destination.Length).CopyTo(destination);
        return ModbusAnswer.Ok;
    }

    public bool HasUnit(byte unit) => units.Contains(unit);

    private static void Write(ushort[] image, int address, long scaled, int decimals) =>
        RegisterEncoder.Encode(scaled, RegisterFormat.Float32, WordOrder.Abcd, decimals, image.AsSpan(address));
}

/// <summary>A MAG 6000 at unit 4: holding register 600 names the maker (42), 602 the product (24).</summary>
internal sealed class NamedFlowMeter : IModbusDevice
{
    public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
    {
        if (!HasUnit(unit))
        {
            return ModbusAnswer.Silence;
        }

        if (table != ModbusTable.HoldingRegisters || destination.Length != 1 || start is not (600 or 602))
        {
            return ModbusAnswer.Exception(ModbusExceptionCode.IllegalDataAddress);
        }

        destination[0] = start == 600 ? (ushort)42 : (ushort)24;
        return ModbusAnswer.Ok;
    }

    public bool HasUnit(byte unit) => unit == 4;
}

/// <summary>A line whose units answer only at one speed and shape of the characters, as on a real wire.</summary>
internal sealed class SettingsBound(ToolLine line, string shape, params byte[] units) : IModbusTransport
{
    internal static List<string> Log { get; } = [];

    public ModbusCounters Counters { get; } = new();

    public Metering.Fieldbus.FieldbusException? LastProblem => null;

    public void Open() => Log.Add(ToolLine.ShapeOf(line.Serial!.Settings));

    public ModbusReply Exchange(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout) =>
        ToolLine.ShapeOf(line.Serial!.Settings) == shape && units.Contains(unit) ? ModbusReply.Ok : new ModbusReply(ModbusOutcome.Timeout, 0);

    public void Dispose()
    {
    }
}

/// <summary>A serial converter in transparent mode: what a TCP client sends is taken for RTU frames; anything else is not answered.</summary>
internal sealed class RtuOverTcpSlave : IDisposable
{
    private const int RequestLength = 8;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IModbusDevice _device;
    private readonly Thread _thread;

    internal RtuOverTcpSlave(IModbusDevice device)
    {
        _device = device;
        _listener.Start();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _listener.Dispose();
        _ = _thread.Join(TimeSpan.FromSeconds(5));
    }

    private void Serve()
    {
        byte[] received = new byte[512];
        try
        {
            while (true)
            {
                using Socket client = _listener.AcceptSocket();
                int count;
                while ((count = client.Receive(received)) > 0)
                {
                    Answer(client, received.AsSpan(0, count));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test has ended.
        }
    }

    private void Answer(Socket client, ReadOnlySpan<byte> frame)
    {
        if (frame.Length != RequestLength || !ModbusCrc.IsValid(frame) || frame[1] is not (3 or 4))
        {
            return;
        }

        ushort[] values = new ushort[(frame[4] << 8) | frame[5]];
        ModbusAnswer answer = _device.Read(frame[0], (ModbusTable)frame[1], (ushort)((frame[2] << 8) | frame[3]), values);
        if (answer.IsSilence)
        {
            return;
        }

        byte[] reply = answer.ExceptionCode > 0
            ? [frame[0], (byte)(frame[1] | 0x80), answer.ExceptionCode, 0, 0]
            : [frame[0], frame[1], (byte)(2 * values.Length), .. values.SelectMany(value => new[] { unchecked((byte)(value >> 8)), unchecked((byte)value) }), 0, 0];
        ModbusCrc.Append(reply);
        _ = client.Send(reply);
    }
}
