using BenchmarkDotNet.Attributes;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;

namespace Metering.Benchmarks;

/// <summary>
/// Fits and savings, checks and statistics included: a year of days with three drivers, and twelve months with one.
/// Baseline: the sums of squares and products of the same rows alone.
/// </summary>
public class BaselineBenchmarks
{
    private const long Day = TimeSpan.MillisecondsPerDay;
    private const double MonthDays = 30.436875;

    private ModelTable _table = new() { StartUtcMilliseconds = [], Use = [] };
    private Period _before;
    private Period _after;

    [Params("365 days, p=4", "12 months, p=2")]
    public string Data { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        bool daily = Data.StartsWith("365", StringComparison.Ordinal);
        int rows = daily ? 365 : 12;
        long length = daily ? Day : (long)(MonthDays * Day);
        _table = Rows(2 * rows, length, daily ? 3 : 1);
        _before = new(0, rows * length);
        _after = new(rows * length, 2 * rows * length);
        SavingsOutcome outcome = Saving();
        Console.WriteLine(outcome.IsAccepted ? "// accepted" : $"// refused: {outcome.Reasons[0].Detail}");
    }

    [Benchmark(Baseline = true)]
    public double CrossProducts()
    {
        double sum = 0;
        int rows = _table.Use.Count / 2;
        foreach (Driver left in _table.Drivers)
        {
            foreach (Driver right in _table.Drivers)
            {
                double[] a = (double[])left.Values;
                double[] b = (double[])right.Values;
                for (int row = 0; row < rows; row++)
                {
                    sum += a[row] * b[row];
                }
            }
        }

        return sum;
    }

    [Benchmark]
    public double LeastSquaresFit() => BaselineModel.Fit(_table, _before, ModelKind.Ols).Fit!.R2;

    [Benchmark]
    public double WholeSaving() => Saving().Result!.HalfWidth;

    private SavingsOutcome Saving() => SavingsCalculator.Avoided(_table, _before, _after, new SavingsOptions { Model = ModelKind.Ols });

    private static ModelTable Rows(int count, long length, int drivers)
    {
        long[] start = new long[count];
        double[] use = new double[count];
        double[][] columns = [.. Enumerable.Range(0, drivers).Select(_ => new double[count])];
        uint noise = 7;
        for (int row = 0; row < count; row++)
        {
            start[row] = row * length;
            use[row] = 500 - (row >= count / 2 ? 40 : 0);
            for (int driver = 0; driver <= drivers; driver++)
            {
                noise = unchecked((noise * 1_664_525) + 1_013_904_223);
                double value = 20 + ((noise >> 16) / 3_000.0);
                use[row] += driver == drivers ? value / 4 : (driver + 2) * value;
                if (driver < drivers)
                {
                    columns[driver][row] = value;
                }
            }
        }

        return new()
        {
            StartUtcMilliseconds = start,
            Use = use,
            Drivers = [.. columns.Select((column, index) => new Driver($"driver{index}", column))],
        };
    }
}
