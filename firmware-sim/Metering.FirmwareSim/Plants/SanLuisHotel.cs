namespace Metering.FirmwareSim.Plants;

/// <summary>
/// A hotel of about 150 rooms: 0.35 m3 of water per guest-night. Its project saves so little (0.4 %) that no honest method can tell it from nothing.
/// </summary>
internal static class SanLuisHotel
{
    private const double GuestNightsPerDay = 185;

    private static readonly DayShape Guests = new(
        (0, 0.35), (4.5, 0.2), (6, 0.9), (7.5, 2), (9, 1.7), (10.5, 1.1), (13, 0.8), (16, 0.7), (18.5, 1.1), (20, 1.6), (22, 1.3), (23.5, 0.6));

    private static readonly DayShape House = new((0, 0.7), (5, 0.7), (8, 1.05), (14, 1.1), (19, 1.3), (22, 1.2), (23.5, 0.8));

    // Guests are counted as they check in.
    private static readonly DayShape CheckIn = new((0, 0.15), (1, 0.02), (11, 0.05), (13, 0.5), (15, 1.8), (18, 1.6), (21, 1), (23.5, 0.3));

    /// <summary>The plant.</summary>
    internal static PlantSpec Spec { get; } = new()
    {
        Id = "san-luis-hotel",
        Name = new("Hotel San Luis 1 (simulado)", "San Luis hotel 1 (simulated)"),
        Sector = "hotel",
        State = "San Luis Potosí",
        IsSerial = true,
        ReactivePerActive = 0.3,
        EffluentShare = 0.8,
        EffluentDelay = TimeSpan.FromMinutes(30),
        Weather = new(-1.0, 1.06),
        Energy = new()
        {
            Base = 1_050, PerProduction = 6.1, PerCoolingDegree = 140, PerWorkday = 60, NoiseDeviation = 75, Unevenness = 0.06,
            BaseShape = House, ProductionShape = Guests,
        },
        Water = new()
        {
            Base = 21, PerProduction = 0.235, PerCoolingDegree = 1.1, PerWorkday = 3, NoiseDeviation = 3.9, Unevenness = 0.22,
            BaseShape = House, ProductionShape = Guests,
        },
        Gas = new()
        {
            Base = 62, PerProduction = 0.48, PerHeatingDegree = 7, NoiseDeviation = 8, Unevenness = 0.18,
            BaseShape = House, ProductionShape = Guests,
        },
        Production = new()
        {
            Meter = "front-desk", Quantity = "guest-nights", Unit = "guest-nights", PerDay = GuestNightsPerDay,
            Weekdays = [0.86, 0.88, 0.95, 0.98, 1.02, 1.16, 1.2], Months = [0.9, 0.93, 1.02, 1.04, 0.98, 0.97, 1.08, 1.06, 0.95, 0.98, 1, 1.02],
            Holiday = 1.12, HolyWeek = 1.22, YearEnd = 1.15, Trend = 0.03, Deviation = 0.1, Rho = 0.6, Shape = CheckIn,
        },
        Measure = new()
        {
            Id = "pml-005", Channel = FieldChannel.Water, Resource = "water", BaselineMonths = 12, OfProduction = 0.0062,
            Title = new("Agua en habitaciones", "Water in guest rooms"),
            Measure = new("Aireadores en lavabos de una planta del edificio", "Tap aerators on one floor of the building"),
        },
        Faults =
        [
            new(FaultKind.Gap, FieldChannel.Water, 0.588, TimeSpan.FromHours(20)),
            new(FaultKind.Silence, FieldChannel.Gas, 0.471, TimeSpan.FromHours(1)),
            new(FaultKind.Rollover, FieldChannel.Gas, 0.713, TimeSpan.Zero),
            new(FaultKind.Reset, FieldChannel.ReactiveEnergy, 0.334, TimeSpan.Zero),
        ],
    };
}
