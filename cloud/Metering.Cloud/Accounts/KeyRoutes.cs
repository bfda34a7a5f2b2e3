using System.Globalization;
using Metering.Cloud.Pages;
using Metering.Programme.Accounts;

namespace Metering.Cloud.Accounts;

/// <summary>The pages of machine keys and of auditors' links.</summary>
internal static class KeyRoutes
{
    public static void Map(RouteGroupBuilder pages, Language language)
    {
        foreach ((string address, AccessKeyKind kind, Permission permission) in
            ((string, AccessKeyKind, Permission)[])[("/keys", AccessKeyKind.Machine, Permission.ManageKeys), ("/links", AccessKeyKind.AuditorLink, Permission.ShareLinks)])
        {
            pages.MapGet(address, (HttpContext http) => Show(http, language, kind, (null, null), null)).Needs(permission, Target.Programme);
            pages.Answer(HttpMethods.Post, address + "/make", http => DoAsync(http, language, kind, form => Make(http, language, kind, form))).Needs(permission, Target.Programme);
            pages.Answer(HttpMethods.Post, address + "/revoke", http => DoAsync(http, language, kind, form =>
            {
                http.RequestServices.GetRequiredService<KeyDesk>().Revoke(CurrentActor.Of(http), kind, form("key"), form("reason"));
                return null;
            })).Needs(permission, Target.Programme);
        }
    }

    private static string Make(HttpContext http, Language language, AccessKeyKind kind, Func<string, string> form)
    {
        (string? plant, string? project) = AdministrationRoutes.ScopeOf(http, form("scope"));
        _ = int.TryParse(form("days"), NumberStyles.None, CultureInfo.InvariantCulture, out int days);
        (AccessKey _, string secret) = http.RequestServices.GetRequiredService<KeyDesk>().Make(
            CurrentActor.Of(http), new() { Kind = kind, Name = form("name"), Plant = plant, Project = project, MayWrite = form("write") == "yes", Days = days });
        return kind == AccessKeyKind.Machine ? secret : AccountPages.Link(http, language, "link", secret);
    }

    private static async Task<IResult> DoAsync(HttpContext http, Language language, AccessKeyKind kind, Func<Func<string, string>, string?> work)
    {
        Func<string, string> form = await AccountPages.FormAsync(http);
        string? secret = null;
        string? fault = await AccountPages.TryAsync(language, () =>
        {
            secret = work(form);
            return Task.CompletedTask;
        });
        return fault is null && secret is null ? Results.Redirect($"/{language.Code()}{AddressOf(kind)}") : Show(http, language, kind, (fault, fault is null ? null : form), secret);
    }

    private static string AddressOf(AccessKeyKind kind) => kind == AccessKeyKind.Machine ? "/keys" : "/links";

    private static PageResult Show(HttpContext http, Language language, AccessKeyKind kind, (string? Fault, Func<string, string>? Typed) refused, string? secret) =>
        AccountPages.Draw<KeysPage>(http, language, AddressOf(kind), kind == AccessKeyKind.Machine ? AccountWords.Keys : AccountWords.Links, new()
        {
            [nameof(KeysPage.Kind)] = kind,
            [nameof(KeysPage.Address)] = AddressOf(kind),
            [nameof(KeysPage.Keys)] = http.RequestServices.GetRequiredService<KeyDesk>().All(kind),
            [nameof(KeysPage.Fault)] = refused.Fault,
            [nameof(KeysPage.Typed)] = refused.Typed,
            [nameof(KeysPage.Sent)] = http.Request.Path.Value![(language.Code().Length + 1)..],
            [nameof(KeysPage.Secret)] = secret,
        }, refused.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
}
