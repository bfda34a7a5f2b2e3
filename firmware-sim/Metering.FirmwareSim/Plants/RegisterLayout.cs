using Metering.Fieldbus.Modbus;
using Metering.FirmwareSim.Registers;
using Metering.Readings;

namespace Metering.FirmwareSim.Plants;

/// <summary>Which register of which unit a plant's channels stand in. The order of channels is that of <see cref="FieldChannel"/>.</summary>
internal static class RegisterLayout
{
    /// <summary>Decimal places of kWh, kvarh, kW and Nm3.</summary>
    internal const int EnergyDecimals = 1;

    /// <summary>Decimal places of m3.</summary>
    internal const int WaterDecimals = 2;

    private const byte MainsUnit = 1;
    private const byte WaterUnit = 2;
    private const byte GasUnit = 3;
    private const byte ProductionUnit = 4;
    private const byte WeatherUnit = 5;
    private const int WaterAddress = 100;
    private const int GasAddress = 0;
    private const int ProductionAddress = 40;
    private const int WeatherAddress = 10;
    private const int WeatherSentinel = -32768;
    private static readonly (int Minimum, int Maximum) WeatherLimits = (-400, 800);

    /// <summary>The meters of a plant.</summary>
    internal static IReadOnlyList<MeterMap> Of(PlantSpec plant) =>
    [
        Mains(plant.EnergyOrder),
        Water(plant.WaterOrder),
        new()
        {
            Id = "gas", Unit = GasUnit, Profile = "simulated-gas", IsPrintedFromOne = true,
            Channels = [Counter("volume", "Nm3", EnergyDecimals, GasAddress, plant.GasFormat)],
        },
        Production(plant.Production),
        Weather(),
    ];

    /// <summary>Register map of a channel among the meters of <see cref="Of"/>.</summary>
    internal static ChannelMap MapOf(IReadOnlyList<MeterMap> meters, FieldChannel channel) =>
        meters.SelectMany(meter => meter.Channels).ElementAt((int)channel);

    private static MeterMap Mains(RegisterOrder order) => new()
    {
        Id = "mains",
        Unit = MainsUnit,
        Profile = "simulated-energy",
        Channels =
        [
            Counter("active-energy-import", "kWh", EnergyDecimals, 0, RegisterFormat.UInt32) with { Order = order },
            Counter("reactive-energy-import", "kvarh", EnergyDecimals, 2, RegisterFormat.UInt32) with { Order = order },
            new()
            {
                Quantity = "active-power", Unit = "kW", Decimals = EnergyDecimals, Kind = ChannelKind.Gauge, Address = 4,
                Format = RegisterFormat.Int32, Order = order,
            },
        ],
    };

    private static MeterMap Water(RegisterOrder order) => new()
    {
        Id = "water",
        Unit = WaterUnit,
        Profile = "simulated-water",
        Channels =
        [
            Counter("supply-volume", "m3", WaterDecimals, WaterAddress, RegisterFormat.UInt32) with { Order = order },
            Counter("effluent-volume", "m3", WaterDecimals, WaterAddress + 2, RegisterFormat.UInt32) with { Order = order },
        ],
    };

    private static MeterMap Production(ProductionLaw law) => new()
    {
        Id = law.Meter,
        Unit = ProductionUnit,
        Profile = $"simulated-{law.Meter}",
        Channels = [Counter(law.Quantity, law.Unit, law.Decimals, ProductionAddress, law.Format)],
    };

    private static MeterMap Weather() => new()
    {
        Id = "weather",
        Unit = WeatherUnit,
        Profile = "simulated-weather",
        Table = ModbusTable.InputRegisters,
        Channels =
        [
            new()
            {
                Quantity = "outdoor-temperature", Unit = "degC", Decimals = 1, Kind = ChannelKind.Gauge, Address = WeatherAddress,
                Format = RegisterFormat.Int16, Sentinel = WeatherSentinel, Limits = WeatherLimits,
            },
        ],
    };

    private static ChannelMap Counter(string quantity, string unit, int decimals, int address, RegisterFormat format) => new()
    {
        Quantity = quantity, Unit = unit, Decimals = decimals, Kind = ChannelKind.Counter, Address = address, Format = format,
    };
}
