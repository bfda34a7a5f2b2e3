namespace Metering.Meters.Registers;

/// <summary>How a value is laid out in registers, before the order of its bytes.</summary>
public enum RegisterFormat
{
    /// <summary>Unsigned, one register.</summary>
    UInt16 = 0,

    /// <summary>Two's complement, one register.</summary>
    Int16,

    /// <summary>Unsigned, two registers.</summary>
    UInt32,

    /// <summary>Two's complement, two registers.</summary>
    Int32,

    /// <summary>Unsigned, four registers.</summary>
    UInt64,

    /// <summary>Two's complement, four registers.</summary>
    Int64,

    /// <summary>IEEE 754 binary32, two registers.</summary>
    Float32,

    /// <summary>IEEE 754 binary64, four registers.</summary>
    Float64,
}

/// <summary>
/// Order of the bytes of a value as they come over the wire, most significant byte = a. Modbus fixes the order within one
/// register only (V1.1b3, 4.2); makers choose the rest.
/// </summary>
public enum WordOrder
{
    /// <summary>Most significant register first: the usual order.</summary>
    Abcd = 0,

    /// <summary>Least significant register first.</summary>
    Cdab,

    /// <summary>Most significant register first, bytes swapped within each.</summary>
    Badc,

    /// <summary>Least significant byte first throughout.</summary>
    Dcba,
}

/// <summary>Sizes of the formats.</summary>
public static class RegisterFormatExtensions
{
    /// <summary>Registers a value takes: 1, 2 or 4.</summary>
    public static int RegisterCount(this RegisterFormat format) => format switch
    {
        RegisterFormat.UInt16 or RegisterFormat.Int16 => 1,
        RegisterFormat.UInt32 or RegisterFormat.Int32 or RegisterFormat.Float32 => 2,
        RegisterFormat.UInt64 or RegisterFormat.Int64 or RegisterFormat.Float64 => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "unknown format"),
    };
}
