using Metering.Fieldbus.Modbus;
using Metering.Gateway.Commands.Lines;

namespace Metering.Gateway.Commands.Scanning;

/// <summary>Asks a device what it is (functions 43/14 and 17), and tries the profiles on it.</summary>
internal static class DeviceIdentifier
{
    internal static DeviceIdentity Identify(ModbusClient client, ToolLine line, byte unit, ProfileMatcher matcher) =>
        new() { Name = NameOf(client, line, unit), Candidates = matcher.Match(client, line, unit) };

    private static string? NameOf(ModbusClient client, ToolLine line, byte unit)
    {
        if (client.ReadIdentification(unit, IdentificationAccess.Regular, line.AnswerTimeout, out DeviceIdentification? identification).IsOk && identification is not null)
        {
            string name = Join(identification.VendorName, identification.ProductName ?? identification.ModelName ?? identification.ProductCode, identification.Revision);
            if (name.Length > 0)
            {
                return name;
            }
        }

        return client.ReadServerId(unit, line.AnswerTimeout, out ServerIdentity? server).IsOk && server is { Text.Length: > 0 } ? server.Text : null;
    }

    private static string Join(params string?[] parts) => string.Join(' ', parts.Where(part => !string.IsNullOrWhiteSpace(part)));
}
