namespace Metering.Gateway.Outbox;

/// <summary>Why no meter was asked, or nothing is left of the asking. Part of the wire format.</summary>
internal static class GapReason
{
    /// <summary>The gateway was off.</summary>
    internal const string Stopped = "stopped";

    /// <summary>The outbox had reached its limit, or the disk was full.</summary>
    internal const string OutboxFull = "outbox-full";

    /// <summary>The wall clock was set back or forward.</summary>
    internal const string Clock = "clock";

    /// <summary>A cycle took longer than the interval, so slots passed.</summary>
    internal const string Overrun = "overrun";

    /// <summary>Readings were stored, and the disk gave back other bytes.</summary>
    internal const string Damaged = "damaged";
}
