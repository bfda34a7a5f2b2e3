using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.ChangePoints;
using Metering.Analytics.Subsets;
using Metering.Analytics.Towt;
using Xunit;

namespace Metering.Tests.Budget;

/// <summary>The kernels of the analytics core allocate nothing once their workspace has grown.</summary>
public sealed class KernelBudgetTests
{
    private const int Days = 365;
    private static readonly double[] Temperature = Column(0, day => 20 + (8 * Math.Sin(day / 58.0)));
    private static readonly double[][] Drivers = [.. Enumerable.Range(1, 10).Select(seed => Column(seed, _ => 100))];
    private static readonly double[] Use = [.. Enumerable.Range(0, Days).Select(day => 500 + (4 * Math.Max(0, Temperature[day] - 21)) + Drivers[0][day])];

    [Theory]
    [InlineData(ChangePointForm.Cooling)]
    [InlineData(ChangePointForm.TwoLines)]
    [InlineData(ChangePointForm.HeatingAndCooling)]
    public void A_change_point_fit_stays_in_its_budget(ChangePointForm form)
    {
        ChangePointWorkspace plain = new();
        AllocationBudgetTests.Hold("changePointFit", 1, () => ChangePointSolver.Fit(Temperature, Use, form, ChangePointOptions.Default, plain));
        LinearChangePointWorkspace workspace = new();
        double[][] linear = Drivers[..3];
        AllocationBudgetTests.Hold("linearChangePointFit", 1, () =>
        {
            workspace.Load(Temperature, Use, linear);
            LinearChangePointSolver.Fit(workspace, form, ChangePointOptions.Default);
        });
    }

    [Fact]
    public void Scoring_all_subsets_stays_in_its_budget()
    {
        AllSubsetsWorkspace workspace = new();
        SubsetScore[] scores = new SubsetScore[1024];
        AllocationBudgetTests.Hold("subsetsScore", 1, () => AllSubsets.Score(Use, Drivers, [], workspace, scores));
    }

    [Fact]
    public void Least_squares_with_all_statistics_stays_in_its_budget()
    {
        LeastSquaresWorkspace workspace = new();
        double[] use = Use[..12];
        double[][] drivers = [Drivers[0][..12], Drivers[1][..12]];
        AllocationBudgetTests.Hold("leastSquaresAllStatistics", 1, () => Assert.True(workspace.Fit(use, drivers)));
    }

    [Fact]
    public void Twelve_monthly_models_of_hours_stay_in_their_budget()
    {
        const long Hour = 3_600_000;
        double[] hours = [.. Enumerable.Range(0, 8760).Select(hour => 20 + (8 * Math.Sin(hour / 1394.0)))];
        TowtLayout layout = new() { Zone = TimeZoneInfo.Utc, Temperature = "temperature" };
        PeriodRows period = ModelRows.Order(
            new ModelTable
            {
                StartUtcMilliseconds = [.. Enumerable.Range(0, 8760).Select(hour => hour * Hour)],
                Use = [.. hours.Select((value, hour) => 50 + value + (hour % 24))],
                Drivers = [new Driver("temperature", hours)],
            },
            true,
            [],
            []).Select(new(0, 8760 * Hour));
        TowtRows rows = layout.Build(period);
        MonthWorkspace workspace = new();
        AllocationBudgetTests.Hold("towtTwelveModels", 1, () => MonthKernel.FitMonths(rows, TemperatureUnit.Celsius, workspace));
    }

    [Fact]
    public void The_search_of_balance_points_stays_in_its_budget()
    {
        BalancePointWorkspace points = new();
        AllocationBudgetTests.Hold("calTrackSelection", 1, () =>
        {
            points.Clear(Days);
            for (int day = 0; day < Days; day++)
            {
                double mean = 32 + (1.8 * Temperature[day]);
                points.Add(Use[day], 1, new ReadOnlySpan<double>(in mean));
            }

            points.Accumulate();
            BalancePointSearch search = new(points, 10, 20);
            search.Run(withCooling: true);
            Assert.True(search.CandidateCount > 0);
        });
    }

    private static double[] Column(int seed, Func<int, double> level)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, Days).Select(day => level(day) + random.NextDouble())];
    }
}
