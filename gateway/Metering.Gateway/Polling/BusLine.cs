using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Configuration;
using Metering.Meters.Polling;

namespace Metering.Gateway.Polling;

/// <summary>The line of a bus: how it is opened, called, and what a request on it costs.</summary>
internal static class BusLine
{
    /// <summary>The line of a bus; nothing is opened yet.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="isVirtual">Whether the field is simulated and time runs fast: then nobody needs the silence between frames, and
    /// two milliseconds before each request would be most of the time a simulated past takes.</param>
    /// <param name="clock">Measures pauses between attempts to connect.</param>
    internal static IModbusTransport TransportOf(BusConfiguration bus, bool isVirtual, TimeProvider clock) => bus switch
    {
        { Tcp: { HasRtuFraming: true } tcp } => new RtuOverTcpTransport(tcp.Host, tcp.Port, new TcpTransportOptions { Clock = clock }),
        { Tcp: TcpAddress tcp } => new TcpTransport(tcp.Host, tcp.Port, new TcpTransportOptions { Clock = clock }),
        { Serial: SerialLine serial } => new RtuTransport(new SerialPort(serial.Device, serial.Settings), new RtuTransportOptions { Clock = clock, SilenceBeforeRequest = isVirtual ? TimeSpan.Zero : null }),
        _ => throw new ArgumentException("a bus has either tcp or serial", nameof(bus)),
    };

    /// <summary>What a request costs on a bus.</summary>
    internal static PollCosts CostsOf(BusConfiguration bus) => bus.Serial is SerialLine serial ? PollCosts.Serial(serial.Settings.CharacterTime) : PollCosts.Tcp;

    /// <summary>host:port or the device file.</summary>
    internal static string NameOf(BusConfiguration bus) => bus.Tcp is TcpAddress tcp ? string.Create(null, $"{tcp.Host}:{tcp.Port}") : bus.Serial!.Device;
}
