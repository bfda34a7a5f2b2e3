using System.Runtime.InteropServices;

namespace Metering.Fieldbus.Serial;

/// <summary>
/// A serial port (or the slave end of a pseudo-terminal), opened raw and for itself alone. Reads and writes block up to a timeout and
/// allocate nothing. When the adapter is pulled the port closes itself; <see cref="Open()"/> opens it again, best by its stable
/// name under /dev/serial/by-id, which is looked up anew each time. One thread at a time, but for <see cref="Halt"/>.
/// </summary>
public sealed class SerialPort : ISerialLine, IDisposable
{
    private readonly StopSignal _stop;
    private LineFile? _file;
    private bool _disposed;

    /// <summary>Describes a port; nothing is opened yet.</summary>
    /// <param name="path">Device file, such as /dev/serial/by-id/usb-... or /dev/ttyAMA0.</param>
    /// <param name="settings">Speed and character shape.</param>
    public SerialPort(string path, SerialSettings settings)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(settings);
        TerminalMode.Check(settings);
        Path = path;
        Settings = settings;
        _stop = new StopSignal();
    }

    /// <summary>The device file.</summary>
    public string Path { get; }

    /// <summary>Speed and character shape.</summary>
    public SerialSettings Settings { get; }

    /// <summary>False before the first opening, and from the moment the port is found gone.</summary>
    public bool IsOpen => _file is { IsOpen: true };

    /// <summary>True when the driver was asked for low latency and took it; false before the first opening.</summary>
    public bool HasLowLatency { get; private set; }

    /// <summary>Makes and opens a port.</summary>
    /// <exception cref="FieldbusException">It did not open.</exception>
    public static SerialPort Open(string path, SerialSettings settings)
    {
        SerialPort port = new(path, settings);
        port.Open();
        return port;
    }

    /// <summary>Opens the port, or does nothing when it is open.</summary>
    /// <exception cref="FieldbusException">It did not open: missing, not permitted, in use, or no serial port.</exception>
    public void Open()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsOpen)
        {
            return;
        }

        int descriptor = LibC.Open(Path, LibC.ReadWrite | LibC.NoControllingTerminal | LibC.NonBlocking | LibC.CloseOnExec);
        if (descriptor < 0)
        {
            throw Explain(Marshal.GetLastPInvokeError());
        }

        LineFile file = new(descriptor, _stop);
        try
        {
            Configure(descriptor);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _file = file;
    }

    /// <summary>Takes what has arrived, waiting for it up to the timeout (0: only what is there now).</summary>
    /// <returns>Ok with count above 0, Timeout with nothing, or Disconnected.</returns>
    public SerialStatus Read(Span<byte> destination, TimeSpan timeout, out int count)
    {
        if (_file is null)
        {
            count = 0;
            return SerialStatus.Disconnected;
        }

        return _file.Read(destination, timeout, out count);
    }

    // Not public: what a gateway sends over a bus goes through a transport, which can only ask.
    internal SerialStatus Write(ReadOnlySpan<byte> bytes, TimeSpan timeout) => _file?.Write(bytes, timeout) ?? SerialStatus.Disconnected;

    SerialStatus ISerialLine.Write(ReadOnlySpan<byte> bytes, TimeSpan timeout) => Write(bytes, timeout);

    /// <summary>What the driver has counted on the wire; null while the port is closed, and for drivers that count nothing.</summary>
    public SerialLineCounters? ReadCounters() => _file is { IsOpen: true } file ? SerialDriver.ReadCounters(file.Descriptor) : null;

    /// <summary>Ends waiting for good, from any thread: reads and writes that wait return Disconnected at once, and so does every later one.</summary>
    public void Halt() => _stop.Set();

    /// <summary>Closes the port; it can be opened again.</summary>
    public void Close() => _file?.Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        Close();
        _stop.Dispose();
    }

    private unsafe void Configure(int descriptor)
    {
        // A pseudo-terminal stays alive in its master after its user is gone, and so would the mark of exclusive use: the next user
        // could not open it. It has no wire to protect, so it goes without.
        bool isPseudoTerminal = TerminalMode.IsPseudoTerminal(Path);
        int none = 0;
        if (!isPseudoTerminal && LibC.Control(descriptor, LibC.SetExclusive, &none) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != LibC.NotATerminal)
            {
                throw Explain(error);
            }
        }

        switch (TerminalMode.Apply(descriptor, Settings, hasWire: !isPseudoTerminal))
        {
            case TerminalModeResult.Applied:
                break;
            case TerminalModeResult.NotATerminal:
                throw new FieldbusException(FieldbusProblem.NotASerialPort, $"{Path} is no serial port. Look for the adapter under /dev/serial/by-id.");
            default:
                throw new FieldbusException(FieldbusProblem.UnsupportedSetting, $"{Path} does not take {Settings.BaudRate} baud with {Settings.DataBits} data bits, parity {Settings.Parity} and {Settings.StopBits} stop bits. Use a setting the adapter supports.");
        }

        if (Settings.Rs485 is { } direction && !SerialDriver.TrySetRs485(descriptor, direction))
        {
            throw new FieldbusException(FieldbusProblem.UnsupportedSetting, $"The driver of {Path} does not switch the direction of an RS-485 line this way: {Marshal.GetLastPInvokeErrorMessage()}. Remove the rs485 setting if the adapter switches by itself, as most do; otherwise use a port whose driver can.");
        }

        HasLowLatency = Settings.UsesLowLatency && SerialDriver.TrySetLowLatency(descriptor);
    }

    private FieldbusException Explain(int error) => error switch
    {
        LibC.NoSuchFile or LibC.NoSuchDevice or LibC.NoSuchDeviceOrAddress => new(FieldbusProblem.NotFound, $"The serial port {Path} does not exist. Check that the adapter is plugged in, and look under /dev/serial/by-id for its name."),
        LibC.AccessDenied or LibC.NotPermitted => new(FieldbusProblem.PermissionDenied, $"This user may not open {Path}. Add it to the group dialout (sudo usermod -aG dialout USER) and log in again."),
        LibC.DeviceBusy => new(FieldbusProblem.Busy, $"Another program uses {Path}. Stop it, or give this one another port."),
        _ when Directory.Exists(Path) => new(FieldbusProblem.NotASerialPort, $"{Path} is a folder, no serial port. Look for the adapter under /dev/serial/by-id."),
        _ => new(FieldbusProblem.Other, $"{Path} did not open: {Marshal.GetPInvokeErrorMessage(error)}."),
    };
}
