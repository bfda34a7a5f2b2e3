using Metering.Analytics.Intervals;
using Xunit;

namespace Metering.Tests.Analytics.Intervals;

/// <summary>Every kind of fault, in many seeds: the total is within one register step of the truth and nothing is invented.</summary>
public class CounterFaultTests
{
    private static readonly int Seeds = Environment.GetEnvironmentVariable("METERING_LONG") == "1" ? 1000 : 15;

    public static TheoryData<CounterFault> Faults => [.. Enum.GetValues<CounterFault>()];

    [Theory]
    [MemberData(nameof(Faults))]
    public void The_total_is_within_one_step_of_the_truth_and_every_interval_has_its_code(CounterFault fault)
    {
        for (int seed = 1; seed <= Seeds; seed++)
        {
            CounterHistory history = new(fault, seed);
            foreach (double? maximum in new double?[] { null, 150 })
            {
                foreach (IntervalStep step in new[] { IntervalStep.QuarterHour, IntervalStep.Hour, IntervalStep.Day })
                {
                    CounterOptions options = new() { Step = step, Modulus = history.Modulus, MaximumRatePerHour = maximum };
                    string which = $"{fault}, seed {seed}, maximum {maximum}, step {step.Milliseconds}";
                    Check(history, IntervalBuilder.FromCounter(history.Time, history.Register, [], options), which);
                }
            }
        }
    }

    private static void Check(CounterHistory history, IntervalSeries series, string which)
    {
        bool isBroken = history.Fault is CounterFault.ResetToZero or CounterFault.ReplacementAboveZero;
        Assert.True(series.Segments.Count == (isBroken ? 2 : 1), $"{which}: {series.Segments.Count} segments");
        double truth = 0;
        foreach (CounterSegment segment in series.Segments)
        {
            double inSegment = history.TrueBetween(segment.StartUtcMilliseconds, segment.EndUtcMilliseconds);
            Assert.True(Math.Abs(segment.Used - inSegment) <= 1.001, $"{which}: segment {segment.Used}, truth {inSegment}");
            truth += inSegment;
        }

        // Across a reset one interval is unknown; otherwise everything from the first to the last reading is in the total.
        double all = history.TrueSteps.Sum();
        double across = isBroken ? history.TrueSteps[history.EventIndex] : 0;
        Assert.True(Math.Abs(truth + across - all) < 1e-6, $"{which}: {all - truth} of use is in no segment");
        Assert.True(Math.Abs((double)series.TotalScaled - truth) <= series.Segments.Count * 1.001, $"{which}: total {series.TotalScaled}, truth {truth}");
        Int128 parts = 0;
        for (int i = 0; i < series.Value.Count; i++)
        {
            bool isMissing = series.Code[i] == IntervalCode.Missing;
            Assert.True(isMissing == double.IsNaN(series.Value[i]) && !(series.Value[i] < 0) && series.KnownScaled[i] >= 0, $"{which}: interval {i}");
            Assert.True(series.Code[i] is IntervalCode.Measured or IntervalCode.Allocated or IntervalCode.Missing, $"{which}: interval {i}");
            parts += series.KnownScaled[i];
        }

        Assert.True(parts == series.TotalScaled, $"{which}: the parts do not add up");
    }

    [Theory]
    [InlineData(CounterFault.Rollover16Bit, FindingKind.Rollover)]
    [InlineData(CounterFault.Rollover32Bit, FindingKind.Rollover)]
    [InlineData(CounterFault.RolloverOfDisplay, FindingKind.Rollover)]
    [InlineData(CounterFault.ResetToZero, FindingKind.Reset)]
    [InlineData(CounterFault.ReplacementAboveZero, FindingKind.Replacement)]
    [InlineData(CounterFault.TransientZero, FindingKind.TransientLow)]
    [InlineData(CounterFault.TenfoldSpike, FindingKind.Spike)]
    [InlineData(CounterFault.StuckThenCatchUp, FindingKind.StuckThenCaughtUp)]
    [InlineData(CounterFault.GapOfTwoHours, FindingKind.Gap)]
    [InlineData(CounterFault.GapOfThreeDays, FindingKind.Gap)]
    [InlineData(CounterFault.DuplicateOutOfOrderAndClockJump, FindingKind.ClockJump)]
    [InlineData(CounterFault.DuplicateOutOfOrderAndClockJump, FindingKind.Duplicate)]
    [InlineData(CounterFault.DuplicateOutOfOrderAndClockJump, FindingKind.OutOfOrder)]
    public void Each_fault_is_told_by_its_name(CounterFault fault, FindingKind kind)
    {
        for (int seed = 1; seed <= Seeds; seed++)
        {
            CounterHistory history = new(fault, seed);
            CounterOptions options = new() { Step = IntervalStep.QuarterHour, Modulus = history.Modulus, MaximumRatePerHour = 150 };
            IntervalSeries series = IntervalBuilder.FromCounter(history.Time, history.Register, [], options);
            Assert.True(series.Findings.Any(finding => finding.Kind == kind), $"seed {seed}: {string.Join(" | ", series.Findings)}");
        }
    }
}
