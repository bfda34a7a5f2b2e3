namespace Metering.Fieldbus.Serial;

/// <summary>What a serial driver offers beyond a terminal: direction switching, low latency, error counters (linux/serial.h).</summary>
internal static unsafe class SerialDriver
{
    private const uint Rs485Enabled = 0x1;
    private const uint Rs485RtsOnSend = 0x2;
    private const uint Rs485RtsAfterSend = 0x4;
    private const uint Rs485ReceivesDuringSend = 0x10;
    private const int LowLatency = 0x2000;            // ASYNC_LOW_LATENCY
    private const int SerialFlagsIndex = 4;           // struct serial_struct: type, line, port, irq, flags, ...
    private const int SerialStructInts = 32;          // 72 bytes on 64 bits, 60 on 32; room for both
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(100);

    internal static void Check(Rs485Settings settings)
    {
        CheckDelay(settings.DelayBeforeSend, nameof(settings.DelayBeforeSend));
        CheckDelay(settings.DelayAfterSend, nameof(settings.DelayAfterSend));
        if (settings.RtsOnSend == settings.RtsAfterSend)
        {
            throw new ArgumentException("RTS needs one level while sending and the other one after it, or the transceiver never switches.", nameof(settings));
        }
    }

    /// <summary>False when the driver does not switch directions, or not this way.</summary>
    internal static bool TrySetRs485(int descriptor, Rs485Settings settings)
    {
        LibC.Rs485 argument = Encode(settings);
        return LibC.Control(descriptor, LibC.SetRs485, &argument) >= 0;
    }

    internal static LibC.Rs485 Encode(Rs485Settings settings) => new()
    {
        Flags = Rs485Enabled
            | (settings.RtsOnSend ? Rs485RtsOnSend : 0)
            | (settings.RtsAfterSend ? Rs485RtsAfterSend : 0)
            | (settings.ReceivesDuringSend ? Rs485ReceivesDuringSend : 0),
        MillisecondsBeforeSend = (uint)settings.DelayBeforeSend.TotalMilliseconds,
        MillisecondsAfterSend = (uint)settings.DelayAfterSend.TotalMilliseconds,
    };

    /// <summary>False when the driver knows no low latency.</summary>
    internal static bool TrySetLowLatency(int descriptor)
    {
        int* argument = stackalloc int[SerialStructInts];
        if (LibC.Control(descriptor, LibC.GetSerial, argument) < 0)
        {
            return false;
        }

        argument[SerialFlagsIndex] |= LowLatency;
        return LibC.Control(descriptor, LibC.SetSerial, argument) >= 0;
    }

    internal static SerialLineCounters? ReadCounters(int descriptor)
    {
        LibC.InterruptCounters counters;
        return LibC.Control(descriptor, LibC.GetCounters, &counters) < 0 ? null : Decode(counters);
    }

    // The kernel counts in 32 bits and begins again at 0.
    internal static SerialLineCounters Decode(in LibC.InterruptCounters counters) => unchecked(new(
        (uint)counters.Received,
        (uint)counters.Sent,
        (uint)counters.Frame,
        (uint)counters.Overrun,
        (uint)counters.Parity,
        (uint)counters.Break,
        (uint)counters.BufferOverrun));

    private static void CheckDelay(TimeSpan delay, string name)
    {
        if (delay < TimeSpan.Zero || delay > LongestDelay || delay.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            throw new ArgumentOutOfRangeException(name, delay, "The delay is 0 to 100 ms in whole milliseconds.");
        }
    }
}
