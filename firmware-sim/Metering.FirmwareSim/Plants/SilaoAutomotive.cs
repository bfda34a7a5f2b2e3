namespace Metering.FirmwareSim.Plants;

/// <summary>
/// A vehicle plant of about 140 bodies a day in three shifts, some 600 kWh each; the national figure was 706 kWh per vehicle in 2019.
/// </summary>
internal static class SilaoAutomotive
{
    private const double VehiclesPerDay = 140;

    // Shift changes at 6:30, 14:30 and 22:30, a meal break in each shift.
    private static readonly DayShape ThreeShifts = new(
        (0, 0.85), (2.25, 0.85), (2.5, 0.45), (2.75, 0.85), (6.25, 0.82), (6.5, 0.5), (7, 1), (10.25, 1.02), (10.5, 0.6), (10.75, 1), (14.25, 0.98), (14.5, 0.5),
        (15, 1), (18.25, 0.98), (18.5, 0.58), (18.75, 0.97), (22.25, 0.9), (22.5, 0.45), (23, 0.85));

    private static readonly DayShape SaturdayShift = new((0, 0.8), (5.5, 0.7), (6.5, 0.5), (7, 1), (10.25, 1), (10.5, 0.6), (10.75, 1), (14.25, 0.9), (15, 0.05));

    private static readonly DayShape IdleBase = new((0, 0.95), (7, 1), (12, 1.05), (19, 1.05), (21, 1));

    /// <summary>The plant.</summary>
    internal static PlantSpec Spec { get; } = new()
    {
        Id = "silao-automotive",
        Name = new("Armadora Silao 1 (simulada)", "Silao vehicle plant 1 (simulated)"),
        Sector = "automotive",
        State = "Guanajuato",
        ReactivePerActive = 0.44,
        EffluentShare = 0.74,
        EffluentDelay = TimeSpan.FromHours(5),
        Weather = new(0.3, 1.02),
        Energy = new()
        {
            Base = 21_500, PerProduction = 365, PerCoolingDegree = 850, PerWorkday = 4_200, NoiseDeviation = 1_850, Unevenness = 0.035,
            BaseShape = IdleBase, ProductionShape = ThreeShifts, SaturdayShape = SaturdayShift,
        },
        Water = new()
        {
            Base = 92, PerProduction = 3.05, PerCoolingDegree = 6, NoiseDeviation = 15, Unevenness = 0.15,
            ProductionShape = ThreeShifts, SaturdayShape = SaturdayShift,
        },
        Gas = new()
        {
            Base = 690, PerProduction = 23, PerHeatingDegree = 110, NoiseDeviation = 115, Unevenness = 0.08,
            ProductionShape = ThreeShifts, SaturdayShape = SaturdayShift,
        },
        Production = new()
        {
            Meter = "vehicles", Quantity = "count", Unit = "vehicles", PerDay = VehiclesPerDay,
            Weekdays = [0, 1, 1, 1, 1, 1, 0.42], Months = [1, 1, 1.02, 1, 1, 1.01, 0.94, 1, 1.02, 1.03, 1.02, 0.95],
            Trend = 0.04, Deviation = 0.09, Rho = 0.55, Shape = ThreeShifts, SaturdayShape = SaturdayShift,
        },
        Measure = new()
        {
            Id = "pml-002", Channel = FieldChannel.ActiveEnergy, Resource = "electricity", BaselineMonths = 13, OfBase = 0.22, OfProduction = 0.036,
            Title = new("Aire comprimido en carrocería y pintura", "Compressed air in body and paint"),
            Measure = new("Eliminación de fugas de aire comprimido y presión de red más baja", "Compressed-air leaks closed and network pressure lowered"),
        },
        Faults =
        [
            new(FaultKind.Gap, FieldChannel.Production, 0.223, TimeSpan.FromHours(2)),
            new(FaultKind.Gap, FieldChannel.ActiveEnergy, 0.664, TimeSpan.FromHours(44)),
            new(FaultKind.Gap, FieldChannel.Gas, 0.851, TimeSpan.FromHours(9)),
            new(FaultKind.Rollover, FieldChannel.ActiveEnergy, 0.574, TimeSpan.Zero),
            new(FaultKind.Reset, FieldChannel.Water, 0.366, TimeSpan.Zero),
        ],
    };
}
