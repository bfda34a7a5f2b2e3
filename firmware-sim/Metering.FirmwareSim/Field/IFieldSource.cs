using Metering.FirmwareSim.Registers;

namespace Metering.FirmwareSim.Field;

/// <summary>How a channel answers at an instant.</summary>
internal enum ChannelState : byte
{
    /// <summary>It has a value.</summary>
    Present,

    /// <summary>Its device answers exception 0x0B, as a gateway does for a device it cannot reach.</summary>
    Absent,

    /// <summary>Its device does not answer at all.</summary>
    Silent,
}

/// <summary>
/// What stands behind the registers of one plant: a model or a file. A pure function of the instant, so instants may be asked in any order.
/// </summary>
internal interface IFieldSource
{
    /// <summary>Plant and gateway id.</summary>
    string Id { get; }

    /// <summary>Its meters. Channels are numbered through the meters in this order.</summary>
    IReadOnlyList<MeterMap> Meters { get; }

    /// <summary>First instant the source knows, in milliseconds since 1970-01-01 UTC.</summary>
    long FirstUtcMilliseconds { get; }

    /// <summary>First instant the source does not know any more.</summary>
    long EndUtcMilliseconds { get; }

    /// <summary>
    /// Gives each channel's register as a scaled integer, and its state. Called with instants from First up to and without End; allocates nothing.
    /// </summary>
    void Fill(long utcMilliseconds, Span<long> values, Span<ChannelState> states);
}
