namespace Metering.Cloud.Workflow;

/// <summary>One step of the work on a project.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="IsDone">Whether nothing is missing.</param>
/// <param name="Missing">What is missing, and what stays to be told.</param>
/// <param name="Who">Who can do it.</param>
/// <param name="Address">Where it is done, after the language.</param>
internal sealed record FlowStep(Text Title, bool IsDone, IReadOnlyList<Text> Missing, Text Who, string Address)
{
    /// <summary>The five steps of a project: plan, baseline, installed, reporting, signed.</summary>
    public static IReadOnlyList<FlowStep> Of(ProjectFlow flow) => [Plan(flow), Baseline(flow), Installed(flow), Reporting(flow), Signed(flow)];

    private static FlowStep Plan(ProjectFlow flow)
    {
        List<Text> missing = [];
        ProjectFlow.Add(missing, flow.Record is null, WorkflowWords.NotRecorded);
        ProjectFlow.Add(missing, flow.Result is null, WorkflowWords.NeedsSetup);
        ProjectFlow.Add(missing, flow.Plan is null, WorkflowWords.NeedsPlan);
        bool isDone = missing.Count == 0;
        ProjectFlow.Add(missing, flow.IsPlanLate, WorkflowWords.PlanLate);
        return new(WorkflowWords.StepPlan, isDone, missing, WorkflowWords.WhoEdits, flow.Result is null && flow.Record is not null ? WorkflowRoutes.SetupOf(flow.Id) : WorkflowRoutes.PlanOf(flow.Id));
    }

    private static FlowStep Baseline(ProjectFlow flow)
    {
        List<Text> missing = [];
        ProjectFlow.Add(missing, flow.Mark is null, WorkflowWords.NeedsFit);
        ProjectFlow.Add(missing, flow.Mark is not null && flow.FreezeState == FreezeState.None, WorkflowWords.NeedsFreeze);
        ProjectFlow.Add(missing, flow.FreezeState == FreezeState.Changed, WorkflowWords.FreezeChanged);
        bool isDone = missing.Count == 0;
        ProjectFlow.Add(missing, flow.IsFreezeLate, WorkflowWords.FreezeLate);
        return new(WorkflowWords.StepBaseline, isDone, missing, WorkflowWords.WhoEdits, WorkflowRoutes.Of(flow.Id) + "#baseline");
    }

    private static FlowStep Installed(ProjectFlow flow)
    {
        List<Text> missing = [];
        ProjectFlow.Add(missing, flow.Installed is null, WorkflowWords.NeedsInstalled);
        return new(WorkflowWords.StepInstalled, missing.Count == 0, missing, WorkflowWords.WhoEdits, WorkflowRoutes.Of(flow.Id) + "#installed");
    }

    private static FlowStep Reporting(ProjectFlow flow)
    {
        List<Text> missing = [];
        ProjectFlow.Add(missing, flow.Result?.Savings is null, WorkflowWords.NeedsNumber);
        ProjectFlow.Add(missing, flow.Result is { Savings: not null, IsComplete: false }, WorkflowWords.NeedsWholePeriod);
        ProjectFlow.Add(missing, flow.UndecidedCount > 0, WorkflowWords.NeedsDecisions(flow.UndecidedCount));
        return new(WorkflowWords.StepReporting, missing.Count == 0, missing, WorkflowWords.WhoEdits, WorkflowRoutes.EventsOf(flow.Id));
    }

    private static FlowStep Signed(ProjectFlow flow)
    {
        Text? missing = flow.SignState switch
        {
            SignState.None => WorkflowWords.NeedsAuthor,
            SignState.AuthorOnly => WorkflowWords.NeedsReviewer,
            SignState.Returned => WorkflowWords.WasReturned,
            SignState.Void => WorkflowWords.SignedOnOtherData,
            _ => null,
        };
        return new(WorkflowWords.StepSigned, missing is null, missing is null ? [] : [missing], WorkflowWords.WhoSigns, WorkflowRoutes.Of(flow.Id) + "#sign");
    }
}
