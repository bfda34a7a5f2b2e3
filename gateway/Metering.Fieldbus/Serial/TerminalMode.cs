using System.Runtime.InteropServices;

namespace Metering.Fieldbus.Serial;

internal enum TerminalModeResult
{
    Applied = 0,
    NotATerminal,
    Unsupported,
}

/// <summary>Puts a terminal into raw mode with a speed and a character shape (termios, POSIX.1-2017 chapter 11).</summary>
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
    private const uint HardwareFlowControl = 0x80000000;
    private const uint SpeedMask = 0x100F;
    private const uint CheckParity = 0x10;
    private const uint IgnoreOrMarkParity = 0x4 | 0x8;
    private const int VTime = 5;
    private const int VMin = 6;
    private const int ApplyNow = 0;

    internal static void Check(SerialSettings settings)
    {
        if (SpeedCode(settings.BaudRate) == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(settings), settings.BaudRate, "The baud rate is one of 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600.");
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

    internal static TerminalModeResult Apply(int descriptor, SerialSettings settings)
    {
        LibC.Termios mode;
        if (LibC.GetAttributes(descriptor, &mode) < 0)
        {
            return TerminalModeResult.NotATerminal;
        }

        LibC.MakeRaw(&mode);
        uint speed = SpeedCode(settings.BaudRate);
        uint control = mode.ControlFlags & ~(SizeMask | TwoStopBits | ParityEnable | ParityOdd | HangupOnClose | HardwareFlowControl | SpeedMask);
        control |= EnableReceiver | IgnoreModemLines | speed;
        control |= settings.DataBits == 7 ? Size7 : Size8;
        control |= settings.StopBits == 2 ? TwoStopBits : 0;
        control |= settings.Parity switch
        {
            SerialParity.Even => ParityEnable,
            SerialParity.Odd => ParityEnable | ParityOdd,
            _ => 0,
        };
        mode.ControlFlags = control;

        // A byte with wrong parity is read as 0, so that the CRC rejects the frame.
        mode.InputFlags &= ~(IgnoreOrMarkParity | CheckParity);
        mode.InputFlags |= settings.Parity == SerialParity.None ? 0 : CheckParity;
        mode.InputSpeed = speed;
        mode.OutputSpeed = speed;

        // One byte at least: then reading 0 bytes can only mean a hang-up.
        mode.ControlCharacters[VMin] = 1;
        mode.ControlCharacters[VTime] = 0;
        if (LibC.SetAttributes(descriptor, ApplyNow, &mode) < 0)
        {
            return Marshal.GetLastPInvokeError() == LibC.NotATerminal ? TerminalModeResult.NotATerminal : TerminalModeResult.Unsupported;
        }

        // tcsetattr succeeds when any part was taken, so look at what was (pseudo-terminals drop parity and size: they have no wire).
        LibC.Termios taken;
        bool hasSpeed = LibC.GetAttributes(descriptor, &taken) == 0 && (taken.ControlFlags & SpeedMask) == speed;
        return hasSpeed ? TerminalModeResult.Applied : TerminalModeResult.Unsupported;
    }

    // The B... constants of termios.h.
    private static uint SpeedCode(int baudRate) => baudRate switch
    {
        1200 => 0x9,
        2400 => 0xB,
        4800 => 0xC,
        9600 => 0xD,
        19200 => 0xE,
        38400 => 0xF,
        57600 => 0x1001,
        115200 => 0x1002,
        230400 => 0x1003,
        460800 => 0x1004,
        921600 => 0x1007,
        _ => 0,
    };
}
