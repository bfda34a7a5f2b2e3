using System.Security.Claims;
using Metering.Cloud.Pages;
using Metering.Programme.Accounts;
using Microsoft.AspNetCore.Authentication;

namespace Metering.Cloud.Accounts;

/// <summary>Sign-in, sign-out and the one-time links.</summary>
internal static class SignInRoutes
{
    public static void Map(RouteGroupBuilder pages, Language language)
    {
        pages.MapGet("/sign-in", (HttpContext http) => Show(http, language, null, "")).Open();
        pages.Answer(HttpMethods.Post, "/sign-in", http => SignInAsync(http, language)).Open();
        pages.MapPost("/sign-out", (HttpContext http, GrantDesk desk) => SignOutAsync(http, language, desk)).Needs(Permission.SeeReference);
        pages.Answer(HttpMethods.Get, "/link", http => OpenLinkAsync(http, language)).Open();
        foreach ((string address, TicketPurpose purpose) in ((string, TicketPurpose)[])[("/first", TicketPurpose.First), ("/invite", TicketPurpose.Invite), ("/reset", TicketPurpose.Reset)])
        {
            pages.MapGet(address, (HttpContext http, AccountDesk desk) => ShowTicket(http, language, purpose, desk)).Open();
            pages.MapPost(address, (HttpContext http, AccountDesk desk) => UseTicketAsync(http, language, purpose, desk)).Open();
        }
    }

    private static PageResult Show(HttpContext http, Language language, string? fault, string userName, int status = StatusCodes.Status200OK) =>
        AccountPages.Draw<SignInPage>(http, language, "/sign-in", AccountWords.SignIn, new()
        {
            [nameof(SignInPage.Fault)] = fault,
            [nameof(SignInPage.UserName)] = userName,
            [nameof(SignInPage.Return)] = http.Request.Query["return"].ToString(),
            [nameof(SignInPage.IsDemonstration)] = http.RequestServices.GetRequiredService<AccountSettings>().HasDemoRoles,
            [nameof(SignInPage.HasNoAccount)] = !http.RequestServices.GetRequiredService<AccountDesk>().HasAccounts,
        }, status);

    private static async Task<IResult> SignInAsync(HttpContext http, Language language)
    {
        Func<string, string> form = await AccountPages.FormAsync(http);
        string userName = form("user").Trim();
        RateGates gates = http.RequestServices.GetRequiredService<RateGates>();
        if ((gates.SignInAddress.Wait(AccountHost.Address(http)) ?? gates.SignInName.Wait(userName.ToUpperInvariant())) is { } wait)
        {
            return AccessGate.TooMany(http, wait);
        }

        SignInOutcome outcome = http.RequestServices.GetRequiredService<AccountDesk>().CheckPassword(userName, form("password"));
        if (outcome.Account is { } account)
        {
            await AccountHost.SignInAsync(http, account);
            Language own = Languages.TryParse(account.Language, out Language said) ? said : language;
            return Results.Redirect(AccountPages.Back(form("return"), own));
        }

        // The same words for an unknown name, a wrong password and a locked account: nobody learns here which accounts there are.
        return Show(http, language, AccountWords.NotRight.In(language, AccountDesk.MostFaults, (int)AccountDesk.LockTime.TotalMinutes), userName, StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, Language language, GrantDesk desk)
    {
        if (Viewer.Of(http) is { Kind: ViewerKind.Account, Session: string session })
        {
            _ = await AccountPages.TryAsync(language, () =>
            {
                desk.EndSession(CurrentActor.Of(http), session);
                return Task.CompletedTask;
            });
        }

        await http.SignOutAsync();
        return Results.Redirect($"/{language.Code()}/sign-in");
    }

    private static async Task<IResult> OpenLinkAsync(HttpContext http, Language language)
    {
        KeyDesk desk = http.RequestServices.GetRequiredService<KeyDesk>();
        AccessKey? link = desk.Find(AccessKeyKind.AuditorLink, http.Request.Query["token"].ToString());
        if (link is null)
        {
            // Whoever follows a link that was cut off in a message has to read what to do, not that some project does not exist.
            return Portal.Message(http, AccountWords.LinkUsedTitle, AccountWords.LinkUnknown, StatusCodes.Status404NotFound);
        }

        if (!link.HoldsAt(http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds()))
        {
            return AccessGate.GoneAnswer(http);
        }

        desk.CountUse(link.Id);
        await http.SignInAsync(new ClaimsPrincipal(AccountHost.Identity(ViewerKind.Link, link.Id, link.Name, null)));
        return Results.Redirect($"/{language.Code()}/" + (link.Project is null ? "" : "projects/" + link.Project));
    }

    private static PageResult ShowTicket(HttpContext http, Language language, TicketPurpose purpose, AccountDesk desk)
    {
        string token = http.Request.Query["token"].ToString();
        Account? owner = purpose == TicketPurpose.First ? null : desk.OwnerOf(token, purpose);
        bool holds = purpose == TicketPurpose.First ? desk.IsFirst(token) : owner is not null;
        return holds
            ? Form(http, language, purpose, token, owner?.UserName, null)
            : Portal.Message(http, AccountWords.LinkUsedTitle, AccountWords.LinkUsed, StatusCodes.Status410Gone);
    }

    private static async Task<IResult> UseTicketAsync(HttpContext http, Language language, TicketPurpose purpose, AccountDesk desk)
    {
        Func<string, string> form = await AccountPages.FormAsync(http);
        string token = form("token");
        if (http.RequestServices.GetRequiredService<RateGates>().SignInAddress.Wait(AccountHost.Address(http)) is { } wait)
        {
            return AccessGate.TooMany(http, wait);
        }

        Account? account = null;
        string? fault = form("password") != form("again") ? AccountWords.NotTheSame.In(language) : await AccountPages.TryAsync(language, async () =>
            account = purpose == TicketPurpose.First
                ? await desk.MakeFirstAsync(token, new(form("user"), form("name"), language), form("password"))
                : await desk.UseLinkAsync(token, purpose, form("password")));
        if (account is null)
        {
            return Form(http, language, purpose, token, purpose == TicketPurpose.First ? null : desk.OwnerOf(token, purpose)?.UserName, fault);
        }

        await AccountHost.SignInAsync(http, account);
        return Results.Redirect($"/{language.Code()}/");
    }

    private static PageResult Form(HttpContext http, Language language, TicketPurpose purpose, string token, string? userName, string? fault) =>
        AccountPages.Draw<TicketPage>(http, language, "/" + purpose.ToString().ToLowerInvariant() + "?token=" + Uri.EscapeDataString(token), purpose switch
        {
            TicketPurpose.First => AccountWords.FirstTitle,
            TicketPurpose.Invite => AccountWords.InviteTitle,
            _ => AccountWords.ResetTitle,
        }, new()
        {
            [nameof(TicketPage.IsFirst)] = purpose == TicketPurpose.First,
            [nameof(TicketPage.Token)] = token,
            [nameof(TicketPage.UserName)] = userName,
            [nameof(TicketPage.Fault)] = fault,
        }, fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
}
