namespace Metering.FirmwareSim.Plants;

/// <summary>
/// A counter over the whole simulated time: the amount counted since the start, at the beginning of each slot, in millionths of a register step.
/// Integers all through, so that the register never runs back and any instant can be asked for.
/// </summary>
internal sealed class CounterSeries
{
    /// <summary>Parts of a register step the amounts are kept in.</summary>
    internal const long Micro = 1_000_000;

    private const long Never = long.MaxValue;

    private readonly long[] _amounts;
    private readonly long? _modulus;
    private long _initialMicro;
    private long _resetOffset = Never;
    private long _resetMicro;

    /// <summary>Takes over the amounts.</summary>
    /// <param name="amounts">Rising; one more than there are slots, the first is 0.</param>
    /// <param name="initial">What the register showed at the start, in steps.</param>
    /// <param name="modulus">Where the register begins again at 0; null for never.</param>
    internal CounterSeries(long[] amounts, long initial, long? modulus)
    {
        _amounts = amounts;
        _modulus = modulus;
        _initialMicro = initial * Micro;
    }

    /// <summary>Where the register begins again at 0; null for never.</summary>
    internal long? Modulus => _modulus;

    /// <summary>Chooses the first register value so that the register passes its modulus at this moment.</summary>
    internal void RollOverAt(long offsetMilliseconds)
    {
        long modulus = _modulus ?? throw new InvalidOperationException("a counter without a modulus cannot roll over");
        long counted = Amount(offsetMilliseconds) / Micro;
        _initialMicro = (modulus - (counted % modulus)) * Micro;
    }

    /// <summary>From this moment on the register shows only what was counted since.</summary>
    internal void ResetAt(long offsetMilliseconds)
    {
        _resetMicro = Amount(offsetMilliseconds);
        _resetOffset = offsetMilliseconds;
    }

    /// <summary>What the register shows, in steps.</summary>
    /// <param name="offsetMilliseconds">Since the start, within the series.</param>
    internal long Register(long offsetMilliseconds)
    {
        long steps = Steps(offsetMilliseconds);
        return _modulus is { } modulus ? steps % modulus : steps;
    }

    /// <summary>What a register without rollover and reset would show, in steps: differences of it are the true consumption.</summary>
    internal long TrueSteps(long offsetMilliseconds) => (_initialMicro + Amount(offsetMilliseconds)) / Micro;

    /// <summary>Steps counted during the slot, in millionths.</summary>
    internal long SlotAmount(int slot) => _amounts[slot + 1] - _amounts[slot];

    /// <summary>The slots, among the first so many, during which the register passes its modulus. A reset is no rollover.</summary>
    internal IEnumerable<int> Rollovers(int slots)
    {
        if (_modulus is not { } modulus)
        {
            yield break;
        }

        for (int slot = 0; slot < slots; slot++)
        {
            long begin = (long)slot * SimulationWindow.SlotMilliseconds;
            long end = begin + SimulationWindow.SlotMilliseconds;
            bool isReset = _resetOffset > begin && _resetOffset <= end;
            if (!isReset && Steps(begin) / modulus < Steps(end) / modulus)
            {
                yield return slot;
            }
        }
    }

    private long Steps(long offsetMilliseconds) => offsetMilliseconds >= _resetOffset
        ? (Amount(offsetMilliseconds) - _resetMicro) / Micro
        : (_initialMicro + Amount(offsetMilliseconds)) / Micro;

    private long Amount(long offsetMilliseconds)
    {
        int slot = (int)(offsetMilliseconds / SimulationWindow.SlotMilliseconds);
        long inside = offsetMilliseconds - ((long)slot * SimulationWindow.SlotMilliseconds);
        long amount = _amounts[slot];
        return inside == 0 ? amount : amount + ((_amounts[slot + 1] - amount) * inside / SimulationWindow.SlotMilliseconds);
    }
}
