using Metering.FirmwareSim.Registers;

namespace Metering.FirmwareSim.Plants;

/// <summary>A chemical plant of about 85 t a day, day and night; a sector too mixed for a benchmark, so its own baseline is all there is.</summary>
internal static class SalamancaChemical
{
    private const double TonnesPerDay = 85;

    // Batches of about four hours on two reactors: steam is drawn while they heat up.
    private static readonly DayShape Batches = new(
        (0, 1.2), (1.5, 0.8), (3, 0.9), (4, 1.25), (5.5, 0.8), (7, 0.9), (8, 1.3), (9.5, 0.85), (11, 0.95), (12, 1.3), (13.5, 0.85), (15, 0.9), (16, 1.3), (17.5, 0.85), (19, 0.9),
        (20, 1.25), (21.5, 0.8), (23, 0.9), (24, 1.2));

    private static readonly DayShape Continuous = new((0, 0.97), (6, 0.96), (9, 1.04), (17, 1.04), (21, 0.98));

    /// <summary>The plant.</summary>
    internal static PlantSpec Spec { get; } = new()
    {
        Id = "salamanca-chemical",
        Name = new("Química Salamanca 1 (simulada)", "Salamanca chemical plant 1 (simulated)"),
        Sector = "chemical",
        State = "Guanajuato",
        EnergyOrder = RegisterOrder.Cdab,
        WaterOrder = RegisterOrder.Badc,
        GasFormat = RegisterFormat.UInt64,
        ReactivePerActive = 0.38,
        EffluentShare = 0.58,
        EffluentDelay = TimeSpan.FromHours(6),
        Weather = new(1.1, 1.05),
        Energy = new()
        {
            Base = 6_400, PerProduction = 305, PerCoolingDegree = 240, PerWorkday = 900, NoiseDeviation = 700, Unevenness = 0.03,
            ProductionShape = Continuous,
        },
        Water = new()
        {
            Base = 66, PerProduction = 2.9, PerCoolingDegree = 9, NoiseDeviation = 10, Unevenness = 0.12, ProductionShape = Continuous,
        },
        Gas = new()
        {
            Base = 1_750, PerProduction = 94, PerHeatingDegree = 115, NoiseDeviation = 260, NoiseRho = 0.45, Unevenness = 0.08,
            ProductionShape = Batches,
        },
        Production = new()
        {
            Meter = "product", Quantity = "mass", Unit = "t", Decimals = 1, PerDay = TonnesPerDay,
            Weekdays = [0.93, 1, 1.01, 1.01, 1.01, 1, 0.96], Months = [0.95, 0.98, 1, 1.03, 1.04, 1.02, 0.98, 0.97, 1, 1.02, 1.03, 0.96],
            Holiday = 0.9, HolyWeek = 0.35, YearEnd = 0.2, Trend = -0.02, Deviation = 0.1, Rho = 0.6, Shape = Continuous,
        },
        Measure = new()
        {
            Id = "pml-003", Channel = FieldChannel.Gas, Resource = "gas", BaselineMonths = 12, OfBase = 0.1, OfProduction = 0.127,
            Title = new("Vapor y retorno de condensado", "Steam and condensate return"),
            Measure = new("Retorno de condensado a la caldera y reparación de trampas de vapor", "Condensate returned to the boiler and steam traps repaired"),
        },
        Faults =
        [
            new(FaultKind.Gap, FieldChannel.Gas, 0.683, TimeSpan.FromHours(12)),
            new(FaultKind.Rollover, FieldChannel.Water, 0.405, TimeSpan.Zero),
            new(FaultKind.Reset, FieldChannel.ReactiveEnergy, 0.523, TimeSpan.Zero),
        ],
    };
}
