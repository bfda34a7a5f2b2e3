using Metering.Analytics.CountryPacks;
using Metering.Analytics.Finance;
using Metering.Analytics.Tariffs;
using Xunit;

namespace Metering.Tests.Analytics.Tariffs;

public sealed class DemandSavingTests
{
    private static readonly PackTable Rules = CountryPack.Mexico.Table("cfe-rules");
    private static readonly RateTable Rates = ExampleRates.Table(ExampleRates.January);
    private static readonly BillRequest Request = new() { Tariff = CfeTariff.Gdmth, Division = "Example" };

    // One day: 120 kW expected, 100 kW measured; caps of 210 and 175 kW do not bind. Rates for 1/31 of the month:
    // (345.67 + 98.76) / 31 = 14.33645 per kW. 20 kW are saved at least, 35 if single peaks stand 15 kW above the model.
    [Fact]
    public void Demand_saved_is_bounded_by_the_peaks_of_the_model_and_the_scatter_above_them()
    {
        DemandSavingBounds bounds = Bound(expectedKw: 120, actualKw: 100, peakKw: 15m, energyKwh: 0m).Value!;
        Assert.Equal((20m, 35m), bounds.CapacityKw);
        Assert.Equal((20m, 35m), bounds.DistributionKw);
        Assert.Equal(286.73m, bounds.Lower.Rounded().Amount);
        Assert.Equal(501.78m, bounds.Upper.Rounded().Amount);
    }

    // A mean of 40 kW stands for 40 / .57 = 70.2 kW at most, so that a peak of 540 kW is billed as 71 kW; the 30 kW measured lie
    // below their cap of 52.6 kW.
    [Fact]
    public void Where_the_energy_cap_binds_it_bounds_the_demand_that_can_be_saved()
    {
        DemandSavingBounds bounds = Bound(expectedKw: 40, actualKw: 30, peakKw: 500m, energyKwh: 0m).Value!;
        Assert.Equal(40m - 30m, bounds.CapacityKw.Lower);
        Assert.Equal(71m - 30m, bounds.CapacityKw.Upper);
    }

    [Fact]
    public void Bounds_may_say_that_demand_rose()
    {
        DemandSavingBounds bounds = Bound(expectedKw: 90, actualKw: 100, peakKw: 5m, energyKwh: 10m).Value!;
        Assert.True(bounds.Lower.Amount < 0m);
        Assert.Equal((-10m, -5m), bounds.CapacityKw);
    }

    [Fact]
    public void Bills_of_different_days_or_negative_limits_are_faults_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => Bound(100, 100, -1m, 0m));
        Assert.Throws<ArgumentException>(() => Bound(100, 100, 0m, -1m));
    }

    private static Answer<DemandSavingBounds> Bound(double expectedKw, double actualKw, decimal peakKw, decimal energyKwh) => DemandSaving.Bound(
        Request,
        Day(actualKw),
        new DemandCounterfactual { Expected = Day(expectedKw), PeakAboveModelKw = peakKw, EnergyHalfWidthKwh = energyKwh },
        Rules,
        Rates);

    private static BillMeasurement Day(double kw)
    {
        (long[] starts, double[] kwh) = SavingFixture.Constant(96, TimeSpan.FromMinutes(15), kw / 4);
        return BillMeasurement.Measure(
            new MeteredIntervals(starts, kwh, [], TimeSpan.FromMinutes(15)),
            SavingFixture.Calendar,
            CfeTariff.Gdmth,
            new DateOnly(2018, 1, 2),
            new DateOnly(2018, 1, 2)).Value!;
    }
}
