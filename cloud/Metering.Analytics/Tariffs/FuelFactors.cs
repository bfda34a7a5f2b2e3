using Metering.Analytics.CountryPacks;
using Metering.Analytics.Finance;

namespace Metering.Analytics.Tariffs;

/// <summary>The units fuels are metered in.</summary>
public enum FuelUnit
{
    /// <summary>Cubic metre of gas, at stated conditions.</summary>
    CubicMetre = 0,

    /// <summary>Litre of liquid.</summary>
    Litre = 1,
}

/// <summary>The conditions a gas volume is given at. A volume without them is not an amount of gas.</summary>
/// <param name="TemperatureCelsius">Temperature, °C, above -100 and up to 200.</param>
/// <param name="AbsolutePressureKilopascal">Absolute pressure, kPa, above 0.</param>
public readonly record struct GasConditions(decimal TemperatureCelsius, decimal AbsolutePressureKilopascal)
{
    private const decimal ZeroCelsiusInKelvin = 273.15m;

    internal bool IsPossible => TemperatureCelsius is > -100m and <= 200m && AbsolutePressureKilopascal > 0m;

    /// <summary>
    /// The same gas at other conditions by the law of ideal gases, V2 = V1 (p1 / p2) (T2 / T1); compressibility is left out, which
    /// is below 1 % up to a few bar.
    /// </summary>
    internal decimal Convert(decimal volumeM3, GasConditions to) =>
        volumeM3 * (AbsolutePressureKilopascal / to.AbsolutePressureKilopascal)
        * ((to.TemperatureCelsius + ZeroCelsiusInKelvin) / (TemperatureCelsius + ZeroCelsiusInKelvin));
}

/// <summary>A quantity of fuel as energy and emissions.</summary>
/// <param name="EnergyGigajoule">Net (lower) heating value of the quantity, GJ.</param>
/// <param name="CarbonDioxideKg">CO2, kg.</param>
/// <param name="CarbonDioxideEquivalentKg">CO2 with CH4 and N2O by their warming potentials, kg.</param>
public sealed record FuelUse(decimal EnergyGigajoule, decimal CarbonDioxideKg, decimal CarbonDioxideEquivalentKg);

/// <summary>Heating value and emissions of one fuel in one year, from the table <c>fuels</c> of a country pack.</summary>
public sealed record FuelFactors
{
    private const decimal KilopascalPerKilogramForcePerSquareCentimetre = 98.0665m; // exact: 9.80665 N on a square centimetre

    /// <summary>What the fuel is metered in.</summary>
    public required FuelUnit Unit { get; init; }

    /// <summary>Net heating value, MJ per m3 at <see cref="Reference"/> or per litre.</summary>
    public required decimal NetHeatingValueMegajoule { get; init; }

    /// <summary>CO2 per net energy, kg/GJ.</summary>
    public required decimal CarbonDioxideKgPerGigajoule { get; init; }

    /// <summary>CH4 and N2O as CO2 per net energy, kg/GJ.</summary>
    public required decimal OtherGasesKgPerGigajoule { get; init; }

    /// <summary>The conditions the heating value of a gas is given at; null for a liquid.</summary>
    public required GasConditions? Reference { get; init; }

    /// <summary>The rows used.</summary>
    public required IReadOnlyList<PackRow> Rows { get; init; }

    /// <summary>The factors of a fuel on a day. Heating values are listed by year: a year without a list is refused.</summary>
    /// <param name="table">The table <c>fuels</c>.</param>
    /// <param name="fuel">The fuel, for example <c>diesel</c> or <c>natural-gas-dry</c>.</param>
    /// <param name="day">A day of the year of the list.</param>
    /// <returns>The factors, or the rows that are missing.</returns>
    /// <exception cref="ArgumentException">A row with another unit than the table has; names file and line.</exception>
    public static Answer<FuelFactors> At(PackTable table, string fuel, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(table);
        List<PackRow> rows = [];
        List<string> refusals = [];
        decimal Take(string id, string unit)
        {
            PackAnswer answer = table.At(id, day);
            if (!answer.IsFound)
            {
                refusals.Add(answer.Refusal);
                return 1m;
            }

            rows.Add(answer.Row);
            return unit.Length == 0 || answer.Row.Unit == unit
                ? answer.Row.Value ?? throw answer.Row.Fault("the value is empty")
                : throw answer.Row.Fault($"the unit is {answer.Row.Unit}; it must be {unit}");
        }

        decimal heating = Take($"{fuel}.ncv", string.Empty);
        FuelUnit unit = FuelUnit.CubicMetre;
        GasConditions? reference = null;
        if (rows.Count == 1)
        {
            (unit, heating) = rows[0].Unit switch
            {
                "kJ/m3" => (FuelUnit.CubicMetre, heating / 1000m),
                "MJ/bl" => (FuelUnit.Litre, heating / Take("barrel.volume", "L")),
                _ => throw rows[0].Fault($"the unit is {rows[0].Unit}; it must be kJ/m3 or MJ/bl"),
            };
        }

        if (unit == FuelUnit.CubicMetre)
        {
            reference = new GasConditions(
                Take("gas.reference-temperature", "degC"),
                Take("gas.reference-pressure", "kgf/cm2") * KilopascalPerKilogramForcePerSquareCentimetre);
        }

        decimal carbon = Take($"{fuel}.co2", "kg/GJ");
        decimal methane = Take($"{fuel}.ch4", "kg/TJ") / 1000m * Take("gwp.ch4", "kgCO2e/kg");
        decimal nitrous = Take($"{fuel}.n2o", "kg/TJ") / 1000m * Take("gwp.n2o", "kgCO2e/kg");
        return refusals.Count > 0 ? Answer<FuelFactors>.Refuse(refusals) : Answer<FuelFactors>.Of(new FuelFactors
        {
            Unit = unit,
            NetHeatingValueMegajoule = heating,
            CarbonDioxideKgPerGigajoule = carbon,
            OtherGasesKgPerGigajoule = methane + nitrous,
            Reference = reference,
            Rows = rows,
        });
    }

    /// <summary>Energy and emissions of a quantity.</summary>
    /// <param name="quantity">Quantity in <see cref="Unit"/>, from 0.</param>
    /// <param name="conditions">The conditions of a gas volume; null for a liquid.</param>
    /// <returns>The use; refused for a gas without conditions, and for a liquid with them.</returns>
    public Answer<FuelUse> Use(decimal quantity, GasConditions? conditions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        decimal amount = quantity;
        if (Reference is GasConditions reference)
        {
            if (conditions is not GasConditions given || !given.IsPossible)
            {
                return Answer<FuelUse>.Refuse("a gas volume needs the temperature and the absolute pressure it is given at.");
            }

            amount = given.Convert(quantity, reference);
        }
        else if (conditions is not null)
        {
            return Answer<FuelUse>.Refuse("a liquid has no gas conditions; the fuel or its unit is wrong.");
        }

        decimal energy = amount * NetHeatingValueMegajoule / 1000m;
        decimal carbon = energy * CarbonDioxideKgPerGigajoule;
        return Answer<FuelUse>.Of(new FuelUse(energy, carbon, carbon + (energy * OtherGasesKgPerGigajoule)));
    }
}
