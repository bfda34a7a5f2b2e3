using Metering.Analytics.Indicators;
using Metering.Analytics.Plausibility;
using Xunit;

namespace Metering.Tests.Analytics.Plausibility;

public class PlausibilityTests
{
    private static readonly MeasureUnit MegawattHour = MeasureUnit.Of(QuantityUnit.MegawattHour);

    // Press claims as printed; the expected ratio is worked out by hand from the figures in the row.
    [Theory]
    [InlineData(17.3, "8.065", 454, PlausibilityKind.SeparatorMisread, 8.065 / 7_854.2)]
    [InlineData(11.6, "54,587", 458, PlausibilityKind.PowerOfTen, 54_587 / 5_312.8)]
    [InlineData(20.7, "180", 454, PlausibilityKind.Unexplained, 180 / 9_397.8)]
    [InlineData(17.3, "7 854", 454, PlausibilityKind.Consistent, 7_854 / 7_854.2)]
    [InlineData(17.3, "8.065.000", 454, PlausibilityKind.PowerOfTen, 8_065_000 / 7_854.2)]
    [InlineData(10, "1234.5", 454, PlausibilityKind.UnitFactor, 1_234.5 / 4_540)]
    [InlineData(10, "6000", 454, PlausibilityKind.Differs, 6_000 / 4_540.0)]
    public void Published_claims_are_told_right_from_wrong(double gigawattHours, string claimed, double factor, PlausibilityKind kind, double ratio)
    {
        PlausibilityFinding finding = ClaimChecks.Emissions(Quantity.Of(gigawattHours * 1_000, QuantityUnit.MegawattHour), claimed, Factor(2014, factor), []);
        Assert.Equal(kind, finding.Kind);
        Assert.Equal(ratio, finding.MeasuredRatio, ratio * 1e-9);
        Assert.Equal(kind == PlausibilityKind.Consistent, finding.WhatToCheck.Length == 0);
    }

    [Fact]
    public void The_likely_cause_names_the_slip_and_its_direction()
    {
        PlausibilityFinding ten = ClaimChecks.Emissions(Quantity.Of(11_600, QuantityUnit.MegawattHour), "54587", Factor(2015, 458), []);
        Assert.Equal(10, ten.LikelyCauses[0].Factor);
        PlausibilityFinding thousand = ClaimChecks.Equal(Quantity.Of(8.065, QuantityUnit.Tonne), Quantity.Of(8_000, QuantityUnit.Tonne));
        Assert.Equal(0.001, thousand.LikelyCauses[0].Factor, 1e-15);
        PlausibilityFinding month = ClaimChecks.Equal(Quantity.Of(1_200, QuantityUnit.Tonne), Quantity.Of(100, QuantityUnit.Tonne));
        Assert.Equal(PlausibilityKind.UnitFactor, month.Kind);
        Assert.Equal([12, 10], month.LikelyCauses.Select(cause => cause.Factor));
        Assert.Equal(0.001, ClaimChecks.Emissions(Quantity.Of(17_300, QuantityUnit.MegawattHour), "8.065", Factor(2014, 454), []).LikelyCauses[0].Factor, 1e-15);
    }

    [Fact]
    public void The_factor_of_another_year_is_recognised()
    {
        PlausibilityFinding finding = ClaimChecks.Emissions(
            Quantity.Of(1_000, QuantityUnit.MegawattHour), "423", Factor(2020, 494), [Factor(2019, 505), Factor(2021, 423)]);
        Assert.Equal(PlausibilityKind.OtherYear, finding.Kind);
        Assert.Contains("2021", Assert.Single(finding.LikelyCauses).Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8.065", new[] { 8.065, 8065 })]
    [InlineData("8,065", new[] { 8065, 8.065 })]
    [InlineData("8 065", new double[] { 8065 })]
    [InlineData("54,587", new[] { 54587, 54.587 })]
    [InlineData("8.06", new[] { 8.06 })]
    [InlineData("1.234.567", new double[] { 1234567 })]
    [InlineData("1,234.5", new[] { 1234.5 })]
    [InlineData("1.234,5", new[] { 1234.5 })]
    [InlineData("0.065", new[] { 0.065, 65 })]
    [InlineData("12", new double[] { 12 })]
    [InlineData("1,2,3", new double[0])]
    [InlineData("", new double[0])]
    [InlineData("abc", new double[0])]
    [InlineData("-5", new double[0])]
    [InlineData(".5", new double[0])]
    [InlineData("5.", new double[0])]
    public void A_printed_number_has_the_readings_it_can_have(string text, double[] readings) =>
        Assert.Equal(readings, AmbiguousNumber.Readings(text));

    [Fact]
    public void Figures_that_cannot_be_checked_are_said_to_be_so()
    {
        Quantity energy = Quantity.Of(1, QuantityUnit.MegawattHour);
        Assert.Equal(PlausibilityKind.CannotBeChecked, ClaimChecks.Emissions(energy, "many", Factor(2020, 494), []).Kind);
        Assert.Equal(PlausibilityKind.CannotBeChecked, ClaimChecks.Emissions(energy with { Value = double.NaN }, "5", Factor(2020, 494), []).Kind);
        Assert.Equal(PlausibilityKind.CannotBeChecked, ClaimChecks.Emissions(energy, "0", Factor(2020, 494), []).Kind);
        Assert.Equal(PlausibilityKind.CannotBeChecked, ClaimChecks.Equal(energy, energy with { Value = 0 }).Kind);
        Assert.Equal(PlausibilityKind.CannotBeChecked, ClaimChecks.Equal(energy with { Value = double.PositiveInfinity }, energy).Kind);
        Assert.Equal(PlausibilityKind.CannotBeChecked, ClaimChecks.Saving(energy, energy with { Value = 0 }).Kind);
        Assert.Throws<ArgumentException>(() => ClaimChecks.Equal(energy, Quantity.Of(1, QuantityUnit.Tonne)));
        Assert.Throws<ArgumentException>(() => ClaimChecks.Emissions(Quantity.Of(1, QuantityUnit.Litre), "5", Factor(2020, 494), []));
    }

    // 30 L/kg, 26 L/kg, 12 L/kg and 10 m3/t of one city; the band is the one of conventional tanning.
    [Theory]
    [InlineData(30, PlausibilityKind.Consistent, 0)]
    [InlineData(26, PlausibilityKind.Consistent, 0)]
    [InlineData(12, PlausibilityKind.Differs, 0)]
    [InlineData(10, PlausibilityKind.Differs, 0)]
    [InlineData(30_000, PlausibilityKind.PowerOfTen, 1000)]
    [InlineData(0.03, PlausibilityKind.PowerOfTen, 0.001)]
    [InlineData(300, PlausibilityKind.PowerOfTen, 10)]
    [InlineData(3_000, PlausibilityKind.Unexplained, 0)]
    public void A_ratio_outside_its_band_by_a_slip_of_the_unit_is_found(double value, PlausibilityKind kind, double cause)
    {
        RatioUnit unit = new(MeasureUnit.Of(QuantityUnit.CubicMetre), MeasureUnit.Of(QuantityUnit.Tonne));
        SectorBand band = new()
        {
            Sector = "tanning",
            Indicator = "water",
            Unit = unit,
            Low = 15,
            High = 50,
            Validity = DateSpan.From(new DateOnly(2003, 1, 1)),
            Note = new SourceNote("BREF 2003", SourceConfidence.FromMemory),
        };
        PlausibilityFinding finding = Assert.Single(ClaimChecks.AgainstBands(value, unit, new DateOnly(2024, 1, 1), [band]));
        Assert.Equal(kind, finding.Kind);
        Assert.Equal(cause, finding.LikelyCauses.Count > 0 ? finding.LikelyCauses[0].Factor : 0, 1e-12);
    }

    [Fact]
    public void A_saving_above_the_use_and_a_wrong_percentage_are_found()
    {
        Quantity use = Quantity.Of(100, QuantityUnit.MegawattHour);
        Assert.Equal(PlausibilityKind.Consistent, ClaimChecks.Saving(Quantity.Of(10_000, QuantityUnit.KilowattHour), use, 10).Kind);
        PlausibilityFinding above = ClaimChecks.Saving(Quantity.Of(10_000, QuantityUnit.MegawattHour), use);
        Assert.Equal((PlausibilityKind.SavingAboveUse, 100.0), (above.Kind, above.MeasuredRatio));
        Assert.Equal(PlausibilityKind.SavingAboveUse, ClaimChecks.Saving(Quantity.Of(95, QuantityUnit.MegawattHour), use).Kind);
        PlausibilityFinding percent = ClaimChecks.Saving(Quantity.Of(10, QuantityUnit.MegawattHour), use, 1);
        Assert.Equal(PlausibilityKind.ArithmeticDiffers, percent.Kind);
        Assert.Equal(0.1, percent.LikelyCauses[0].Factor, 1e-12);
    }

    [Fact]
    public void A_payback_in_months_printed_as_years_is_found()
    {
        Quantity investment = new(240_000, MeasureUnit.Money("MXN"));
        Quantity saving = new(120_000, MeasureUnit.Money("MXN"));
        TimeSpan year = TimeSpan.FromDays(365.2425);
        Assert.Equal(PlausibilityKind.Consistent, ClaimChecks.Payback(investment, saving, 2 * year).Kind);
        PlausibilityFinding months = ClaimChecks.Payback(investment, saving, 24 * year);
        Assert.Equal(PlausibilityKind.ArithmeticDiffers, months.Kind);
        Assert.Equal(12, months.MeasuredRatio, 1e-9);
        Assert.Contains(months.LikelyCauses, cause => cause.Factor == 12);
        Assert.Equal(PlausibilityKind.CannotBeChecked, ClaimChecks.Payback(investment, saving with { Value = 0 }, year).Kind);
        Assert.Throws<ArgumentException>(() => ClaimChecks.Payback(investment, new Quantity(1, MeasureUnit.Money("USD")), year));
    }

    [Theory]
    [InlineData(0.001, PlausibilityKind.PowerOfTen)]
    [InlineData(10, PlausibilityKind.PowerOfTen)]
    [InlineData(3.785411784, PlausibilityKind.UnitFactor)]
    [InlineData(3.6, PlausibilityKind.UnitFactor)]
    [InlineData(1.02, PlausibilityKind.Consistent)]
    [InlineData(52, PlausibilityKind.Unexplained)]
    public void Two_series_that_differ_by_a_constant_factor_are_found(double factor, PlausibilityKind kind)
    {
        Random random = new(11);
        double[] first = [.. Enumerable.Range(0, 200).Select(_ => 50 + (40 * random.NextDouble()))];
        double[] second = [.. first.Select((value, i) => i % 9 == 0 ? double.NaN : factor * value * (0.97 + (0.06 * random.NextDouble())))];
        PlausibilityFinding finding = SeriesChecks.Compare(first, second);
        Assert.Equal(kind, finding.Kind);
        Assert.Equal(factor, finding.MeasuredRatio, factor * 0.01);
    }

    [Fact]
    public void Two_series_without_a_steady_ratio_are_not_called_a_unit()
    {
        Random random = new(12);
        double[] first = [.. Enumerable.Range(0, 400).Select(_ => 1 + random.NextDouble())];
        double[] second = [.. first.Select(value => value * Math.Pow(10, 2 * random.NextDouble()))];
        Assert.Equal(PlausibilityKind.Unexplained, SeriesChecks.Compare(first, second).Kind);
        Assert.Equal(PlausibilityKind.CannotBeChecked, SeriesChecks.Compare([1, double.NaN], [1, 1]).Kind);
        Assert.Throws<ArgumentException>(() => SeriesChecks.Compare([1], [1, 1]));
    }

    [Theory]
    [InlineData(0.001, PlausibilityKind.PowerOfTen)]
    [InlineData(1_000, PlausibilityKind.PowerOfTen)]
    [InlineData(1 / 3.6, PlausibilityKind.UnitFactor)]
    [InlineData(1 / 21.0, PlausibilityKind.LevelJump)]
    [InlineData(0, PlausibilityKind.FallsToZero)]
    public void A_level_that_jumps_and_stays_is_found_at_its_row(double factor, PlausibilityKind kind)
    {
        Random random = new(13);
        double[] months = [.. Enumerable.Range(0, 72).Select(i => (100 + (60 * Math.Cos(i * Math.PI / 6)) + (10 * random.NextDouble())) * (i >= 31 ? factor : 1))];
        months[12] = double.NaN;
        PlausibilityFinding finding = Assert.Single(SeriesChecks.Jumps(months, 12));
        Assert.Equal(kind, finding.Kind);
        Assert.Equal(31, finding.RowIndex);
    }

    [Fact]
    public void Seasons_spikes_and_savings_are_no_jump()
    {
        Random random = new(14);
        double[] months = [.. Enumerable.Range(0, 72).Select(i => (100 + (80 * Math.Cos(i * Math.PI / 6)) + (10 * random.NextDouble())) * (i >= 31 ? 0.5 : 1))];
        months[20] = 1e6;
        Assert.Empty(SeriesChecks.Jumps(months, 12));
        Assert.Empty(SeriesChecks.Jumps([], 12));
        Assert.Empty(SeriesChecks.Jumps([.. Enumerable.Repeat(double.NaN, 50)], 12));
        Assert.Throws<ArgumentOutOfRangeException>(() => SeriesChecks.Jumps(months, 2));
    }

    private static EmissionFactor Factor(int year, double kilograms) => new()
    {
        Carrier = "grid",
        Kind = EmissionKind.PowerByLocation,
        KilogramsCarbonDioxideEquivalent = kilograms,
        Per = MegawattHour,
        Validity = DateSpan.OfYear(year),
        Note = new SourceNote("notice", SourceConfidence.Official),
    };
}
