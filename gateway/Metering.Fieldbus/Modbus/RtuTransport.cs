using Metering.Fieldbus.Serial;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Modbus RTU on a serial bus (MODBUS over Serial Line V1.02). What keeps a late reply from being taken for the right one is told
/// in the README: a call may send up to four requests, each with its own answer timeout.
/// </summary>
public sealed class RtuTransport : IModbusTransport
{
    // USB adapters deliver in bursts: a gap inside a frame can be this long.
    private static readonly TimeSpan BurstGap = TimeSpan.FromMilliseconds(20);
    private readonly SerialPort _port;
    private readonly RtuBus _bus;
    private bool _disposed;

    /// <summary>Takes over a port, open or not, and disposes of it in the end.</summary>
    public RtuTransport(SerialPort port, RtuTransportOptions options)
    {
        ArgumentNullException.ThrowIfNull(port);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _port = port;
        _bus = new RtuBus(port, RtuTiming.Of(port.Settings, options, BurstGap), options, TimeProvider.System);
    }

    /// <inheritdoc/>
    public ModbusCounters Counters => _bus.Counters;

    /// <inheritdoc/>
    public FieldbusException? LastProblem => _bus.LastProblem;

    /// <inheritdoc/>
    public void Open()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _bus.Open();
    }

    /// <inheritdoc/>
    public ModbusReply Exchange(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _bus.ReadRegisters(unit, table, start, destination, answerTimeout);
    }

    /// <inheritdoc/>
    public ModbusReply ExchangeBits(byte unit, ModbusTable table, ushort start, Span<bool> destination, TimeSpan answerTimeout)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _bus.ReadBits(unit, table, start, destination, answerTimeout);
    }

    /// <inheritdoc/>
    public ModbusReply ExchangeIdentity(byte unit, IdentityQuestion question, Span<byte> destination, TimeSpan answerTimeout, out int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _bus.ReadIdentity(unit, question, destination, answerTimeout, out length);
    }

    /// <inheritdoc/>
    public SerialLineCounters? ReadLineCounters() => _port.ReadCounters();

    /// <inheritdoc/>
    public void Halt()
    {
        _bus.Stop();
        _port.Halt();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _port.Dispose();
    }
}
