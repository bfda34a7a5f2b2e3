using System.Globalization;
using Metering.Fieldbus.Modbus;
using Metering.Meters.Polling;
using Metering.Meters.Profiles;
using Metering.Meters.Yaml;
using Metering.Readings;
using Metering.Tests.Support;

namespace Metering.Tests.Meters;

/// <summary>What a device of the golden folder holds in one case, and what must be read from it.</summary>
internal sealed record GoldenCase(string Profile, string Case, ModbusTable Table, IReadOnlyDictionary<int, ushort> Registers, IReadOnlyList<GoldenReading> Readings)
{
    internal static string Folder => Repository.Path("tests", "golden", "profiles");

    internal static IEnumerable<string> Profiles =>
        Directory.GetFiles(Repository.Path("gateway", "profiles"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    internal static DeviceProfile Load(string profile) => ProfileFile.Load(Repository.Path("gateway", "profiles", profile + ".yaml"));

    internal static IReadOnlyList<GoldenCase> Of(string profile)
    {
        YamlFaults faults = new();
        YamlSection root = YamlSection.Load(Path.Combine(Folder, profile + ".yaml"), faults)!;
        faults.ThrowIfAny();
        ModbusTable table = (ModbusTable)root.Integer("function", 3, 4)!.Value;
        string name = root.Id("profile")!;
        List<GoldenCase> cases = [];
        foreach (YamlSection section in root.Sections("cases"))
        {
            Dictionary<int, ushort> registers = [];
            foreach (YamlSection run in section.Sections("registers"))
            {
                int address = (int)run.Integer("at", 0, 65_535)!.Value;
                foreach (string word in run.Text("words")!.Split(' '))
                {
                    registers.Add(address++, ushort.Parse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                }
            }

            cases.Add(new(name, section.Id("case")!, table, registers, [.. section.Sections("readings").Select(reading =>
                new GoldenReading(reading.Text("quantity")!, reading.Text("value")!, reading.Text("unit")!, reading.Text("quality")!))]));
        }

        faults.ThrowIfAny();
        return cases;
    }
}

internal sealed record GoldenReading(string Quantity, string Value, string Unit, string Quality);

/// <summary>A device that holds an image, and answers what it does not hold with exception 2 or, when told so, with zeros.</summary>
internal sealed class ImageDevice(ModbusTable table, IReadOnlyDictionary<int, ushort> registers, bool answersHoles = false) : IModbusDevice
{
    public ModbusAnswer Read(byte unit, ModbusTable asked, ushort start, Span<ushort> destination)
    {
        for (int index = 0; index < destination.Length; index++)
        {
            ushort value = 0;
            if (asked != table || (!registers.TryGetValue(start + index, out value) && !answersHoles))
            {
                return ModbusAnswer.Exception(ModbusExceptionCode.IllegalDataAddress);
            }

            destination[index] = value;
        }

        return ModbusAnswer.Ok;
    }
}

/// <summary>Reads a device with a profile over real sockets.</summary>
internal static class ProfileReader
{
    private const long Slot = 1_767_225_600_000;

    internal static Reading[] Read(DeviceProfile profile, IModbusDevice device)
    {
        using ModbusTcpServer server = new(new(System.Net.IPAddress.Loopback, 0), device);
        server.Start();
        using ModbusClient client = new(new TcpTransport("127.0.0.1", server.LocalEndPoint.Port, new TcpTransportOptions()));
        client.Transport.Open();
        Reading[] readings = new Reading[profile.Registers.Count];
        _ = new MeterReader(profile, 1, 0, TimeSpan.FromSeconds(5)).Read(client, Slot, retriesSilence: true, readings);
        return readings;
    }

    internal static GoldenReading Text(RegisterDefinition register, Reading reading) => new(
        register.Quantity,
        reading.HasValue ? (reading.ScaledValue / (decimal)Math.Pow(10, register.Decimals)).ToString("F" + register.Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : "-",
        register.Unit,
        reading.Quality.ToString());
}
