using System.Buffers;
using System.Text.Json;
using Metering.Fieldbus.Modbus;
using Metering.Gateway.Configuration;
using Metering.Gateway.Outbox;
using Metering.Meters.Profiles;
using Metering.Meters.Yaml;
using Metering.Readings;

namespace Metering.Gateway.Uplink;

/// <summary>The retained JSON a gateway leaves at the broker: what it is, and whether it is there.</summary>
internal static class BirthMessage
{
    private const int Version = 1;

    /// <summary>State "online" or "offline"; the latter is also the Last Will.</summary>
    internal static byte[] Status(bool isOnline)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteString("state", isOnline ? "online" : "offline");
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Configuration hash, software, meters and channels with units, scale and profile revision.</summary>
    internal static byte[] Meta(GatewayConfiguration configuration, int keyEpoch, CycleTable table)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer);
        json.WriteStartObject();
        json.WriteNumber("v", Version);
        json.WriteString("gateway", configuration.Gateway);
        json.WriteNumber("keyEpoch", keyEpoch);
        json.WriteString("boot", table.Boot);
        json.WriteString("config", table.ConfigHash);
        json.WriteString("software", table.Software);
        json.WriteString("interval", Duration.ToText(configuration.Interval));
        json.WriteStartArray("meters");
        foreach (BusConfiguration bus in configuration.Buses)
        {
            foreach (MeterConfiguration meter in bus.Meters)
            {
                json.WriteStartObject();
                json.WriteString("id", meter.Id);
                json.WriteString("bus", bus.Id);
                json.WriteNumber("unit", meter.Unit);
                json.WriteString("profile", meter.Profile.Reference);
                json.WriteString("trust", meter.Profile.Trust.ToString());
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        WriteChannels(json, table.Channels, RegistersOf(configuration));
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteChannels(Utf8JsonWriter json, IReadOnlyList<Channel> channels, Dictionary<string, RegisterDefinition> registers)
    {
        json.WriteStartArray("channels");
        foreach (Channel channel in channels)
        {
            json.WriteStartObject();
            json.WriteString("id", channel.Id);
            json.WriteString("meter", channel.Meter);
            json.WriteString("unit", channel.Unit);
            json.WriteNumber("decimals", channel.DecimalPlaces);
            json.WriteString("kind", channel.Kind == ChannelKind.Counter ? "counter" : "gauge");
            if (channel.Modulus is long modulus)
            {
                json.WriteNumber("modulus", modulus);
            }

            json.WriteString("profile", channel.Profile);
            if (registers.TryGetValue(channel.Id, out RegisterDefinition? register))
            {
                WriteRegister(json, register);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Where the value stands in the meter: whoever looks at a stored value can find the registers on the wire again.
    private static void WriteRegister(Utf8JsonWriter json, RegisterDefinition register)
    {
        json.WriteStartObject("register");
        json.WriteString("table", register.Table == ModbusTable.InputRegisters ? "input" : "holding");
        json.WriteNumber("address", register.Address);
        json.WriteString("format", register.Format.ToString().ToLowerInvariant());
        json.WriteString("order", register.Order.ToString().ToLowerInvariant());
        json.WriteNumber("numerator", register.Factor.Numerator);
        json.WriteNumber("denominator", register.Factor.Denominator);
        json.WriteBoolean(
            "whole",
            register.FurtherAddresses.Count == 0 && register is { Fraction: null, Rollovers: null, UnitCode: null, Exponent: null });
        json.WriteEndObject();
    }

    private static Dictionary<string, RegisterDefinition> RegistersOf(GatewayConfiguration configuration)
    {
        Dictionary<string, RegisterDefinition> registers = new(StringComparer.Ordinal);
        foreach (MeterConfiguration meter in configuration.Buses.SelectMany(bus => bus.Meters))
        {
            for (int index = 0; index < meter.Channels.Count; index++)
            {
                registers[meter.Channels[index].Id] = meter.Profile.Registers[index];
            }
        }

        return registers;
    }
}
