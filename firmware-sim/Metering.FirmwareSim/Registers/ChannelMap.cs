using Metering.Fieldbus.Modbus;
using Metering.Readings;

namespace Metering.FirmwareSim.Registers;

/// <summary>Where and how one channel stands in the registers of its meter.</summary>
internal sealed record ChannelMap
{
    /// <summary>Quantity, the second part of the channel id.</summary>
    public required string Quantity { get; init; }

    /// <summary>Unit, one of <see cref="Units"/>.</summary>
    public required string Unit { get; init; }

    /// <summary>Value = integer x 10^-Decimals, 0 to 9.</summary>
    public required int Decimals { get; init; }

    /// <summary>Counter or gauge.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>0-based address of the first register.</summary>
    public required int Address { get; init; }

    /// <summary>Width and sign.</summary>
    public required RegisterFormat Format { get; init; }

    /// <summary>Byte order.</summary>
    public RegisterOrder Order { get; init; }

    /// <summary>The scaled value that says "not available"; null when there is none.</summary>
    public int? Sentinel { get; init; }

    /// <summary>Lowest and highest scaled value that can be true; null when the profile states none.</summary>
    public (int Minimum, int Maximum)? Limits { get; init; }

    /// <summary>First address behind the channel.</summary>
    public int EndAddress => Address + RegisterCodec.Count(Format);
}

/// <summary>One simulated meter: a Modbus unit with the registers of its channels.</summary>
internal sealed record MeterMap
{
    /// <summary>Meter id, the first part of the channel ids.</summary>
    public required string Id { get; init; }

    /// <summary>Modbus unit, 1 to 247.</summary>
    public required byte Unit { get; init; }

    /// <summary>Name of the profile that describes the registers.</summary>
    public required string Profile { get; init; }

    /// <summary>Holding or input registers.</summary>
    public ModbusTable Table { get; init; } = ModbusTable.HoldingRegisters;

    /// <summary>The profile prints addresses one above the wire, as many data sheets do.</summary>
    public bool IsPrintedFromOne { get; init; }

    /// <summary>Its channels by address, not overlapping.</summary>
    public required IReadOnlyList<ChannelMap> Channels { get; init; }

    /// <summary>The full id of one of its channels.</summary>
    public string ChannelId(ChannelMap channel) => $"{Id}.{channel.Quantity}";
}
