namespace Metering.Tests.Fieldbus;

internal sealed class ManualClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    internal void Advance(TimeSpan duration) => Interlocked.Add(ref _ticks, duration.Ticks);
}
