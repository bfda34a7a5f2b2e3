using Metering.Cloud.Pages;
using Metering.Programme.Accounts;

namespace Metering.Cloud.Accounts;

/// <summary>A person's own account: password, language, sessions.</summary>
internal static class OwnAccountRoutes
{
    public static void Map(RouteGroupBuilder pages, Language language)
    {
        pages.MapGet("/account", (HttpContext http) => Show(http, language, null)).Needs(Permission.OwnAccount);
        pages.Answer(HttpMethods.Post, "/account/password", http => DoAsync(http, language, async (form, viewer) =>
        {
            AccountDesk desk = http.RequestServices.GetRequiredService<AccountDesk>();
            if (form("password") != form("again"))
            {
                throw new AccountFault(AccountWords.NotTheSame);
            }

            await desk.ChangePasswordAsync(viewer.Id, form("present"), form("password"));
            await AccountHost.SignInAsync(http, desk.All().Single(account => account.Id == viewer.Id)); // every session ended, this one begins anew
        })).Needs(Permission.OwnAccount);
        pages.Answer(HttpMethods.Post, "/account/language", http => DoAsync(http, language, (form, viewer) =>
        {
            http.RequestServices.GetRequiredService<AccountDesk>().SetLanguage(viewer.Id, Languages.TryParse(form("language"), out Language wanted) ? wanted : language);
            return Task.CompletedTask;
        })).Needs(Permission.OwnAccount);
        pages.Answer(HttpMethods.Post, "/account/sessions", http => DoAsync(http, language, (form, _) =>
        {
            http.RequestServices.GetRequiredService<GrantDesk>().EndSession(CurrentActor.Of(http), AccountPages.OrNull(form("session")));
            return Task.CompletedTask;
        })).Needs(Permission.OwnAccount);
    }

    private static async Task<IResult> DoAsync(HttpContext http, Language language, Func<Func<string, string>, Viewer, Task> work)
    {
        Func<string, string> form = await AccountPages.FormAsync(http);
        string? fault = await AccountPages.TryAsync(language, () => work(form, Viewer.Of(http)!));
        return fault is null ? Results.Redirect($"/{language.Code()}/account") : Show(http, language, fault);
    }

    private static PageResult Show(HttpContext http, Language language, string? fault)
    {
        Viewer viewer = Viewer.Of(http)!;
        return AccountPages.Draw<OwnAccountPage>(http, language, "/account", AccountWords.OwnAccount, new()
        {
            [nameof(OwnAccountPage.Sessions)] = http.RequestServices.GetRequiredService<GrantDesk>().Sessions(viewer.Id),
            [nameof(OwnAccountPage.Grants)] = http.RequestServices.GetRequiredService<GrantDesk>().Holding(viewer.Id),
            [nameof(OwnAccountPage.Fault)] = fault,
        }, fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }
}
