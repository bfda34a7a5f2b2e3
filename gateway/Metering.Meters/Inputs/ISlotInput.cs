using Metering.Readings;

namespace Metering.Meters.Inputs;

/// <summary>
/// What is read beside Modbus: pulses, a current loop, a temperature probe, a reading somebody typed. One reading per channel and slot.
/// Calls belong to one thread.
/// </summary>
public interface ISlotInput : IDisposable
{
    /// <summary>Its channels; the same all its life.</summary>
    IReadOnlyList<Channel> Channels { get; }

    /// <summary>Reads every channel once. Never throws for what the field does: a fault is the quality of the reading.</summary>
    /// <param name="slotUtcMilliseconds">The scheduled instant, which every reading carries.</param>
    /// <param name="firstChannelIndex">Index of its first channel in the gateway's channel list.</param>
    /// <param name="destination">Takes one reading per channel, in the order of <see cref="Channels"/>.</param>
    void Read(long slotUtcMilliseconds, int firstChannelIndex, Span<Reading> destination);
}
