using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Microsoft.AspNetCore.Mvc;

namespace Metering.Cloud.Api;

/// <summary>The HTTP API, /api/v1: for programs, with keys; for scripts of people, with their session. Its description stands in openapi.json beside this file.</summary>
internal static class ApiRoutes
{
    /// <summary>What every address begins with.</summary>
    public const string Address = "/api/v1";

    /// <summary>Adds the addresses and the page that explains them.</summary>
    public static void Map(WebApplication app)
    {
        RouteGroupBuilder api = app.MapGroup(Address);
        _ = api.AddEndpointFilter(ApiRefusal.FilterAsync);
        PlantApi.Map(api);
        SeriesApi.Map(api);
        ProjectApi.Map(api);
        EventApi.Map(api);
        ReportApi.Map(api);
        AuditApi.Map(api);
        Evidence.LogRoutes.MapApi(api);
        RecordApi.Map(api);
        EntryApi.Map(api);
        app.MapGet(Address + "/openapi.json", (HttpContext http) => ApiAnswer.OfBytes(http, PortalAssets.Read("openapi.json"), "application/json; charset=utf-8")).Open().ExcludeFromDescription();
        foreach (Language language in Languages.All)
        {
            app.MapGroup("/" + language.Code()).MapGet(ApiWords.Address, (HttpContext http) => AccountPages.Draw<ApiPage>(http, language, ApiWords.Address, ApiWords.Title, [])).Open();
        }
    }

    /// <summary>Says in the description of the API what a route answers.</summary>
    /// <param name="route">The route.</param>
    /// <param name="group">Noun it belongs to.</param>
    /// <param name="summary">What it gives or does.</param>
    public static RouteHandlerBuilder Told<TShape>(this RouteHandlerBuilder route, string group, string summary) =>
        route.Produces<TShape>().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status404NotFound).WithTags(group).WithSummary(summary);

    /// <summary>
    /// Says that a route takes JSON and what else it refuses. Not by Accepts, which also chooses routes: a request of another type would then miss this
    /// route and reach the one for unknown addresses, past its permission.
    /// </summary>
    public static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder route, params int[] refusals)
        where TBody : notnull
    {
        foreach (int status in (int[])[StatusCodes.Status400BadRequest, StatusCodes.Status403Forbidden, .. refusals])
        {
            _ = route.Produces<ProblemDetails>(status, "application/problem+json");
        }

        return route.WithMetadata(new ApiBody(typeof(TBody)));
    }
}

/// <summary>What a route takes as body.</summary>
/// <param name="Type">The shape.</param>
internal sealed record ApiBody(Type Type);
