namespace Metering.Fieldbus.Serial;

/// <summary>
/// What the driver of a serial port has counted since it was loaded (TIOCGICOUNT), not since the port was opened: compare two snapshots.
/// Many errors of one kind name the fault: framing errors a wrong speed, parity errors a wrong parity, overruns a busy machine,
/// breaks a broken or unbiased line.
/// </summary>
/// <param name="ReceivedBytes">Bytes received.</param>
/// <param name="SentBytes">Bytes sent.</param>
/// <param name="FrameErrors">Characters without a stop bit.</param>
/// <param name="OverrunErrors">Characters lost in the chip because nobody fetched them in time.</param>
/// <param name="ParityErrors">Characters with a wrong parity bit.</param>
/// <param name="Breaks">Times the line stayed low for longer than a character.</param>
/// <param name="BufferOverruns">Characters lost in the kernel because nobody read them in time.</param>
public readonly record struct SerialLineCounters(long ReceivedBytes, long SentBytes, long FrameErrors, long OverrunErrors, long ParityErrors, long Breaks, long BufferOverruns);
