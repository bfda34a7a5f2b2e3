using Metering.FirmwareSim.Registers;

namespace Metering.FirmwareSim.Plants;

/// <summary>
/// A tannery of about 600 hides (15 t salted) a day in two shifts: 20 m3 of water per tonne, in the usual 15 to 50.
/// </summary>
internal static class LeonTannery
{
    private const double HidesPerDay = 600;

    private static readonly DayShape TwoShifts = new(
        (0, 0.06), (5.5, 0.08), (6.25, 0.9), (9, 1), (9.5, 0.7), (10, 1), (13.5, 0.95), (14, 0.75), (14.5, 1), (18, 0.95), (18.5, 0.65), (19, 0.9), (21.25, 0.75), (22.25, 0.06));

    private static readonly DayShape OneShift = new((0, 0.05), (5.5, 0.08), (6.25, 0.9), (9, 1), (9.5, 0.7), (10, 1), (13.25, 0.8), (14.25, 0.05));

    // Soaking fills the drums at the beginning of a shift, rinsing runs before its end.
    private static readonly DayShape DrumFillings = new(
        (0, 0.03), (5.75, 0.05), (6.25, 1.6), (7.75, 1.4), (8.25, 0.6), (11, 0.75), (12, 1.2), (13.5, 1.1), (14.25, 1.3), (15.5, 0.9), (17, 0.6), (19.5, 1.1), (21.25, 0.8), (22.25, 0.03));

    private static readonly DayShape SaturdayFillings = new((0, 0.03), (5.75, 0.05), (6.25, 1.6), (7.75, 1.4), (8.25, 0.6), (11, 0.9), (13, 1), (14.25, 0.03));

    /// <summary>The plant.</summary>
    internal static PlantSpec Spec { get; } = new()
    {
        Id = "leon-tannery",
        Name = new("Curtiduría León 1 (simulada)", "León tannery 1 (simulated)"),
        Sector = "tannery",
        State = "Guanajuato",
        ReactivePerActive = 0.52,
        EffluentShare = 0.86,
        EffluentDelay = TimeSpan.FromHours(3),
        Weather = new(0, 1),
        Energy = new()
        {
            Base = 980, PerProduction = 4.3, PerCoolingDegree = 32, PerWorkday = 320, NoiseDeviation = 95, NoiseRho = 0.35,
            ProductionShape = TwoShifts, SaturdayShape = OneShift,
        },
        Water = new()
        {
            Base = 52, PerProduction = 0.42, PerWorkday = 18, NoiseDeviation = 9, NoiseRho = 0.35, Unevenness = 0.3,
            ProductionShape = DrumFillings, SaturdayShape = SaturdayFillings,
        },
        Gas = new()
        {
            Base = 190, PerProduction = 2.9, PerHeatingDegree = 28, PerWorkday = 60, NoiseDeviation = 34, NoiseRho = 0.3, Unevenness = 0.15,
            ProductionShape = TwoShifts, SaturdayShape = OneShift,
        },
        Production = new()
        {
            Meter = "hides", Quantity = "count", Unit = "pieces", Format = RegisterFormat.UInt16, PerDay = HidesPerDay,
            Weekdays = [0, 1, 1.02, 1.02, 1, 0.97, 0.5], Months = [0.96, 1, 1, 0.98, 0.97, 0.98, 0.95, 1, 1.03, 1.06, 1.07, 0.98],
            Trend = 0.03, Deviation = 0.08, Shape = TwoShifts, SaturdayShape = OneShift,
        },
        Measure = new()
        {
            Id = "pml-001", Channel = FieldChannel.Water, Resource = "water", BaselineMonths = 12, OfProduction = 0.245,
            Title = new("Agua de proceso en ribera", "Process water in the beamhouse"),
            Measure = new("Enjuagues por lotes en lugar de enjuague continuo, con limitadores de caudal", "Batch rinses instead of running rinses, with flow limiters"),
        },
        Faults =
        [
            new(FaultKind.Gap, FieldChannel.Water, 0.312, TimeSpan.FromHours(26)),
            new(FaultKind.Gap, FieldChannel.ActiveEnergy, 0.741, TimeSpan.FromHours(5)),
            new(FaultKind.Rollover, FieldChannel.Production, 0.118, TimeSpan.Zero),
            new(FaultKind.Reset, FieldChannel.Gas, 0.452, TimeSpan.Zero),
        ],
    };
}
