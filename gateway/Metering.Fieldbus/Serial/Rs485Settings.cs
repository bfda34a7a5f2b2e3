namespace Metering.Fieldbus.Serial;

/// <summary>
/// Direction switching of an RS-485 transceiver by the kernel's driver (TIOCSRS485). Only for ports whose driver can do it, such as
/// the Raspberry Pi's PL011; most USB adapters switch by themselves and need none of this.
/// </summary>
public sealed record Rs485Settings
{
    /// <summary>Level of RTS while sending; most transceivers send while it is high.</summary>
    public bool RtsOnSend { get; init; } = true;

    /// <summary>Level of RTS while not sending; the opposite of <see cref="RtsOnSend"/>, or nothing would ever switch.</summary>
    public bool RtsAfterSend { get; init; }

    /// <summary>Pause between switching to sending and the first bit: 0-100 ms, whole milliseconds.</summary>
    public TimeSpan DelayBeforeSend { get; init; } = TimeSpan.Zero;

    /// <summary>Pause between the last bit and switching back: 0-100 ms, whole milliseconds.</summary>
    public TimeSpan DelayAfterSend { get; init; } = TimeSpan.Zero;

    /// <summary>True leaves the receiver on while sending, so that everything sent is read back (and skipped).</summary>
    public bool ReceivesDuringSend { get; init; }
}
