using System.Net;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.FirmwareSim.Control;

namespace Metering.FirmwareSim.Field;

/// <summary>Where a plant is served.</summary>
/// <param name="Plant">The plant.</param>
/// <param name="TcpPort">Port on 127.0.0.1; null for a serial line.</param>
/// <param name="SerialDevice">Device file of the serial line; null for TCP.</param>
internal sealed record ServedPlant(FieldPlant Plant, int? TcpPort, string? SerialDevice);

/// <summary>Serves plants on real Modbus, each on its own socket or serial line, and opens the control port.</summary>
internal sealed class FieldHost : IDisposable
{
    private readonly List<IDisposable> _open = [];
    private readonly List<ServedPlant> _plants = [];
    private readonly ControlServer _control;

    /// <summary>Starts serving.</summary>
    /// <param name="sources">The plants, and whether each is on a serial line.</param>
    /// <param name="clock">The wall clock of plants that are live.</param>
    /// <exception cref="SimulatorException">A port or pseudo-terminal is not to be had.</exception>
    internal FieldHost(IEnumerable<(IFieldSource Source, bool IsSerial)> sources, TimeProvider clock)
    {
        try
        {
            foreach ((IFieldSource source, bool isSerial) in sources)
            {
                FieldPlant plant = new(source, clock);
                _plants.Add(isSerial ? ServeSerial(plant) : ServeTcp(plant));
            }

            _control = new ControlServer(_plants.Select(served => served.Plant));
            _open.Add(_control);
        }
        catch (FieldbusException e)
        {
            Dispose();
            throw new SimulatorException(SimulatorException.Unavailable, $"A plant could not be served. {e.Message}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What is served, and where.</summary>
    internal IReadOnlyList<ServedPlant> Plants => _plants;

    /// <summary>The control port.</summary>
    internal IPEndPoint Control => _control.LocalEndPoint;

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int index = _open.Count - 1; index >= 0; index--)
        {
            _open[index].Dispose();
        }

        _open.Clear();
    }

    private ServedPlant ServeTcp(FieldPlant plant)
    {
        ModbusTcpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), plant);
        _open.Add(server);
        server.Start();
        return new ServedPlant(plant, server.LocalEndPoint.Port, null);
    }

    private ServedPlant ServeSerial(FieldPlant plant)
    {
        PseudoTerminal terminal = new();
        _open.Add(terminal);
        ModbusRtuServer server = new(terminal, plant);
        _open.Add(server);
        server.Start();
        return new ServedPlant(plant, null, terminal.SlavePath);
    }
}
