using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;
using Metering.Analytics.Towt;
using Xunit;

namespace Metering.Tests.Analytics.Towt;

/// <summary>The arithmetic against regressions of the whole matrix, and its cost in memory.</summary>
public class TowtKernelTests
{
    private const int Seed = 5;

    [Fact]
    public void Means_and_slopes_equal_a_regression_with_an_indicator_per_hour_of_the_week()
    {
        // Ten weeks keep the matrix of 180 columns small; reflections of all columns are the independent way.
        TowtRows rows = Rows(TowtCases.Plant(Seed, hours: 10 * 168), "production");
        bool[] occupied = TowtRegression.FindOccupied(rows, 168, 10, 18.3);
        double[] knots = [10, 14, 18];
        TowtSegment segment = TowtRegression.Fit(rows, occupied, knots, knots);
        List<double[]> columns = [.. Enumerable.Range(1, 167).Select(group => rows.Group.Select(value => value == group ? 1.0 : 0).ToArray())];
        double[] scratch = new double[segment.Columns];
        int firstOfMatrix = columns.Count;
        for (int j = 0; j < segment.Columns; j++)
        {
            columns.Add(new double[rows.Count]);
        }

        for (int i = 0; i < rows.Count; i++)
        {
            segment.Fill(rows, i, scratch);
            for (int j = 0; j < scratch.Length; j++)
            {
                columns[firstOfMatrix + j][i] = scratch[j];
            }
        }

        LeastSquares whole = LeastSquares.Factor(rows.Count, columns)!;
        double mean = rows.Use.Average();
        double[] slopes = whole.Solve([.. rows.Use.Select(value => value - mean)]);
        Assert.True(occupied.Count(value => value) > 2);
        for (int j = 0; j < segment.Columns; j++)
        {
            Assert.Equal(slopes[firstOfMatrix + j], segment.Slopes[j], 1e-8);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_table_of_sums_gives_the_model_that_the_rows_give(int seed)
    {
        TowtRows rows = Rows(TowtCases.Plant(seed, hours: 8760));
        MonthWorkspace workspace = new();
        MonthKernel.FitSingle(rows, TemperatureUnit.Celsius, workspace);
        double[] weights = new double[12];
        Array.Fill(weights, 1);
        TowtSegment table = MonthSegment.Read(workspace, 12, weights);
        TowtSegment direct = TowtRegression.Fit(rows, table.Occupied, table.OccupiedKnots, table.UnoccupiedKnots);
        double[] left = new double[table.Columns];
        double[] right = new double[table.Columns];
        for (int i = 0; i < rows.Count; i += 7)
        {
            double difference = table.Predict(rows, i, left) - direct.Predict(rows, i, right);
            Assert.True(Math.Abs(difference) < 1e-9, $"row {i} of seed {seed} differs by {difference}");
            difference = table.Leverage(rows, i, left) - direct.Leverage(rows, i, right);
            Assert.True(Math.Abs(difference) < 1e-11, $"leverage of row {i} of seed {seed} differs by {difference}");
        }

        Assert.Equal(direct.Parameters, table.Parameters);
        double[] standard = TemperatureScale.StandardKnots(TemperatureUnit.Celsius);
        Assert.Equal(TowtRegression.KeepKnots(rows, table.Occupied, true, standard), table.OccupiedKnots);
        Assert.Equal(TowtRegression.KeepKnots(rows, table.Occupied, false, standard), table.UnoccupiedKnots);
    }

    [Fact]
    public void Twelve_models_allocate_nothing_once_the_workspace_has_grown()
    {
        TowtRows rows = Rows(TowtCases.Plant(Seed, hours: 8760));
        MonthWorkspace workspace = new();
        long least = long.MaxValue;

        // The runtime may allocate a little for itself while it compiles; the least of some runs is the kernel's own.
        for (int run = 0; run < 10; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            MonthKernel.FitMonths(rows, TemperatureUnit.Celsius, workspace);
            least = run == 0 ? least : Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void A_workspace_used_for_another_meter_before_gives_the_same_bits()
    {
        TowtRows rows = Rows(TowtCases.Plant(Seed, hours: 8000));
        MonthWorkspace fresh = new();
        MonthWorkspace used = new();
        MonthKernel.FitMonths(Rows(TowtCases.Plant(Seed + 1, hours: 8760)), TemperatureUnit.Fahrenheit, used);
        MonthKernel.FitMonths(rows, TemperatureUnit.Celsius, used);
        MonthKernel.FitMonths(rows, TemperatureUnit.Celsius, fresh);
        Assert.Equal(fresh.Slopes, used.Slopes);
        Assert.Equal(fresh.Use, used.Use);
        Assert.Equal(fresh.Factors.AsSpan(0, 24 * 49).ToArray(), used.Factors.AsSpan(0, 24 * 49).ToArray());
    }

    [Fact]
    public void Spans_add_up_to_the_temperature_less_the_lowest_knot()
    {
        double[] knots = [0, 10, 20];
        double[] spans = new double[4];
        foreach (double temperature in (double[])[-5, 0, 4, 10, 12, 20, 31])
        {
            TemperatureScale.Split(knots, temperature, spans);
            Assert.Equal(temperature, spans.Sum(), 1e-12);
        }

        TemperatureScale.Split(knots, 12, spans);
        Assert.Equal([0.0, 10, 2, 0], spans);
    }

    [Theory]
    [InlineData(new[] { 5, 30, 30, 30 }, new[] { false, true, true })]
    [InlineData(new[] { 30, 30, 30, 5 }, new[] { true, true, false })]
    [InlineData(new[] { 30, 5, 30, 30 }, new[] { true, false, true })]
    [InlineData(new[] { 5, 5, 5, 5 }, new[] { false, false, false })]
    [InlineData(new[] { 1, 1, 1, 1 }, new[] { false, false, false })]
    [InlineData(new[] { 10, 15, 40, 10 }, new[] { false, true, false })]
    public void Thin_spans_are_joined_from_the_outside_in(int[] counts, bool[] expected)
    {
        bool[] kept = new bool[expected.Length];
        TemperatureScale.DropThin(counts, kept);
        Assert.Equal(expected, kept);
    }

    internal static TowtRows Rows(ModelTable table, params string[] linear)
    {
        TowtLayout layout = new() { Zone = TimeZoneInfo.Utc, Temperature = "temperature", LinearDrivers = linear };
        ModelRows rows = ModelRows.Order(layout.Narrow(table, metered: true), useDrivers: true, [], []);
        return layout.Build(layout.Select(rows, new Period(table.StartUtcMilliseconds[0], table.StartUtcMilliseconds[^1] + TowtCases.Hour)));
    }
}
