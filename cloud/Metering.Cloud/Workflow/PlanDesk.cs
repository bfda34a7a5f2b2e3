using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Cloud.Pages;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Workflow;

/// <summary>Takes the measurement and verification plan, the freeze of the baseline, and since when the measure is in operation.</summary>
internal sealed class PlanDesk(RecordStore records, Language language)
{
    /// <summary>Key of the plan's form.</summary>
    public const string PlanKey = "plan";

    /// <summary>Key of the freeze's form.</summary>
    public const string FreezeKey = "freeze";

    /// <summary>Key of the installation's form.</summary>
    public const string InstalledKey = "installed";

    /// <summary>SHA-256 of a plan as it stands, over its JSON; hexadecimal in lower case.</summary>
    public static string HashOf(MeasurementPlan plan) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(MeasurementPlan.Kind.ToJson(plan))));

    /// <summary>Stores the plan under today's date.</summary>
    public async Task<IResult> SaveAsync(HttpContext http, string id)
    {
        if (await FlowForm.ReadAsync(http, records, id) is not { } form)
        {
            return Portal.NotFound(http);
        }

        Dictionary<string, string> texts = MeasurementPlan.Kind.Fields.ToDictionary(field => field.Name, field => form[field.Name], StringComparer.Ordinal);
        texts[RecordKind.IdField] = form.Flow.Plan?.Id ?? id + ".plan";
        texts["project"] = id;
        texts["writtenOn"] = records.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        texts["modelHash"] = form.Flow.Mark?.ModelHash ?? "";
        List<RecordFault> faults = [];
        IProgrammeRecord? plan = MeasurementPlan.Kind.FromTexts(texts, faults);
        form.Faults.AddRange(faults.Select(fault => fault.Message));
        ProjectFlow.Add(form.Faults, form.Flow.Record is null, WorkflowWords.NotRecorded);
        ProjectFlow.Add(form.Faults, form.Flow.Plan is not null && form["reason"].Length == 0, WorkflowWords.ReasonMissing);
        Refusal? refusal = form.Try(language, () => _ = records.Save([new(plan!, form.Version("version"))], form.Actor, form["reason"]));
        return refusal is null
            ? Results.Redirect($"/{language.Code()}{WorkflowRoutes.PlanOf(id)}")
            : WorkflowRoutes.Show<PlanPage>(http, records, language, id, WorkflowRoutes.PlanOf(id), WorkflowWords.PlanTitle, refusal);
    }

    /// <summary>Freezes the baseline that the reader saw; a later one that differs is never frozen unseen.</summary>
    public async Task<IResult> FreezeAsync(HttpContext http, string id)
    {
        if (await FlowForm.ReadAsync(http, records, id) is not { } form)
        {
            return Portal.NotFound(http);
        }

        ProjectFlow flow = form.Flow;
        ProjectFlow.Add(form.Faults, flow.Record is null, WorkflowWords.NotRecorded);
        ProjectFlow.Add(form.Faults, flow.Mark is null, WorkflowWords.NeedsFit);
        string reason = form.Required("reason", WorkflowWords.ReasonMissing);
        if (flow.Mark is { } mark && (form["model"] != mark.ModelHash || form["data"] != mark.DataHash || form["freeze"] != (flow.Freeze?.Id ?? "")))
        {
            return Page(http, id, form.Overtaken(WorkflowWords.BaselineGone.In(language)));
        }

        int number = flow.Register.Versions(BaselineFreeze.Kind).Count(one => one.Record.Id.StartsWith(id + ".freeze.", StringComparison.Ordinal)) + 1;
        Refusal? refusal = form.Try(language, () =>
        {
            BaselineFreeze freeze = new()
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{id}.freeze.{number}"),
                Project = id,
                FrozenOn = records.Today,
                ModelHash = flow.Mark!.ModelHash,
                Model = flow.Mark.Model,
                DataHash = flow.Mark.DataHash,
                WindowFirst = flow.Result!.Project.Baseline.First,
                WindowLast = flow.Result.Project.Baseline.Last,
                Note = reason,
            };
            _ = records.Save([new(freeze, 0)], form.Actor, reason);
        });
        return refusal is null ? Back(form) : Page(http, id, refusal);
    }

    /// <summary>Stores since when the measure is in operation.</summary>
    public async Task<IResult> InstalledAsync(HttpContext http, string id)
    {
        if (await FlowForm.ReadAsync(http, records, id) is not { } form)
        {
            return Portal.NotFound(http);
        }

        ProjectFlow flow = form.Flow;
        ProjectFlow.Add(form.Faults, flow.Record is null, WorkflowWords.NotRecorded);
        DateOnly? day = form.Day("day");
        ProjectFlow.Add(form.Faults, day is null, WorkflowWords.DayWrong);
        Refusal? refusal = form.Try(language, () =>
        {
            ProjectRecord project = (ProjectRecord)flow.Record!.Record;
            Measure measure = flow.Installed is { } known ? known with { ImplementedOn = day } : new()
            {
                Id = id + ".measure",
                Title = project.TitleSpanish,
                Project = id,
                Resource = (SavedResource)project.Resource,
                Status = MeasureStatus.Implemented,
                ImplementedOn = day,
            };
            _ = records.Save([new(measure, form.Version("version"))], form.Actor, form["reason"]);
        });
        return refusal is null ? Back(form) : Page(http, id, refusal);
    }

    private IResult Back(FlowForm form)
    {
        _ = StepWriter.Advance(records, form.Flow.Id, form.Actor, form.Flow.SignState == SignState.Signed);
        return Results.Redirect($"/{language.Code()}{WorkflowRoutes.Of(form.Flow.Id)}");
    }

    private IResult Page(HttpContext http, string id, Refusal refusal) =>
        WorkflowRoutes.Show<WorkflowPage>(http, records, language, id, WorkflowRoutes.Of(id), WorkflowWords.Title, refusal);
}
