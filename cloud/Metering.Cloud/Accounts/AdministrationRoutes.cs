using System.Globalization;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Accounts;

namespace Metering.Cloud.Accounts;

/// <summary>The administrators' page: accounts, grants, invitations, closing.</summary>
internal static class AdministrationRoutes
{
    public static void Map(RouteGroupBuilder pages, Language language)
    {
        pages.MapGet("/accounts", (HttpContext http) => Show(http, language, (null, null), null)).Needs(Permission.ManageAccounts, Target.Programme);
        Add(pages, language, "/accounts/invite", async (http, form) =>
        {
            AccountDesk desk = http.RequestServices.GetRequiredService<AccountDesk>();
            Language theirs = Languages.TryParse(form("language"), out Language said) ? said : language;
            (Account _, string token) = await desk.InviteAsync(CurrentActor.Of(http), new(form("user"), form("name"), theirs), form("reason"));
            return AccountPages.Link(http, theirs, "invite", token);
        });
        Add(pages, language, "/accounts/reset", (http, form) =>
        {
            AccountDesk desk = http.RequestServices.GetRequiredService<AccountDesk>();
            string token = desk.Reset(CurrentActor.Of(http), form("account"), form("reason"));
            bool isInvite = desk.OwnerOf(token, TicketPurpose.Invite) is not null;
            return Task.FromResult<string?>(AccountPages.Link(http, language, isInvite ? "invite" : "reset", token));
        });
        Add(pages, language, "/accounts/grant", (http, form) =>
        {
            if (!Enum.TryParse(form("role"), out AccountRole role) || !Enum.IsDefined(role))
            {
                throw new AccountFault(AccountWords.NoRole);
            }

            (string? plant, string? project) = ScopeOf(http, form("scope"));
            _ = http.RequestServices.GetRequiredService<GrantDesk>().Give(
                CurrentActor.Of(http), new() { AccountId = form("account"), Role = role, Plant = plant, Project = project }, form("reason"));
            return Task.FromResult<string?>(null);
        });
        Add(pages, language, "/accounts/end-grant", (http, form) =>
        {
            _ = long.TryParse(form("grant"), NumberStyles.None, CultureInfo.InvariantCulture, out long number);
            http.RequestServices.GetRequiredService<GrantDesk>().End(CurrentActor.Of(http), number, form("reason"));
            return Task.FromResult<string?>(null);
        });
        Add(pages, language, "/accounts/close", (http, form) =>
        {
            http.RequestServices.GetRequiredService<AccountDesk>().Close(CurrentActor.Of(http), form("account"), form("reason"));
            return Task.FromResult<string?>(null);
        });
    }

    /// <summary>Reads "plant:ID", "project:ID" or nothing for the programme.</summary>
    /// <exception cref="AccountFault">There is no such plant or project.</exception>
    public static (string? Plant, string? Project) ScopeOf(HttpContext http, string text)
    {
        ProjectRegister register = http.RequestServices.GetRequiredService<ProjectBoard>().Register;
        string[] parts = text.Split(':', 2);
        return parts switch
        {
            [""] => (null, null),
            ["plant", string plant] when register.FindPlant(plant) is not null => (plant, null),
            ["project", string project] when register.Find(project) is not null => (null, project),
            _ => throw new AccountFault(AccountWords.NoSuchScope),
        };
    }

    private static void Add(RouteGroupBuilder pages, Language language, string address, Func<HttpContext, Func<string, string>, Task<string?>> work) =>
        pages.Answer(HttpMethods.Post, address, async http =>
        {
            Func<string, string> form = await AccountPages.FormAsync(http);
            string? link = null;
            string? fault = await AccountPages.TryAsync(language, async () => link = await work(http, form));
            return fault is null && link is null ? Results.Redirect($"/{language.Code()}/accounts") : Show(http, language, (fault, fault is null ? null : form), link);
        }).Needs(Permission.ManageAccounts, Target.Programme);

    private static PageResult Show(HttpContext http, Language language, (string? Fault, Func<string, string>? Typed) refused, string? link) =>
        AccountPages.Draw<AccountsPage>(http, language, "/accounts", AccountWords.Accounts, new()
        {
            [nameof(AccountsPage.Accounts)] = http.RequestServices.GetRequiredService<AccountDesk>().All(),
            [nameof(AccountsPage.Grants)] = http.RequestServices.GetRequiredService<GrantDesk>().Holding(null),
            [nameof(AccountsPage.Fault)] = refused.Fault,
            [nameof(AccountsPage.Typed)] = refused.Typed,
            [nameof(AccountsPage.Sent)] = http.Request.Path.Value![(language.Code().Length + 1)..],
            [nameof(AccountsPage.Link)] = link,
        }, refused.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
}
