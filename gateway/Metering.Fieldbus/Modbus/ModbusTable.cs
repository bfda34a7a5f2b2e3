namespace Metering.Fieldbus.Modbus;

/// <summary>
/// The four tables of the Modbus data model. The value is the function code that reads the table
/// (MODBUS Application Protocol V1.1b3, 6.1-6.4).
/// </summary>
public enum ModbusTable
{
    /// <summary>No table. Every call refuses it.</summary>
    None = 0,

    /// <summary>Single bits that can be written; function 1.</summary>
    Coils = 1,

    /// <summary>Single bits that can only be read; function 2.</summary>
    DiscreteInputs = 2,

    /// <summary>16-bit registers that can be written; function 3.</summary>
    HoldingRegisters = 3,

    /// <summary>16-bit registers that can only be read; function 4.</summary>
    InputRegisters = 4,
}
