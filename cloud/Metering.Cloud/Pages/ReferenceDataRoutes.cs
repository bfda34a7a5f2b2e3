using System.Globalization;
using Metering.Analytics.CountryPacks;
using Metering.Cloud.Accounts;
using Metering.Cloud.Projects;
using Metering.Cloud.Texts;
using Microsoft.Extensions.Primitives;

namespace Metering.Cloud.Pages;

/// <summary>The addresses of the reference data: a page in each language and a file for each table.</summary>
internal static class ReferenceDataRoutes
{
    /// <summary>The page after the language.</summary>
    public const string Address = "/reference";

    /// <summary>Adds the addresses; without a language they lead to that of the browser.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGet(Address, ToLanguage).Open();
        app.MapGet(Address + "/{table}.csv", ToLanguage).Open();
        foreach (Language language in Languages.All)
        {
            string address = "/" + language.Code() + Address;
            app.MapGet(address, (HttpContext http, PageContext page, ProjectBoard board) => Show(language, http, page, board)).Needs(Permission.SeeReference);
            app.MapGet(address + "/{table}.csv", (string table, HttpContext http, PageContext page, ProjectBoard board) =>
                Download(language, table, http, page, board)).Needs(Permission.SeeReference);
        }
    }

    /// <summary>The part of an address that asks for a day; empty without one.</summary>
    public static string Query(DateOnly? on) =>
        on is { } day ? "?on=" + day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";

    private static IResult ToLanguage(HttpContext http)
    {
        http.Response.Headers.Vary = "Accept-Language";
        string language = Languages.Preferred(http.Request.Headers.AcceptLanguage).Code();
        return Results.Redirect("/" + language + http.Request.Path.ToUriComponent() + http.Request.QueryString.ToUriComponent());
    }

    private static PageResult Show(Language language, HttpContext http, PageContext page, ProjectBoard board)
    {
        if (!TryDay(http.Request.Query["on"], out DateOnly? on))
        {
            return Message(language, http, page, board, StatusCodes.Status400BadRequest);
        }

        page.Begin(language, Address + Query(on), board.Clock.GetUtcNow());
        page.Title = page.T(Words.ReferenceData);
        IHeaderDictionary headers = http.Response.Headers;
        headers.CacheControl = "no-cache";
        return PageResult.Of<ReferenceDataPage>(StatusCodes.Status200OK, new() { [nameof(ReferenceDataPage.On)] = on });
    }

    private static IResult Download(Language language, string table, HttpContext http, PageContext page, ProjectBoard board)
    {
        CountryPack pack = CountryPack.Mexico;
        if (!pack.TableNames.Contains(table, StringComparer.Ordinal))
        {
            return Message(language, http, page, board, StatusCodes.Status404NotFound);
        }

        if (!TryDay(http.Request.Query["on"], out DateOnly? on))
        {
            return Message(language, http, page, board, StatusCodes.Status400BadRequest);
        }

        string day = on is { } asked ? asked.ToString("'-'yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
        http.Response.Headers.CacheControl = "no-cache";
        return PortalApi.Download(ReferenceDataCsv.Of(pack.Table(table), on, language), table + day + ".csv");
    }

    // An empty field of the form asks for all rows.
    private static bool TryDay(StringValues asked, out DateOnly? on)
    {
        on = null;
        if (StringValues.IsNullOrEmpty(asked))
        {
            return true;
        }

        bool isDay = DateOnly.TryParseExact(asked.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day);
        on = isDay ? day : null;
        return isDay;
    }

    private static PageResult Message(Language language, HttpContext http, PageContext page, ProjectBoard board, int status)
    {
        (Text title, Text message) = status == StatusCodes.Status404NotFound
            ? (Words.ReferenceNoTableTitle, Words.ReferenceNoTable)
            : (Words.ReferenceBadDayTitle, Words.ReferenceBadDay);
        page.Begin(language, Address, board.Clock.GetUtcNow());
        page.Title = page.T(title);
        http.Response.Headers.CacheControl = "no-store";
        return PageResult.Of<MessagePage>(status, new() { [nameof(MessagePage.Message)] = page.T(message) });
    }
}
