using Metering.Analytics.ChangePoints;
using Xunit;

namespace Metering.Tests.Analytics.ChangePoints;

/// <summary>Change points together with linear drivers: against the plain solver, a fine grid solved by normal equations, and the edges of the input.</summary>
public sealed class LinearChangePointTests
{
    private static readonly ChangePointForm[] Forms = Enum.GetValues<ChangePointForm>();
    private static readonly ChangePointOptions Signs = new() { PhysicalSigns = true };

    [Fact]
    public void Without_linear_drivers_the_fit_is_that_of_the_plain_solver()
    {
        LinearChangePointWorkspace workspace = new();
        ChangePointWorkspace plain = new();
        for (int seed = 0; seed < 300; seed++)
        {
            (double[] x, double[] y, _) = Sample(seed, 6 + (seed % 60), 0);
            workspace.Load(x, y, []);
            foreach (bool signs in (bool[])[false, true])
            {
                ChangePointOptions options = new() { PhysicalSigns = signs, MinimumPointsPerSlopedSide = 2 + (seed % 4) };
                foreach (ChangePointForm form in Forms)
                {
                    ChangePointFit expected = ChangePointSolver.Fit(x, y, form, options, plain);
                    LinearChangePointFit fit = LinearChangePointSolver.Fit(workspace, form, options);
                    string context = $"seed {seed} {form} signs {signs}: {fit.Sse:R} {fit.HeatingBreakpoint:R} {fit.CoolingBreakpoint:R}, plain {expected}";
                    Assert.True(fit.Refusal == expected.Refusal, context + fit.Refusal);
                    Assert.True(fit.Refusal != ChangePointRefusal.None || Math.Abs(fit.Sse - expected.Sse) <= (1e-9 * expected.Sse) + 1e-18, context);
                }
            }
        }
    }

    [Fact]
    public void No_fine_grid_of_breakpoints_is_better()
    {
        LinearChangePointWorkspace workspace = new();
        for (int seed = 0; seed < 60; seed++)
        {
            int drivers = 1 + (seed % 3);
            (double[] x, double[] y, double[][] linear) = Sample(seed, 10 + (seed % 15), drivers);
            Assert.Equal(ChangePointRefusal.None, workspace.Load(x, y, linear));
            foreach (bool signs in (bool[])[false, true])
            {
                ChangePointOptions options = new() { PhysicalSigns = signs, MinimumPointsPerSlopedSide = 2 + (seed % 3) };
                foreach (ChangePointForm form in Forms.Where(form => form >= ChangePointForm.Cooling))
                {
                    LinearChangePointFit fit = LinearChangePointSolver.Fit(workspace, form, options);
                    if (fit.Refusal != ChangePointRefusal.None)
                    {
                        Assert.True(fit.Refusal is ChangePointRefusal.TooFewDistinct or ChangePointRefusal.TooFewPoints, $"seed {seed} {form} {fit.Refusal}");
                        continue;
                    }

                    double grid = LinearChangePointGrid.Best(x, y, linear, form, options);
                    string context = $"seed {seed} {form} signs {signs}: grid {grid:R}, {fit.Sse:R} at {fit.HeatingBreakpoint:R} {fit.CoolingBreakpoint:R}";
                    Assert.True(fit.Sse <= (grid * (1 + 1e-9)) + 1e-12, context);
                    Assert.True(Math.Abs(Residuals(fit, x, y, linear) - fit.Sse) <= 1e-8 * (fit.Sse + 1e-6), context);
                    Assert.True(!signs || fit.AttainedBy == ChangePointForm.Line || (fit.HeatingSlope <= 0 && fit.CoolingSlope >= 0), context);
                }
            }
        }
    }

    [Fact]
    public void A_known_shape_with_production_is_found_without_noise()
    {
        double[] x = [.. Enumerable.Range(0, 90).Select(i => 30.0 * ((i * 37) % 90) / 89)];
        double[] tonnes = [.. Enumerable.Range(0, 90).Select(i => 200.0 + ((i * 53) % 71))];
        double[] shifts = [.. Enumerable.Range(0, 90).Select(i => (double)(i % 3))];
        double[] y = [.. x.Select((v, i) => 100 + (0.7 * tonnes[i]) - (6 * shifts[i]) + (3 * Math.Max(0, 8.2 - v)) + (5 * Math.Max(0, v - 20.3)))];
        LinearChangePointWorkspace workspace = new();
        workspace.Load(x, y, [tonnes, shifts]);
        LinearChangePointFit fit = LinearChangePointSolver.Fit(workspace, ChangePointForm.HeatingAndCooling, ChangePointOptions.ForBaseline(90));
        Assert.Equal(ChangePointForm.HeatingAndCooling, fit.AttainedBy);
        Assert.Equal(8.2, fit.HeatingBreakpoint, 1e-9);
        Assert.Equal(20.3, fit.CoolingBreakpoint, 1e-9);
        Assert.Equal(100, fit.Base, 1e-8);
        Assert.Equal(-3, fit.HeatingSlope, 1e-9);
        Assert.Equal(5, fit.CoolingSlope, 1e-9);
        LinearCoefficients coefficients = fit.Linear;
        Assert.Equal(0.7, coefficients[0], 1e-10);
        Assert.Equal(-6, coefficients[1], 1e-9);
        Assert.Equal(7, fit.ParameterCount);
        Assert.Equal(100 + 140 - 6 + 15, fit.Predict(23.3, [200, 1]), 1e-8);
        Assert.Throws<ArgumentException>(() => fit.Predict(1, [1]));
    }

    [Fact]
    public void One_line_with_linear_drivers_is_the_regression_on_all_of_them()
    {
        (double[] x, double[] y, double[][] linear) = Sample(7, 40, 3);
        LinearChangePointWorkspace workspace = new();
        workspace.Load(x, y, linear);
        LinearChangePointFit fit = LinearChangePointSolver.Fit(workspace, ChangePointForm.Line, ChangePointOptions.Default);
        double[] solution = LinearChangePointGrid.Solve([[.. x.Select(_ => 1.0)], x, .. linear], y, out double squares)!;
        Assert.Equal(1, fit.Sse / squares, 1e-9);
        Assert.Equal(solution[0], fit.Base, 1e-7);
        Assert.Equal(solution[1], fit.HeatingSlope, 1e-8);
        LinearCoefficients coefficients = fit.Linear;
        Assert.Equal(solution[3], coefficients[1], 1e-8);
        Assert.Equal(y.Zip(x).Select((pair, i) => pair.First - fit.Predict(pair.Second, [.. linear.Select(column => column[i])])).Sum(e => e * e), fit.Sse, 1e-7);
    }

    [Fact]
    public void The_order_of_the_rows_does_not_change_a_bit()
    {
        LinearChangePointWorkspace workspace = new();
        for (int seed = 0; seed < 30; seed++)
        {
            (double[] x, double[] y, double[][] linear) = Sample(seed, 60, seed % 3);
            if (seed % 2 == 0)
            {
                // Rows that are alike in all drivers, and ties in all but the last one.
                x = [.. x.Select(Math.Floor)];
                linear = [.. linear.Select(column => column.Select(value => (double)(value > 5 ? 1 : 0)).ToArray())];
            }

            int[] order = [.. Enumerable.Range(0, x.Length)];
            new Random(seed).Shuffle(order);
            double[] mixedX = [.. order.Select(i => x[i])];
            double[] mixedY = [.. order.Select(i => y[i])];
            double[][] mixed = [.. linear.Select(column => order.Select(i => column[i]).ToArray())];
            foreach (ChangePointForm form in Forms)
            {
                workspace.Load(x, y, linear);
                long[] expected = Bits(LinearChangePointSolver.Fit(workspace, form, Signs));
                workspace.Load(mixedX, mixedY, mixed);
                Assert.True(expected.SequenceEqual(Bits(LinearChangePointSolver.Fit(workspace, form, Signs))), $"seed {seed} {form}");
            }
        }
    }

    [Fact]
    public void A_warm_workspace_gives_what_a_new_one_gives()
    {
        LinearChangePointWorkspace warm = new();
        for (int seed = 0; seed < 40; seed++)
        {
            (double[] x, double[] y, double[][] linear) = Sample(seed / 2, 20 + (seed % 7), seed % 4);
            double[] other = [.. y.Select((value, i) => value + (i % 5))];
            warm.Load(x, y, linear);
            warm.Load([1, 2], [1], linear);
            warm.Load(x, other, linear);
            LinearChangePointWorkspace fresh = new();
            fresh.Load(x, other, linear);
            foreach (ChangePointForm form in Forms)
            {
                Assert.True(Bits(LinearChangePointSolver.Fit(fresh, form, Signs)).SequenceEqual(Bits(LinearChangePointSolver.Fit(warm, form, Signs))), $"seed {seed} {form}");
            }
        }
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused_by_a_reason_and_gives_no_number()
    {
        (double[] x, double[] y, double[][] linear) = Sample(3, 20, 2);
        double[] constant = [.. x.Select(_ => 3.3)];
        double[] sum = [.. linear[0].Zip(linear[1], (a, b) => a + (2 * b) - 7)];
        Refused(ChangePointRefusal.LengthsDiffer, x, y[1..], linear);
        Refused(ChangePointRefusal.LengthsDiffer, x, y, [linear[0], linear[1][1..]]);
        Refused(ChangePointRefusal.NotFinite, x, [.. y[1..], double.NaN], linear);
        Refused(ChangePointRefusal.NotFinite, [.. x[1..], double.PositiveInfinity], y, linear);
        Refused(ChangePointRefusal.NotFinite, x, y, [linear[0], [.. y[1..], double.NegativeInfinity]]);
        Refused(ChangePointRefusal.TooFewPoints, [], [], []);
        Refused(ChangePointRefusal.LinearCollinear, x, y, [constant]);
        Refused(ChangePointRefusal.LinearCollinear, x, y, [.. linear, sum]);
        Refused(ChangePointRefusal.TooManyLinear, x, y, [.. Enumerable.Repeat(x, 9)]);
        Refused(ChangePointRefusal.OutOfRange, [.. x.Select(v => v * 1e200)], y, linear);
        Refused(ChangePointRefusal.OutOfRange, x, [.. y.Select(v => v * 1e-200)], linear);
        LinearChangePointWorkspace workspace = new();
        Assert.Equal(ChangePointRefusal.TooFewPoints, LinearChangePointSolver.Fit(workspace, ChangePointForm.Cooling, Signs).Refusal);
        workspace.Load(x.AsSpan(0, 7), y.AsSpan(0, 7), [linear[0][..7], linear[1][..7]]);
        Assert.Equal(ChangePointRefusal.TooFewPoints, LinearChangePointSolver.Fit(workspace, ChangePointForm.HeatingAndCooling, Signs).Refusal);
        workspace.Load([1, 1, 1, 2, 2, 2, 2, 2, 2, 2], y.AsSpan(0, 10), [linear[0][..10]]);
        Assert.Equal(ChangePointRefusal.TooFewDistinct, LinearChangePointSolver.Fit(workspace, ChangePointForm.Cooling, Signs).Refusal);
        Assert.Throws<ArgumentException>(() => workspace.Load(x, y, [null!]));
    }

    [Fact]
    public void A_linear_driver_equal_to_the_change_point_driver_leaves_the_bend_to_the_breakpoint()
    {
        double[] x = [.. Enumerable.Range(0, 50).Select(i => i * 0.6)];
        double[] y = [.. x.Select((v, i) => 10 - (2 * v) + (3 * Math.Max(0, v - 13.1)) + (((i * 7) % 5) * 0.1))];
        LinearChangePointWorkspace workspace = new();
        workspace.Load(x, y, [x]);
        LinearChangePointFit bent = LinearChangePointSolver.Fit(workspace, ChangePointForm.Cooling, ChangePointOptions.Default);
        ChangePointFit twoLines = ChangePointSolver.Fit(x, y, ChangePointForm.TwoLines, ChangePointOptions.Default, new());
        Assert.Equal(1, bent.Sse / twoLines.Sse, 1e-9);
        Assert.Equal(twoLines.CoolingBreakpoint, bent.CoolingBreakpoint, 1e-7);
    }

    [Fact]
    public void A_warm_workspace_makes_a_fit_free_of_allocations()
    {
        (double[] x, double[] y, double[][] linear) = Sample(1, 365, 3);
        LinearChangePointWorkspace workspace = new();
        foreach (ChangePointForm form in Forms)
        {
            workspace.Load(x, y, linear);
            LinearChangePointSolver.Fit(workspace, form, Signs);
            x[5] += 0.25;
            long before = GC.GetAllocatedBytesForCurrentThread();
            workspace.Load(x, y, linear);
            LinearChangePointSolver.Fit(workspace, form, Signs);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void Refused(ChangePointRefusal why, double[] x, double[] y, double[][] linear)
    {
        LinearChangePointWorkspace workspace = new();
        Assert.Equal(why, workspace.Load(x, y, linear));
        foreach (ChangePointForm form in Forms)
        {
            LinearChangePointFit fit = LinearChangePointSolver.Fit(workspace, form, ChangePointOptions.Default);
            Assert.Equal(why, fit.Refusal);
            Assert.True(double.IsNaN(fit.Sse) && double.IsNaN(fit.Base), $"{form} {why}");
        }
    }

    private static double Residuals(LinearChangePointFit fit, double[] x, double[] y, double[][] linear) =>
        Enumerable.Range(0, x.Length).Sum(i => Math.Pow(y[i] - fit.Predict(x[i], [.. linear.Select(column => column[i])]), 2));

    private static long[] Bits(LinearChangePointFit fit)
    {
        LinearCoefficients coefficients = fit.Linear;
        return [.. new[] { fit.Base, fit.HeatingBreakpoint, fit.CoolingBreakpoint, fit.HeatingSlope, fit.CoolingSlope, fit.Sse, coefficients[0], coefficients[1] }
            .Select(BitConverter.DoubleToInt64Bits)];
    }

    /// <summary>A shape of chance with noise and linear drivers, the second of which follows the shape and the third is 0 or 1; every third seed has ties, every fifth is noise alone.</summary>
    private static (double[] X, double[] Y, double[][] Linear) Sample(int seed, int points, int drivers)
    {
        Random random = new(seed);
        double heating = (random.NextDouble() * 6) - 4;
        double cooling = (random.NextDouble() * 6) - 2;
        double shape = seed % 5 == 0 ? 0 : 1;
        double[] x = new double[points];
        double[] y = new double[points];
        double[][] linear = [.. Enumerable.Range(0, drivers).Select(_ => new double[points])];
        for (int i = 0; i < points; i++)
        {
            double at = random.NextDouble() * 30;
            x[i] = seed % 3 == 0 ? Math.Floor(at / 2) : at;
            y[i] = 40 + (shape * ((heating * Math.Min(0, x[i] - 9)) + (cooling * Math.Max(0, x[i] - 19)))) + (random.NextDouble() * 12);
            for (int k = 0; k < drivers; k++)
            {
                linear[k][i] = k == 2 ? random.Next(2) : (random.NextDouble() * 10) + (k == 1 ? x[i] / 2 : 0);
                y[i] += (k - 0.5) * 3 * linear[k][i];
            }
        }

        return (x, y, linear);
    }
}
