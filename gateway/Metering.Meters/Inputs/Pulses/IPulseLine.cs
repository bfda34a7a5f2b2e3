namespace Metering.Meters.Inputs.Pulses;

/// <summary>Pulses since the last question.</summary>
/// <param name="IsPresent">False when the line is not there; the other fields are then 0.</param>
/// <param name="Pulses">How many, with those that were only seen to be missing.</param>
/// <param name="Missed">Of these, how many were not seen themselves but follow from the kernel's numbering.</param>
/// <param name="RawCount">The kernel's own count, when it goes on while nobody listens; null otherwise.</param>
internal readonly record struct PulseTake(bool IsPresent, long Pulses, long Missed, long? RawCount);

/// <summary>Where pulses come from: a GPIO line's events, or a counter in the kernel. Calls belong to one thread.</summary>
internal interface IPulseLine : IDisposable
{
    /// <summary>Goes on from a count of the kernel of this very start of the computer.</summary>
    /// <returns>Whether the source counts while nobody listens: then the next <see cref="Take"/> has what came meanwhile.</returns>
    bool ContinueFrom(long rawCount);

    /// <summary>What came since the last call, or since the line was opened.</summary>
    PulseTake Take();
}
