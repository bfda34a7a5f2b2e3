namespace Metering.Tests.FirmwareSim;

/// <summary>A wall clock that stands where it is put.</summary>
internal sealed class ManualClock(long utcMilliseconds) : TimeProvider
{
    internal long UtcMilliseconds { get; set; } = utcMilliseconds;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(UtcMilliseconds);
}
