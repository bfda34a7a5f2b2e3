using System.Globalization;
using Metering.Analytics.Effluent;
using Metering.Analytics.Indicators;
using Metering.Analytics.Intervals;
using Metering.Analytics.Plausibility;
using Metering.Analytics.Portfolio;
using Xunit;

namespace Metering.Tests.Analytics.Indicators;

/// <summary>Whatever figures come in, what goes out is a finite number, null, or the stated NaN beside a reason.</summary>
public class HostileFigureTests
{
    private const int Runs = 3_000;
    private const long Day = 86_400_000;

    private static readonly double[] Figures =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon, 0, -0.0, -1, 1e-300, 1e300, 1e15, 1e-9, 0.1, 5, 700,
    ];

    [Fact]
    public void No_comparison_gives_a_number_that_is_none()
    {
        for (int seed = 0; seed < Runs; seed++)
        {
            Random random = new(seed);
            EfficiencyComparison comparison = ResourceEfficiency.Compare(Side(random, 2021), Side(random, 2023));
            foreach (Indicator indicator in comparison.Indicators)
            {
                Finite(seed, indicator.Before, indicator.After, indicator.ChangePercent);
                Assert.True(indicator.ChangePercent is not null == (indicator.Reasons.Count == 0), $"seed {seed}: {indicator.Name}");
            }

            Finite(seed, [comparison.ReworkPercentBefore, comparison.ReworkPercentAfter, .. comparison.Decouplings.Select(found => found.Factor)]);
        }
    }

    [Fact]
    public void No_balance_load_or_portfolio_gives_a_number_that_is_none()
    {
        for (int seed = 0; seed < Runs; seed++)
        {
            Random random = new(seed);
            WaterBalanceResult? balance = WaterBalance.Compute([.. Enumerable.Range(0, 3).Select(i => new WaterFlow
            {
                Name = i.ToString(CultureInfo.InvariantCulture),
                Direction = (WaterDirection)random.Next(3),
                Place = WaterPlace.Groundwater,
                Volume = Quantity.Of(Pick(random), QuantityUnit.CubicMetre),
                Days = DateSpan.OfYear(2024),
                StandardUncertaintyPercent = random.Next(2) == 0 ? 2 : Pick(random),
            })]).Result;
            Finite(seed, balance?.ConsumptionMegalitres, balance?.Closing?.Megalitres, balance?.Closing?.Percent);

            LoadResult? load = EffluentLoad.Compute(new LoadInput
            {
                Period = new Period(0, 2 * Day),
                Flow = [new FlowInterval(new Period(0, Day), Pick(random)), new FlowInterval(new Period(Day, 2 * Day), Pick(random))],
                Results = [Composite(0, Pick(random), random), Composite(1, Pick(random), random)],
                Options = new LoadOptions { FlowSharedPercent = 2 },
            }).Result;
            Finite(seed, load?.Kilograms, load?.LowKilograms, load?.HighKilograms, load?.CoveredM3, load?.KilogramsPerDay, load?.StandardUncertaintyKilograms);

            PortfolioResult? portfolio = PortfolioTotal.Compute([Project(random), Project(random)]).Result;
            Finite(seed, portfolio?.HalfWidth, portfolio?.RelativeHalfWidth, portfolio?.FractionalUncertainty, portfolio?.AtLeast, portfolio?.RelativeBias);
        }
    }

    [Fact]
    public void No_check_calls_hostile_figures_consistent()
    {
        for (int seed = 0; seed < Runs; seed++)
        {
            Random random = new(seed);
            double claimed = Pick(random);
            double expected = Pick(random);
            PlausibilityFinding finding = ClaimChecks.Equal(Quantity.Of(claimed, QuantityUnit.Tonne), Quantity.Of(expected, QuantityUnit.Tonne));
            bool isClose = claimed > 0 && double.IsFinite(claimed) && Math.Abs((claimed / expected) - 1) <= 0.06;
            Assert.True(isClose || finding.Kind != PlausibilityKind.Consistent, $"seed {seed}: {claimed} against {expected}");
            double[] series = [.. Enumerable.Range(0, 40).Select(_ => Pick(random))];
            Assert.All(SeriesChecks.Jumps(series, 5), jump => Assert.InRange(jump.RowIndex!.Value, 5, 35));
            _ = SeriesChecks.Compare(series, [.. series.Reverse()]);
        }
    }

    private static void Finite(int seed, params double?[] values) =>
        Assert.True(Array.TrueForAll(values, value => value is null || double.IsFinite(value.Value)), $"seed {seed}: {string.Join(", ", values)}");

    private static double Pick(Random random) => Figures[random.Next(Figures.Length)];

    private static EfficiencySide Side(Random random, int year)
    {
        MeasuredAmount Amount(QuantityUnit unit) => new() { Amount = Quantity.Of(random.Next(3) == 0 ? Pick(random) : 10, unit), Boundary = "site", Days = DateSpan.OfYear(year) };
        return new EfficiencySide
        {
            Energy = Amount(QuantityUnit.KilowattHour),
            Materials = Amount(QuantityUnit.Kilogram),
            Water = Amount(QuantityUnit.Megalitre),
            GreenhouseGas = Amount(QuantityUnit.TonneCarbonDioxideEquivalent),
            Wastewater = Amount(QuantityUnit.Litre),
            Waste = Amount(QuantityUnit.Tonne),
            Output = new ProductOutput { Definition = new OutputDefinition("pieces", 1), FirstPass = Amount(QuantityUnit.Piece), Rework = Amount(QuantityUnit.Piece) },
        };
    }

    private static LabResult Composite(int day, double value, Random random) => new()
    {
        Number = "1",
        Parameter = "COD",
        Sample = SampleType.Composite,
        Taken = new Period(day * Day, (day + 1) * Day),
        Value = new LabValue(value, random.Next(2) == 0),
        Unit = ConcentrationUnit.GramPerLitre,
        StandardUncertaintyPercent = Pick(random),
    };

    private static ProjectSaving Project(Random random) => new()
    {
        Project = "p",
        Programme = "q",
        Resource = SavedResource.Electricity,
        Saving = Quantity.Of(Pick(random), random.Next(2) == 0 ? QuantityUnit.KilowattHour : QuantityUnit.MegawattHour),
        IndependentStandardError = Math.Abs(Pick(random)),
        DegreesOfFreedom = random.Next(2) == 0 ? double.PositiveInfinity : Math.Abs(Pick(random)),
        Shared = [new SharedError(SharedCause.Tariff, "t", random.Next(2) == 0 ? 1 : Pick(random))],
        Bias = Math.Min(1e15, Math.Abs(Pick(random))),
        Reporting = DateSpan.OfYear(2024),
        Channels = [],
    };
}
