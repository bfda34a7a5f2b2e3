using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Projects;
using Metering.Cloud.Texts;
using Metering.Programme.Records;

namespace Metering.Cloud.Workflow;

/// <summary>A form of the work on a project, read and with its project looked up.</summary>
internal sealed class FlowForm
{
    private readonly Dictionary<string, string> fields;

    private FlowForm(Dictionary<string, string> fields, ProjectFlow flow, Actor actor) => (this.fields, Flow, Actor) = (fields, flow, actor);

    /// <summary>The project.</summary>
    public ProjectFlow Flow { get; }

    /// <summary>Who sent it.</summary>
    public Actor Actor { get; }

    /// <summary>What was wrong, in order.</summary>
    public List<Text> Faults { get; } = [];

    /// <summary>Reads a form; null when there is no such project. The gate before every route has found its token right.</summary>
    public static async Task<FlowForm?> ReadAsync(HttpContext http, RecordStore records, string id)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        ProjectFlow? flow = ProjectFlow.Read(http.RequestServices.GetRequiredService<ProjectBoard>(), records, id);
        return flow is null
            ? null
            : new(form.ToDictionary(pair => pair.Key, pair => pair.Value.ToString().Trim().ReplaceLineEndings("\n"), StringComparer.Ordinal), flow, CurrentActor.Of(http));
    }

    /// <summary>A field; empty when it was not sent.</summary>
    public string this[string name] => fields.GetValueOrDefault(name, "");

    /// <summary>A field that may not be empty.</summary>
    public string Required(string name, Text missing)
    {
        ProjectFlow.Add(Faults, this[name].Length == 0, missing);
        return this[name];
    }

    /// <summary>A version number; what is no number is a version that never was, so that the change is refused as a conflict.</summary>
    public long Version(string name) => long.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;

    /// <summary>A day; null when it is empty or no day.</summary>
    public DateOnly? Day(string name) =>
        DateOnly.TryParseExact(this[name], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;

    /// <summary>The refusal for the faults found, in a language.</summary>
    public Refusal Refused(Language language) => new(StatusCodes.Status422UnprocessableEntity, [.. Faults.Select(fault => fault.In(language))], fields);

    /// <summary>The refusal of a form that was overtaken.</summary>
    public Refusal Overtaken(string fault) => new(StatusCodes.Status412PreconditionFailed, [fault], fields);

    /// <summary>Does a change and gives its refusal; null when it was stored.</summary>
    public Refusal? Try(Language language, Action change)
    {
        try
        {
            if (Faults.Count > 0)
            {
                return Refused(language);
            }

            change();
            return null;
        }
        catch (RecordFaultsException e)
        {
            return new(StatusCodes.Status422UnprocessableEntity, [.. e.Faults.Select(fault => fault.Message.In(language))], fields);
        }
        catch (RecordConflictException e)
        {
            string moment = new Formatter(language).Moment(DateTimeOffset.FromUnixTimeMilliseconds(e.ChangedUtcMilliseconds)) + " UTC";
            return Overtaken(WorkflowWords.Conflict.In(language, e.ChangedBy, moment));
        }
    }
}
