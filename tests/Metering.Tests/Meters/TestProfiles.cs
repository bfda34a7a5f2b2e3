using Metering.Fieldbus.Modbus;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;
using Metering.Readings;

namespace Metering.Tests.Meters;

internal static class TestProfiles
{
    internal static DeviceProfile UInt32At(IEnumerable<ushort> addresses, int maximumHole = 0, int maximumRegisters = 125) => new()
    {
        Name = "test",
        Revision = 1,
        Source = "test",
        Trust = ProfileTrust.Simulated,
        MaximumHole = maximumHole,
        MaximumRegisters = maximumRegisters,
        Registers = [.. addresses.Select((address, index) => Register($"q{index}", address))],
    };

    internal static RegisterDefinition Register(string quantity, ushort address) => new()
    {
        Quantity = quantity,
        Table = ModbusTable.HoldingRegisters,
        Address = address,
        Format = RegisterFormat.UInt32,
        Order = WordOrder.Abcd,
        Decimals = 1,
        Unit = "kWh",
        Kind = ChannelKind.Counter,
        Sentinels = [],
    };
}
