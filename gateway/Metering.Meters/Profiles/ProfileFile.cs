using Metering.Fieldbus.Modbus;
using Metering.Meters.Registers;
using Metering.Meters.Yaml;
using Metering.Readings;

namespace Metering.Meters.Profiles;

/// <summary>Reads device profiles from YAML. Unknown and doubled keys are faults; all faults of a file are told at once.</summary>
public static class ProfileFile
{
    private const int AddressCount = 65_536;
    private const int MaximumRevision = 9_999;
    private const int LargestHole = 64;
    private const int SmallestBlock = 4;
    private const int LargestBlock = 125;

    private static readonly Dictionary<string, ProfileTrust> Trusts = new(StringComparer.Ordinal)
    {
        ["simulated"] = ProfileTrust.Simulated, ["from-document"] = ProfileTrust.FromDocument, ["commissioned"] = ProfileTrust.Commissioned,
    };

    private static readonly Dictionary<string, int> AddressBases = new(StringComparer.Ordinal) { ["wire"] = 0, ["doc1"] = 1 };

    private static readonly Dictionary<string, ModbusTable> Tables = new(StringComparer.Ordinal)
    {
        ["holding"] = ModbusTable.HoldingRegisters, ["input"] = ModbusTable.InputRegisters,
    };

    private static readonly Dictionary<string, RegisterFormat> Formats = new(StringComparer.Ordinal)
    {
        ["uint16"] = RegisterFormat.UInt16, ["int16"] = RegisterFormat.Int16, ["uint32"] = RegisterFormat.UInt32, ["int32"] = RegisterFormat.Int32,
        ["uint64"] = RegisterFormat.UInt64, ["int64"] = RegisterFormat.Int64, ["float32"] = RegisterFormat.Float32, ["float64"] = RegisterFormat.Float64,
    };

    private static readonly Dictionary<string, WordOrder> Orders = new(StringComparer.Ordinal)
    {
        ["abcd"] = WordOrder.Abcd, ["cdab"] = WordOrder.Cdab, ["badc"] = WordOrder.Badc, ["dcba"] = WordOrder.Dcba,
    };

    private static readonly Dictionary<string, ChannelKind> Kinds = new(StringComparer.Ordinal) { ["counter"] = ChannelKind.Counter, ["gauge"] = ChannelKind.Gauge };

    private static readonly Dictionary<string, int> UnitNames = Units.All.Select((unit, index) => (unit, index)).ToDictionary(pair => pair.unit, pair => pair.index, StringComparer.Ordinal);

    /// <summary>Reads one profile.</summary>
    /// <exception cref="YamlFaultException">The file is faulty or cannot be read; one line per fault.</exception>
    public static DeviceProfile Load(string path)
    {
        YamlFaults faults = new();
        DeviceProfile? profile = Load(path, faults);
        faults.ThrowIfAny();
        return profile ?? throw new YamlFaultException($"{path} could not be read");
    }

    /// <summary>Reads one profile and adds what is wrong to a list.</summary>
    /// <returns>Null when anything was wrong.</returns>
    public static DeviceProfile? Load(string path, YamlFaults faults)
    {
        int before = faults.Count;
        YamlSection? root = YamlSection.Load(path, faults);
        if (root is null)
        {
            return null;
        }

        string? name = root.Id("profile");
        long? revision = root.Integer("revision", 1, MaximumRevision);
        string? source = root.Text("source");
        ProfileTrust? trust = root.OneOf("trust", Trusts);
        int? addressBase = root.OneOf("addressing", AddressBases);
        ModbusTable? table = root.OneOf("table", Tables);
        long hole = root.Integer("maximumHole", 0, LargestHole, required: false) ?? 0;
        long block = root.Integer("maximumRegisters", SmallestBlock, LargestBlock, required: false) ?? LargestBlock;
        List<RegisterDefinition> registers = [];
        HashSet<string> quantities = new(StringComparer.Ordinal);
        foreach (YamlSection section in root.Sections("registers"))
        {
            RegisterDefinition? register = ReadRegister(section, addressBase ?? 0, table ?? ModbusTable.HoldingRegisters);
            if (register is not null && !quantities.Add(register.Quantity))
            {
                section.Fault("quantity", $"'{register.Quantity}' is there twice", "give each value a name of its own");
            }
            else if (register is not null)
            {
                registers.Add(register);
            }
        }

        if (name is not null && name != Path.GetFileNameWithoutExtension(path))
        {
            root.Fault("profile", $"'{name}' stands in the file {Path.GetFileName(path)}", $"call the file {name}.yaml");
        }

        root.Close();
        return faults.Count > before || name is null || source is null
            ? null
            : new DeviceProfile
            {
                Name = name,
                Revision = (int)(revision ?? 1),
                Source = source,
                Trust = trust ?? default,
                MaximumHole = (int)hole,
                MaximumRegisters = (int)block,
                Registers = registers,
            };
    }

    private static RegisterDefinition? ReadRegister(YamlSection section, int addressBase, ModbusTable table)
    {
        string? quantity = section.Id("quantity");
        long? address = section.Integer("address", addressBase, AddressCount - 1 + addressBase);
        RegisterFormat? format = section.OneOf("format", Formats);
        WordOrder order = section.OneOf("order", Orders, required: false) ?? WordOrder.Abcd;
        long? decimals = section.Integer("decimals", 0, Channel.MaximumMeterDecimalPlaces);
        _ = section.OneOf("unit", UnitNames);
        string? unit = section.Text("unit", required: false);
        ChannelKind? kind = section.OneOf("kind", Kinds);
        long? modulus = section.Integer("modulus", 1, long.MaxValue, required: false);
        long minimum = section.Integer("minimum", long.MinValue, long.MaxValue, required: false) ?? long.MinValue;
        long maximum = section.Integer("maximum", long.MinValue, long.MaxValue, required: false) ?? long.MaxValue;
        IReadOnlyList<long> sentinels = section.Integers("sentinels", long.MinValue, long.MaxValue);
        section.Close();
        if (quantity is null || address is null || format is null || decimals is null || unit is null || kind is null)
        {
            return null;
        }

        CheckRelations(section, format.Value, order, kind.Value, modulus, minimum, maximum);
        if (address - addressBase + format.Value.RegisterCount() > AddressCount)
        {
            section.Fault("address", "the value runs past register 65535", "check address and format");
            return null;
        }

        return new RegisterDefinition
        {
            Quantity = quantity,
            Table = table,
            Address = (ushort)(address.Value - addressBase),
            Format = format.Value,
            Order = order,
            Decimals = (int)decimals.Value,
            Unit = unit,
            Kind = kind.Value,
            Modulus = modulus,
            Sentinels = sentinels,
            Minimum = minimum,
            Maximum = maximum,
        };
    }

    private static void CheckRelations(
        YamlSection section, RegisterFormat format, WordOrder order, ChannelKind kind, long? modulus, long minimum, long maximum)
    {
        if (modulus is not null && kind != ChannelKind.Counter)
        {
            section.Fault("modulus", "belongs to a counter only", "remove it, or write kind: counter");
        }

        if (minimum > maximum)
        {
            section.Fault("minimum", "is above the maximum", "exchange them; both are scaled integers");
        }

        if (format.RegisterCount() == 1 && order is (WordOrder.Cdab or WordOrder.Dcba))
        {
            section.Fault("order", "one register has no second one to change places with", "write abcd, or badc for swapped bytes");
        }
    }
}
