namespace Metering.Fieldbus.Modbus;

/// <summary>How a device answers: with values, with an exception code, or not at all.</summary>
public readonly record struct ModbusAnswer
{
    private const short SilenceMark = -1;
    private readonly short _code;

    private ModbusAnswer(short code) => _code = code;

    /// <summary>The values are in the destination, or were written.</summary>
    public static ModbusAnswer Ok => default;

    /// <summary>No answer at all, as when no device has this unit id.</summary>
    public static ModbusAnswer Silence => new(SilenceMark);

    /// <summary>True for <see cref="Silence"/>.</summary>
    public bool IsSilence => _code == SilenceMark;

    /// <summary>The exception code; 0 when the answer is values or silence.</summary>
    public byte ExceptionCode => _code > 0 ? (byte)_code : (byte)0;

    /// <summary>An exception (see <see cref="ModbusExceptionCode"/>), 1-255.</summary>
    public static ModbusAnswer Exception(byte code)
    {
        ArgumentOutOfRangeException.ThrowIfZero(code);
        return new ModbusAnswer(code);
    }
}

/// <summary>
/// What stands behind a Modbus server: any number of units with registers. A server may call it from several threads at once. Only reading
/// must be offered; the rest answers exception 1, illegal function, unless a device says otherwise.
/// </summary>
public interface IModbusDevice
{
    /// <summary>
    /// Reads destination.Length registers, or bits (one value of 0 or 1 each) for the two bit tables. The server has checked the
    /// quantity, and that the range ends at 65535 or before; ranges the unit does not have are answered with
    /// <see cref="ModbusExceptionCode.IllegalDataAddress"/>.
    /// </summary>
    ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination);

    /// <summary>Whether a unit answers at all; asked before the server itself answers with an exception (unknown function, wrong quantity).</summary>
    bool HasUnit(byte unit) => true;

    /// <summary>
    /// Writes holding registers, or coils (values 0 or 1): functions 5, 6, 15, 16, 22 and 23. The device decides what may be written. Unit 0 on
    /// a serial line is a broadcast: every unit takes it and nobody answers. One server writes one request at a time.
    /// </summary>
    ModbusAnswer Write(byte unit, ModbusTable table, ushort start, ReadOnlySpan<ushort> values) =>
        ModbusAnswer.Exception(ModbusExceptionCode.IllegalFunction);

    /// <summary>The eight exception status bits of function 7; null when the unit has none.</summary>
    byte? ReadExceptionStatus(byte unit) => null;

    /// <summary>The answer to function 17; null when the unit has none.</summary>
    ServerIdentity? ReadServerId(byte unit) => null;

    /// <summary>
    /// The answer to function 43/14, objects in the order of their ids; null when the unit has none. A value longer than 244 bytes is cut.
    /// </summary>
    DeviceIdentification? ReadIdentification(byte unit) => null;
}
