using System.Globalization;
using System.Text;
using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Registers;

namespace Metering.FirmwareSim.Output;

/// <summary>A gateway's configuration, without its keys and passwords.</summary>
internal static class GatewayYaml
{
    /// <summary>The text for a plant.</summary>
    internal static string Of(ServedPlant served, BrokerAddress broker, TimeSpan interval)
    {
        string id = served.Plant.Id;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Gateway of the simulated plant {id}. Keys and the broker password are put beside this file by whoever sets the gateway up.
            gateway: {id}
            keyFile: gateway.pem
            keyEpoch: 1
            stateDirectory: state
            profilesDirectory: profiles
            cloud: {"{"} name: metering-cloud, keyFile: cloud.pub.pem {"}"}
            broker: {"{"} host: {YamlText.Quote(broker.Host)}, port: {broker.Port}, userName: {id}, passwordFile: broker.password {"}"}
            polling: {"{"} interval: {YamlText.Of(interval)} {"}"}
            batch: {"{"} maximumAge: 15s, maximumReadings: 2000 {"}"}
            buses:

            """);
        if (served.TcpPort is { } port)
        {
            text.Append("  - id: field\n").Append(CultureInfo.InvariantCulture, $"    tcp: {{ host: 127.0.0.1, port: {port} }}\n");
        }
        else
        {
            text.Append("  - id: rs485\n").Append(CultureInfo.InvariantCulture, $"    serial: {{ device: {served.SerialDevice}, baudRate: 19200, dataBits: 8, parity: even, stopBits: 1 }}\n");
        }

        // Generous: a busy computer, not a line, is what delays a simulated meter, and a delay must not look like a lost reading.
        text.Append("    answerTimeout: 2s\n    meters:\n");
        foreach (MeterMap meter in served.Plant.Source.Meters)
        {
            text.Append(CultureInfo.InvariantCulture, $"      - {{ id: {meter.Id}, unit: {meter.Unit}, profile: {meter.Profile} }}\n");
        }

        return text.ToString();
    }
}
