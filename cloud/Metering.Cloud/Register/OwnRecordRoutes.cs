using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Records;

namespace Metering.Cloud.Register;

/// <summary>Records of a plant for its people, and of a project for its consultants, by the register's own pages and forms.</summary>
internal static class OwnRecordRoutes
{
    private const int LongestSearch = 100;

    /// <summary>Adds the addresses of a language.</summary>
    public static void Map(RouteGroupBuilder pages, RecordStore store, Language language)
    {
        Map(pages, "/plants/{id}/records", (Permission.EnterRecords, Target.Plant), store, language, (board, id) =>
            board.Register.FindPlant(id) is { } plant ? RecordPlace.OfPlant(id, plant.Name) : null);
        Map(pages, "/projects/{id}/records", (Permission.EditProject, Target.Project), store, language, (board, id) =>
            board.Register.PlantOfProject(id) is null ? null : RecordPlace.OfProject(id, new(id, id)));
    }

    private static void Map(
        RouteGroupBuilder pages, string address, (Permission Permission, Target Target) need, RecordStore store, Language language, Func<ProjectBoard, string, RecordPlace?> placeOf)
    {
        IResult At(HttpContext http, string id, string kind, Func<RecordForms, RecordPlace, RecordKind, IResult> answer) =>
            placeOf(http.RequestServices.GetRequiredService<ProjectBoard>(), id) is { } place && place.Kinds.FirstOrDefault(one => one.Name == kind) is { } found
                ? answer(new(store, language, place), place, found)
                : Portal.NotFound(http);
        Task<IResult> AtAsync(HttpContext http, string id, string kind, Func<RecordForms, RecordKind, Task<IResult>> answer) =>
            placeOf(http.RequestServices.GetRequiredService<ProjectBoard>(), id) is { } place && place.Kinds.FirstOrDefault(one => one.Name == kind) is { } found
                ? answer(new(store, language, place), found)
                : Task.FromResult(Portal.NotFound(http));
        pages.MapGet(address, (string id, HttpContext http) => placeOf(http.RequestServices.GetRequiredService<ProjectBoard>(), id) is { } place ? Index(http, store, place, language) : Portal.NotFound(http))
            .Needs(need.Permission, need.Target);
        RouteGroupBuilder own = pages.MapGroup(address).Needs(need.Permission, need.Target);
        own.MapGet("/{kind}.csv", (string id, string kind, HttpContext http) => At(http, id, kind, (_, place, found) => Csv(http, store.Snapshot, found, place)));
        own.MapGet("/{kind}", (string id, string kind, HttpContext http) => At(http, id, kind, (_, place, found) => List(http, store.Snapshot, found, place, language)));
        own.MapGet("/{kind}/-new", (string id, string kind, HttpContext http) => At(http, id, kind, (forms, _, found) => forms.New(http, found)));
        own.MapPost("/{kind}/-new", (string id, string kind, HttpContext http) => AtAsync(http, id, kind, (forms, found) => forms.SaveAsync(http, found, null)));
        own.MapGet("/{kind}/{record}", (string id, string kind, string record, HttpContext http) => At(http, id, kind, (forms, _, found) => forms.Show(http, found, record, null, StatusCodes.Status200OK)));
        own.MapGet("/{kind}/{record}/edit", (string id, string kind, string record, HttpContext http) => At(http, id, kind, (forms, _, found) => forms.Edit(http, found, record)));
        own.MapPost("/{kind}/{record}/edit", (string id, string kind, string record, HttpContext http) => AtAsync(http, id, kind, (forms, found) => forms.SaveAsync(http, found, record)));
        own.MapPost("/{kind}/{record}/withdraw", (string id, string kind, string record, HttpContext http) => AtAsync(http, id, kind, (forms, found) => forms.WithdrawAsync(http, found, record)));
        own.MapPost("/{kind}/{record}/undo", (string id, string kind, string record, HttpContext http) => AtAsync(http, id, kind, (forms, found) => forms.UndoAsync(http, found, record)));
    }

    private static PageResult Index(HttpContext http, RecordStore store, RecordPlace place, Language language) => RegisterRoutes.Show<OwnRecordsPage>(
        http, language, place.Address, RegisterWords.OwnTitle.In(language, place.OwnerTitle.In(language)), StatusCodes.Status200OK, view => (view.Snapshot, view.Place) = (store.Snapshot, place));

    private static PageResult List(HttpContext http, RegisterSnapshot register, RecordKind kind, RecordPlace place, Language language)
    {
        string search = http.Request.Query["q"].ToString().Trim();
        RecordList list = RecordList.Of(
            register, kind, new(search.Length > LongestSearch ? search[..LongestSearch] : search, http.Request.Query["sort"].ToString(), http.Request.Query["order"] == "descending", language), place);
        return RegisterRoutes.Show<RecordListPage>(
            http, language, place.Of(kind), kind.Plural.In(language), StatusCodes.Status200OK, view => (view.List, view.Snapshot, view.Place) = (list, register, place));
    }

    private static IResult Csv(HttpContext http, RegisterSnapshot register, RecordKind kind, RecordPlace place)
    {
        http.Response.Headers.CacheControl = "no-store";
        return PortalApi.Download(RecordList.Csv(register, kind, place), string.Create(CultureInfo.InvariantCulture, $"{place.Owner}-{kind.Name}.csv"));
    }
}
