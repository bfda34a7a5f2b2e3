using Metering.Fieldbus.Serial;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Modbus RTU through a serial converter in transparent mode: the frames of a serial line, CRC included, on a TCP connection. No transaction
/// id tells late replies apart, so it keeps the same rules as <see cref="RtuTransport"/>. A timeout does not close the connection: the late
/// reply would come on the next one just as well. A converter that lost its power is noticed within ten seconds.
/// </summary>
public sealed class RtuOverTcpTransport : IModbusTransport
{
    // Converters pack what comes from the serial side, and the network adds its own delay.
    private static readonly TimeSpan BurstGap = TimeSpan.FromMilliseconds(50);
    private readonly TcpLine _line;
    private readonly RtuBus _bus;
    private bool _disposed;

    /// <summary>Describes the connection; nothing is opened yet. The serial side is taken for 9600 baud, 8N1.</summary>
    /// <param name="host">IP address or host name of the converter, looked up at each attempt to connect.</param>
    /// <param name="port">1-65535; converters often use 4001, 8899 or 10001.</param>
    /// <param name="options">Timing of the connection.</param>
    public RtuOverTcpTransport(string host, int port, TcpTransportOptions options)
        : this(host, port, options, new SerialSettings(), RtuOptionsOf(options))
    {
    }

    /// <summary>Describes the connection; nothing is opened yet.</summary>
    /// <param name="host">See above.</param>
    /// <param name="port">See above.</param>
    /// <param name="options">Timing of the connection: how long connecting may take, and when to try again.</param>
    /// <param name="serialSide">What the converter's serial side is set to: the time the bytes need there is added to the answer timeout.</param>
    /// <param name="timing">Silences, and the life of late replies; its reopening delays and clock are not used.</param>
    public RtuOverTcpTransport(string host, int port, TcpTransportOptions options, SerialSettings serialSide, RtuTransportOptions timing)
    {
        ArgumentNullException.ThrowIfNull(serialSide);
        ArgumentNullException.ThrowIfNull(timing);
        TerminalMode.Check(serialSide);
        timing.Check();
        TcpTransportOptions.Check(host, port, options);
        _line = new TcpLine(host, port, options);
        RtuTransportOptions reopening = timing with { FirstReopenDelay = options.FirstReconnectDelay, ReopenDelayLimit = options.ReconnectDelayLimit, Clock = options.Clock };
        _bus = new RtuBus(_line, RtuTiming.Of(serialSide, timing, BurstGap), reopening, TimeProvider.System);
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
    public void Halt()
    {
        _bus.Stop();
        _line.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _line.Dispose();
    }

    private static RtuTransportOptions RtuOptionsOf(TcpTransportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new RtuTransportOptions();
    }
}
