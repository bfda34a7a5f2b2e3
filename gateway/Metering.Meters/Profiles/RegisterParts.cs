using Metering.Meters.Registers;
using Metering.Readings.Texts;

namespace Metering.Meters.Profiles;

/// <summary>The digits behind the point of a total that a meter keeps in two pieces: whole units as an integer, the rest as floating point.</summary>
/// <param name="Address">Address of its first register, 0-based.</param>
/// <param name="Format">Binary32 or binary64.</param>
/// <param name="Order">Order of its bytes.</param>
public sealed record FractionRegister(ushort Address, RegisterFormat Format, WordOrder Order);

/// <summary>How often a total began again at 0: value = total + count x modulus.</summary>
/// <param name="Address">Address of its first register, 0-based.</param>
/// <param name="Format">An integer format.</param>
/// <param name="Order">Order of its bytes.</param>
/// <param name="Modulus">What one rollover stands for, in scaled integers.</param>
public sealed record RolloverRegister(ushort Address, RegisterFormat Format, WordOrder Order, long Modulus);

/// <summary>A unit the meter may be set to.</summary>
/// <param name="Code">The meter's number for it.</param>
/// <param name="Decade">The value times 10^decade is in the profile's unit: g/L read as mg/L is 3.</param>
public readonly record struct UnitCode(long Code, int Decade);

/// <summary>The register by which a meter says in which unit it counts. Another code than these is a bad reading, never a wrong unit.</summary>
/// <param name="Address">Address of its first register, 0-based.</param>
/// <param name="Format">An integer format.</param>
/// <param name="Order">Order of its bytes.</param>
/// <param name="Codes">The units that can be told, at least one.</param>
public sealed record UnitRegister(ushort Address, RegisterFormat Format, WordOrder Order, IReadOnlyList<UnitCode> Codes);

/// <summary>The register by which a meter says how good its value is. A code in none of the lists is bad.</summary>
/// <param name="Address">Address of its first register, 0-based.</param>
/// <param name="Format">An integer format.</param>
/// <param name="Order">Order of its bytes.</param>
/// <param name="Good">Codes of a good value.</param>
/// <param name="Uncertain">Codes of a value to be used with care.</param>
public sealed record StatusRegister(ushort Address, RegisterFormat Format, WordOrder Order, IReadOnlyList<long> Good, IReadOnlyList<long> Uncertain);

/// <summary>The register that holds the place of the decimal point: value = integer x 10^exponent.</summary>
/// <param name="Address">Address of its first register, 0-based.</param>
/// <param name="Format">An integer format.</param>
/// <param name="Order">Order of its bytes.</param>
public sealed record ExponentRegister(ushort Address, RegisterFormat Format, WordOrder Order);

/// <summary>Which transformers stand between the plant and a value that the meter gives on their secondary side.</summary>
public enum TransformerSide
{
    /// <summary>None, or the meter counts them in itself.</summary>
    Primary = 0,

    /// <summary>Current transformers: currents.</summary>
    Current,

    /// <summary>Voltage transformers: voltages.</summary>
    Voltage,

    /// <summary>Both: power and energy.</summary>
    CurrentAndVoltage,
}

/// <summary>How sure the register map is, as far as documents and programs in use can tell. Only a comparison with a meter's display tells more.</summary>
public enum ConfidenceGrade
{
    /// <summary>Two independent sources agree.</summary>
    A = 0,

    /// <summary>One implementation or one document of the maker.</summary>
    B,

    /// <summary>A secondary listing, or the base of the numbering or a scale is not proven.</summary>
    C,
}

/// <summary>A grade with its reason.</summary>
/// <param name="Grade">The grade.</param>
/// <param name="Reason">Why not better, and what to check.</param>
public sealed record Confidence(ConfidenceGrade Grade, Text Reason);
