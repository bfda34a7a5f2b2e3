using Metering.Fieldbus.Modbus;
using Metering.Meters.Registers;
using Metering.Readings;

namespace Metering.Meters.Profiles;

/// <summary>The closed sets of words of a profile.</summary>
internal static class ProfileWords
{
    internal static readonly Dictionary<string, ProfileTrust> Trusts = new(StringComparer.Ordinal)
    {
        ["simulated"] = ProfileTrust.Simulated, ["from-document"] = ProfileTrust.FromDocument, ["commissioned"] = ProfileTrust.Commissioned,
    };

    internal static readonly Dictionary<string, int> AddressBases = new(StringComparer.Ordinal) { ["wire"] = 0, ["doc1"] = 1 };

    internal static readonly Dictionary<string, ModbusTable> Tables = new(StringComparer.Ordinal)
    {
        ["holding"] = ModbusTable.HoldingRegisters, ["input"] = ModbusTable.InputRegisters,
    };

    internal static readonly Dictionary<string, RegisterFormat> Formats = new(StringComparer.Ordinal)
    {
        ["uint16"] = RegisterFormat.UInt16, ["int16"] = RegisterFormat.Int16, ["uint32"] = RegisterFormat.UInt32, ["int32"] = RegisterFormat.Int32,
        ["uint64"] = RegisterFormat.UInt64, ["int64"] = RegisterFormat.Int64, ["float32"] = RegisterFormat.Float32, ["float64"] = RegisterFormat.Float64,
    };

    /// <summary>Formats of codes, counts and exponents: integers that always fit.</summary>
    internal static readonly Dictionary<string, RegisterFormat> SmallIntegers = Formats.Take(4).ToDictionary(StringComparer.Ordinal);

    internal static readonly Dictionary<string, RegisterFormat> FloatingFormats = Formats.Skip(6).ToDictionary(StringComparer.Ordinal);

    internal static readonly Dictionary<string, WordOrder> Orders = new(StringComparer.Ordinal)
    {
        ["abcd"] = WordOrder.Abcd, ["cdab"] = WordOrder.Cdab, ["badc"] = WordOrder.Badc, ["dcba"] = WordOrder.Dcba,
    };

    internal static readonly Dictionary<string, ChannelKind> Kinds = new(StringComparer.Ordinal) { ["counter"] = ChannelKind.Counter, ["gauge"] = ChannelKind.Gauge };

    internal static readonly Dictionary<string, RateClass> Rates = new(StringComparer.Ordinal)
    {
        ["fast"] = RateClass.Fast, ["normal"] = RateClass.Normal, ["slow"] = RateClass.Slow,
    };

    internal static readonly Dictionary<string, TransformerSide> Sides = new(StringComparer.Ordinal)
    {
        ["ct"] = TransformerSide.Current, ["pt"] = TransformerSide.Voltage, ["ct-pt"] = TransformerSide.CurrentAndVoltage,
    };

    internal static readonly Dictionary<string, Medium> Mediums = new(StringComparer.Ordinal)
    {
        ["energy"] = Medium.Energy, ["water"] = Medium.Water, ["heat"] = Medium.Heat, ["effluent"] = Medium.Effluent, ["gas"] = Medium.Gas, ["air"] = Medium.Air,
    };

    internal static readonly Dictionary<string, ConfidenceGrade> Grades = new(StringComparer.Ordinal)
    {
        ["A"] = ConfidenceGrade.A, ["B"] = ConfidenceGrade.B, ["C"] = ConfidenceGrade.C,
    };

    internal static readonly Dictionary<string, IdentificationMethod> Methods = new(StringComparer.Ordinal)
    {
        ["device-object"] = IdentificationMethod.DeviceObject, ["server-id"] = IdentificationMethod.ServerId, ["registers"] = IdentificationMethod.Registers,
    };

    /// <summary>The word for a value.</summary>
    internal static string Of<T>(Dictionary<string, T> words, T value)
        where T : struct => words.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Key;
}
