using Metering.Analytics.CountryPacks;
using Metering.Analytics.Finance;
using Metering.Analytics.Tariffs;
using Xunit;

namespace Metering.Tests.Analytics.Tariffs;

public sealed class FuelFactorsTests
{
    private static readonly PackTable Fuels = CountryPack.Mexico.Table("fuels");
    private static readonly DateOnly Day = new(2021, 6, 1);
    private static readonly GasConditions Reference = new(20m, 98.0665m);

    // Known results of the list of 2021 with the IPCC factors: kg CO2 per m3 or litre.
    [Theory]
    [InlineData("natural-gas-dry", FuelUnit.CubicMetre, "38.128", "2.139")]
    [InlineData("diesel", FuelUnit.Litre, "37.676", "2.792")]
    [InlineData("fuel-oil", FuelUnit.Litre, "40.739", "3.153")]
    [InlineData("lp-gas", FuelUnit.Litre, "26.122", "1.648")]
    public void A_fuel_has_the_heating_value_and_emission_of_the_list(string fuel, FuelUnit unit, string megajoule, string carbon)
    {
        FuelFactors factors = FuelFactors.At(Fuels, fuel, Day).Value!;
        FuelUse use = factors.Use(1m, unit == FuelUnit.CubicMetre ? Reference : null).Value!;
        Assert.Equal(unit, factors.Unit);
        Assert.Equal(Number(megajoule), decimal.Round(use.EnergyGigajoule * 1000m, 3));
        Assert.Equal(Number(carbon), decimal.Round(use.CarbonDioxideKg, 3));
    }

    // 1 GJ of diesel: 74.1 + (3 x 28 + 0.6 x 265) / 1000 = 74.343 kg.
    [Fact]
    public void Methane_and_nitrous_oxide_count_by_their_warming_potentials()
    {
        FuelUse use = FuelFactors.At(Fuels, "diesel", Day).Value!.Use(1000m, null).Value!;
        Assert.Equal(74.343m, decimal.Round(use.CarbonDioxideEquivalentKg / use.EnergyGigajoule, 6));
    }

    // 15 °C and 101.325 kPa to 20 °C and 98.0665 kPa: (101.325 / 98.0665) (293.15 / 288.15) = 1.051156.
    [Fact]
    public void A_gas_volume_is_brought_to_the_conditions_of_its_heating_value()
    {
        FuelFactors gas = FuelFactors.At(Fuels, "natural-gas-dry", Day).Value!;
        decimal ratio = gas.Use(1000m, new GasConditions(15m, 101.325m)).Value!.EnergyGigajoule / gas.Use(1000m, Reference).Value!.EnergyGigajoule;
        Assert.Equal(1.051156m, decimal.Round(ratio, 6));
    }

    [Fact]
    public void A_gas_volume_without_conditions_is_refused_and_so_is_a_liquid_with_them()
    {
        Assert.False(FuelFactors.At(Fuels, "natural-gas-dry", Day).Value!.Use(1m, null).IsGiven);
        Assert.False(FuelFactors.At(Fuels, "natural-gas-dry", Day).Value!.Use(1m, new GasConditions(20m, 0m)).IsGiven);
        Assert.False(FuelFactors.At(Fuels, "diesel", Day).Value!.Use(1m, Reference).IsGiven);
    }

    [Fact]
    public void A_year_without_a_list_of_heating_values_is_refused()
    {
        Answer<FuelFactors> answer = FuelFactors.At(Fuels, "diesel", new DateOnly(2024, 1, 1));
        Assert.Contains("diesel.ncv", answer.Refusals[0], StringComparison.Ordinal);
        Assert.False(FuelFactors.At(Fuels, "peat", Day).IsGiven);
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
