using Metering.FirmwareSim.Registers;

namespace Metering.FirmwareSim.Plants;

/// <summary>The channels every simulated plant has, in the order of its registers.</summary>
internal enum FieldChannel
{
    /// <summary>Electricity bought, kWh.</summary>
    ActiveEnergy,

    /// <summary>Reactive energy, kvarh.</summary>
    ReactiveEnergy,

    /// <summary>Mean power of the slot, kW.</summary>
    Power,

    /// <summary>Water taken in, m3.</summary>
    Water,

    /// <summary>Waste water, m3.</summary>
    Effluent,

    /// <summary>Natural gas, Nm3.</summary>
    Gas,

    /// <summary>What the plant makes.</summary>
    Production,

    /// <summary>Outdoor temperature, degC.</summary>
    Temperature,
}

/// <summary>A text in the two languages of the product.</summary>
internal readonly record struct LocalText(string Spanish, string English);

/// <summary>
/// What a day's use is made of, in the channel's unit per day:
/// Base + PerProduction x production + PerCoolingDegree x max(0, T - 18) + PerHeatingDegree x max(0, 18 - T) + PerWorkday + noise.
/// </summary>
internal sealed record UseLaw
{
    /// <summary>What is used even when nothing is made. Keep it above five times <see cref="NoiseDeviation"/>: use cannot be negative.</summary>
    public required double Base { get; init; }

    /// <summary>Per unit of production.</summary>
    public double PerProduction { get; init; }

    /// <summary>Per degree-day above 18 degC.</summary>
    public double PerCoolingDegree { get; init; }

    /// <summary>Per degree-day below 18 degC.</summary>
    public double PerHeatingDegree { get; init; }

    /// <summary>On a workday of the calendar, shutdown or not: offices, cleaning, maintenance.</summary>
    public double PerWorkday { get; init; }

    /// <summary>Standard deviation of the daily noise.</summary>
    public required double NoiseDeviation { get; init; }

    /// <summary>Correlation of the noise from day to day.</summary>
    public double NoiseRho { get; init; } = 0.4;

    /// <summary>Over the day, for what does not depend on production.</summary>
    public DayShape BaseShape { get; init; } = DayShape.Flat;

    /// <summary>Over the day, for what production and workdays take.</summary>
    public required DayShape ProductionShape { get; init; }

    /// <summary>The same on Saturdays; null when they are like other days.</summary>
    public DayShape? SaturdayShape { get; init; }

    /// <summary>How uneven single slots are, as a share of their value.</summary>
    public double Unevenness { get; init; } = 0.06;
}

/// <summary>What a plant makes per day. The day's amount is a whole number of register steps.</summary>
internal sealed record ProductionLaw
{
    /// <summary>Meter id of the counter.</summary>
    public required string Meter { get; init; }

    /// <summary>Quantity of the counter.</summary>
    public required string Quantity { get; init; }

    /// <summary>Unit, one of the known units.</summary>
    public required string Unit { get; init; }

    /// <summary>Decimal places of the counter.</summary>
    public int Decimals { get; init; }

    /// <summary>Width of the counter; a narrow one rolls over.</summary>
    public RegisterFormat Format { get; init; } = RegisterFormat.UInt32;

    /// <summary>Amount of an ordinary day.</summary>
    public required double PerDay { get; init; }

    /// <summary>Factors Sunday to Saturday.</summary>
    public required double[] Weekdays { get; init; }

    /// <summary>Factors January to December.</summary>
    public double[] Months { get; init; } = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];

    /// <summary>Factor on statutory holidays.</summary>
    public double Holiday { get; init; }

    /// <summary>Factor in Holy Week.</summary>
    public double HolyWeek { get; init; }

    /// <summary>Factor from 22 December to 1 January.</summary>
    public double YearEnd { get; init; }

    /// <summary>Growth per year, as a share.</summary>
    public double Trend { get; init; }

    /// <summary>Standard deviation of the day's amount, as a share.</summary>
    public double Deviation { get; init; } = 0.07;

    /// <summary>Correlation of that deviation from day to day.</summary>
    public double Rho { get; init; } = 0.5;

    /// <summary>Over the day when output is counted.</summary>
    public required DayShape Shape { get; init; }

    /// <summary>The same on Saturdays; null when they are like other days.</summary>
    public DayShape? SaturdayShape { get; init; }
}

/// <summary>How the plant's weather differs from León's.</summary>
/// <param name="OffsetDegrees">Warmer (positive) or colder, degC.</param>
/// <param name="SwingFactor">Daily swing relative to León's.</param>
internal readonly record struct WeatherLaw(double OffsetDegrees, double SwingFactor);

/// <summary>A cleaner-production measure: which use it lowers, and by which share of each part of the law.</summary>
internal sealed record MeasureSpec
{
    /// <summary>Project id.</summary>
    public required string Id { get; init; }

    /// <summary>The counter whose use it lowers.</summary>
    public required FieldChannel Channel { get; init; }

    /// <summary>Resource: electricity, water or gas.</summary>
    public required string Resource { get; init; }

    /// <summary>Title of the project.</summary>
    public required LocalText Title { get; init; }

    /// <summary>What is done.</summary>
    public required LocalText Measure { get; init; }

    /// <summary>Months of baseline, about 12.</summary>
    public required int BaselineMonths { get; init; }

    /// <summary>Share of <see cref="UseLaw.Base"/> saved.</summary>
    public double OfBase { get; init; }

    /// <summary>Share of the production part saved.</summary>
    public double OfProduction { get; init; }

    /// <summary>Share of the cooling part saved.</summary>
    public double OfCooling { get; init; }

    /// <summary>Share of the heating part saved.</summary>
    public double OfHeating { get; init; }
}

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    /// <summary>The meter answers exception 0x0B.</summary>
    Gap,

    /// <summary>The meter does not answer.</summary>
    Silence,

    /// <summary>The counter passes its modulus at this moment.</summary>
    Rollover,

    /// <summary>The counter is set to 0.</summary>
    Reset,
}

/// <summary>A fault of a plant, placed in the history by share so that it moves with it.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Channel">The channel; a gap or silence takes its whole meter.</param>
/// <param name="At">When it begins: share of the history, 0 to 1.</param>
/// <param name="Length">How long it lasts; zero for a rollover and a reset.</param>
internal readonly record struct FaultSpec(FaultKind Kind, FieldChannel Channel, double At, TimeSpan Length);

/// <summary>Everything about one simulated plant. All plants have the same eight channels; see <see cref="FieldChannel"/>.</summary>
internal sealed record PlantSpec
{
    /// <summary>Plant and gateway id.</summary>
    public required string Id { get; init; }

    /// <summary>Name; says that the plant is simulated.</summary>
    public required LocalText Name { get; init; }

    /// <summary>Sector word of the programme.</summary>
    public required string Sector { get; init; }

    /// <summary>Federal state.</summary>
    public required string State { get; init; }

    /// <summary>Serves on a serial line instead of TCP.</summary>
    public bool IsSerial { get; init; }

    /// <summary>Byte order of the electricity meter.</summary>
    public RegisterOrder EnergyOrder { get; init; }

    /// <summary>Byte order of the water meter.</summary>
    public RegisterOrder WaterOrder { get; init; }

    /// <summary>Width of the gas counter.</summary>
    public RegisterFormat GasFormat { get; init; } = RegisterFormat.UInt32;

    /// <summary>Electricity, kWh.</summary>
    public required UseLaw Energy { get; init; }

    /// <summary>kvarh per kWh.</summary>
    public required double ReactivePerActive { get; init; }

    /// <summary>Water, m3.</summary>
    public required UseLaw Water { get; init; }

    /// <summary>Share of the water that leaves as waste water.</summary>
    public required double EffluentShare { get; init; }

    /// <summary>How much later it leaves.</summary>
    public required TimeSpan EffluentDelay { get; init; }

    /// <summary>Gas, Nm3.</summary>
    public required UseLaw Gas { get; init; }

    /// <summary>Output.</summary>
    public required ProductionLaw Production { get; init; }

    /// <summary>Weather.</summary>
    public required WeatherLaw Weather { get; init; }

    /// <summary>The measure of its project.</summary>
    public required MeasureSpec Measure { get; init; }

    /// <summary>Its faults.</summary>
    public required FaultSpec[] Faults { get; init; }
}
