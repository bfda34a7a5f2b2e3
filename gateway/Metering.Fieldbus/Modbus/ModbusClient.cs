namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Reads registers over one line. It can only read: there is no code here that could encode a write function.
/// Calls block, allocate nothing once warm, and belong to one thread.
/// </summary>
/// <param name="transport">The line; disposed with the client.</param>
public sealed class ModbusClient(IModbusTransport transport) : IDisposable
{
    /// <summary>The line this client asks over.</summary>
    public IModbusTransport Transport => transport;

    /// <summary>Reads holding registers (function 3). See <see cref="IModbusTransport.Exchange"/>.</summary>
    public ModbusReply ReadHoldingRegisters(byte unit, ushort start, Span<ushort> destination, TimeSpan answerTimeout) =>
        transport.Exchange(unit, ModbusTable.HoldingRegisters, start, destination, answerTimeout);

    /// <summary>Reads input registers (function 4). See <see cref="IModbusTransport.Exchange"/>.</summary>
    public ModbusReply ReadInputRegisters(byte unit, ushort start, Span<ushort> destination, TimeSpan answerTimeout) =>
        transport.Exchange(unit, ModbusTable.InputRegisters, start, destination, answerTimeout);

    /// <summary>Reads registers of either register table. See <see cref="IModbusTransport.Exchange"/>.</summary>
    public ModbusReply Read(ModbusTable table, byte unit, ushort start, Span<ushort> destination, TimeSpan answerTimeout) =>
        transport.Exchange(unit, table, start, destination, answerTimeout);

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();
}
