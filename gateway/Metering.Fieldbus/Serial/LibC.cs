using System.Runtime.InteropServices;

namespace Metering.Fieldbus.Serial;

/// <summary>
/// The calls and constants of the Linux C library for terminals. The values are the generic ones of the kernel
/// (asm-generic) and the same on x64, arm64 and arm.
/// </summary>
internal static partial class LibC
{
    internal const int ReadWrite = 0x2;
    internal const int NoControllingTerminal = 0x100;
    internal const int NonBlocking = 0x800;
    internal const int CloseOnExec = 0x80000;

    internal const int NoSuchFile = 2;
    internal const int Interrupted = 4;
    internal const int NoSuchDeviceOrAddress = 6;
    internal const int TryAgain = 11;
    internal const int AccessDenied = 13;
    internal const int DeviceBusy = 16;
    internal const int NoSuchDevice = 19;
    internal const int NotATerminal = 25;
    internal const int NotPermitted = 1;

    internal const short PollIn = 0x1;
    internal const short PollOut = 0x4;

    internal const nuint SetExclusive = 0x540C;       // TIOCEXCL
    internal const nuint GetMode = 0x802C542A;        // TCGETS2
    internal const nuint SetMode = 0x402C542B;        // TCSETS2
    internal const nuint GetSerial = 0x541E;          // TIOCGSERIAL
    internal const nuint SetSerial = 0x541F;          // TIOCSSERIAL
    internal const nuint SetRs485 = 0x542F;           // TIOCSRS485
    internal const nuint GetCounters = 0x545D;        // TIOCGICOUNT
    internal const nuint GetPtyNumber = 0x80045430;   // TIOCGPTN
    internal const nuint SetPtyLock = 0x40045431;     // TIOCSPTLCK

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static unsafe partial nint Read(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static unsafe partial nint Write(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    internal static unsafe partial int Poll(PollRequest* requests, nuint count, TimeSpec* timeout, void* signalMask);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static unsafe partial int Control(int descriptor, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventDescriptor(uint initialValue, int flags);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollRequest
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }

    /// <summary>
    /// struct termios2 of the kernel: 44 bytes, c_line at 16, c_cc at 17, speeds in baud at 36 and 40. The kernel's own and not the C library's,
    /// which knows no odd speeds and refuses a mode when a driver without a wire (a pseudo-terminal) drops its parity.
    /// </summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Termios
    {
        internal uint InputFlags;
        internal uint OutputFlags;
        internal uint ControlFlags;
        internal uint LocalFlags;
        internal byte LineDiscipline;
        internal fixed byte ControlCharacters[19];
        internal uint InputBaud;
        internal uint OutputBaud;
    }

    /// <summary>struct serial_rs485: 32 bytes; delays in milliseconds.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Rs485
    {
        internal uint Flags;
        internal uint MillisecondsBeforeSend;
        internal uint MillisecondsAfterSend;
        internal fixed uint Reserved[5];
    }

    /// <summary>struct serial_icounter_struct: 20 ints.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct InterruptCounters
    {
        internal fixed int ModemLines[4];
        internal int Received;
        internal int Sent;
        internal int Frame;
        internal int Overrun;
        internal int Parity;
        internal int Break;
        internal int BufferOverrun;
        internal fixed int Reserved[9];
    }
}
