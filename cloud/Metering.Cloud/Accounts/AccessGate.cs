using System.Globalization;
using System.Security.Claims;
using Metering.Cloud.Pages;
using Metering.Programme.Accounts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Metering.Cloud.Accounts;

/// <summary>
/// Stands before every route: who asks, how often, may he see it (404 when not, as if it were not there), may he do it (403), and does a form carry its
/// page's token (400). A route that names no permission and is not open is refused.
/// </summary>
internal static class AccessGate
{
    private const string Bearer = "Bearer ";
    private const int LargestOpenForm = 64 * 1024;

    /// <summary>Larger than any file a form takes, so that the form itself can say how large its file may be.</summary>
    private const int LargestForm = 64 * 1024 * 1024;

    /// <summary>Finds out who asks.</summary>
    public static async Task KnowAsync(HttpContext http, RequestDelegate next)
    {
        ViewerReader reader = http.RequestServices.GetRequiredService<ViewerReader>();
        string header = http.Request.Headers.Authorization.ToString();
        bool isApi = IsApi(http);
        if (isApi && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            AccessKey? key = http.RequestServices.GetRequiredService<KeyDesk>().Find(AccessKeyKind.Machine, header[Bearer.Length..].Trim());
            http.User = new(key is null ? new ClaimsIdentity() : AccountHost.Identity(ViewerKind.Key, key.Id, key.Name, null));
        }

        if (http.User.Identity?.IsAuthenticated == true)
        {
            Viewer? viewer = reader.Read(http.User);
            http.Items[typeof(Viewer)] = viewer;
            if (viewer is null)
            {
                http.Items[Gone] = http.User.FindFirstValue(AccountHost.KindClaim) == nameof(ViewerKind.Link);
                http.User = new(new ClaimsIdentity());
                if (!isApi)
                {
                    await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
                }
            }
        }

        await next(http);
    }

    /// <summary>Lets a request pass or answers it.</summary>
    public static async Task PassAsync(HttpContext http, RequestDelegate next)
    {
        RateGates gates = http.RequestServices.GetRequiredService<RateGates>();
        Viewer? viewer = Viewer.Of(http);
        OpenAccess? open = http.GetEndpoint()?.Metadata.GetMetadata<OpenAccess>();
        TimeSpan? wait = viewer?.Kind == ViewerKind.Key ? gates.Key.Wait(viewer.Id) : open is { TakesForms: false } ? null : gates.Page.Wait(AccountHost.Address(http));
        IResult? answer = wait is { } time ? TooMany(http, time) : Refusal(http, viewer, open);
        try
        {
            if (answer is null && await LacksTokenAsync(http, viewer, open))
            {
                answer = Say(http, StatusCodes.Status400BadRequest, "no-form-token", AccountWords.FormOldTitle, AccountWords.FormOld);
            }
        }
        catch (Exception e) when (e is BadHttpRequestException or InvalidDataException or AntiforgeryValidationException)
        {
            // Longer, or of more fields, than any form of ours.
            answer = Say(http, StatusCodes.Status413PayloadTooLarge, "form-too-large", AccountWords.FormLargeTitle, AccountWords.FormLarge);
            http.Response.Headers.Connection = HttpProtocol.IsHttp11(http.Request.Protocol) ? "close" : default;
        }

        if (answer is not null)
        {
            await answer.ExecuteAsync(http);
            await LimitedBody.DropAsync(http);
            return;
        }

        if (open is null)
        {
            http.Response.Headers.Append("Vary", "Cookie");
            http.Response.OnStarting(static state =>
            {
                HttpResponse response = ((HttpContext)state).Response;
                if (response.Headers.CacheControl.Count == 0)
                {
                    response.Headers.CacheControl = "private, no-cache";
                }

                return Task.CompletedTask;
            }, http);
        }

        await next(http);
        if (http.Response.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await LimitedBody.DropAsync(http);
        }
    }

    /// <summary>Answers 429 with the time to wait, in words.</summary>
    public static IResult TooMany(HttpContext http, TimeSpan wait)
    {
        int seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        string shown = seconds.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.RetryAfter = shown;
        return Say(http, StatusCodes.Status429TooManyRequests, "too-many-requests", AccountWords.TooManyTitle, AccountWords.TooMany, shown);
    }

    /// <summary>A sentence as a page or as problem details.</summary>
    public static IResult Say(HttpContext http, int status, string code, Text title, Text message, params object[] values) => IsApi(http)
        ? PortalApi.Fault(status, code, new Text(message.In(Language.Spanish, values), message.In(Language.English, values)))
        : Portal.Message(http, title, message, status, values);

    private const string Gone = "metering.gone";

    private static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);

    private static IResult? Refusal(HttpContext http, Viewer? viewer, OpenAccess? open)
    {
        if (open is not null)
        {
            return null;
        }

        if (http.Items[Gone] is true)
        {
            return GoneAnswer(http);
        }

        if (viewer is null)
        {
            return SignInFirst(http);
        }

        NeededAccess? need = http.GetEndpoint()?.Metadata.GetMetadata<NeededAccess>();
        if (need is null)
        {
            return Denied(http);
        }

        AccessScope scope = http.RequestServices.GetRequiredService<AccessScope>();
        string value = http.GetRouteValue(need.Value) as string ?? "";
        return need.Target switch
        {
            Target.Anywhere => scope.MayAnywhere(need.Permission) ? null : Denied(http),
            Target.Programme => scope.May(need.Permission, null, null) ? null : Denied(http),
            Target.Plant => Judge(http, scope.MaySeePlant(value), scope.May(need.Permission, value, null)),
            Target.Project => Judge(http, scope.MaySeeProject(value), scope.May(need.Permission, null, value)),
            Target.Channel => OfChannel(http, scope, need.Permission),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static IResult? OfChannel(HttpContext http, AccessScope scope, Permission permission)
    {
        string plant = http.RequestServices.GetRequiredService<AccessPlaces>()
            .PlantOfChannel(http.GetRouteValue("gateway") as string ?? "", http.GetRouteValue("channel") as string ?? "") ?? "";
        return Judge(http, scope.MaySeePlant(plant), scope.May(permission, plant, null));
    }

    private static IResult? Judge(HttpContext http, bool maySee, bool may) => !maySee ? Portal.NotFound(http) : may ? null : Denied(http);

    private static IResult Denied(HttpContext http) =>
        Say(http, StatusCodes.Status403Forbidden, "not-permitted", AccountWords.DeniedTitle, AccountWords.Denied);

    /// <summary>The answer to an auditor's link that holds no more, in both languages.</summary>
    public static IResult GoneAnswer(HttpContext http) =>
        Say(http, StatusCodes.Status410Gone, "link-expired", AccountWords.GoneTitle, AccountWords.Gone);

    private static IResult SignInFirst(HttpContext http)
    {
        if (IsApi(http))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"metering\"";
            return PortalApi.Fault(StatusCodes.Status401Unauthorized, "no-key", new(
                "envíe 'Authorization: Bearer mtr_...' con una llave vigente, o entre con su cuenta: quien administra hace las llaves en la página de llaves de programas, o con 'cloud keys create'",
                "send 'Authorization: Bearer mtr_...' with a key that holds, or sign in: an administrator makes keys on the page of keys, or with 'cloud keys create'"));
        }

        bool isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        string back = isRead ? "?return=" + Uri.EscapeDataString(http.Request.Path + http.Request.QueryString) : "";
        http.Response.Headers.CacheControl = "no-store";
        return Results.Redirect($"/{AddressLanguage.Of(http).Code()}/sign-in{back}");
    }

    private static async Task<bool> LacksTokenAsync(HttpContext http, Viewer? viewer, OpenAccess? open)
    {
        string method = http.Request.Method;
        bool isRead = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        if (isRead || viewer?.Kind == ViewerKind.Key || open is { TakesForms: false })
        {
            return false;
        }

        LimitedBody.Limit(http, open is null ? LargestForm : LargestOpenForm);
        return !await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http);
    }
}
