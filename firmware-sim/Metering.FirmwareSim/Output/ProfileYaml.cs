using System.Diagnostics;
using System.Globalization;
using System.Text;
using Metering.Fieldbus.Modbus;
using Metering.FirmwareSim.Registers;
using Metering.Readings;

namespace Metering.FirmwareSim.Output;

/// <summary>The device profile of a simulated meter.</summary>
internal static class ProfileYaml
{
    /// <summary>The text for a meter.</summary>
    internal static string Of(MeterMap meter)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"""
            profile: {meter.Profile}
            revision: 1
            source: "register map of the simulated field"
            trust: simulated
            addressing: {(meter.IsPrintedFromOne ? "doc1" : "wire")}
            table: {(meter.Table == ModbusTable.InputRegisters ? "input" : "holding")}
            registers:

            """);
        foreach (ChannelMap channel in meter.Channels)
        {
            text.Append("  - { ").Append(Register(channel, meter.IsPrintedFromOne ? 1 : 0)).Append(" }\n");
        }

        return text.ToString();
    }

    /// <summary>The name of a format in a profile.</summary>
    internal static string Name(RegisterFormat format) => format switch
    {
        RegisterFormat.UInt16 => "uint16",
        RegisterFormat.Int16 => "int16",
        RegisterFormat.UInt32 => "uint32",
        RegisterFormat.Int32 => "int32",
        RegisterFormat.UInt64 => "uint64",
        RegisterFormat.Float32 => "float32",
        _ => throw new UnreachableException(),
    };

    private static string Register(ChannelMap channel, int firstAddress)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"quantity: {channel.Quantity}, address: {channel.Address + firstAddress}, format: {Name(channel.Format)}");
        if (channel.EndAddress - channel.Address > 1)
        {
            text.Append(", order: ").Append(channel.Order switch
            {
                RegisterOrder.Abcd => "abcd",
                RegisterOrder.Cdab => "cdab",
                RegisterOrder.Badc => "badc",
                RegisterOrder.Dcba => "dcba",
                _ => throw new UnreachableException(),
            });
        }

        text.Append(CultureInfo.InvariantCulture, $", decimals: {channel.Decimals}, unit: {YamlText.Quote(channel.Unit)}");
        text.Append(channel.Kind == ChannelKind.Counter ? ", kind: counter" : ", kind: gauge");
        if (channel.Kind == ChannelKind.Counter && RegisterCodec.Modulus(channel.Format) is { } modulus)
        {
            text.Append(CultureInfo.InvariantCulture, $", modulus: {modulus}");
        }

        if (channel.Sentinel is { } sentinel)
        {
            text.Append(CultureInfo.InvariantCulture, $", sentinels: [ {sentinel} ]");
        }

        if (channel.Limits is var (minimum, maximum))
        {
            text.Append(CultureInfo.InvariantCulture, $", minimum: {minimum}, maximum: {maximum}");
        }

        return text.ToString();
    }
}
