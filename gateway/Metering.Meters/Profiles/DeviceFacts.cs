using Metering.Fieldbus.Modbus;
using Metering.Meters.Registers;
using Metering.Readings.Texts;

namespace Metering.Meters.Profiles;

/// <summary>What a device measures.</summary>
public enum Medium
{
    /// <summary>Electricity.</summary>
    Energy = 0,

    /// <summary>Water.</summary>
    Water,

    /// <summary>Heat or cold carried by water or steam.</summary>
    Heat,

    /// <summary>Waste water: its quantity or its quality.</summary>
    Effluent,

    /// <summary>Fuel gas.</summary>
    Gas,

    /// <summary>Compressed air and technical gases.</summary>
    Air,
}

/// <summary>How a device tells what it is.</summary>
public enum IdentificationMethod
{
    /// <summary>Read device identification, function 43 with MEI type 14 (Modbus application protocol V1.1b3, 6.21).</summary>
    DeviceObject = 0,

    /// <summary>Report server id, function 17 (6.13).</summary>
    ServerId,

    /// <summary>Registers with a known content.</summary>
    Registers,
}

/// <summary>One thing by which a device of this kind can be told from others. All of a profile's must hold.</summary>
public sealed record Identification
{
    /// <summary>How it is asked.</summary>
    public required IdentificationMethod Method { get; init; }

    /// <summary>Object id, 0-255; null unless the method is <see cref="IdentificationMethod.DeviceObject"/>.</summary>
    public byte? ObjectId { get; init; }

    /// <summary>Where it stands; null unless the method is <see cref="IdentificationMethod.Registers"/>.</summary>
    public RegisterSpan? Span { get; init; }

    /// <summary>Format of the registers; null when they hold text, two characters each, the first in the upper byte.</summary>
    public RegisterFormat? Format { get; init; }

    /// <summary>What must be found: a whole number in digits for a format, else a text the answer must contain.</summary>
    public required string Expected { get; init; }

    /// <summary>Whether registers hold what is expected. Texts are compared without regard to case and to the zeros behind them.</summary>
    /// <param name="registers">The registers of <see cref="Span"/>.</param>
    public bool Matches(ReadOnlySpan<ushort> registers)
    {
        if (Format is RegisterFormat format)
        {
            return RegisterDecoder.Decode(registers, format, WordOrder.Abcd, 0, out long value) == Metering.Readings.QualityReason.None
                && value.ToString(System.Globalization.CultureInfo.InvariantCulture) == Expected;
        }

        char[] characters = new char[2 * registers.Length];
        for (int index = 0; index < registers.Length; index++)
        {
            characters[2 * index] = (char)(registers[index] >> 8);
            characters[(2 * index) + 1] = (char)(registers[index] & 0xFF);
        }

        return new string(characters).Contains(Expected, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>A register that must not be written. This product cannot write; the warning is for those with other tools on the bus.</summary>
/// <param name="Table">Holding registers or coils are meant by writing; kept as the document says.</param>
/// <param name="Address">Address as sent, 0-based.</param>
/// <param name="Warning">What writing does.</param>
public sealed record Hazard(ModbusTable Table, ushort Address, Text Warning);
