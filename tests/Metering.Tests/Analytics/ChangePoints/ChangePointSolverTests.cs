using System.Globalization;
using System.Text.Json;
using Metering.Analytics.ChangePoints;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Analytics.ChangePoints;

/// <summary>Exact fits against an independent exhaustive search, a grid, and the edges of the input.</summary>
public sealed class ChangePointSolverTests
{
    private static readonly ChangePointForm[] Forms = Enum.GetValues<ChangePointForm>();
    private static readonly ChangePointOptions Signs = new() { PhysicalSigns = true };

    [NeedsFact("shared:reference/mv/changepoint")]
    public void No_set_of_the_reference_has_a_better_fit()
    {
        string folder = Repository.SharedFile("reference/mv/changepoint")!;
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected-exact.json")));
        (string Name, ChangePointForm Form)[] models =
        [
            ("1P", ChangePointForm.Mean), ("2P", ChangePointForm.Line), ("3PC", ChangePointForm.Cooling),
            ("3PH", ChangePointForm.Heating), ("4P", ChangePointForm.TwoLines), ("5P", ChangePointForm.HeatingAndCooling),
        ];
        int compared = 0;
        foreach (JsonElement item in cases.RootElement.EnumerateArray())
        {
            string name = item.GetProperty("case").GetString()!;
            string[][] rows = [.. File.ReadLines(Path.Combine(folder, name + ".csv")).Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','))];
            double[] x = [.. rows.Select(row => double.Parse(row[0], CultureInfo.InvariantCulture))];
            double[] y = [.. rows.Select(row => double.Parse(row[1], CultureInfo.InvariantCulture))];
            foreach ((string model, ChangePointForm form) in models)
            {
                // The reference limits signs in 3P and 5P, not in 4P.
                ChangePointFit fit = ChangePointSolver.Fit(x, y, form, form == ChangePointForm.TwoLines ? ChangePointOptions.Default : Signs, new());
                double expected = item.GetProperty("models").GetProperty(model).GetProperty("rss").GetDouble();
                string context = $"{name} {model}: {fit.Sse:R} against {expected:R}, {fit}";
                Assert.True(fit.Refusal == ChangePointRefusal.None && fit.Sse <= expected * (1 + 1e-9), context);
                Assert.True(Math.Abs(Residuals(fit, x, y) - fit.Sse) <= 1e-9 * fit.Sse, context);
                compared++;
            }
        }

        Assert.Equal(42, compared);
    }

    [Fact]
    public void No_grid_of_breakpoints_is_better()
    {
        ChangePointWorkspace workspace = new();
        for (int seed = 0; seed < 100; seed++)
        {
            (double[] x, double[] y) = Sample(seed, 8 + (seed % 23));
            foreach (bool signs in (bool[])[false, true])
            {
                ChangePointOptions options = new() { PhysicalSigns = signs, MinimumPointsPerSlopedSide = 2 + (seed % 3) };
                foreach (ChangePointForm form in Forms.Except([ChangePointForm.Mean, ChangePointForm.Line]))
                {
                    ChangePointFit fit = ChangePointSolver.Fit(x, y, form, options, workspace);
                    if (fit.Refusal != ChangePointRefusal.None)
                    {
                        Assert.True(fit.Refusal is ChangePointRefusal.TooFewDistinct or ChangePointRefusal.TooFewPoints, $"seed {seed} {form} {fit}");
                        continue;
                    }

                    double grid = ChangePointGrid.Best(x, y, form, signs, options.MinimumPointsPerSlopedSide);
                    Assert.True(fit.Sse <= (grid * (1 + 1e-9)) + 1e-12, $"seed {seed} {form} signs {signs}: grid {grid:R}, {fit}");
                    Assert.True(Math.Abs(Residuals(fit, x, y) - fit.Sse) <= 1e-8 * (fit.Sse + 1e-6), $"seed {seed} {form} {fit}");
                    if (signs)
                    {
                        Assert.True(fit.AttainedBy == ChangePointForm.Line || (fit.HeatingSlope <= 0 && fit.CoolingSlope >= 0), $"seed {seed} {form} {fit}");
                    }
                }
            }
        }
    }

    [Fact]
    public void The_order_of_the_points_does_not_change_a_bit()
    {
        ChangePointWorkspace workspace = new();
        for (int seed = 0; seed < 20; seed++)
        {
            (double[] x, double[] y) = Sample(seed, 60);
            int[] order = [.. Enumerable.Range(0, x.Length)];
            new Random(seed).Shuffle(order);
            double[] mixedX = [.. order.Select(i => x[i])];
            double[] mixedY = [.. order.Select(i => y[i])];
            foreach (ChangePointForm form in Forms)
            {
                Assert.Equal(Bits(ChangePointSolver.Fit(x, y, form, Signs, new())), Bits(ChangePointSolver.Fit(mixedX, mixedY, form, Signs, workspace)));
            }
        }
    }

    [Fact]
    public void A_known_shape_is_found_without_noise()
    {
        double[] x = [.. Enumerable.Range(0, 60).Select(i => i * 0.5)];
        double[] y = [.. x.Select(v => 100 + (3 * Math.Max(0, 8.2 - v)) + (5 * Math.Max(0, v - 20.3)))];
        ChangePointFit fit = ChangePointSolver.Fit(x, y, ChangePointForm.HeatingAndCooling, Signs, new());
        Assert.Equal(ChangePointForm.HeatingAndCooling, fit.AttainedBy);
        Assert.Equal(8.2, fit.HeatingBreakpoint, 1e-9);
        Assert.Equal(20.3, fit.CoolingBreakpoint, 1e-9);
        Assert.Equal(100, fit.Base, 1e-9);
        Assert.Equal(-3, fit.HeatingSlope, 1e-9);
        Assert.Equal(5, fit.CoolingSlope, 1e-9);
        Assert.Equal(5, fit.ParameterCount);
        Assert.Equal(100, fit.Predict(15), 1e-9);
    }

    [Fact]
    public void Sign_limits_leave_out_the_side_that_would_run_the_wrong_way()
    {
        double[] x = [.. Enumerable.Range(0, 30).Select(i => (double)i)];
        double[] falling = [.. x.Select(v => 100 - (2 * Math.Max(0, v - 10.5)))];
        ChangePointFit limited = ChangePointSolver.Fit(x, falling, ChangePointForm.Cooling, Signs, new());
        Assert.Equal(ChangePointForm.Mean, limited.AttainedBy);
        Assert.True(double.IsNaN(limited.CoolingBreakpoint) && limited.CoolingSlope == 0);
        Assert.Equal(3, limited.ParameterCount);
        ChangePointFit free = ChangePointSolver.Fit(x, falling, ChangePointForm.Cooling, ChangePointOptions.Default, new());
        Assert.Equal(10.5, free.CoolingBreakpoint, 1e-9);
        Assert.Equal(-2, free.CoolingSlope, 1e-9);
    }

    [Fact]
    public void The_smallest_number_of_points_on_a_side_is_kept()
    {
        double[] x = [.. Enumerable.Range(0, 20).Select(i => (double)i)];
        double[] y = [.. x.Select(v => v > 17 ? 50 + (10 * (v - 17)) : 50)];
        ChangePointOptions five = new() { MinimumPointsPerSlopedSide = 5 };
        Assert.Equal(17, ChangePointSolver.Fit(x, y, ChangePointForm.Cooling, ChangePointOptions.Default, new()).CoolingBreakpoint, 1e-9);
        Assert.True(ChangePointSolver.Fit(x, y, ChangePointForm.Cooling, five, new()).CoolingBreakpoint <= 15);
        ChangePointOptions tooMany = new() { MinimumPointsPerSlopedSide = 21 };
        Assert.Equal(ChangePointRefusal.TooFewPoints, ChangePointSolver.Fit(x, y, ChangePointForm.Cooling, tooMany, new()).Refusal);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused_by_a_reason_and_gives_no_number()
    {
        double[] rising = [1, 2, 3, 4, 5, 6, 7, 8];
        foreach (ChangePointForm form in Forms)
        {
            Refused(ChangePointRefusal.LengthsDiffer, rising, [1], form);
            Refused(ChangePointRefusal.NotFinite, rising, [1, 2, 3, double.NaN, 5, 6, 7, 8], form);
            Refused(ChangePointRefusal.NotFinite, [1, 2, double.PositiveInfinity, 4, 5, 6, 7, 8], rising, form);
            Refused(ChangePointRefusal.TooFewPoints, [], [], form);
            Refused(ChangePointRefusal.TooFewPoints, [1], [1], form);
            Refused(ChangePointRefusal.OutOfRange, rising, [1e200, -1e200, 1, 2, 3, 4, 5, 6], form);
            Refused(ChangePointRefusal.OutOfRange, [1e-200, 2e-200, 0, 3e-200, 4e-200, 5e-200, 0, 0], rising, form);
            if (form != ChangePointForm.Mean)
            {
                Refused(ChangePointRefusal.TooFewDistinct, [4, 4, 4, 4, 4, 4, 4, 4], rising, form);
            }

            if (form is not (ChangePointForm.Mean or ChangePointForm.Line))
            {
                Refused(ChangePointRefusal.TooFewDistinct, [4, 4, 4, 4, 9, 9, 9, 9], rising, form);
            }
        }
    }

    [Fact]
    public void Constant_use_and_two_driver_values_give_the_plain_answers()
    {
        double[] x = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6];
        double[] flat = [.. x.Select(_ => 0.1)];
        foreach (ChangePointForm form in Forms)
        {
            ChangePointFit fit = ChangePointSolver.Fit(x, flat, form, ChangePointOptions.Default, new());
            Assert.Equal(ChangePointRefusal.None, fit.Refusal);
            Assert.Equal(0.1, fit.Base, 1e-12);
            Assert.Equal(0, fit.Sse, 1e-24);
        }

        ChangePointFit line = ChangePointSolver.Fit([1, 3, 1, 3], [2, 6, 4, 8], ChangePointForm.Line, ChangePointOptions.Default, new());
        Assert.Equal(2, line.HeatingSlope, 1e-12);
        Assert.Equal(1, line.Base, 1e-12);
        Assert.Equal(4, line.Sse, 1e-12);
        Assert.Equal(7, line.Predict(3), 1e-12);
    }

    [Fact]
    public void A_warm_workspace_makes_a_fit_free_of_allocations()
    {
        (double[] x, double[] y) = Sample(1, 365);
        ChangePointWorkspace workspace = new();
        foreach (ChangePointForm form in Forms)
        {
            ChangePointSolver.Fit(x, y, form, Signs, workspace);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ChangePointSolver.Fit(x, y, form, Signs, workspace);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void Refused(ChangePointRefusal why, double[] x, double[] y, ChangePointForm form)
    {
        ChangePointFit fit = ChangePointSolver.Fit(x, y, form, ChangePointOptions.Default, new());
        Assert.Equal(why, fit.Refusal);
        Assert.True(double.IsNaN(fit.Sse) && double.IsNaN(fit.Base) && double.IsNaN(fit.Predict(1)), $"{form} {why}");
    }

    private static double Residuals(ChangePointFit fit, double[] x, double[] y) =>
        x.Zip(y, (a, b) => (b - fit.Predict(a)) * (b - fit.Predict(a))).Sum();

    private static long[] Bits(ChangePointFit fit) =>
        [.. new[] { fit.Base, fit.HeatingBreakpoint, fit.CoolingBreakpoint, fit.HeatingSlope, fit.CoolingSlope, fit.Sse }.Select(BitConverter.DoubleToInt64Bits)];

    /// <summary>A shape of chance with noise; every third seed has ties, every fifth is noise alone.</summary>
    private static (double[] X, double[] Y) Sample(int seed, int points)
    {
        Random random = new(seed);
        double heating = (random.NextDouble() * 6) - 4;
        double cooling = (random.NextDouble() * 6) - 2;
        double shape = seed % 5 == 0 ? 0 : 1;
        double[] x = new double[points];
        double[] y = new double[points];
        for (int i = 0; i < points; i++)
        {
            double at = random.NextDouble() * 30;
            x[i] = seed % 3 == 0 ? Math.Floor(at / 2) : at;
            y[i] = 40 + (shape * ((heating * Math.Min(0, x[i] - 9)) + (cooling * Math.Max(0, x[i] - 19)))) + (random.NextDouble() * 12);
        }

        return (x, y);
    }
}
