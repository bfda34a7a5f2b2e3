namespace Metering.Fieldbus.Modbus;

/// <summary>Spaces out attempts to open a line: the first delay doubles with each failure up to a limit.</summary>
internal sealed class ReconnectBackoff
{
    private readonly TimeProvider _clock;
    private readonly TimeSpan _first;
    private readonly TimeSpan _limit;
    private long _failedAt;
    private TimeSpan _delay;

    internal ReconnectBackoff(TimeProvider clock, TimeSpan first, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfLessThan(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, first);
        _clock = clock;
        _first = first;
        _limit = limit;
    }

    internal bool MayTry => _delay == TimeSpan.Zero || _clock.GetElapsedTime(_failedAt) >= _delay;

    internal void Succeeded() => _delay = TimeSpan.Zero;

    internal void Failed()
    {
        _failedAt = _clock.GetTimestamp();
        TimeSpan next = _delay == TimeSpan.Zero ? _first : _delay + _delay;
        _delay = next < _limit ? next : _limit;
    }
}
