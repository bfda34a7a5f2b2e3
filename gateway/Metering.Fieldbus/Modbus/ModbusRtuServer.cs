using Metering.Fieldbus.Serial;

namespace Metering.Fieldbus.Modbus;

/// <summary>Serves a device on a serial line as one or more units (MODBUS over Serial Line V1.02). Broadcasts are not answered. One thread.</summary>
public sealed class ModbusRtuServer : IDisposable
{
    private const int ThreadStackBytes = 256 * 1024;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopQuantum = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReopenPause = TimeSpan.FromSeconds(1);

    private readonly ISerialLine _line;
    private readonly RtuServing _serving;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    /// <summary>Serves on the master end of a pseudo-terminal, which stays the caller's to dispose of.</summary>
    public ModbusRtuServer(PseudoTerminal terminal, IModbusDevice device)
        : this((ISerialLine)terminal, device)
    {
    }

    /// <summary>Serves on a serial port, which stays the caller's to dispose of; it is opened when it is closed.</summary>
    public ModbusRtuServer(SerialPort port, IModbusDevice device)
        : this((ISerialLine)port, device)
    {
    }

    private ModbusRtuServer(ISerialLine line, IModbusDevice device)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(device);
        _line = line;
        _serving = new RtuServing(line, new ServerPdu(device, Counters, new Lock()));
        _thread = new Thread(Serve, ThreadStackBytes) { IsBackground = true, Name = "modbus-rtu-serve" };
    }

    /// <summary>What was asked.</summary>
    public ModbusServerCounters Counters { get; } = new();

    /// <summary>Requests received since the start, those answered with silence included.</summary>
    public long Requests => Counters.Requests;

    /// <summary>Begins to serve and returns.</summary>
    public void Start() => _thread.Start();

    /// <summary>Stops serving and waits for the thread (about 0.1 s). The line stays open.</summary>
    public void Dispose()
    {
        _stop.Set();
        if (!_thread.IsAlive || _thread.Join(StopLimit))
        {
            _stop.Dispose();
        }
    }

    private void Serve()
    {
        while (!_stop.IsSet)
        {
            if (!_serving.Step(StopQuantum))
            {
                Reopen();
            }
        }
    }

    private void Reopen()
    {
        try
        {
            _line.Open();
        }
        catch (Exception e) when (e is FieldbusException or ObjectDisposedException)
        {
            _stop.Wait(ReopenPause);
        }
    }
}
