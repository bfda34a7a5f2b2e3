using Metering.Readings;

namespace Metering.Meters.Inputs.Pulses;

/// <summary>Which counter the pulses come from.</summary>
internal enum PulseSource : byte
{
    /// <summary>A GPIO line's edges.</summary>
    Gpio = 0,

    /// <summary>The kernel's counter subsystem.</summary>
    Counter,

    /// <summary>The sequence of a pulse-per-second source.</summary>
    Pps,
}

/// <summary>A pulse input as configured.</summary>
internal sealed record PulseOptions
{
    public required string Id { get; init; }

    public required Channel Channel { get; init; }

    public PulseSource Source { get; init; }

    /// <summary>Label or name of the chip, or name of the counter or PPS device.</summary>
    public required string Device { get; init; }

    /// <summary>Only for a GPIO line.</summary>
    public GpioLineWish Line { get; init; }

    public PulseShape Shape { get; init; } = new();

    public required PulseFactor Factor { get; init; }

    /// <summary>What the dial showed when the counting began, in the channel's scaled integers.</summary>
    public long InitialIndex { get; init; }

    /// <summary>A PPS source on a second pin wired in parallel: what it counted while nobody listened is put in, as an estimate; null for none.</summary>
    public string? CrossCheckDevice { get; init; }
}
