using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Records;
using Microsoft.AspNetCore.Components;

namespace Metering.Cloud.Workflow;

/// <summary>The addresses of the work on a project: its steps, its plan, its events, its signatures.</summary>
internal static class WorkflowRoutes
{
    /// <summary>Address of a project's steps after the language.</summary>
    public static string Of(string project) => $"/projects/{project}/workflow";

    /// <summary>Address of its measurement and verification plan.</summary>
    public static string PlanOf(string project) => $"/projects/{project}/plan";

    /// <summary>Address of its events.</summary>
    public static string EventsOf(string project) => $"/projects/{project}/events";

    /// <summary>Address of its signed reports.</summary>
    public static string SignedOf(string project) => $"/projects/{project}/signed";

    /// <summary>Address of its channel, drivers and periods.</summary>
    public static string SetupOf(string project) => $"/projects/{project}/setup";

    /// <summary>Adds the addresses where there is a register.</summary>
    public static void Map(WebApplication app)
    {
        if (app.Services.GetService<RecordStore>() is not RecordStore records)
        {
            return;
        }

        foreach (Language language in Languages.All)
        {
            RouteGroupBuilder pages = app.MapGroup("/" + language.Code());
            EventDesk events = new(records, language);
            PlanDesk plans = new(records, language);
            SignDesk signs = new(records, language);
            pages.MapGet("/projects/{id}/workflow", (string id, HttpContext http) => Show<WorkflowPage>(http, records, language, id, Of(id), WorkflowWords.Title)).Needs(Permission.SeeProject, Target.Project);
            pages.MapGet("/projects/{id}/events", (string id, HttpContext http) => Show<EventsPage>(http, records, language, id, EventsOf(id), WorkflowWords.Events)).Needs(Permission.SeeProject, Target.Project);
            pages.MapGet("/projects/{id}/plan", (string id, HttpContext http) => Show<PlanPage>(http, records, language, id, PlanOf(id), WorkflowWords.PlanTitle)).Needs(Permission.SeeProject, Target.Project);
            pages.MapGet("/projects/{id}/signed", (string id, HttpContext http) => signs.Documents(http, id)).Needs(Permission.SeeProject, Target.Project);
            SetupDesk setups = new(records, language);
            pages.MapGet(SetupDesk.NewAddress, (HttpContext http) => setups.New(http)).Needs(Permission.EditRegister, Target.Programme);
            pages.Answer("POST", SetupDesk.NewAddress + "/save", http => setups.SaveAsync(http, null)).Needs(Permission.EditRegister, Target.Programme);
            pages.MapGet("/projects/{id}/setup", (string id, HttpContext http) => setups.Edit(http, id)).Needs(Permission.EditProject, Target.Project);
            pages.MapPost("/projects/{id}/setup/save", (string id, HttpContext http) => setups.SaveAsync(http, id)).Needs(Permission.EditProject, Target.Project);
            pages.MapPost("/projects/{id}/events/decide", (string id, HttpContext http) => events.DecideAsync(http, id)).Needs(Permission.EditProject, Target.Project);
            pages.MapPost("/projects/{id}/events/undo", (string id, HttpContext http) => events.UndoAsync(http, id)).Needs(Permission.EditProject, Target.Project);
            pages.MapPost("/projects/{id}/plan/write", (string id, HttpContext http) => plans.SaveAsync(http, id)).Needs(Permission.EditProject, Target.Project);
            pages.MapPost("/projects/{id}/workflow/freeze", (string id, HttpContext http) => plans.FreezeAsync(http, id)).Needs(Permission.EditProject, Target.Project);
            pages.MapPost("/projects/{id}/workflow/installed", (string id, HttpContext http) => plans.InstalledAsync(http, id)).Needs(Permission.EditProject, Target.Project);
            pages.MapPost("/projects/{id}/sign", (string id, HttpContext http) => signs.SignAsync(http, id)).Needs(Permission.SignProject, Target.Project);
            pages.MapPost("/projects/{id}/review", (string id, HttpContext http) => signs.ReviewAsync(http, id)).Needs(Permission.ReviewProject, Target.Project);
        }
    }

    /// <summary>A page of the work on a project; 404 when there is none.</summary>
    internal static IResult Show<TPage>(HttpContext http, RecordStore records, Language language, string id, string path, Text title, Refusal? refusal = null)
        where TPage : IComponent
    {
        ProjectBoard board = http.RequestServices.GetRequiredService<ProjectBoard>();
        if (ProjectFlow.Read(board, records, id) is not { } flow)
        {
            return Portal.NotFound(http);
        }

        PageContext page = http.RequestServices.GetRequiredService<PageContext>();
        page.Begin(language, path, board.Clock.GetUtcNow());
        page.Title = $"{title.In(language)}: {flow.Title.In(language)}";
        page.Result = flow.Result;
        WorkflowView view = http.RequestServices.GetRequiredService<WorkflowView>();
        (view.Flow, view.Faults, view.Typed) = (flow, refusal?.Faults ?? [], refusal?.Typed ?? view.Typed);
        http.Response.Headers.CacheControl = "no-store"; // names of people
        return PageResult.Of<TPage>(refusal?.Status ?? StatusCodes.Status200OK, []);
    }
}

/// <summary>Why a form was not saved.</summary>
/// <param name="Status">412 when somebody or something else was faster, 422 when the form has a fault.</param>
/// <param name="Faults">In words.</param>
/// <param name="Typed">What was typed.</param>
internal sealed record Refusal(int Status, IReadOnlyList<string> Faults, IReadOnlyDictionary<string, string> Typed);
