namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Reads registers, bits and identifications over one line. It can only read: there is no code here that could encode a write function.
/// Calls block, allocate nothing once warm, and belong to one thread.
/// </summary>
/// <param name="transport">The line; disposed with the client.</param>
public sealed class ModbusClient(IModbusTransport transport) : IDisposable
{
    /// <summary>The line this client asks over.</summary>
    public IModbusTransport Transport => transport;

    /// <summary>Reads coils (function 1). See <see cref="IModbusTransport.ExchangeBits"/>.</summary>
    public ModbusReply ReadCoils(byte unit, ushort start, Span<bool> destination, TimeSpan answerTimeout) =>
        transport.ExchangeBits(unit, ModbusTable.Coils, start, destination, answerTimeout);

    /// <summary>Reads discrete inputs (function 2). See <see cref="IModbusTransport.ExchangeBits"/>.</summary>
    public ModbusReply ReadDiscreteInputs(byte unit, ushort start, Span<bool> destination, TimeSpan answerTimeout) =>
        transport.ExchangeBits(unit, ModbusTable.DiscreteInputs, start, destination, answerTimeout);

    /// <summary>Reads holding registers (function 3). See <see cref="IModbusTransport.Exchange"/>.</summary>
    public ModbusReply ReadHoldingRegisters(byte unit, ushort start, Span<ushort> destination, TimeSpan answerTimeout) =>
        transport.Exchange(unit, ModbusTable.HoldingRegisters, start, destination, answerTimeout);

    /// <summary>Reads input registers (function 4). See <see cref="IModbusTransport.Exchange"/>.</summary>
    public ModbusReply ReadInputRegisters(byte unit, ushort start, Span<ushort> destination, TimeSpan answerTimeout) =>
        transport.Exchange(unit, ModbusTable.InputRegisters, start, destination, answerTimeout);

    /// <summary>Reads registers of either register table. See <see cref="IModbusTransport.Exchange"/>.</summary>
    public ModbusReply Read(ModbusTable table, byte unit, ushort start, Span<ushort> destination, TimeSpan answerTimeout) =>
        transport.Exchange(unit, table, start, destination, answerTimeout);

    /// <summary>Asks who the unit is (function 43/14). See <see cref="IdentificationReader.Read"/>.</summary>
    public ModbusReply ReadIdentification(byte unit, IdentificationAccess access, TimeSpan answerTimeout, out DeviceIdentification? identification) =>
        new IdentificationReader(transport).Read(unit, access, answerTimeout, out identification);

    /// <summary>Asks who the unit is (function 17). See <see cref="IdentificationReader.ReadServerId"/>.</summary>
    public ModbusReply ReadServerId(byte unit, TimeSpan answerTimeout, out ServerIdentity? identity) =>
        new IdentificationReader(transport).ReadServerId(unit, answerTimeout, out identity);

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();
}
