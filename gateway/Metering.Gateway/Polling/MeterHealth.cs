using Metering.Fieldbus.Modbus;

namespace Metering.Gateway.Polling;

/// <summary>
/// Decides whether a meter is asked in a slot. A meter that kept the bus waiting for <see cref="FailuresBeforeQuarantine"/>
/// slots is asked with one short request every now and then only, so that it cannot starve the others. Counted in slots, not in
/// real time, so that a virtual clock decides alike.
/// </summary>
internal sealed class MeterHealth
{
    internal const int FailuresBeforeQuarantine = 3;
    private const int MaximumDoublings = 20;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private int _failures;
    private bool _hasAnswered;
    private long _failedSlot = long.MinValue;

    /// <summary>Whether the last slot was answered, which makes a second try after silence worthwhile. A meter that never answered is not believed to be there.</summary>
    internal bool IsHealthy => _failures == 0 && _hasAnswered;

    internal bool IsQuarantined => _failures >= FailuresBeforeQuarantine;

    /// <summary>Slots in a row that brought a fault which costs waiting.</summary>
    internal int ConsecutiveFailures => _failures;

    /// <summary>Slot from which a meter in quarantine is asked again.</summary>
    internal long NextProbe { get; private set; } = long.MinValue;

    /// <summary>How the last slot ended.</summary>
    internal ModbusReply LastReply { get; private set; }

    /// <summary>Whether the meter is asked in this slot.</summary>
    internal bool IsDue(long slotUtcMilliseconds) => !IsQuarantined || slotUtcMilliseconds >= NextProbe;

    /// <summary>
    /// Takes the outcome of a slot. Only what costs waiting counts: an exception or a lost line is answered at once. A slot counts once,
    /// however many groups of the meter are read in it.
    /// </summary>
    /// <returns>True when the meter has just come into quarantine or just left it.</returns>
    internal bool Took(ModbusReply reply, long slotUtcMilliseconds, TimeSpan interval)
    {
        bool before = IsQuarantined;
        LastReply = reply;
        bool costs = reply.Outcome is ModbusOutcome.Timeout or ModbusOutcome.CrcError or ModbusOutcome.UnexpectedReply;
        if (!costs)
        {
            _failures = 0;
            _hasAnswered |= reply.Outcome is ModbusOutcome.Ok or ModbusOutcome.Exception;
            return before;
        }

        if (slotUtcMilliseconds != _failedSlot || _failures == 0)
        {
            _failures = Math.Min(_failures + 1, FailuresBeforeQuarantine + MaximumDoublings);
        }

        _failedSlot = slotUtcMilliseconds;
        if (IsQuarantined)
        {
            TimeSpan pause = interval;
            for (int doubling = 0; doubling <= _failures - FailuresBeforeQuarantine && pause < LongestPause; doubling++)
            {
                pause *= 2;
            }

            NextProbe = slotUtcMilliseconds + (long)(pause < LongestPause ? pause : LongestPause).TotalMilliseconds;
        }

        return before != IsQuarantined;
    }
}
