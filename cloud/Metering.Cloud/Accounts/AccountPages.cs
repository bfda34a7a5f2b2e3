using Metering.Cloud.Pages;
using Metering.Programme.Accounts;
using Microsoft.AspNetCore.Components;

namespace Metering.Cloud.Accounts;

/// <summary>What the pages of accounts share: reading forms and drawing pages.</summary>
internal static class AccountPages
{
    /// <summary>Draws a page that no cache keeps.</summary>
    public static PageResult Draw<TPage>(HttpContext http, Language language, string path, Text title, Dictionary<string, object?> parameters, int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        PageContext page = http.RequestServices.GetRequiredService<PageContext>();
        page.Begin(language, path, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        page.Title = page.T(title);
        http.Response.Headers.CacheControl = "no-store";
        return PageResult.Of<TPage>(status, parameters);
    }

    /// <summary>Maps an answer. As a plain lambda from HttpContext to a task its result would be taken for nothing and thrown away.</summary>
    public static RouteHandlerBuilder Answer(this RouteGroupBuilder pages, string method, string address, Func<HttpContext, Task<IResult>> work) =>
        pages.MapMethods(address, [method], (Delegate)work);

    /// <summary>A field of the form; empty when it is not there.</summary>
    public static async Task<Func<string, string>> FormAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            return _ => "";
        }

        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        return name => form[name].ToString();
    }

    /// <summary>A field or null when it is empty.</summary>
    public static string? OrNull(string field) => string.IsNullOrWhiteSpace(field) ? null : field.Trim();

    /// <summary>Does work and gives its fault in the language; null when it was done.</summary>
    public static async Task<string?> TryAsync(Language language, Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (AccountFault e)
        {
            return e.In(language);
        }
    }

    /// <summary>An address of this host that a browser may be sent to; the list of projects when it is another's.</summary>
    public static string Back(string? asked, Language language) =>
        asked is { Length: > 1 and < 2_000 } && asked[0] == '/' && asked[1] is not ('/' or '\\') && !asked.Any(char.IsControl) ? asked : $"/{language.Code()}/";

    /// <summary>The address of this host as the reader wrote it, for links that are copied.</summary>
    public static string Link(HttpContext http, Language language, string page, string token) =>
        $"{http.Request.Scheme}://{http.Request.Host}/{language.Code()}/{page}?token={token}";
}
