namespace Metering.FirmwareSim.Registers;

/// <summary>How a channel lies in registers; the names are those of the device profiles.</summary>
internal enum RegisterFormat
{
    /// <summary>One register, 0 to 65,535.</summary>
    UInt16,

    /// <summary>One register, two's complement.</summary>
    Int16,

    /// <summary>Two registers, 0 to 4,294,967,295.</summary>
    UInt32,

    /// <summary>Two registers, two's complement.</summary>
    Int32,

    /// <summary>Four registers; the simulated field uses 63 bits of them.</summary>
    UInt64,

    /// <summary>Two registers, IEEE 754 binary32.</summary>
    Float32,
}

/// <summary>Order of the bytes of a 32-bit value "abcd" in its two registers; a 64-bit value is ordered likewise.</summary>
internal enum RegisterOrder
{
    /// <summary>High word first, high byte first: the order of the standard.</summary>
    Abcd,

    /// <summary>Low word first.</summary>
    Cdab,

    /// <summary>High word first, bytes of each word exchanged.</summary>
    Badc,

    /// <summary>Low byte first throughout.</summary>
    Dcba,
}
