using Metering.Cloud.Workflow;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Readings.Texts;
using Microsoft.Playwright;

namespace Metering.EndToEnd.Tests.Browser.Walks;

/// <summary>The steps of a measured project as whoever works on it does them; each begins on the page of the project's progress, but for the first.</summary>
internal static class ProjectSteps
{
    /// <summary>Titles, channel, drivers and periods of the sample plants, into the form that is open.</summary>
    public static async Task MeasureAsync(Walker person, string plant, bool looksFirst)
    {
        ILocator form = person.Page.Locator("main");
        await person.FillAsync(WorkflowWords.UseChannel, plant + "/mains.active-energy-import");
        await person.FillAsync(form, plant + "/hides.count", "difference");
        await person.FillAsync(form, plant + "/weather.outdoor-temperature", "above");
        await Walker.FillAsync(form.GetByLabel(new System.Text.RegularExpressions.Regex(": " + plant + "/weather")), "18");
        await person.FillAsync(WorkflowWords.WorkdayWord, "workday");
        foreach ((string field, string day) in new[]
        {
            ("baselineFirst", "2024-11-20"), ("baselineLast", "2025-09-30"), ("installationFirst", "2025-10-01"), ("installationLast", "2025-10-31"),
            ("reportingFirst", "2025-11-01"), ("reportingLast", "2026-10-31"),
        })
        {
            await person.FillAsync(LabelOf(ProjectRecord.Kind, field), day);
        }

        if (looksFirst)
        {
            await person.PressAsync(WorkflowWords.LookFirst);
            await person.SeeAsync("CV(RMSE)");
            await person.LookAsync("coverage-and-fit");
            await person.FillAsync(WorkflowWords.Reason, "así quedó en el contrato · as in the contract");
        }

        await person.PressAsync(WorkflowWords.Save);
        await person.SeeAsync(WorkflowWords.Lead);
    }

    /// <summary>Writes the measurement plan.</summary>
    public static async Task PlanAsync(Walker person)
    {
        await person.Page.GetByRole(AriaRole.Link).Filter(new() { HasText = person.T(WorkflowWords.StepPlan) }).First.ClickAsync();
        await person.FillAsync(LabelOf(MeasurementPlan.Kind, "option"), "c");
        await person.FillAsync(LabelOf(MeasurementPlan.Kind, "boundary"), "Toda la planta en su medidor principal · The whole plant at its main meter");
        await person.FillAsync(LabelOf(MeasurementPlan.Kind, "method"), "Regresión diaria · Daily regression");
        await person.FillAsync(LabelOf(MeasurementPlan.Kind, "responsible"), "Consultoría y programa · Consultant and programme");
        await person.PressAsync(WorkflowWords.Save);
        await person.SeeAsync(WorkflowWords.PlanHash);
        await person.LookAsync("plan");
        await person.FollowAsync(WorkflowWords.Title);
    }

    /// <summary>Freezes the baseline.</summary>
    public static async Task FreezeAsync(Walker person)
    {
        ILocator part = person.Page.Locator("#baseline");
        await person.FillAsync(part, WorkflowWords.Reason, "según el plan · as planned");
        await person.PressAsync(part, WorkflowWords.Freeze);
        await person.SeeAsync(WorkflowWords.FrozenOn);
        await person.LookAsync("baseline-frozen");
    }

    /// <summary>Says since when the measure is in operation.</summary>
    public static async Task InstallAsync(Walker person)
    {
        ILocator part = person.Page.Locator("#installed");
        await person.FillAsync(part, WorkflowWords.InstalledSince, "2025-10-20");
        await person.PressAsync(part, WorkflowWords.Save);
        await person.SeeAsync(WorkflowWords.InstalledSince);
    }

    /// <summary>Signs as the author.</summary>
    public static async Task SignAsync(Walker person, string name)
    {
        await TickSeenAsync(person);
        await person.PressAsync(WorkflowWords.Sign);
        await person.SeeAsync(name);
        await person.LookAsync("signed");
    }

    /// <summary>Says that the proposed events were seen, where there are any.</summary>
    public static async Task TickSeenAsync(Walker person)
    {
        ILocator seen = person.Page.Locator("input[name=seen]");
        if (await seen.CountAsync() > 0)
        {
            await seen.CheckAsync();
        }
    }

    /// <summary>Label of a field of the register.</summary>
    public static Text LabelOf(RecordKind kind, string field) => kind.Fields.Single(one => one.Name == field).Label;
}
