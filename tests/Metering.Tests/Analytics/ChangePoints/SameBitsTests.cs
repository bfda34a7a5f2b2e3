using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Metering.Analytics.ChangePoints;
using Metering.Analytics.Subsets;
using Xunit;

namespace Metering.Tests.Analytics.ChangePoints;

/// <summary>One hash over the bits of many fits, intervals and scores: equal on every processor and with every set of instructions switched off.</summary>
public sealed class SameBitsTests
{
    [Fact]
    public void Fits_intervals_and_scores_have_the_same_bits_on_every_processor()
    {
        List<double> numbers = [];
        LinearChangePointWorkspace workspace = new();
        ChangePointWorkspace plain = new();
        AllSubsetsWorkspace subsets = new();
        SubsetScore[] scores = new SubsetScore[32];
        for (int seed = 0; seed < 24; seed++)
        {
            Random random = new(seed);
            double[] x = [.. Enumerable.Range(0, 50 + seed).Select(_ => random.NextDouble() * 30)];
            double[][] linear = [.. Enumerable.Range(0, 4).Select(_ => x.Select(v => (random.NextDouble() * 9) + (v / 7)).ToArray())];
            double[] y = [.. x.Select((v, i) => 70 + (3 * Math.Max(0, 11 - v)) + (2 * Math.Max(0, v - 19)) + linear[1][i] + (random.NextDouble() * 20))];
            ChangePointOptions options = new() { PhysicalSigns = seed % 2 == 0 };
            foreach (ChangePointForm form in Enum.GetValues<ChangePointForm>())
            {
                ChangePointFit first = ChangePointSolver.Fit(x, y, form, options, plain);
                numbers.AddRange([first.Base, first.HeatingBreakpoint, first.CoolingBreakpoint, first.HeatingSlope, first.CoolingSlope, first.Sse]);
                workspace.Load(x, y, linear.AsSpan(0, seed % 5));
                LinearChangePointFit fit = LinearChangePointSolver.Fit(workspace, form, options);
                LinearCoefficients coefficients = fit.Linear;
                BreakpointInterval interval = BreakpointProfile.Interval(workspace, fit, BreakpointSide.Cooling, new() { Limits = options });
                numbers.AddRange([fit.Base, fit.HeatingBreakpoint, fit.CoolingBreakpoint, fit.HeatingSlope, fit.CoolingSlope, fit.Sse]);
                numbers.AddRange([coefficients[0], coefficients[3], interval.Lower, interval.Upper, interval.SseLimit]);
            }

            AllSubsets.Score(y, [x, .. linear], [], subsets, scores);
            numbers.AddRange(scores.SelectMany(score => new[] { score.Sse, score.Bic }));
        }

        // A NaN has many bit patterns; which one an operation gives is not said.
        double[] all = [.. numbers.Select(value => double.IsNaN(value) ? -1 : value)];
        Assert.Equal("68188288E6670915", Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<double>(all)))[..16]);
    }
}
