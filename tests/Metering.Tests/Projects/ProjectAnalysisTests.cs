using Metering.Analytics.Baselines;
using Metering.Analytics.Events;
using Xunit;

namespace Metering.Tests.Projects;

public sealed class ProjectAnalysisTests
{
    [Fact]
    public void A_stated_driver_that_explains_nothing_is_left_out_of_the_chosen_model()
    {
        ProjectResult result = new SampleProject(1).Analyse();
        Assert.Equal(["production"], result.Candidates[0].Terms);
        Assert.True(result.Candidates.Count > 1);
        Assert.Equal(result.Fit!.CvRmse, result.Candidates[0].CvRmse);
        Assert.Contains(result.Candidates, candidate => candidate.Terms.Contains("occupancy"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Days_weeks_months_and_the_waterfall_add_up_to_the_saving_with_and_without_decided_events(int seed)
    {
        SampleProject sample = new(seed) { EventUse = 120 };
        foreach (EventDecision[] decisions in (EventDecision[][])[[], [Decided(EventDecisionKind.NonRoutinePermanent)], [Fault()], [Early()]])
        {
            ProjectResult result = new SampleProject(seed) { EventUse = sample.EventUse }.Analyse(decisions);
            double saving = result.Savings!.Savings;
            double tolerance = 1e-9 * result.Savings.Counterfactual;
            ProjectDay[] counted = [.. result.Days.Where(day => day.Phase == DayPhase.Reporting && day.Counts)];
            Assert.Equal(result.Savings.MeteredByRow.Count, counted.Length);
            Assert.Equal(saving, counted.Sum(day => day.Saving), tolerance);
            Assert.Equal(saving, result.Months.Sum(month => month.Saving), tolerance);
            Assert.Equal(saving, result.Weeks.Sum(week => SavingOf(week, counted)), tolerance);
            WaterfallAnalysis steps = result.Waterfall!;
            Assert.Equal(steps.Metered, steps.Baseline + steps.Routine + steps.Events - steps.Saving, tolerance);
            Assert.Equal(result.Savings.Counterfactual, steps.Adjusted, tolerance);
            Assert.All(result.Months, month => Assert.True(double.IsNaN(month.HalfWidth) ? month.Days == 0 : month.HalfWidth > 0));
        }
    }

    [Fact]
    public void A_decided_event_moves_the_saving_to_the_truth_and_both_figures_are_told()
    {
        SampleProject sample = new(5) { EventUse = 150 };
        ProjectResult proposed = sample.Analyse();
        ProjectEvent open = Assert.Single(proposed.Events, told => told.Event.Kind == EventKind.StepChange);
        Assert.Null(open.Decision);
        Assert.Equal(proposed.Savings!.Savings, open.Without!.Value);
        ProjectResult decided = new SampleProject(5) { EventUse = 150 }.Analyse(Decided(EventDecisionKind.NonRoutinePermanent));
        ProjectEvent closed = Assert.Single(decided.Events, told => told.Decision is not null);
        Assert.Equal(decided.Savings!.Savings, closed.With!.Value);
        Assert.Equal(proposed.Savings.Savings, closed.Without!.Value, 1e-9 * decided.Savings.Counterfactual);
        double truth = TrueSaving(decided);
        Assert.InRange(truth, decided.Savings.Savings - decided.Savings.HalfWidth, decided.Savings.Savings + decided.Savings.HalfWidth);
        Assert.True(proposed.Savings.Savings + proposed.Savings.HalfWidth < truth);
    }

    [Fact]
    public void Days_that_a_person_calls_wrong_are_marked_and_carry_no_saving()
    {
        EventProposal wrong = SampleProject.Step(new(2026, 6, 1), EventPeriod.Reporting) with { ToUtcMilliseconds = SampleProject.Step(new(2026, 6, 6), EventPeriod.Reporting).FromUtcMilliseconds };
        ProjectResult result = new SampleProject(6).Analyse(new EventDecision(EventDecisionKind.DataFault, wrong, "A. Reader", "valve closed", DateTimeOffset.UnixEpoch));
        Assert.Equal(5, result.Days.Count(day => day.State == DayState.Excluded));
        Assert.All(result.Days.Where(day => day.State == DayState.Excluded), day => Assert.False(day.Counts));
    }

    [Fact]
    public void Unchanged_days_keep_their_model_and_another_version_is_told()
    {
        SampleProject sample = new(7);
        ProjectInputs inputs = sample.Inputs();
        ProjectResult first = ProjectAnalysis.Run(SampleProject.Project, inputs, "one");
        ProjectResult second = ProjectAnalysis.Run(SampleProject.Project, inputs, "two", first);
        Assert.Equal("two", second.Version);
        Assert.Same(first.Savings, second.Savings);
        ProjectResult third = ProjectAnalysis.Run(SampleProject.Project, inputs with { Decisions = [Decided(EventDecisionKind.NonRoutinePermanent)] }, "three", second);
        Assert.NotSame(first.Savings, third.Savings);
    }

    [Fact]
    public void Residuals_tell_their_correlation_blocks_and_quantiles()
    {
        BaselineFit fit = new SampleProject(8).Analyse().Fit!;
        ResidualAnalysis residuals = ResidualAnalysis.Of(fit, SampleProject.Zone);
        Assert.Equal(ResidualAnalysis.MostLags, residuals.Autocorrelation.Count);
        Assert.Equal(fit.Lag1Autocorrelation, residuals.Autocorrelation[0], 0.02);
        Assert.Equal(fit.N, residuals.Blocks.Sum(block => block.Days));
        Assert.Equal(0, residuals.Blocks.Sum(block => block.Mean * block.Days), 1e-6 * fit.MeanUse * fit.N);
        Assert.Equal(-residuals.NormalQuantiles[0], residuals.NormalQuantiles[^1], 1e-12);
        Assert.Equal(1, residuals.Ordered.Sum(value => value * value) / (fit.N - fit.P), 1e-9);
    }

    // What the measure saves is a share of what would have been used; the event came on top of what was metered.
    private static double TrueSaving(ProjectResult result)
    {
        double saved = 0;
        foreach (ProjectDay day in result.Days.Where(day => day.Phase == DayPhase.Reporting && day.Counts))
        {
            double own = day.Use - (day.Day >= new DateOnly(2026, 6, 1) ? 150 : 0);
            saved += own * SampleProject.Saving / (1 - SampleProject.Saving);
        }

        return saved;
    }

    // A week with less than half of its days known is drawn as a gap; the days that it has still count.
    private static double SavingOf(Block week, ProjectDay[] counted)
    {
        ProjectDay[] own = [.. counted.Where(day => day.Day >= week.First && day.Day < week.First.AddDays(week.Days))];
        return double.IsFinite(week.Baseline) ? (week.Baseline - week.Use) * own.Length : own.Sum(day => day.Saving);
    }

    private static EventDecision Decided(EventDecisionKind kind) => new(
        kind, SampleProject.Step(new(2026, 6, 1), EventPeriod.Reporting), "A. Reader", "a second line was installed", DateTimeOffset.UnixEpoch);

    private static EventDecision Fault() => new(
        EventDecisionKind.DataFault,
        SampleProject.Step(new(2026, 6, 1), EventPeriod.Reporting) with { ToUtcMilliseconds = SampleProject.Step(new(2026, 6, 15), EventPeriod.Reporting).FromUtcMilliseconds },
        "A. Reader",
        "the transformer was reversed",
        DateTimeOffset.UnixEpoch);

    private static EventDecision Early() => new(
        EventDecisionKind.NonRoutinePermanent, SampleProject.Step(new(2025, 8, 1), EventPeriod.Baseline), "A. Reader", "a second line was installed", DateTimeOffset.UnixEpoch);
}
