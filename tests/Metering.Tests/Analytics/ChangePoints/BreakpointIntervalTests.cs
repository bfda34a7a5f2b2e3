using Metering.Analytics.ChangePoints;
using Xunit;
using Xunit.Abstractions;

namespace Metering.Tests.Analytics.ChangePoints;

/// <summary>Intervals of breakpoints: against profiles computed by normal equations, and by coverage over seeded simulations.</summary>
public sealed class BreakpointIntervalTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(ChangePointForm.Cooling)]
    [InlineData(ChangePointForm.Heating)]
    [InlineData(ChangePointForm.TwoLines)]
    [InlineData(ChangePointForm.HeatingAndCooling)]
    public void The_ends_are_where_a_profile_by_normal_equations_crosses_the_limit(ChangePointForm form)
    {
        LinearChangePointWorkspace workspace = new();
        int closed = 0;
        int seeds = form == ChangePointForm.HeatingAndCooling ? 8 : 60;
        for (int seed = 0; seed < seeds; seed++)
        {
            (double[] x, double[] y, double[][] linear) = Plant(new Random(seed), form, 40, 2);
            workspace.Load(x, y, linear);
            LinearChangePointFit fit = LinearChangePointSolver.Fit(workspace, form, ChangePointOptions.Default);
            foreach (BreakpointSide side in Enum.GetValues<BreakpointSide>())
            {
                double own = side == BreakpointSide.Heating ? fit.HeatingBreakpoint : fit.CoolingBreakpoint;
                BreakpointInterval interval = BreakpointProfile.Interval(workspace, fit, side, new());
                string context = $"seed {seed} {form} {side} {own:R}: {interval}";
                if (double.IsNaN(own))
                {
                    Assert.True(double.IsNaN(interval.Lower) && double.IsNaN(interval.Upper) && !interval.IsBounded, context);
                    continue;
                }

                Assert.True(interval.Lower <= own && own <= interval.Upper, context);
                double lower = Profile(x, y, linear, form, side, interval.Lower);
                double upper = Profile(x, y, linear, form, side, interval.Upper);

                // A grid of the other breakpoint finds a little more than the least squares, never less.
                double most = interval.SseLimit * (form == ChangePointForm.HeatingAndCooling ? 1.01 : 1 + 1e-7);
                double least = interval.SseLimit * (1 - 1e-7);
                Assert.True(lower <= most && (interval.IsOpenBelow || lower >= least), context + lower);
                Assert.True(upper <= most && (interval.IsOpenAbove || upper >= least), context + upper);
                closed += interval.IsBounded ? 1 : 0;
            }
        }

        Assert.True(closed > seeds / 2, $"{closed} intervals were bounded");
    }

    [Fact]
    public void The_limit_is_the_quantile_of_the_f_distribution()
    {
        (double[] x, double[] y, double[][] linear) = Plant(new Random(1), ChangePointForm.Cooling, 25, 2);
        LinearChangePointWorkspace workspace = new();
        workspace.Load(x, y, linear);
        LinearChangePointFit fit = LinearChangePointSolver.Fit(workspace, ChangePointForm.Cooling, ChangePointOptions.Default);

        // F(0.95; 1, 20) = 4.3512 and F(0.95; 1, 10) = 4.9646, from printed tables.
        BreakpointIntervalOptions options = new() { Confidence = 0.95 };
        Assert.Equal(4.3512, ((BreakpointProfile.Interval(workspace, fit, BreakpointSide.Cooling, options).SseLimit / fit.Sse) - 1) * 20, 1e-4);
        BreakpointInterval narrow = BreakpointProfile.Interval(workspace, fit, BreakpointSide.Cooling, options);
        BreakpointInterval wide = BreakpointProfile.Interval(workspace, fit, BreakpointSide.Cooling, options with { EffectivePoints = 15 });
        Assert.Equal(4.9646, ((wide.SseLimit / fit.Sse) - 1) * 10, 1e-4);
        Assert.True(wide.Lower <= narrow.Lower && wide.Upper >= narrow.Upper && wide.Upper - wide.Lower > narrow.Upper - narrow.Lower, $"{wide} {narrow}");
        BreakpointInterval nothing = BreakpointProfile.Interval(workspace, fit, BreakpointSide.Cooling, options with { EffectivePoints = 5 });
        Assert.True(nothing.IsOpenBelow && nothing.IsOpenAbove && double.IsPositiveInfinity(nothing.SseLimit));
    }

    [Theory]
    [InlineData(ChangePointForm.Cooling, 60)]
    [InlineData(ChangePointForm.Heating, 24)]
    [InlineData(ChangePointForm.HeatingAndCooling, 120)]
    public void Nine_of_ten_intervals_hold_the_true_breakpoint(ChangePointForm form, int points)
    {
        int runs = Environment.GetEnvironmentVariable("METERING_LONG") == "1" ? 4_000 : 600;
        int held = 0;
        int open = 0;
        LinearChangePointWorkspace workspace = new();
        BreakpointIntervalOptions options = new() { Limits = ChangePointOptions.ForBaseline(points) };
        BreakpointSide side = form == ChangePointForm.Heating ? BreakpointSide.Heating : BreakpointSide.Cooling;
        double truth = side == BreakpointSide.Heating ? 12 : 18.5;
        for (int seed = 0; seed < runs; seed++)
        {
            (double[] x, double[] y, double[][] linear) = Plant(new Random(seed), form, points, 1);
            workspace.Load(x, y, linear);
            LinearChangePointFit fit = LinearChangePointSolver.Fit(workspace, form, options.Limits);
            BreakpointInterval interval = BreakpointProfile.Interval(workspace, fit, side, options);
            bool holds = double.IsNaN(interval.Lower)
                || ((interval.IsOpenBelow || interval.Lower <= truth) && (interval.IsOpenAbove || interval.Upper >= truth));
            held += holds ? 1 : 0;
            open += interval.IsBounded ? 0 : 1;
        }

        double coverage = (double)held / runs;
        output.WriteLine($"{form} n = {points}: {coverage:F3} of {runs}, {open} not bounded");
        Assert.InRange(coverage, 0.85, 0.96);
    }

    [Fact]
    public void A_breakpoint_that_the_data_do_not_show_is_not_bounded()
    {
        // A straight line: any breakpoint below the data gives it.
        double[] x = [.. Enumerable.Range(0, 40).Select(i => (double)i)];
        double[] y = [.. x.Select((v, i) => 5 + (2 * v) + ((i * 7 % 5) - 2))];
        LinearChangePointWorkspace workspace = new();
        workspace.Load(x, y, []);
        LinearChangePointFit fit = LinearChangePointSolver.Fit(workspace, ChangePointForm.Cooling, ChangePointOptions.Default);
        BreakpointInterval interval = BreakpointProfile.Interval(workspace, fit, BreakpointSide.Cooling, new());
        Assert.True(interval.IsOpenBelow && !interval.IsOpenAbove && interval.Lower == 0, interval.ToString());
        LinearChangePointFit mean = LinearChangePointSolver.Fit(workspace, ChangePointForm.Mean, ChangePointOptions.Default);
        Assert.True(double.IsNaN(BreakpointProfile.Interval(workspace, mean, BreakpointSide.Cooling, new()).Lower));
    }

    [Fact]
    public void What_makes_no_interval_is_refused()
    {
        (double[] x, double[] y, double[][] linear) = Plant(new Random(1), ChangePointForm.Cooling, 25, 2);
        LinearChangePointWorkspace workspace = new();
        workspace.Load(x, y, linear);
        LinearChangePointFit fit = LinearChangePointSolver.Fit(workspace, ChangePointForm.Cooling, ChangePointOptions.Default);
        foreach (BreakpointIntervalOptions wrong in (BreakpointIntervalOptions[])
            [new() { Confidence = 1 }, new() { Confidence = 0 }, new() { Confidence = double.NaN }, new() { EffectivePoints = 0 }, new() { EffectivePoints = 26 }])
        {
            Assert.Throws<ArgumentException>(() => BreakpointProfile.Interval(workspace, fit, BreakpointSide.Cooling, wrong));
        }

        workspace.Load(x, [.. y.Reverse()], linear);
        Assert.Throws<ArgumentException>(() => BreakpointProfile.Interval(workspace, fit, BreakpointSide.Cooling, new()));
        workspace.Load(x, y, []);
        Assert.Throws<ArgumentException>(() => BreakpointProfile.Interval(workspace, fit, BreakpointSide.Cooling, new()));
        LinearChangePointFit refused = LinearChangePointSolver.Fit(new(), ChangePointForm.Cooling, ChangePointOptions.Default);
        Assert.Throws<ArgumentException>(() => BreakpointProfile.Interval(new(), refused, BreakpointSide.Cooling, new()));
    }

    /// <summary>Squares with one breakpoint given; for 5P the other one from a fine grid and the driver's values.</summary>
    private static double Profile(double[] x, double[] y, double[][] linear, ChangePointForm form, BreakpointSide side, double at)
    {
        double[] others = form switch
        {
            ChangePointForm.TwoLines => [at],
            ChangePointForm.HeatingAndCooling => [.. x.Concat(Enumerable.Range(0, 600).Select(i => i * 0.05))],
            _ => [double.NaN],
        };
        double best = double.PositiveInfinity;
        foreach (double other in others)
        {
            (double low, double high) = side == BreakpointSide.Heating ? (at, other) : (other, at);
            if (low > high || x.Count(v => v <= low) < 2 || x.Count(v => v >= high) < 2)
            {
                best = double.IsNaN(other) ? One(x, y, linear, side, at) : best;
                continue;
            }

            best = Math.Min(best, double.IsNaN(other)
                ? One(x, y, linear, side, at)
                : Squares([[.. x.Select(v => Math.Max(0, low - v))], [.. x.Select(v => Math.Max(0, v - high))], .. linear], y));
        }

        return best;
    }

    private static double One(double[] x, double[] y, double[][] linear, BreakpointSide side, double at) =>
        Squares([[.. x.Select(v => Math.Max(0, side == BreakpointSide.Heating ? at - v : v - at))], .. linear], y);

    private static double Squares(double[][] columns, double[] y)
    {
        LinearChangePointGrid.Solve([[.. y.Select(_ => 1.0)], .. columns], y, out double squares);
        return squares;
    }

    /// <summary>Breakpoints at 12 (heating) and 18.5 (cooling; also that of 4P), noise of 4, production.</summary>
    private static (double[] X, double[] Y, double[][] Linear) Plant(Random random, ChangePointForm form, int points, int drivers)
    {
        double heating = form == ChangePointForm.Cooling ? 0 : 3;
        double cooling = form == ChangePointForm.Heating ? 0 : 2.5;
        double low = form == ChangePointForm.TwoLines ? 18.5 : 12;
        double[] x = [.. Enumerable.Range(0, points).Select(_ => random.NextDouble() * 30)];
        double[][] linear = [.. Enumerable.Range(0, drivers).Select(_ => x.Select(v => (random.NextDouble() * 20) + (v / 4)).ToArray())];
        double[] y = [.. x.Select((v, i) => 100 + (heating * Math.Max(0, low - v)) + (cooling * Math.Max(0, v - 18.5))
            + linear.Sum(column => 1.5 * column[i]) + (4 * Normal(random)))];
        return (x, y, linear);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
