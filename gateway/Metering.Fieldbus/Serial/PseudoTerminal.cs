using System.Globalization;
using System.Runtime.InteropServices;

namespace Metering.Fieldbus.Serial;

/// <summary>
/// A pair of connected terminals made by the kernel (pty(7)): this object holds the master end; other programs open
/// <see cref="SlavePath"/> as if it were a serial port. There is no baud rate: bytes pass at once. Disposing hangs the slave up.
/// </summary>
public sealed class PseudoTerminal : ISerialLine, IDisposable
{
    private readonly LineFile _master;

    // Held open so that the master reads no hang-up while nobody uses the slave, and so that the raw mode lasts.
    private readonly LineFile _slave;

    /// <summary>Makes a pair; the slave is raw, 8 bits, no echo.</summary>
    /// <exception cref="FieldbusException">The system has none left, or no /dev/ptmx.</exception>
    public PseudoTerminal()
    {
        const int Flags = LibC.ReadWrite | LibC.NoControllingTerminal | LibC.NonBlocking | LibC.CloseOnExec;
        _master = new LineFile(OpenOrThrow("/dev/ptmx", Flags));
        try
        {
            SlavePath = UnlockSlave(_master.Descriptor);
            _slave = new LineFile(OpenOrThrow(SlavePath, Flags));
            if (TerminalMode.Apply(_slave.Descriptor, new SerialSettings(), hasWire: false) != TerminalModeResult.Applied)
            {
                _slave.Dispose();
                throw new FieldbusException(FieldbusProblem.UnsupportedSetting, $"{SlavePath} could not be put into raw mode.");
            }
        }
        catch
        {
            _master.Dispose();
            throw;
        }
    }

    /// <summary>The device file of the slave end, such as /dev/pts/3.</summary>
    public string SlavePath { get; }

    /// <summary>Takes what was written to the slave, waiting for it up to the timeout (0: only what is there now).</summary>
    public SerialStatus Read(Span<byte> destination, TimeSpan timeout, out int count) => _master.Read(destination, timeout, out count);

    /// <summary>Sends bytes to whoever reads the slave.</summary>
    public SerialStatus Write(ReadOnlySpan<byte> bytes, TimeSpan timeout) => _master.Write(bytes, timeout);

    /// <inheritdoc/>
    public void Dispose()
    {
        _slave.Dispose();
        _master.Dispose();
    }

    bool ISerialLine.IsOpen => _master.IsOpen;

    void ISerialLine.Open()
    {
        if (!_master.IsOpen)
        {
            throw new FieldbusException(FieldbusProblem.NotFound, $"The pseudo-terminal {SlavePath} is closed.");
        }
    }

    private static int OpenOrThrow(string path, int flags)
    {
        int descriptor = LibC.Open(path, flags);
        return descriptor >= 0 ? descriptor : throw Failure($"open {path}");
    }

    private static unsafe string UnlockSlave(int master)
    {
        int unlocked = 0;
        int number = 0;
        if (LibC.Control(master, LibC.SetPtyLock, &unlocked) < 0 || LibC.Control(master, LibC.GetPtyNumber, &number) < 0)
        {
            throw Failure("prepare the slave end");
        }

        return string.Create(CultureInfo.InvariantCulture, $"/dev/pts/{number}");
    }

    private static FieldbusException Failure(string step) =>
        new(FieldbusProblem.Other, $"No pseudo-terminal: could not {step}: {Marshal.GetLastPInvokeErrorMessage()}. Check that /dev/pts is mounted and has free entries.");
}
