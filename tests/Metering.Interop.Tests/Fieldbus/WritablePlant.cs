using System.Text;
using Metering.Fieldbus.Modbus;

namespace Metering.Interop.Tests.Fieldbus;

/// <summary>One bank of bits and one of registers that foreign masters may write and read back.</summary>
internal sealed class WritablePlant : IModbusDevice
{
    private const int Count = 1000;
    private readonly Lock _gate = new();
    private readonly ushort[] _bits = new ushort[Count];
    private readonly ushort[] _registers = new ushort[Count];

    public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
    {
        if (start + destination.Length > Count)
        {
            return ModbusAnswer.Exception(ModbusExceptionCode.IllegalDataAddress);
        }

        lock (_gate)
        {
            Of(table).AsSpan(start, destination.Length).CopyTo(destination);
        }

        return ModbusAnswer.Ok;
    }

    public ModbusAnswer Write(byte unit, ModbusTable table, ushort start, ReadOnlySpan<ushort> values)
    {
        if (start + values.Length > Count)
        {
            return ModbusAnswer.Exception(ModbusExceptionCode.IllegalDataAddress);
        }

        lock (_gate)
        {
            values.CopyTo(Of(table).AsSpan(start));
        }

        return ModbusAnswer.Ok;
    }

    public ServerIdentity? ReadServerId(byte unit) => new(Encoding.ASCII.GetBytes("PLANT\u007f"));

    public DeviceIdentification? ReadIdentification(byte unit) =>
        new(0x82, [IdentificationObject.OfText(0, "Metering"), IdentificationObject.OfText(1, "PLANT"), IdentificationObject.OfText(2, "1.0"), IdentificationObject.OfText(5, "Model 1")]);

    private ushort[] Of(ModbusTable table) => table is ModbusTable.Coils or ModbusTable.DiscreteInputs ? _bits : _registers;
}
