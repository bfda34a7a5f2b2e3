using Metering.FirmwareSim.Registers;

namespace Metering.FirmwareSim.Plants;

/// <summary>A hospital of 130 beds: 0.6 m3 of water per bed-day, as the published 537 to 720 L; chillers take a quarter of its electricity.</summary>
internal static class QueretaroHospital
{
    private const double BedDaysPerDay = 104;

    private static readonly DayShape Clinics = new((0, 0.25), (5.5, 0.3), (7.5, 1.1), (9, 1.4), (13, 1.35), (15, 1.2), (18, 0.9), (20.5, 0.5), (23, 0.25));

    private static readonly DayShape Wards = new((0, 0.55), (4.5, 0.5), (6, 1), (7.5, 1.7), (9.5, 1.4), (12, 1.2), (14, 1.3), (17, 1), (19.5, 1.3), (21.5, 0.9), (23.5, 0.6));

    private static readonly DayShape AlwaysOn = new((0, 0.88), (6, 0.9), (8, 1.06), (14, 1.1), (19, 1.05), (22, 0.92));

    // A patient in bed counts all day long: 24 increments of the census.
    private static readonly DayShape Census = DayShape.Flat;

    /// <summary>The plant.</summary>
    internal static PlantSpec Spec { get; } = new()
    {
        Id = "queretaro-hospital",
        Name = new("Hospital Querétaro 1 (simulado)", "Querétaro hospital 1 (simulated)"),
        Sector = "hospital",
        State = "Querétaro",
        WaterOrder = RegisterOrder.Cdab,
        ReactivePerActive = 0.34,
        EffluentShare = 0.84,
        EffluentDelay = TimeSpan.FromMinutes(45),
        Weather = new(-0.4, 0.98),
        Energy = new()
        {
            Base = 5_100, PerProduction = 13, PerCoolingDegree = 690, PerWorkday = 1_150, NoiseDeviation = 270, Unevenness = 0.03,
            BaseShape = AlwaysOn, ProductionShape = Clinics,
        },
        Water = new()
        {
            Base = 20, PerProduction = 0.41, PerCoolingDegree = 1.2, PerWorkday = 7, NoiseDeviation = 3, Unevenness = 0.15,
            BaseShape = AlwaysOn, ProductionShape = Wards,
        },
        Gas = new()
        {
            Base = 260, PerProduction = 1.7, PerHeatingDegree = 24, PerWorkday = 40, NoiseDeviation = 22, Unevenness = 0.12,
            BaseShape = AlwaysOn, ProductionShape = Wards,
        },
        Production = new()
        {
            Meter = "wards", Quantity = "bed-days", Unit = "bed-days", Format = RegisterFormat.UInt16, PerDay = BedDaysPerDay,
            Weekdays = [0.9, 0.99, 1.03, 1.05, 1.05, 1.02, 0.94], Months = [1.06, 1.04, 1.01, 0.97, 0.97, 0.98, 0.98, 0.99, 1, 1, 1.01, 1],
            Holiday = 0.9, HolyWeek = 0.88, YearEnd = 0.84, Trend = 0.02, Deviation = 0.06, Rho = 0.7, Shape = Census,
        },
        Measure = new()
        {
            Id = "pml-004", Channel = FieldChannel.ActiveEnergy, Resource = "electricity", BaselineMonths = 13, OfBase = 0.025, OfCooling = 0.25,
            Title = new("Planta de agua helada", "Chilled-water plant"),
            Measure = new("Secuencia de enfriadores según la carga y agua helada a mayor temperatura", "Chillers sequenced by load and warmer chilled water"),
        },
        Faults =
        [
            new(FaultKind.Gap, FieldChannel.Temperature, 0.411, TimeSpan.FromHours(30)),
            new(FaultKind.Gap, FieldChannel.ActiveEnergy, 0.903, TimeSpan.FromHours(3)),
            new(FaultKind.Rollover, FieldChannel.Production, 0.627, TimeSpan.Zero),
            new(FaultKind.Reset, FieldChannel.Effluent, 0.274, TimeSpan.Zero),
        ],
    };
}
