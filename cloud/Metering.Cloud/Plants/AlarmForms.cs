using Metering.Analytics.Intervals;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Kinds;

namespace Metering.Cloud.Plants;

/// <summary>The lists of alarms, of a plant and of all plants the reader may see, and their acknowledgement.</summary>
internal sealed class AlarmForms(AlarmBoard alarms, ProjectBoard board, Language language)
{
    /// <summary>Address of the list over all plants after the language.</summary>
    public const string All = "/alarms";

    /// <summary>Address of a plant's list after the language.</summary>
    public static string Of(string plant) => "/plants/" + plant + "/alarms";

    /// <summary>The list of a plant.</summary>
    public IResult Show(HttpContext http, string id) => board.Register.FindPlant(id) is { } plant
        ? Page(http, Of(id), AlarmWords.Title.In(language, plant.Name.In(language)), [plant], null, StatusCodes.Status200OK)
        : Portal.NotFound(http);

    /// <summary>The list over all plants the reader may see.</summary>
    public IResult ShowAll(HttpContext http)
    {
        AccessScope scope = http.RequestServices.GetRequiredService<AccessScope>();
        return Page(http, All, AlarmWords.AllTitle.In(language), [.. board.Register.Plants.Where(scope.MaySee)], null, StatusCodes.Status200OK);
    }

    /// <summary>Keeps who has seen an alarm and why it may stand.</summary>
    public async Task<IResult> AcknowledgeAsync(HttpContext http, string id, EntryDesk desk)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (board.Register.FindPlant(id) is not { } plant)
        {
            return Portal.NotFound(http);
        }

        string key = form["alarm"].ToString();
        string reason = form["reason"].ToString().Trim();
        Alarm? alarm = alarms.Of(plant).FirstOrDefault(one => one.Key == key);
        Text? fault = alarm is null ? AlarmWords.Gone : reason.Length == 0 ? PlantEntryWords.ReasonMissing : null;
        if (fault is null)
        {
            DateOnly since = PlantCalendar.DayOf(alarm!.SinceUtcMilliseconds, plant.Zone);
            AlarmAcknowledgement record = new() { Id = EntryDesk.Id("alarm", since, plant.Id, key), Plant = plant.Id, Alarm = key, Reason = reason };
            fault = desk.Save(plant, [record], null, CurrentActor.Of(http)) is [{ } first, ..] ? first.What : null;
        }

        return fault is null
            ? Results.Redirect($"/{language.Code()}{Of(plant.Id)}")
            : Page(http, Of(id), AlarmWords.Title.In(language, plant.Name.In(language)), [plant], fault.In(language), StatusCodes.Status422UnprocessableEntity);
    }

    private PageResult Page(HttpContext http, string path, string title, IReadOnlyList<Plant> plants, string? notice, int status)
    {
        PageContext page = http.RequestServices.GetRequiredService<PageContext>();
        page.Begin(language, path, board.Clock.GetUtcNow());
        page.Title = title;
        PlantView view = http.RequestServices.GetRequiredService<PlantView>();
        view.Alarms = [.. plants.Select(plant => (plant, alarms.Of(plant)))];
        view.Notice = notice;
        http.Response.Headers.CacheControl = "no-store";
        return PageResult.Of<AlarmsPage>(status, []);
    }
}
