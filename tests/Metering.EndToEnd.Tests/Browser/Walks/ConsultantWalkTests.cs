using Metering.Analytics.Events;
using Metering.Cloud.Texts;
using Metering.Cloud.Workflow;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Readings.Texts;
using Metering.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using EventDecision = Metering.Programme.Kinds.EventDecision;

namespace Metering.EndToEnd.Tests.Browser.Walks;

/// <summary>A consultant: builds a baseline, decides an event, signs a report.</summary>
[Collection(BrowserFixture.Collection)]
public sealed class ConsultantWalkTests(BrowserFixture fixture)
{
    private const string Reason = "segunda línea desde mayo · a second line since May";

    [NeedsTheory("chromium", "mosquitto")]
    [InlineData(Language.Spanish)]
    [InlineData(Language.English)]
    public async Task The_consultant_builds_a_baseline_decides_an_event_and_signs_a_report(Language language)
    {
        WalkHost host = await fixture.WalksAsync();
        string project = WalkHost.ConsultantProject(language);
        await using Walker consultant = await Walker.BeginAsync(fixture.Browser, host.Address, language, "consultant");
        await consultant.EnterAsync(await host.InviteAsync("consultant", AccountRole.Consultant, language, project: project));
        await consultant.FollowAsync(host.ProjectTitle(project, language));
        await consultant.FollowAsync(WorkflowWords.Setup);
        await ProjectSteps.MeasureAsync(consultant, WalkHost.MeasuredPlant, looksFirst: true);
        await ProjectSteps.PlanAsync(consultant);
        await ProjectSteps.FreezeAsync(consultant);
        await ProjectSteps.InstallAsync(consultant);
        await DecideAsync(consultant);
        await consultant.FollowAsync(host.ProjectTitle(project, language));
        await consultant.FollowAsync(WorkflowWords.Title);
        await ProjectSteps.SignAsync(consultant, WalkHost.NameOf("consultant", language));

        // The report as it was signed is there to read, byte for byte.
        await consultant.FollowAsync(WorkflowWords.Documents);
        await consultant.SeeAsync(WorkflowWords.ResultHash);
        await consultant.LookAsync("signed-reports");
        await consultant.FollowAsync($"HTML ({language.Code()})");
        await consultant.SeeAsync(Cloud.Reports.ReportWords.SavingsTitle);
        await consultant.LookAsync("signed-report");
        consultant.ExpectNoFaults();
        ReviewSignature signature = Assert.Single(host.Register.Snapshot.All<ReviewSignature>(), one => one.Project == project);
        Assert.Equal((SignatureRole.Author, true, WalkHost.NameOf("consultant", language)), (signature.Role, signature.IsApproved, signature.Person));
        EventDecision decision = Assert.Single(host.Register.Snapshot.All<EventDecision>(), one => one.Project == project);
        Assert.Equal((EventTreatment.NonRoutinePermanent, Reason), (decision.Decision, decision.Reason));
    }

    private static async Task DecideAsync(Walker consultant)
    {
        await consultant.Page.GetByRole(AriaRole.Link).Filter(new() { HasText = consultant.T(WorkflowWords.StepReporting) }).ClickAsync();
        ILocator proposed = consultant.Page.Locator("main details").Filter(new() { HasText = consultant.T(EventTexts.Kind(EventKind.StepChange)) }).First;
        await proposed.Locator("summary").PressAsync("Enter");
        await consultant.FillAsync(proposed, WorkflowWords.LastDay, "");
        await consultant.FillAsync(proposed, WorkflowWords.Decision, Field.WordOf(EventTreatment.NonRoutinePermanent));
        await consultant.FillAsync(proposed, WorkflowWords.Reason, Reason);
        await consultant.LookAsync("event-before-decision");
        await consultant.PressAsync(proposed, WorkflowWords.Decide);
        await consultant.SeeAsync(Reason);
        await consultant.LookAsync("event-decided");
    }
}
