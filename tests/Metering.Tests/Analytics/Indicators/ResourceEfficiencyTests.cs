using Metering.Analytics.Indicators;
using Xunit;

namespace Metering.Tests.Analytics.Indicators;

public class ResourceEfficiencyTests
{
    private static readonly DateSpan Before = DateSpan.OfYear(2021);
    private static readonly DateSpan After = DateSpan.OfYear(2023);
    private static readonly OutputDefinition Hides = new("salted hides tanned", 1);

    // Yearly figures made for this test: output 800 -> 1000 t; energy 1600 -> 1800 MWh (relative), water 24 000 -> 18 000 m3
    // (absolute), waste 200 -> 300 t (none). All expected values below are worked out by hand from these.
    private static readonly EfficiencySide First = Side(Before, 800, (1_600, 400, 24_000, 900, 20_000, 200));
    private static readonly EfficiencySide Second = Side(After, 1_000, (1_800, 450, 18_000, 990, 15_000, 300));

    [Fact]
    public void Twelve_indicators_and_three_inverses_are_given_with_their_changes()
    {
        EfficiencyComparison comparison = ResourceEfficiency.Compare(First, Second);
        Assert.All(comparison.Indicators, indicator => Assert.Empty(indicator.Reasons));
        Assert.Equal(1 + 6 + 3 + 6, comparison.Indicators.Count);
        Check(comparison, IndicatorForm.Absolute, LoadKind.Energy, (1_600, 1_800, 12.5, "MWh per year"));
        Check(comparison, IndicatorForm.Productivity, LoadKind.Energy, (0.5, 1 / 1.8, 100.0 / 9, "t/MWh"));
        Check(comparison, IndicatorForm.Intensity, LoadKind.Energy, (2, 1.8, -10, "MWh/t"));
        Check(comparison, IndicatorForm.Productivity, LoadKind.Materials, (2, 1 / 0.45, 100.0 / 9, "t/t"));
        Check(comparison, IndicatorForm.Productivity, LoadKind.Water, (1.0 / 30, 1.0 / 18, 200.0 / 3, "t/m3"));
        Check(comparison, IndicatorForm.Intensity, LoadKind.Water, (30, 18, -40, "m3/t"));
        Check(comparison, IndicatorForm.Intensity, LoadKind.GreenhouseGas, (1.125, 0.99, -12, "t CO2e/t"));
        Check(comparison, IndicatorForm.Intensity, LoadKind.Wastewater, (25, 15, -40, "m3/t"));
        Check(comparison, IndicatorForm.Intensity, LoadKind.Waste, (0.25, 0.3, 20, "t/t"));
        Assert.Equal(25, comparison.Indicators[0].ChangePercent!.Value, 1e-12);
    }

    [Fact]
    public void Decoupling_is_told_apart_by_kind()
    {
        EfficiencyComparison comparison = ResourceEfficiency.Compare(First, Second);
        Decoupling[] found = [.. comparison.Decouplings];
        Assert.Equal(6, found.Length);
        Assert.Equal(0.1, found[(int)LoadKind.Energy].Factor!.Value, 1e-12);
        Assert.Equal(DecouplingKind.Relative, found[(int)LoadKind.Energy].Kind);
        Assert.Equal(0.4, found[(int)LoadKind.Water].Factor!.Value, 1e-12);
        Assert.Equal(DecouplingKind.Absolute, found[(int)LoadKind.Water].Kind);
        Assert.Equal(-0.2, found[(int)LoadKind.Waste].Factor!.Value, 1e-12);
        Assert.Equal(DecouplingKind.None, found[(int)LoadKind.Waste].Kind);

        EfficiencySide less = Side(After, 700, (1_000, 450, 24_000, 990, 15_000, 300));
        Decoupling energy = ResourceEfficiency.Compare(First, less).Decouplings[0];
        Assert.Equal(DecouplingKind.OutputFell, energy.Kind);
        Assert.Equal(1 - (1_000 / 700.0 / 2), energy.Factor!.Value, 1e-12);

        EfficiencySide held = Side(After, 800, (1_500, 450, 24_000, 990, 15_000, 300));
        Assert.Equal(DecouplingKind.Absolute, ResourceEfficiency.Compare(First, held).Decouplings[0].Kind);
        Assert.Equal(DecouplingKind.None, ResourceEfficiency.Compare(First, held).Decouplings[(int)LoadKind.Water].Kind);
    }

    // Inputs and printed results of a real dye-house, two years each; the tolerances are half of the last printed digit.
    [Theory]
    [InlineData(385_245.5, 231_518.5, -39.90, 109.697, 67.995, -38.02, 61.33, 0.3802)]
    [InlineData(1_858_048.8, 1_290_662.4, -30.54, 529.070, 379.054, -28.35, 39.58, 0.2835)]
    [InlineData(3_373.03, 3_363.44, -0.28, 0.9605, 0.9878, 2.85, -2.77, -0.0285)]
    public void The_formulas_give_the_printed_figures_of_a_dye_house(
        double before, double after, double change, double perTonneBefore, double perTonneAfter, double intensity, double productivity, double factor)
    {
        DateSpan early = new(new DateOnly(2011, 1, 1), new DateOnly(2013, 1, 1));
        DateSpan late = new(new DateOnly(2015, 1, 1), new DateOnly(2017, 1, 1));
        EfficiencyComparison comparison = ResourceEfficiency.Compare(
            new EfficiencySide { Water = Amount(2 * before, QuantityUnit.CubicMetre, early), Output = Output(2 * 3_511.92, early) },
            new EfficiencySide { Water = Amount(2 * after, QuantityUnit.CubicMetre, late), Output = Output(2 * 3_404.95, late) });
        Assert.Equal(change, comparison.Of(IndicatorForm.Absolute, LoadKind.Water).ChangePercent!.Value, 0.005);
        Indicator perTonne = comparison.Of(IndicatorForm.Intensity, LoadKind.Water);
        double digit = perTonneBefore > 10 ? 0.001 : 0.0001;
        Assert.Equal(perTonneBefore, perTonne.Before!.Value, digit);
        Assert.Equal(perTonneAfter, perTonne.After!.Value, digit);
        Assert.Equal(intensity, perTonne.ChangePercent!.Value, 0.0051);
        Assert.Equal(productivity, comparison.Of(IndicatorForm.Productivity, LoadKind.Water).ChangePercent!.Value, 0.0051);
        Assert.Equal(factor, comparison.Decouplings[(int)LoadKind.Water].Factor!.Value, 0.000051);
        Assert.Equal(-3.05, comparison.Indicators[0].ChangePercent!.Value, 0.005);
    }

    [Fact]
    public void Each_way_of_comparing_unlike_things_is_refused_by_name()
    {
        DateSpan eleven = new(new DateOnly(2023, 1, 1), new DateOnly(2023, 12, 1));
        Refused(IndicatorReasonKind.PeriodNotWhole, Second with { Energy = Amount(1_800, QuantityUnit.MegawattHour, eleven) });
        Refused(IndicatorReasonKind.BoundaryDiffers, Second with { Energy = Second.Energy! with { Boundary = "hall 2" } });
        Refused(IndicatorReasonKind.PeriodsDiffer, Second with { Energy = Amount(1_800, QuantityUnit.MegawattHour, DateSpan.OfYear(2022)) }, absolute: true);
        Refused(IndicatorReasonKind.PeriodsDiffer, Second with { Energy = Second.Energy! with { Cycles = new ProductionCycles("campaign", 3) } });
        Refused(IndicatorReasonKind.BasisDiffers, Second with { Energy = Second.Energy! with { Basis = "primary" } });
        Refused(IndicatorReasonKind.Missing, Second with { Energy = null });
        Refused(IndicatorReasonKind.Missing, Second with { Energy = Amount(double.NaN, QuantityUnit.MegawattHour, After) });
        Refused(IndicatorReasonKind.NotFinite, Second with { Energy = Amount(double.PositiveInfinity, QuantityUnit.MegawattHour, After) });
        Refused(IndicatorReasonKind.Negative, Second with { Energy = Amount(-1, QuantityUnit.MegawattHour, After) });
        Refused(IndicatorReasonKind.UnitMismatch, Second with { Energy = Amount(5, QuantityUnit.CubicMetre, After) });
        Refused(IndicatorReasonKind.UnitMismatch, Second with { Energy = Second.Energy! with { Amount = new Quantity(5, default) } });
        Refused(IndicatorReasonKind.OutputDefinitionChanged, Second with { Output = Second.Output! with { Definition = Hides with { Version = 2 } } }, absolute: true);
        Refused(IndicatorReasonKind.Missing, Second with { Output = null }, absolute: true);
        Refused(IndicatorReasonKind.UnitMismatch, Second with { Output = Output(5, After, QuantityUnit.Piece) }, absolute: true);
    }

    [Fact]
    public void A_year_without_output_has_no_intensity_and_a_productivity_of_zero()
    {
        EfficiencyComparison comparison = ResourceEfficiency.Compare(First, Second with { Output = Output(0, After) });
        Indicator intensity = comparison.Of(IndicatorForm.Intensity, LoadKind.Energy);
        Assert.Null(intensity.After);
        Assert.Contains(intensity.Reasons, reason => reason.Kind == IndicatorReasonKind.ZeroDenominator);
        Assert.Equal(0, comparison.Of(IndicatorForm.Productivity, LoadKind.Energy).After);
        Assert.Null(comparison.Decouplings[0].Factor);
    }

    [Fact]
    public void One_refused_load_leaves_the_others_and_both_sides_keep_what_stands_by_itself()
    {
        EfficiencyComparison comparison = ResourceEfficiency.Compare(First, Second with { Energy = Second.Energy! with { Boundary = "hall 2" } });
        Indicator energy = comparison.Of(IndicatorForm.Absolute, LoadKind.Energy);
        Assert.Equal(1_600, energy.Before);
        Assert.Equal(1_800, energy.After);
        Assert.Null(energy.ChangePercent);
        Assert.Null(comparison.Of(IndicatorForm.Intensity, LoadKind.Energy).After);
        Assert.Equal(2, comparison.Of(IndicatorForm.Intensity, LoadKind.Energy).Before);
        Assert.Equal(-40, comparison.Of(IndicatorForm.Intensity, LoadKind.Water).ChangePercent!.Value, 1e-12);
        Assert.NotEmpty(comparison.Decouplings[0].Reasons);
        Assert.Null(comparison.Decouplings[0].Factor);
    }

    [Fact]
    public void A_changed_output_definition_keeps_the_ratios_of_each_side_but_no_change()
    {
        EfficiencyComparison comparison = ResourceEfficiency.Compare(First, Second with { Output = Second.Output! with { Definition = Hides with { Version = 2 } } });
        Indicator productivity = comparison.Of(IndicatorForm.Productivity, LoadKind.Energy);
        Assert.Equal(0.5, productivity.Before!.Value, 1e-12);
        Assert.Equal(1 / 1.8, productivity.After!.Value, 1e-12);
        Assert.Null(productivity.ChangePercent);
        Assert.Contains(productivity.Reasons, reason => reason.Kind == IndicatorReasonKind.OutputDefinitionChanged);
    }

    [Fact]
    public void Whole_production_cycles_are_compared_per_cycle()
    {
        DateSpan short1 = new(new DateOnly(2023, 2, 3), new DateOnly(2023, 4, 1));
        DateSpan short2 = new(new DateOnly(2024, 2, 10), new DateOnly(2024, 5, 1));
        EfficiencyComparison comparison = ResourceEfficiency.Compare(Cycle(short1, 2, 200, 50), Cycle(short2, 3, 270, 75));
        Indicator energy = comparison.Of(IndicatorForm.Absolute, LoadKind.Energy);
        Assert.Equal((100, 90, "MWh per campaign"), (energy.Before!.Value, energy.After!.Value, energy.Unit));
        Assert.Equal(-10, comparison.Of(IndicatorForm.Intensity, LoadKind.Energy).ChangePercent!.Value, 1e-12);
        Assert.Empty(energy.Reasons);

        static EfficiencySide Cycle(DateSpan days, int count, double energy, double output) => new()
        {
            Energy = Amount(energy, QuantityUnit.MegawattHour, days) with { Cycles = new ProductionCycles("campaign", count) },
            Output = new ProductOutput { Definition = Hides, FirstPass = Amount(output, QuantityUnit.Tonne, days) with { Cycles = new ProductionCycles("campaign", count) } },
        };
    }

    [Fact]
    public void Value_added_in_constant_prices_is_an_output_like_any_other()
    {
        ProductOutput Value(double millions, DateSpan days, int year) => new()
        {
            Definition = new OutputDefinition("value added", 1),
            FirstPass = new MeasuredAmount { Amount = new Quantity(1e6 * millions, MeasureUnit.Money("MXN", year)), Boundary = "site, version 1", Days = days },
        };
        Indicator water = ResourceEfficiency.Compare(First with { Output = Value(12, Before, 2018) }, Second with { Output = Value(18, After, 2018) })
            .Of(IndicatorForm.Productivity, LoadKind.Water);
        Assert.Equal("MXN of 2018/m3", water.Unit);
        Assert.Equal(100, water.ChangePercent!.Value, 1e-9);
        Indicator mixed = ResourceEfficiency.Compare(First with { Output = Value(12, Before, 2018) }, Second with { Output = Value(18, After, 2023) })
            .Of(IndicatorForm.Productivity, LoadKind.Water);
        Assert.Contains(mixed.Reasons, reason => reason.Kind == IndicatorReasonKind.UnitMismatch);
    }

    [Fact]
    public void Rework_is_stated_apart_and_never_a_denominator()
    {
        EfficiencySide reworked = First with { Output = First.Output! with { Rework = Amount(200, QuantityUnit.Tonne, Before) } };
        EfficiencyComparison comparison = ResourceEfficiency.Compare(reworked, Second);
        Assert.Equal(20, comparison.ReworkPercentBefore!.Value, 1e-12);
        Assert.Null(comparison.ReworkPercentAfter);
        Assert.Equal(2, comparison.Of(IndicatorForm.Intensity, LoadKind.Energy).Before);
        Assert.Contains(comparison.Notes, note => note.Kind == IndicatorReasonKind.ReworkNotRecorded);
    }

    [Fact]
    public void Fuels_and_power_add_up_to_energy_only_over_the_same_days()
    {
        MeasuredAmount power = Amount(1_000_000, QuantityUnit.KilowattHour, Before);
        MeasuredAmount gas = Amount(3_600, QuantityUnit.Gigajoule, Before);
        Assert.Equal(2_000, MeasuredAmount.Sum([power, gas], MeasureUnit.Of(QuantityUnit.MegawattHour)).Amount.Value, 1e-9);
        Assert.Throws<ArgumentException>(() => MeasuredAmount.Sum([power, gas with { Days = After }], power.Amount.Unit));
        Assert.Throws<ArgumentException>(() => MeasuredAmount.Sum([power, gas with { Boundary = "hall" }], power.Amount.Unit));
        Assert.Throws<ArgumentException>(() => MeasuredAmount.Sum([power, Amount(3, QuantityUnit.Tonne, Before)], power.Amount.Unit));
        Assert.Throws<ArgumentException>(() => MeasuredAmount.Sum([], power.Amount.Unit));
        Assert.True(double.IsNaN(MeasuredAmount.Sum([power, Amount(double.NaN, QuantityUnit.Gigajoule, Before)], power.Amount.Unit).Amount.Value));
    }

    [Fact]
    public void A_reduction_is_not_claimed_when_output_fell_and_nothing_adjusts_for_it()
    {
        EfficiencySide less = Side(After, 700, (1_300, 450, 24_000, 990, 15_000, 300));
        ReductionResult refused = ReductionClaim.Judge(ResourceEfficiency.Compare(First, less), LoadKind.Energy, null);
        Assert.Null(refused.Reduction);
        Assert.Equal(300, refused.PlainDifference!.Value.Value, 1e-9);
        Assert.Contains(refused.Reasons, reason => reason.Kind == IndicatorReasonKind.OutputFellUnadjusted);

        AdjustedSaving adjusted = new(Quantity.Of(90_000, QuantityUnit.KilowattHour), 30_000);
        ReductionResult allowed = ReductionClaim.Judge(ResourceEfficiency.Compare(First, less), LoadKind.Energy, adjusted);
        Assert.Equal(90, allowed.Reduction!.Value.Value, 1e-9);
        Assert.True(allowed.IsAdjusted);

        AdjustedSaving worse = new(Quantity.Of(-10, QuantityUnit.MegawattHour), 5);
        Assert.Null(ReductionClaim.Judge(ResourceEfficiency.Compare(First, less), LoadKind.Energy, worse).Reduction);
        Assert.Null(ReductionClaim.Judge(ResourceEfficiency.Compare(First, less), LoadKind.Energy, new AdjustedSaving(Quantity.Of(double.NaN, QuantityUnit.MegawattHour), 5)).Reduction);
    }

    [Fact]
    public void A_reduction_with_more_output_is_allowed_as_a_plain_difference_and_says_so()
    {
        EfficiencyComparison comparison = ResourceEfficiency.Compare(First, Second);
        ReductionResult water = ReductionClaim.Judge(comparison, LoadKind.Water, null);
        Assert.Equal(6_000, water.Reduction!.Value.Value, 1e-9);
        Assert.False(water.IsAdjusted);
        Assert.Contains(water.Notes, note => note.Kind == IndicatorReasonKind.NotAdjusted);
        ReductionResult energy = ReductionClaim.Judge(comparison, LoadKind.Energy, null);
        Assert.Contains(energy.Reasons, reason => reason.Kind == IndicatorReasonKind.NoReduction);
    }

    private static void Check(EfficiencyComparison comparison, IndicatorForm form, LoadKind load, (double Before, double After, double Change, string Unit) expected)
    {
        Indicator found = comparison.Of(form, load);
        Assert.Equal(expected.Before, found.Before!.Value, 1e-12);
        Assert.Equal(expected.After, found.After!.Value, 1e-12);
        Assert.Equal(expected.Change, found.ChangePercent!.Value, 1e-10);
        Assert.Equal(expected.Unit, found.Unit);
    }

    private static void Refused(IndicatorReasonKind kind, EfficiencySide after, bool absolute = false)
    {
        EfficiencyComparison comparison = ResourceEfficiency.Compare(First, after);
        Indicator intensity = comparison.Of(IndicatorForm.Intensity, LoadKind.Energy);
        Assert.Null(intensity.ChangePercent);
        Assert.Contains(intensity.Reasons, reason => reason.Kind == kind);
        Assert.Null(comparison.Of(IndicatorForm.Productivity, LoadKind.Energy).ChangePercent);
        Assert.Null(comparison.Decouplings[0].Factor);
        Assert.Equal(absolute, comparison.Of(IndicatorForm.Absolute, LoadKind.Energy).ChangePercent is not null);
    }

    private static EfficiencySide Side(DateSpan days, double output, (double Energy, double Materials, double Water, double Gas, double Wastewater, double Waste) loads) => new()
    {
        Energy = Amount(loads.Energy, QuantityUnit.MegawattHour, days),
        Materials = Amount(1_000 * loads.Materials, QuantityUnit.Kilogram, days),
        Water = Amount(loads.Water, QuantityUnit.CubicMetre, days),
        GreenhouseGas = Amount(loads.Gas, QuantityUnit.TonneCarbonDioxideEquivalent, days),
        Wastewater = Amount(loads.Wastewater / 1_000, QuantityUnit.Megalitre, days),
        Waste = Amount(loads.Waste, QuantityUnit.Tonne, days),
        Output = Output(output, days),
    };

    private static ProductOutput Output(double amount, DateSpan days, QuantityUnit unit = QuantityUnit.Tonne) =>
        new() { Definition = Hides, FirstPass = Amount(amount, unit, days) };

    private static MeasuredAmount Amount(double value, QuantityUnit unit, DateSpan days) =>
        new() { Amount = Quantity.Of(value, unit), Boundary = "site, version 1", Days = days };
}
