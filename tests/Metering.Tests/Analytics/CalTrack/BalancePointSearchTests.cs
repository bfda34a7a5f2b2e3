using Metering.Analytics.CalTrack;
using Xunit;

namespace Metering.Tests.Analytics.CalTrack;

/// <summary>The search against least squares of every model, one after the other.</summary>
public sealed class BalancePointSearchTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 30)]
    [InlineData(4, 30)]
    [InlineData(5, 61)]
    public void No_model_that_is_fitted_alone_beats_the_chosen_one(int seed, int daysPerRow)
    {
        SimulatedYear year = new(seed);
        MeteredInterval[] days = year.Days(seed % 2 == 0 ? 0 : 1.1, 0.8, 12)[..365];
        MeteredInterval[] rows = daysPerRow == 1 ? days : SimulatedYear.Bills(days, daysPerRow);
        CalTrackOptions options = new() { TemperatureWindow = null };
        CalTrackFit fit = (daysPerRow == 1
            ? CalTrackDaily.Fit(rows, year.Weather, SimulatedYear.First, options)
            : CalTrackBilling.Fit(rows, year.Weather, SimulatedYear.First, options)).Fit!;
        OneByOne check = new(rows, year, daysPerRow == 1 ? 10 : 0);
        (double best, int qualified) = check.Best();
        Assert.Equal(best, fit.AdjustedR2, 1e-10);
        Assert.Equal(qualified, fit.QualifiedCount);
        Assert.Equal(2014, fit.CandidateCount);
        Assert.Equal(fit.AdjustedR2, fit.Best[0].AdjustedR2, 1e-10);
        for (int i = 1; i < fit.Best.Count; i++)
        {
            Assert.True(fit.Best[i - 1].AdjustedR2 >= fit.Best[i].AdjustedR2 - 1e-11, $"seed {seed}");
        }
    }

    [Fact]
    public void A_warm_workspace_searches_without_allocating()
    {
        SimulatedYear year = new(11);
        MeteredInterval[] days = year.Days(1, 1, 10);
        BalancePointWorkspace points = new();
        BalancePointSearch search = default;
        long before = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            points.Clear(365);
            for (int row = 0; row < 365; row++)
            {
                double mean = year.DayMeans[row];
                points.Add(days[row].Use, 1, new ReadOnlySpan<double>(in mean));
            }

            points.Accumulate();
            search = new(points, 10, 20);
            search.Run(withCooling: true);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(5, search.BestCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void Sums_are_those_of_a_plain_loop_to_the_last_bit(int daysPerRow)
    {
        SimulatedYear year = new(12);
        MeteredInterval[] rows = SimulatedYear.Bills(year.Days(1, 1, 10)[..360], daysPerRow);
        double[] means = [.. year.DayMeans];
        BalancePointWorkspace points = new();
        points.Clear(rows.Length);
        for (int row = 0; row < rows.Length; row++)
        {
            points.Add(rows[row].Use / daysPerRow, daysPerRow, means.AsSpan(row * daysPerRow, daysPerRow));
        }

        points.Accumulate();
        for (int point = 0; point < BalancePointWorkspace.Points; point++)
        {
            double total = 0;
            double moment = 0;
            double product = 0;
            for (int row = 0; row < rows.Length; row++)
            {
                double warm = 0;
                double cool = 0;
                foreach (double mean in means.AsSpan(row * daysPerRow, daysPerRow))
                {
                    warm += Math.Max(0, 30 + point - mean);
                    cool += Math.Max(0, mean - 30 - point);
                }

                warm /= daysPerRow;
                cool /= daysPerRow;
                total += daysPerRow * warm;
                moment += daysPerRow * warm * (points.Use[row] - points.MeanUse);
                product += daysPerRow * warm * cool;
            }

            Assert.Equal(total, points.Heating.Totals[point]);
            Assert.Equal(moment, points.Heating.Moments[point]);
            Assert.Equal(product, points.Products[(point * BalancePointWorkspace.Stride) + point]);
        }
    }

    [Fact]
    public void Models_that_are_equally_good_are_chosen_by_the_lower_balance_point()
    {
        // One bill alone is cold: its degree days beyond every point are proportional, and all fits are the same.
        BalancePointWorkspace points = new();
        points.Clear(5);
        double[] use = [12, 10, 10.5, 9.5, 10.2];
        for (int row = 0; row < use.Length; row++)
        {
            points.Add(use[row], 30, [row == 0 ? 20 : 95]);
        }

        points.Accumulate();
        BalancePointSearch search = new(points, 0, 20);
        search.Run(withCooling: false);
        Assert.Equal((0, -1), (search[0].HeatingPoint, search[0].CoolingPoint));
        Assert.Equal(62, search.CandidateCount);
        Assert.Equal(62, search.QualifiedCount);
    }

    /// <summary>Normal equations of one model at a time, solved by elimination.</summary>
    private sealed class OneByOne(MeteredInterval[] rows, SimulatedYear year, int minimumDays)
    {
        private readonly double[] use = [.. rows.Select(row => row.Use / row.Days)];
        private readonly double[] weights = [.. rows.Select(row => (double)row.WholeDays)];
        private readonly Dictionary<(double Balance, int Sign), double[]> known = [];

        public (double Best, int Qualified) Best()
        {
            double best = 0;
            int qualified = 1;
            for (int low = 29; low <= 90; low++)
            {
                for (int high = Math.Max(low, 30) - 1; high <= 90; high++)
                {
                    // 29 as heating and one below the range as cooling stand for a model without that side.
                    bool heating = low >= 30;
                    bool cooling = high >= Math.Max(low, 30);
                    double adjusted = heating || cooling ? Fit(heating ? low : double.NaN, cooling ? high : double.NaN) : double.NaN;
                    best = adjusted > best ? adjusted : best;
                    qualified += double.IsNaN(adjusted) ? 0 : 1;
                }
            }

            return (best, qualified);
        }

        private double Fit(double heatingBalance, double coolingBalance)
        {
            List<double[]> columns = [[.. rows.Select(_ => 1.0)]];
            foreach ((double balance, int sign) in (ReadOnlySpan<(double, int)>)[(heatingBalance, -1), (coolingBalance, 1)])
            {
                if (double.IsNaN(balance))
                {
                    continue;
                }

                double[] column = Column(balance, sign);
                if (column.Count(value => value > 0) < minimumDays || column.Select((value, i) => value * weights[i]).Sum() < 20)
                {
                    return double.NaN;
                }

                columns.Add(column);
            }

            double[] coefficients = Solve(columns);
            if (coefficients.Any(value => value < 0))
            {
                return double.NaN;
            }

            double mean = use.Select((value, i) => value * weights[i]).Sum() / weights.Sum();
            double total = 0;
            double errors = 0;
            for (int i = 0; i < use.Length; i++)
            {
                double rest = use[i];
                for (int j = 0; j < columns.Count; j++)
                {
                    rest -= columns[j][i] * coefficients[j];
                }

                total += weights[i] * (use[i] - mean) * (use[i] - mean);
                errors += weights[i] * rest * rest;
            }

            return 1 - (errors / total * (rows.Length - 1) / (rows.Length - columns.Count));
        }

        private double[] Column(double balance, int sign)
        {
            if (!known.TryGetValue((balance, sign), out double[]? column))
            {
                column = [.. rows.Select(row => Days(row).Average(mean => Math.Max(0, sign * (mean - balance))))];
                known[(balance, sign)] = column;
            }

            return column;
        }

        private double[] Solve(List<double[]> columns)
        {
            int p = columns.Count;
            double[,] equations = new double[p, p + 1];
            for (int i = 0; i < rows.Length; i++)
            {
                for (int j = 0; j < p; j++)
                {
                    for (int k = 0; k < p; k++)
                    {
                        equations[j, k] += weights[i] * columns[j][i] * columns[k][i];
                    }

                    equations[j, p] += weights[i] * columns[j][i] * use[i];
                }
            }

            for (int j = 0; j < p; j++)
            {
                for (int i = 0; i < p; i++)
                {
                    double factor = i == j ? 0 : equations[i, j] / equations[j, j];
                    for (int k = j; k <= p; k++)
                    {
                        equations[i, k] -= factor * equations[j, k];
                    }
                }
            }

            return [.. Enumerable.Range(0, p).Select(j => equations[j, p] / equations[j, j])];
        }

        private IEnumerable<double> Days(MeteredInterval row)
        {
            for (long day = row.StartUtcMilliseconds / SimulatedYear.Day; day < row.EndUtcMilliseconds / SimulatedYear.Day; day++)
            {
                yield return year.DayMeans[(int)day];
            }
        }
    }
}
