using System.Runtime.InteropServices;

namespace Metering.Fieldbus.Serial;

internal enum TerminalModeResult
{
    Applied = 0,
    NotATerminal,
    Unsupported,
}

/// <summary>Puts a terminal into raw mode with a speed and a character shape (termios, POSIX.1-2017 chapter 11; ioctl_tty(2)).</summary>
internal static unsafe class TerminalMode
{
    private const uint SizeMask = 0x30;
    private const uint Size7 = 0x20;
    private const uint Size8 = 0x30;
    private const uint TwoStopBits = 0x40;
    private const uint EnableReceiver = 0x80;
    private const uint ParityEnable = 0x100;
    private const uint ParityOdd = 0x200;
    private const uint HangupOnClose = 0x400;
    private const uint IgnoreModemLines = 0x800;
    private const uint MarkOrSpaceParity = 0x40000000;
    private const uint HardwareFlowControl = 0x80000000;
    private const uint SpeedMask = 0x100F;
    private const uint InputSpeedMask = SpeedMask << 16; // 0: the input has the speed of the output
    private const uint SpeedInBaud = 0x1000; // BOTHER: the speed stands in the two last fields
    private const uint ShapeMask = SizeMask | TwoStopBits | ParityEnable | ParityOdd;

    // IGNBRK BRKINT IGNPAR PARMRK INPCK ISTRIP INLCR IGNCR ICRNL IXON IXANY IXOFF
    private const uint InputProcessing = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400 | 0x800 | 0x1000;
    private const uint CheckParity = 0x10;
    private const uint OutputProcessing = 0x1; // OPOST
    private const uint LocalProcessing = 0x1 | 0x2 | 0x8 | 0x40 | 0x8000; // ISIG ICANON ECHO ECHONL IEXTEN
    private const int VTime = 5;
    private const int VMin = 6;
    private const int SlowestBaud = 50;
    private const int FastestBaud = 4_000_000;

    // A receiver that samples the middle of ten or eleven bits stands 4 to 5 % in all, which the two ends share.
    private const double BaudToleranceShare = 0.02;

    internal static void Check(SerialSettings settings)
    {
        if (settings.BaudRate is < SlowestBaud or > FastestBaud)
        {
            throw new ArgumentOutOfRangeException(nameof(settings), settings.BaudRate, "The baud rate is 50 to 4000000.");
        }

        if (settings.DataBits is not (7 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(settings), settings.DataBits, "A character has 7 or 8 data bits.");
        }

        if (settings.StopBits is not (1 or 2))
        {
            throw new ArgumentOutOfRangeException(nameof(settings), settings.StopBits, "A character has 1 or 2 stop bits.");
        }

        if (!Enum.IsDefined(settings.Parity))
        {
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Parity, "The parity is none, even or odd.");
        }

        if (settings.Rs485 is { } direction)
        {
            SerialDriver.Check(direction);
        }
    }

    internal static bool IsPseudoTerminal(string path)
    {
        try
        {
            string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            return target.StartsWith("/dev/pts/", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // pulled in this very moment; the next call on the port will say so
        }
    }

    /// <param name="descriptor">An open terminal.</param>
    /// <param name="settings">What it should be.</param>
    /// <param name="hasWire">False for a pseudo-terminal: it passes whole bytes, and drops size and parity.</param>
    internal static TerminalModeResult Apply(int descriptor, SerialSettings settings, bool hasWire)
    {
        LibC.Termios mode;
        if (LibC.Control(descriptor, LibC.GetMode, &mode) < 0)
        {
            return TerminalModeResult.NotATerminal;
        }

        uint shape = (settings.DataBits == 7 ? Size7 : Size8) | (settings.StopBits == 2 ? TwoStopBits : 0);
        shape |= settings.Parity switch
        {
            SerialParity.Even => ParityEnable,
            SerialParity.Odd => ParityEnable | ParityOdd,
            _ => 0,
        };
        mode.ControlFlags &= ~(ShapeMask | HangupOnClose | MarkOrSpaceParity | HardwareFlowControl | SpeedMask | InputSpeedMask);
        mode.ControlFlags |= EnableReceiver | IgnoreModemLines | SpeedInBaud | shape;

        // A byte with wrong parity is read as 0, so that the CRC rejects the frame.
        mode.InputFlags &= ~InputProcessing;
        mode.InputFlags |= settings.Parity == SerialParity.None ? 0 : CheckParity;
        mode.OutputFlags &= ~OutputProcessing;
        mode.LocalFlags &= ~LocalProcessing;
        mode.InputBaud = (uint)settings.BaudRate;
        mode.OutputBaud = (uint)settings.BaudRate;

        // One byte at least: then reading 0 bytes can only mean a hang-up.
        mode.ControlCharacters[VMin] = 1;
        mode.ControlCharacters[VTime] = 0;
        if (LibC.Control(descriptor, LibC.SetMode, &mode) < 0)
        {
            return Marshal.GetLastPInvokeError() == LibC.NotATerminal ? TerminalModeResult.NotATerminal : TerminalModeResult.Unsupported;
        }

        // The call succeeds when the driver took any part of it, so look at what was taken.
        LibC.Termios taken;
        if (LibC.Control(descriptor, LibC.GetMode, &taken) < 0)
        {
            return TerminalModeResult.NotATerminal;
        }

        bool hasSpeed = Math.Abs((double)taken.OutputBaud - settings.BaudRate) <= settings.BaudRate * BaudToleranceShare;
        bool hasShape = !hasWire || (taken.ControlFlags & ShapeMask) == shape;
        return hasSpeed && hasShape ? TerminalModeResult.Applied : TerminalModeResult.Unsupported;
    }
}
