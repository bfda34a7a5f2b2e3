using Metering.Fieldbus.Modbus;
using Metering.Meters.Registers;
using Metering.Readings;

namespace Metering.Meters.Profiles;

/// <summary>How far the register map of a profile may be trusted.</summary>
public enum ProfileTrust
{
    /// <summary>The map of a simulated meter.</summary>
    Simulated = 0,

    /// <summary>Copied from the maker's document; nobody has compared it with a meter's display yet.</summary>
    FromDocument,

    /// <summary>Compared with the display of a real meter.</summary>
    Commissioned,
}

/// <summary>How often a value is read, of the intervals that the configuration gives.</summary>
public enum RateClass
{
    /// <summary>At the interval of the gateway.</summary>
    Normal = 0,

    /// <summary>More often, where the configuration gives a fast interval; else as normal.</summary>
    Fast,

    /// <summary>Less often, where the configuration gives a slow interval; else as normal.</summary>
    Slow,
}

/// <summary>Registers that stand together and are read together.</summary>
/// <param name="Table">Holding or input registers.</param>
/// <param name="Address">Address of the first, 0-based.</param>
/// <param name="Count">How many, 1-125.</param>
public readonly record struct RegisterSpan(ModbusTable Table, ushort Address, int Count)
{
    /// <summary>Address behind the last.</summary>
    public int End => Address + Count;
}

/// <summary>One value of a meter: where it stands and what it means.</summary>
public sealed record RegisterDefinition
{
    /// <summary>What is measured, an <see cref="Identifier"/>; the channel is called meter.quantity.</summary>
    public required string Quantity { get; init; }

    /// <summary>Holding or input registers.</summary>
    public required ModbusTable Table { get; init; }

    /// <summary>Address of the first register as it goes over the wire, 0-based.</summary>
    public required ushort Address { get; init; }

    /// <summary>Layout.</summary>
    public required RegisterFormat Format { get; init; }

    /// <summary>Order of the bytes.</summary>
    public required WordOrder Order { get; init; }

    /// <summary>Decimal places k: value = integer x 10^-k, 0-9.</summary>
    public required int Decimals { get; init; }

    /// <summary>Unit, one of <see cref="Units"/>.</summary>
    public required string Unit { get; init; }

    /// <summary>Counter or gauge.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>Where a counter begins again at 0, in scaled integers; null when unknown.</summary>
    public long? Modulus { get; init; }

    /// <summary>Scaled integers by which the meter says "not available".</summary>
    public required IReadOnlyList<long> Sentinels { get; init; }

    /// <summary>Smallest possible scaled integer.</summary>
    public long Minimum { get; init; } = long.MinValue;

    /// <summary>Largest possible scaled integer.</summary>
    public long Maximum { get; init; } = long.MaxValue;

    /// <summary>How often it is read.</summary>
    public RateClass Rate { get; init; }

    /// <summary>The registers it takes, the value's own first. A value is decoded from all of them in this order, see <see cref="RegisterValue"/>.</summary>
    public IReadOnlyList<RegisterSpan> Spans => [new(Table, Address, Format.RegisterCount())];
}

/// <summary>A kind of meter as data: its register map, where the map comes from, and what the meter tolerates.</summary>
public sealed record DeviceProfile
{
    /// <summary>Name, an <see cref="Identifier"/>, also the file's name without its ending.</summary>
    public required string Name { get; init; }

    /// <summary>Revision of the profile, from 1; raised with every change of meaning.</summary>
    public required int Revision { get; init; }

    /// <summary>Document, edition and page the map comes from.</summary>
    public required string Source { get; init; }

    /// <summary>How far it may be trusted.</summary>
    public required ProfileTrust Trust { get; init; }

    /// <summary>Registers without a meaning of ours that one request may read across, 0-64. 0 unless the meter is known to
    /// answer them: many meters answer such a request with exception 2, and the whole block is lost.</summary>
    public int MaximumHole { get; init; }

    /// <summary>Registers the meter gives in one request, 4-125.</summary>
    public int MaximumRegisters { get; init; } = 125;

    /// <summary>The values.</summary>
    public required IReadOnlyList<RegisterDefinition> Registers { get; init; }

    /// <summary>Name and revision as they stand in a channel, such as simulated-energy/1.</summary>
    public string Reference => string.Create(null, $"{Name}/{Revision}");

    /// <summary>The channels of a meter with this profile, in the order of <see cref="Registers"/>.</summary>
    public IReadOnlyList<Channel> ChannelsOf(string meter) =>
    [
        .. Registers.Select(register => new Channel
        {
            Id = $"{meter}.{register.Quantity}",
            Meter = meter,
            Unit = register.Unit,
            Kind = register.Kind,
            DecimalPlaces = register.Decimals,
            Modulus = register.Modulus,
            Profile = Reference,
        }),
    ];
}
