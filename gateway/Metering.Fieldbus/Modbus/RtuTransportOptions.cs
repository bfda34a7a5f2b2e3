namespace Metering.Fieldbus.Modbus;

/// <summary>Timing of a serial Modbus line. The defaults suit USB and GPIO ports alike.</summary>
public sealed record RtuTransportOptions
{
    /// <summary>
    /// Silence kept before a request, counted from the last byte received: 0 to 1 s. Null takes 3.5 characters at the port's
    /// speed, at least 1.75 ms (MODBUS over Serial Line V1.02, 2.5.1.1).
    /// </summary>
    public TimeSpan? SilenceBeforeRequest { get; init; }

    /// <summary>After a fault the line must be quiet this long before the next request: above 0, up to 10 s.</summary>
    public TimeSpan QuietAfterFault { get; init; } = TimeSpan.FromMilliseconds(30);

    /// <summary>
    /// How long after its request a late reply is still reckoned with: up to one hour. Until then no request is sent that the
    /// late reply would fit.
    /// </summary>
    public TimeSpan LateReplyLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause after the first failed attempt to open the port; doubles with each further one. 0 tries at every request.</summary>
    public TimeSpan FirstReopenDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause between attempts to open the port.</summary>
    public TimeSpan ReopenDelayLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Measures the pauses between attempts (only these; waiting on the line is the kernel's).</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal void Check()
    {
        CheckRange(SilenceBeforeRequest ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(1), nameof(SilenceBeforeRequest));
        CheckRange(QuietAfterFault, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10), nameof(QuietAfterFault));
        CheckRange(LateReplyLifetime, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(LateReplyLifetime));
    }

    private static void CheckRange(TimeSpan value, TimeSpan least, TimeSpan most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
