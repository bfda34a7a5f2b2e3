using Metering.Readings;

namespace Metering.Meters.Inputs.Pulses;

/// <summary>Which counter the pulses come from.</summary>
public enum PulseSource : byte
{
    /// <summary>A GPIO line's edges.</summary>
    Gpio = 0,

    /// <summary>The kernel's counter subsystem.</summary>
    Counter,

    /// <summary>The sequence of a pulse-per-second source.</summary>
    Pps,
}

/// <summary>A pulse input as configured.</summary>
public sealed record PulseOptions
{
    /// <summary>Its name, which also names the file of its count.</summary>
    public required string Id { get; init; }

    /// <summary>A counter; its decimal places are those of the index.</summary>
    public required Channel Channel { get; init; }

    /// <summary>Which counter.</summary>
    public PulseSource Source { get; init; }

    /// <summary>Label or name of the chip, or name of the counter or PPS device.</summary>
    public required string Device { get; init; }

    /// <summary>Only for a GPIO line.</summary>
    public GpioLineWish Line { get; init; }

    /// <summary>What a pulse is; only for a GPIO line.</summary>
    public PulseShape Shape { get; init; } = new();

    /// <summary>What a pulse is worth.</summary>
    public required PulseFactor Factor { get; init; }

    /// <summary>What the dial showed when the counting began, in the channel's scaled integers.</summary>
    public long InitialIndex { get; init; }

    /// <summary>A PPS source on a second pin wired in parallel: what it counted while nobody listened is put in, as an estimate; null for none.</summary>
    public string? CrossCheckDevice { get; init; }
}
