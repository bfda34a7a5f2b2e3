using System.Security.Claims;
using Metering.Programme.Accounts;
using Metering.Programme.Storage;
using Metering.Store;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;

namespace Metering.Cloud.Accounts;

/// <summary>What a host's accounts stand on.</summary>
/// <param name="Database">The programme database.</param>
/// <param name="StateFolder">Folder for the keys that encrypt cookies.</param>
internal sealed record AccountSettings(ProgrammeDatabase Database, string StateFolder)
{
    /// <summary>Whether readers switch among simulated accounts without a password; loopback only.</summary>
    public bool HasDemoRoles { get; init; }

    /// <summary>Requests that one address may make in a minute: far more than people do.</summary>
    public int PagesPerMinute { get; init; } = 1_200;

    /// <summary>Whether every reader comes by https, so that cookies are never sent without.</summary>
    public bool IsSecure { get; init; }

    /// <summary>The programme database of a store: beside a file, or in the same PostgreSQL database.</summary>
    public static StoreLocation Beside(StoreLocation store) =>
        store.File is string file ? StoreLocation.AtFile(Path.Combine(Path.GetDirectoryName(file) ?? "", "programme.db")) : store;
}

/// <summary>Adds accounts to a host: cookies, desks, the gate before every route, the pages.</summary>
internal static class AccountHost
{
    /// <summary>Claim that says how the reader came in.</summary>
    public const string KindClaim = "metering:kind";

    /// <summary>Claim that names the session.</summary>
    public const string SessionClaim = "metering:session";

    private const string CookieName = "metering";
    private static readonly TimeSpan IdleTime = TimeSpan.FromHours(12);

    /// <summary>Adds the services.</summary>
    public static void Add(IServiceCollection services, AccountSettings settings)
    {
        AccountServices.Add(services, settings.Database);
        string folder = Path.Combine(settings.StateFolder, "cookie-keys");
        _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        services.AddDataProtection().SetApplicationName("metering").PersistKeysToFileSystem(new(folder));
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            Set(options.Cookie, CookieName, settings);
            options.ExpireTimeSpan = IdleTime;
            options.SlidingExpiration = true;
        });
        services.AddAntiforgery(options => Set(options.Cookie, CookieName + "-form", settings));
        services.AddHttpContextAccessor();
        services.AddSingleton(settings).AddSingleton<AccessPlaces>();
        services.AddSingleton(provider => new ViewerReader(settings.Database, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RateGates(settings.PagesPerMinute, provider.GetRequiredService<TimeProvider>()));
        services.AddScoped(provider =>
        {
            Viewer? viewer = provider.GetRequiredService<IHttpContextAccessor>().HttpContext is { } http ? Viewer.Of(http) : null;
            return new AccessScope(viewer?.Holds ?? [], provider.GetRequiredService<AccessPlaces>(), provider.GetRequiredService<TimeProvider>());
        });
    }

    /// <summary>Puts the gate before the routes.</summary>
    public static void Use(WebApplication app)
    {
        app.UseRouting();
        app.UseAuthentication();
        app.Use(AccessGate.KnowAsync);
        app.Use(AccessGate.PassAsync);
    }

    /// <summary>Adds the pages.</summary>
    public static void Map(WebApplication app)
    {
        foreach (Language language in Languages.All)
        {
            RouteGroupBuilder pages = app.MapGroup("/" + language.Code());
            SignInRoutes.Map(pages, language);
            OwnAccountRoutes.Map(pages, language);
            AdministrationRoutes.Map(pages, language);
            KeyRoutes.Map(pages, language);
            AuditRoutes.Map(pages, language);
        }

        if (app.Services.GetRequiredService<AccountSettings>().HasDemoRoles)
        {
            DemoRoutes.Map(app);
        }
    }

    /// <summary>What the cookie or key of a reader says of him.</summary>
    public static ClaimsIdentity Identity(ViewerKind kind, string id, string name, string? session)
    {
        List<Claim> claims = [new(ClaimTypes.NameIdentifier, id), new(ClaimTypes.Name, name), new(KindClaim, kind.ToString())];
        if (session is not null)
        {
            claims.Add(new(SessionClaim, session));
        }

        return new(claims, "metering");
    }

    /// <summary>Begins a session and gives its cookie to the browser.</summary>
    public static async Task SignInAsync(HttpContext http, Account account)
    {
        Session session = http.RequestServices.GetRequiredService<GrantDesk>().Begin(account, http.Request.Headers.UserAgent.ToString());
        await http.SignInAsync(new ClaimsPrincipal(Identity(ViewerKind.Account, account.Id, account.DisplayName, session.Id)));
    }

    /// <summary>The address a request came from.</summary>
    public static string Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";

    private static void Set(CookieBuilder cookie, string name, AccountSettings settings)
    {
        cookie.Name = name;
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = settings.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.IsEssential = true;
    }
}
