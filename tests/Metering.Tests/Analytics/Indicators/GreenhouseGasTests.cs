using Metering.Analytics.Indicators;
using Xunit;

namespace Metering.Tests.Analytics.Indicators;

public class GreenhouseGasTests
{
    private static readonly MeasureUnit MegawattHour = MeasureUnit.Of(QuantityUnit.MegawattHour);
    private static readonly MeasureUnit Litre = MeasureUnit.Of(QuantityUnit.Litre);

    private static readonly EmissionFactor[] Factors =
    [
        Factor("grid", EmissionKind.PowerByLocation, 582, MegawattHour, 2017),
        Factor("grid", EmissionKind.PowerByLocation, 423, MegawattHour, 2021),
        Factor("diesel", EmissionKind.Fuel, 2.5, Litre, 2017),
        Factor("diesel", EmissionKind.Fuel, 3, Litre, 2021) with { Note = new SourceNote("list 2021", SourceConfidence.FromMemory) },
    ];

    [Fact]
    public void Fuel_and_power_are_converted_by_the_year_of_use_and_frozen_side_by_side()
    {
        EmissionOutcome outcome = GreenhouseGas.Compute(Input());
        EmissionFigures use = outcome.YearOfUse!;
        Assert.Equal(423, use.PowerByLocationTonnes, 1e-9);
        Assert.Equal(6, use.FuelTonnes, 1e-9);
        Assert.Equal(431, use.TotalByLocationTonnes, 1e-9);
        Assert.Null(use.PowerByMarketTonnes);
        Assert.Null(use.TotalByMarketTonnes);
        EmissionFigures frozen = outcome.Frozen!;
        Assert.Equal(582, frozen.PowerByLocationTonnes, 1e-9);
        Assert.Equal(5, frozen.FuelTonnes, 1e-9);
        Assert.Equal(2, frozen.Lines.Count);
        Assert.Contains(outcome.Notes, note => note.Kind == IndicatorReasonKind.UnverifiedSource && note.Detail.Contains("to verify", StringComparison.Ordinal));
        Assert.Contains(outcome.Notes, note => note.Kind == IndicatorReasonKind.LocationStandsIn);
    }

    [Fact]
    public void Contracts_cover_power_in_their_validity_and_the_rest_falls_to_the_residual_mix()
    {
        PowerContract wind = new() { Name = "wind 7", Energy = Quantity.Of(400_000, QuantityUnit.KilowattHour), KilogramsPerMegawattHour = 10, Validity = DateSpan.OfYear(2021) };
        PowerContract old = new() { Name = "old", Energy = Quantity.Of(50, QuantityUnit.MegawattHour), KilogramsPerMegawattHour = 0, Validity = DateSpan.OfYear(2020) };
        EmissionOutcome byLocation = GreenhouseGas.Compute(Input() with { Contracts = [wind, old] });
        Assert.Equal(((400 * 10) + (600 * 423)) / 1000.0, byLocation.YearOfUse!.PowerByMarketTonnes!.Value, 1e-9);
        Assert.Contains(byLocation.Notes, note => note.Kind == IndicatorReasonKind.ContractsExceedUse && note.Detail.StartsWith("old", StringComparison.Ordinal));

        EmissionOutcome residual = GreenhouseGas.Compute(Input() with
        {
            Contracts = [wind],
            Factors = [.. Factors, Factor("grid", EmissionKind.PowerResidualMix, 500, MegawattHour, 2021)],
        });
        Assert.Equal(((400 * 10) + (600 * 500)) / 1000.0, residual.YearOfUse!.PowerByMarketTonnes!.Value, 1e-9);
        Assert.Equal(423, residual.YearOfUse.PowerByLocationTonnes, 1e-9);
    }

    [Fact]
    public void A_missing_doubled_or_changing_factor_is_refused()
    {
        Refused(IndicatorReasonKind.NoFactor, Input(2019));
        Refused(IndicatorReasonKind.NoFactor, Input() with { Uses = [new CarrierUse("coal", Quantity.Of(1, QuantityUnit.Tonne), DateSpan.OfYear(2021))] });
        Refused(IndicatorReasonKind.FactorsOverlap, Input() with { Factors = [.. Factors, Factor("grid", EmissionKind.PowerByLocation, 456, MegawattHour, 2021)] });
        Refused(IndicatorReasonKind.FactorsOverlap, Input() with { Factors = [.. Factors, Factor("grid", EmissionKind.Fuel, 456, MegawattHour, 2021)] });
        Refused(IndicatorReasonKind.UnitMismatch, Input() with { Uses = [new CarrierUse("diesel", Quantity.Of(1, QuantityUnit.Tonne), DateSpan.OfYear(2021))] });
        Refused(IndicatorReasonKind.Missing, Input() with { Uses = [new CarrierUse("diesel", Quantity.Of(double.NaN, QuantityUnit.Litre), DateSpan.OfYear(2021))] });
        Refused(IndicatorReasonKind.Negative, Input() with { Uses = [new CarrierUse("diesel", Quantity.Of(-1, QuantityUnit.Litre), DateSpan.OfYear(2021))] });
        Refused(IndicatorReasonKind.FactorChangesInside, Input() with
        {
            Uses = [new CarrierUse("diesel", Quantity.Of(1, QuantityUnit.Litre), new DateSpan(new DateOnly(2021, 12, 1), new DateOnly(2022, 2, 1)))],
        });
    }

    [Fact]
    public void Without_a_factor_of_the_baseline_year_only_the_year_of_use_is_given()
    {
        EmissionOutcome outcome = GreenhouseGas.Compute(Input() with { BaselineDay = new DateOnly(2015, 6, 1) });
        Assert.NotNull(outcome.YearOfUse);
        Assert.Null(outcome.Frozen);
        Assert.Contains(outcome.Reasons, reason => reason.Kind == IndicatorReasonKind.NoFactor);
    }

    [Theory]
    [InlineData(QuantityUnit.KilowattHour, 1_234.5, QuantityUnit.MegawattHour, 1.2345)]
    [InlineData(QuantityUnit.MegawattHour, 1, QuantityUnit.Gigajoule, 3.6)]
    [InlineData(QuantityUnit.Gigajoule, 1, QuantityUnit.KilowattHour, 1000 / 3.6)]
    [InlineData(QuantityUnit.Litre, 2_500_000, QuantityUnit.Megalitre, 2.5)]
    [InlineData(QuantityUnit.Tonne, 0.25, QuantityUnit.Kilogram, 250)]
    public void Units_of_one_dimension_convert(QuantityUnit from, double value, QuantityUnit to, double expected)
    {
        Assert.Equal(expected, Quantity.Of(value, from).To(MeasureUnit.Of(to)).Value, Math.Abs(expected) * 1e-15);
        Assert.True(MeasureUnit.TryParse(MeasureUnit.Of(from).Symbol, out MeasureUnit parsed));
        Assert.Equal(MeasureUnit.Of(from), parsed);
    }

    [Fact]
    public void Units_of_different_things_never_convert()
    {
        Assert.Throws<ArgumentException>(() => Quantity.Of(1, QuantityUnit.Tonne).To(MeasureUnit.Of(QuantityUnit.TonneCarbonDioxideEquivalent)));
        Assert.Throws<ArgumentException>(() => Quantity.Of(1, QuantityUnit.CubicMetre).To(MeasureUnit.Of(QuantityUnit.ReferenceCubicMetre)));
        Assert.Throws<ArgumentException>(() => new Quantity(1, MeasureUnit.Money("MXN")).To(MeasureUnit.Money("USD")));
        Assert.Throws<ArgumentException>(() => new Quantity(1, MeasureUnit.Money("MXN", 2018)).To(MeasureUnit.Money("MXN")));
        Assert.Throws<ArgumentException>(() => new Quantity(1, default).To(default));
        Assert.Throws<ArgumentException>(() => MeasureUnit.Money("pesos"));
        Assert.Throws<ArgumentOutOfRangeException>(() => MeasureUnit.Of(QuantityUnit.Money));
        Assert.False(MeasureUnit.TryParse("kwh", out _));
    }

    private static void Refused(IndicatorReasonKind kind, EmissionInput input)
    {
        EmissionOutcome outcome = GreenhouseGas.Compute(input);
        Assert.Null(outcome.YearOfUse);
        Assert.Null(outcome.Frozen);
        Assert.Contains(outcome.Reasons, reason => reason.Kind == kind);
    }

    private static EmissionInput Input(int year = 2021) => new()
    {
        Uses =
        [
            new CarrierUse("grid", Quantity.Of(1_000, QuantityUnit.MegawattHour), DateSpan.OfYear(year)),
            new CarrierUse("diesel", Quantity.Of(2, QuantityUnit.CubicMetre), DateSpan.OfYear(year)),
        ],
        Factors = Factors,
        Process = Quantity.Of(2_000, QuantityUnit.KilogramCarbonDioxideEquivalent),
        BaselineDay = new DateOnly(2017, 3, 1),
    };

    private static EmissionFactor Factor(string carrier, EmissionKind kind, double kilograms, MeasureUnit per, int year) => new()
    {
        Carrier = carrier,
        Kind = kind,
        KilogramsCarbonDioxideEquivalent = kilograms,
        Per = per,
        Validity = DateSpan.OfYear(year),
        Note = new SourceNote("test", SourceConfidence.Official),
    };
}
