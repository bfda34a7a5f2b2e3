using System.Text;
using Metering.Fieldbus.Modbus;

namespace Metering.Tests.Support;

/// <summary>A device whose coils and holding registers can be written, with identities; 1,000 of each per device, the same for the units 0 to 10.</summary>
internal sealed class MemoryDevice : IModbusDevice
{
    internal const int Count = 1000;
    internal const string ServerId = "MEM-7";
    private readonly Lock _gate = new();

    internal ushort[] Holding { get; } = new ushort[Count];

    internal ushort[] Coils { get; } = new ushort[Count];

    /// <summary>Objects 0-6, then 30 of the maker's, 100 bytes each: more than one reply can hold.</summary>
    internal static DeviceIdentification Identification { get; } = new(0x83, [
        .. new[] { "Metering", "MEM", "V1.2", "https://example.invalid/mem", "Memory", "Memory 7", "tests" }.Select((text, id) => IdentificationObject.OfText((byte)id, text)),
        .. Enumerable.Range(128, 30).Select(id => new IdentificationObject((byte)id, Encoding.ASCII.GetBytes(new string((char)('A' + (id % 26)), 100)))),
    ]);

    public bool HasUnit(byte unit) => unit <= 10;

    public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
    {
        if (!HasUnit(unit))
        {
            return ModbusAnswer.Silence;
        }

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

    public byte? ReadExceptionStatus(byte unit) => 0x6D;

    public ServerIdentity? ReadServerId(byte unit) => new(new byte[] { (byte)'M', (byte)'E', (byte)'M', (byte)'-', (byte)'7', 0xFF });

    public DeviceIdentification? ReadIdentification(byte unit) => Identification;

    private ushort[] Of(ModbusTable table) => table is ModbusTable.Coils or ModbusTable.DiscreteInputs ? Coils : Holding;
}
