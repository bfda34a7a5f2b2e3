using Metering.Fieldbus.Modbus;

namespace Metering.Tests.Fieldbus;

/// <summary>A device whose registers tell their own address, unit and table, so that a value under a wrong name shows.</summary>
internal sealed class AddressDevice(int registerCount = 65536) : IModbusDevice
{
    internal const byte SilentUnit = 99;

    public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
    {
        if (!HasUnit(unit))
        {
            return ModbusAnswer.Silence;
        }

        if (start + destination.Length > registerCount)
        {
            return ModbusAnswer.Exception(ModbusExceptionCode.IllegalDataAddress);
        }

        Fill(unit, (byte)table, start, destination);
        return ModbusAnswer.Ok;
    }

    public bool HasUnit(byte unit) => unit != SilentUnit;

    internal static ushort Value(byte unit, byte function, int address) => unchecked((ushort)((address * 40503) + (unit * 257) + (function * 4099)));

    internal static void Fill(byte unit, byte function, int start, Span<ushort> destination)
    {
        for (int index = 0; index < destination.Length; index++)
        {
            destination[index] = Value(unit, function, start + index);
        }
    }

    internal static bool IsRight(byte unit, ModbusTable table, int start, ReadOnlySpan<ushort> values)
    {
        for (int index = 0; index < values.Length; index++)
        {
            if (values[index] != Value(unit, (byte)table, start + index))
            {
                return false;
            }
        }

        return true;
    }
}
