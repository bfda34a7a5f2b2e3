using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;
using Xunit;

namespace Metering.Tests.Analytics;

public class SavingsTests
{
    private const long Day = 86_400_000;
    private static readonly Period Before = new(0, 365 * Day);
    private static readonly Period After = new(400 * Day, 765 * Day);

    [Fact]
    public void The_variance_equals_the_matrix_algebra_written_out()
    {
        SavingsResult result = Accept(Table());
        BaselineFit fit = result.Fit;
        int n = fit.N;
        int m = result.MeteredByRow.Count;
        double r = result.Autocorrelation;
        Assert.InRange(r, 0.3, 0.7);

        // P = Q Q' with the intercept's column, w = P applied to the reporting rows: all from the drivers, by plain loops.
        ModelTable table = Table();
        double[][] x = [.. Enumerable.Range(0, n).Select(i => new[] { 1, table.Drivers[0].Values[i], table.Drivers[1].Values[i] })];
        double[][] later = [.. Enumerable.Range(400, m).Select(i => new[] { 1, table.Drivers[0].Values[i], table.Drivers[1].Values[i] })];
        double[,] inverse = Invert(Cross(x));
        double[] sum = [.. Enumerable.Range(0, 3).Select(j => later.Sum(row => row[j]))];
        double[] w = [.. x.Select(row => Quadratic(row, inverse, sum))];
        double model = 0;
        double trace = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double correlation = Math.Pow(r, Math.Abs(i - j));
                model += w[i] * correlation * w[j];
                trace += Quadratic(x[i], inverse, x[j]) * correlation;
            }
        }

        double rows = 0;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < m; j++)
            {
                rows += Math.Pow(r, Math.Abs(i - j));
            }
        }

        double expected = Math.Sqrt(fit.SumOfSquaredErrors / (n - trace) * (model + rows));
        Assert.Equal(1, result.StandardError / expected, 1e-10);
    }

    [Fact]
    public void The_last_cumulative_saving_is_the_saving_with_its_half_width()
    {
        SavingsResult result = Accept(Table());
        Assert.Equal(1, result.CumulativeSavings[^1] / result.Savings, 1e-12);
        Assert.Equal(result.HalfWidth, result.CumulativeHalfWidth[^1]);
        Assert.Equal(result.Counterfactual, result.AdjustedBaseline.Sum(), 1e-6);
        Assert.Equal(0, result.BaselineCusum[^1], 1e-6);
        Assert.All(result.BandHalfWidth, band => Assert.True(band > 0));
        Assert.InRange(result.ProbabilityOfSaving, 0.999, 1);
    }

    [Fact]
    public void A_wider_confidence_gives_a_wider_interval_around_the_same_saving()
    {
        SavingsResult narrow = Accept(Table(), new SavingsOptions { Confidence = 0.68 });
        SavingsResult wide = Accept(Table(), new SavingsOptions { Confidence = 0.95 });
        Assert.Equal(narrow.Savings, wide.Savings);
        Assert.True(wide.HalfWidth > 1.5 * narrow.HalfWidth);
    }

    [Fact]
    public void Rows_out_of_order_give_the_same_bits_and_a_note()
    {
        ModelTable table = Table();
        int[] order = [.. Enumerable.Range(0, table.Use.Count).OrderBy(i => (i * 7919) % table.Use.Count)];
        ModelTable shuffled = new()
        {
            StartUtcMilliseconds = [.. order.Select(i => table.StartUtcMilliseconds[i])],
            Use = [.. order.Select(i => table.Use[i])],
            Drivers = [.. table.Drivers.Select(driver => new Driver(driver.Name, [.. order.Select(i => driver.Values[i])]))],
        };
        SavingsOutcome outcome = SavingsCalculator.Avoided(shuffled, Before, After);
        Assert.Equal(Accept(table).HalfWidth, outcome.Result!.HalfWidth);
        Assert.Equal(Accept(table).Savings, outcome.Result.Savings);
        Assert.Contains(outcome.Warnings, warning => warning.Kind == ReasonKind.RowsPutInOrder);
    }

    [Fact]
    public void Missing_rows_lower_the_coverage_and_are_claimed_for_on_neither_side()
    {
        ModelTable table = Table();
        double[] use = [.. table.Use];
        for (int i = 500; i < 600; i++)
        {
            use[i] = double.NaN;
        }

        SavingsResult whole = Accept(table);
        SavingsResult part = Accept(table with { Use = use });
        Assert.Equal(265, part.MeteredByRow.Count);
        Assert.Equal(100 * 265.0 / 365, part.CoveragePercent, 1e-9);
        Assert.InRange(part.Savings / whole.Savings, 0.65, 0.8);
    }

    [Fact]
    public void Each_fault_of_the_data_is_refused_by_name()
    {
        ModelTable table = Table();
        Refused(ReasonKind.TooFewPoints, table, new Period(0, 20 * Day), After);
        Refused(ReasonKind.EmptyPeriod, table, Before, new Period(2000 * Day, 2100 * Day));
        Refused(ReasonKind.EmptyPeriod, table, new Period(-200 * Day, 0), After);
        Refused(ReasonKind.PeriodsOverlap, table, Before, new Period(364 * Day, 700 * Day));
        Refused(ReasonKind.PeriodsOverlap, table, After, Before);
        Refused(ReasonKind.LowCoverage, table, Before, new Period(400 * Day, 2000 * Day));
        Refused(ReasonKind.ConstantDriver, Change(table, 0, (_, _) => 7), Before, After);
        Refused(ReasonKind.Collinear, Change(table, 0, (i, _) => (2 * table.Drivers[1].Values[i]) + 3), Before, After);
        Refused(ReasonKind.Collinear, Change(table, 0, (i, value) => (20 * table.Drivers[1].Values[i]) + value), Before, After);
        Refused(ReasonKind.Extrapolation, Change(table, 0, (i, value) => i >= 400 ? value + 40 : value), Before, After);
        Refused(ReasonKind.NotFinite, Change(table, 0, (i, value) => i == 9 ? double.PositiveInfinity : value), Before, After);
        Refused(ReasonKind.NotFinite, table with { Use = [.. table.Use.Select((use, i) => i == 450 ? double.NegativeInfinity : use)] }, Before, After);
        Refused(ReasonKind.NegativeUse, table with { Use = [.. table.Use.Select((use, i) => i % 20 == 0 ? -use : use)] }, Before, After);
        Refused(ReasonKind.ConstantUse, table with { Use = [.. table.Use.Select(_ => 5.0)] }, Before, After);
        Refused(ReasonKind.ConflictingRows, table with { StartUtcMilliseconds = [.. table.StartUtcMilliseconds.Select((start, i) => i == 30 ? start - Day : start)] }, Before, After);
    }

    [Fact]
    public void Five_bimonthly_bills_are_refused()
    {
        ModelTable table = new()
        {
            StartUtcMilliseconds = [.. Enumerable.Range(0, 11).Select(i => i * 61L * Day)],
            Use = [.. Enumerable.Range(0, 11).Select(i => 100.0 + (i % 3))],
        };
        SavingsOutcome outcome = SavingsCalculator.Avoided(table, new Period(0, 305 * Day), new Period(305 * Day, 671 * Day));
        Assert.Contains(outcome.Reasons, reason => reason.Kind == ReasonKind.TooFewPoints);
    }

    [Fact]
    public void The_same_row_twice_counts_once()
    {
        ModelTable table = Table();
        ModelTable doubled = new()
        {
            StartUtcMilliseconds = [.. table.StartUtcMilliseconds, table.StartUtcMilliseconds[3]],
            Use = [.. table.Use, table.Use[3]],
            Drivers = [.. table.Drivers.Select(driver => new Driver(driver.Name, [.. driver.Values, driver.Values[3]]))],
        };
        Assert.Equal(Accept(table).Savings, Accept(doubled).Savings);
    }

    [Fact]
    public void A_perfect_fit_gives_a_zero_half_width_and_not_a_NaN()
    {
        ModelTable table = Table();
        ModelTable exact = table with { Use = [.. table.Drivers[0].Values.Select(value => 10 + (2 * value))], Drivers = [table.Drivers[0]] };
        SavingsResult result = Accept(exact);
        Assert.Equal(0, result.Savings, 1e-6);
        Assert.Equal(0, result.HalfWidth, 1e-6);
    }

    private static SavingsResult Accept(ModelTable table, SavingsOptions? options = null)
    {
        SavingsOutcome outcome = SavingsCalculator.Avoided(table, Before, After, options);
        Assert.True(outcome.IsAccepted, string.Join(' ', outcome.Reasons.Select(reason => reason.Detail)));
        return outcome.Result!;
    }

    private static void Refused(ReasonKind kind, ModelTable table, Period baseline, Period reporting)
    {
        SavingsOutcome outcome = SavingsCalculator.Avoided(table, baseline, reporting);
        Assert.Null(outcome.Result);
        Assert.Contains(outcome.Reasons, reason => reason.Kind == kind);
    }

    private static ModelTable Change(ModelTable table, int driver, Func<int, double, double> change)
    {
        Driver[] drivers = [.. table.Drivers];
        drivers[driver] = new Driver(drivers[driver].Name, [.. drivers[driver].Values.Select((value, i) => change(i, value))]);
        return table with { Drivers = drivers };
    }

    private static ModelTable Table()
    {
        Random random = new(3);
        int rows = 765;
        double[] temperature = new double[rows];
        double[] production = new double[rows];
        double[] use = new double[rows];
        double noise = 0;
        for (int i = 0; i < rows; i++)
        {
            temperature[i] = 20 + (8 * random.NextDouble());
            production[i] = 50 + (20 * random.NextDouble());
            noise = (0.5 * noise) + (random.NextDouble() - 0.5);
            use[i] = (100 + (3 * temperature[i]) + (2 * production[i]) + (10 * noise)) * (i >= 400 ? 0.85 : 1);
        }

        return new ModelTable
        {
            StartUtcMilliseconds = [.. Enumerable.Range(0, rows).Select(i => i * Day)],
            Use = use,
            Drivers = [new Driver("temperature", temperature), new Driver("production", production)],
        };
    }

    private static double[,] Cross(double[][] rows)
    {
        double[,] cross = new double[3, 3];
        for (int j = 0; j < 3; j++)
        {
            for (int k = 0; k < 3; k++)
            {
                cross[j, k] = rows.Sum(row => row[j] * row[k]);
            }
        }

        return cross;
    }

    private static double[,] Invert(double[,] a)
    {
        double[,] inverse = new double[3, 3];
        double determinant = 0;
        for (int j = 0; j < 3; j++)
        {
            determinant += a[0, j] * ((a[1, (j + 1) % 3] * a[2, (j + 2) % 3]) - (a[1, (j + 2) % 3] * a[2, (j + 1) % 3]));
        }

        for (int j = 0; j < 3; j++)
        {
            for (int k = 0; k < 3; k++)
            {
                inverse[j, k] = ((a[(k + 1) % 3, (j + 1) % 3] * a[(k + 2) % 3, (j + 2) % 3])
                    - (a[(k + 1) % 3, (j + 2) % 3] * a[(k + 2) % 3, (j + 1) % 3])) / determinant;
            }
        }

        return inverse;
    }

    private static double Quadratic(double[] left, double[,] matrix, double[] right)
    {
        double sum = 0;
        for (int j = 0; j < 3; j++)
        {
            for (int k = 0; k < 3; k++)
            {
                sum += left[j] * matrix[j, k] * right[k];
            }
        }

        return sum;
    }
}
