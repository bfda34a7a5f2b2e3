using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Plants;
using Metering.Cloud.Projects;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Store;

namespace Metering.Cloud.Workflow;

/// <summary>Makes a project and its measurement plan: plant, channel, drivers, periods. A look at coverage and fit comes before saving; it never shows a saving, so that nobody chooses by it.</summary>
internal sealed class SetupDesk(RecordStore records, Language language)
{
    /// <summary>Key of the form.</summary>
    public const string Key = "setup";

    /// <summary>Address of the form of a new project after the language; an identifier never begins with a hyphen.</summary>
    public const string NewAddress = "/projects/-new";

    /// <summary>The empty form: first the plant is chosen, then what belongs to it.</summary>
    public IResult New(HttpContext http)
    {
        RegisterSnapshot register = records.Snapshot;
        SetupForm form = new(register, null) { Plant = register.Find<PlantRecord>(http.Request.Query["plant"].ToString()) };
        if (form.Plant is not null && http.RequestServices.GetRequiredService<ProjectBoard>().Register.FindPlant(form.Plant.Id) is { } plant)
        {
            form = form with { Typed = SetupDefaults.Of(ChannelsOf(http, form.Plant), plant.Zone) };
        }

        return Draw(http, form, StatusCodes.Status200OK);
    }

    /// <summary>The form of a project; one of the projects file is shown with what to do first.</summary>
    public IResult Edit(HttpContext http, string id) =>
        records.Snapshot.Find<ProjectRecord>(id) is { } record
            ? Draw(http, SetupForm.Of(records.Snapshot, record), StatusCodes.Status200OK)
            : http.RequestServices.GetRequiredService<ProjectBoard>().Register.Find(id) is null
                ? Portal.NotFound(http)
                : WorkflowRoutes.Show<WorkflowPage>(http, records, language, id, WorkflowRoutes.SetupOf(id), WorkflowWords.Setup);

    /// <summary>Looks at a project or saves it: the project and its drivers, or nothing.</summary>
    /// <param name="http">The request.</param>
    /// <param name="id">The project that is changed; null for a new one.</param>
    public async Task<IResult> SaveAsync(HttpContext http, string? id)
    {
        IFormCollection sent = await http.Request.ReadFormAsync(http.RequestAborted);
        Dictionary<string, string> typed = sent.ToDictionary(pair => pair.Key, pair => pair.Value.ToString().Trim().ReplaceLineEndings("\n"), StringComparer.Ordinal);
        RegisterSnapshot register = records.Snapshot;
        ProjectRecord? stored = register.Find<ProjectRecord>(id);
        if (id is not null && stored is null)
        {
            return Portal.NotFound(http);
        }

        SetupForm form = new(register, stored) { Plant = register.Find<PlantRecord>(stored?.Plant ?? typed.GetValueOrDefault("plant")), Typed = typed };
        List<RecordFault> faults = [];
        IReadOnlyList<RecordChange> changes = form.Changes(ChannelsOf(http, form.Plant), faults);
        string reason = typed.GetValueOrDefault("reason", "");
        bool isLook = typed.GetValueOrDefault("action") == "look";
        if (stored is not null && !isLook && reason.Length == 0)
        {
            faults.Add(new(new(ProjectRecord.Kind.Name, id!), RecordKind.ReasonField, WorkflowWords.ReasonMissing));
        }

        if (faults.Count > 0)
        {
            return Draw(http, form with { Faults = faults }, StatusCodes.Status422UnprocessableEntity);
        }

        if (typed.GetValueOrDefault("seen", "") != form.Seen)
        {
            return Draw(http, form with { Notice = WorkflowWords.SetupGone }, StatusCodes.Status412PreconditionFailed);
        }

        try
        {
            if (isLook)
            {
                records.Rehearse(changes, CurrentActor.Of(http));
                return Draw(http, form with { Look = Look(http, form, changes) }, StatusCodes.Status200OK);
            }

            _ = records.Save(changes, CurrentActor.Of(http), reason.Length == 0 ? WorkflowWords.NewProject.In(language) : reason);
            _ = StepWriter.Advance(records, changes[0].Record.Id, CurrentActor.Of(http), isSigned: false);
            return Results.Redirect($"/{language.Code()}{WorkflowRoutes.Of(changes[0].Record.Id)}");
        }
        catch (RecordFaultsException e)
        {
            return Draw(http, form with { Faults = e.Faults }, StatusCodes.Status422UnprocessableEntity);
        }
        catch (RecordConflictException)
        {
            return Draw(http, form with { Notice = WorkflowWords.SetupGone }, StatusCodes.Status412PreconditionFailed);
        }
    }

    /// <summary>The channels of a plant, by gateway and identifier; those, too, whose readings still wait for their turn.</summary>
    public static IReadOnlyList<StoredChannel> ChannelsOf(HttpContext http, PlantRecord? plant) => plant is null
        ? []
        : LiveChannel.ChannelsOf(http.RequestServices.GetRequiredService<ProjectBoard>().Store, plant.Id);

    private static ProjectResult? Look(HttpContext http, SetupForm form, IReadOnlyList<RecordChange> changes)
    {
        ProjectBoard board = http.RequestServices.GetRequiredService<ProjectBoard>();
        IEnumerable<Programme.Kinds.ProjectDriver> drivers = changes.Where(change => !change.IsWithdrawal).Select(change => change.Record).OfType<Programme.Kinds.ProjectDriver>();
        return board.Register.FindPlant(form.Plant!.Id) is { } plant && RegisterMerge.ProjectOf((ProjectRecord)changes[0].Record, drivers, plant) is { } project ? board.Preview(project) : null;
    }

    private PageResult Draw(HttpContext http, SetupForm form, int status)
    {
        PageContext page = http.RequestServices.GetRequiredService<PageContext>();
        page.Begin(language, form.Stored is null ? NewAddress : WorkflowRoutes.SetupOf(form.Stored.Id), http.RequestServices.GetRequiredService<ProjectBoard>().Clock.GetUtcNow());
        page.Title = form.Stored is null ? page.T(WorkflowWords.NewProject) : $"{page.T(WorkflowWords.Setup)}: {(language == Language.Spanish ? form.Stored.TitleSpanish : form.Stored.TitleEnglish)}";
        WorkflowView view = http.RequestServices.GetRequiredService<WorkflowView>();
        view.Setup = form;
        view.Channels = ChannelsOf(http, form.Plant);
        view.Faults = [.. (form.Notice is null ? [] : new[] { page.T(form.Notice) }), .. form.Faults.Select(fault => $"{SetupForm.LabelOf(fault.Field, language)}: {fault.Message.In(language)}")];
        http.Response.Headers.CacheControl = "no-store";
        return PageResult.Of<SetupPage>(status, []);
    }
}
