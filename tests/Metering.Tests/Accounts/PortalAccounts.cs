using System.Security.Claims;
using System.Security.Cryptography;
using Metering.Cloud.Accounts;
using Metering.Cloud.Evidence;
using Metering.Cloud.Register;
using Metering.Programme.Accounts;
using Metering.Programme.Storage;
using Metering.Store;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Metering.Tests.Accounts;

/// <summary>Accounts for a portal under test, and clients that are signed in.</summary>
internal static class PortalAccounts
{
    /// <summary>Adds accounts and the register over a programme database in a folder.</summary>
    public static void Add(WebApplicationBuilder builder, string folder, TimeProvider clock, bool hasDemoRoles = false, int pagesPerMinute = 1_200)
    {
        builder.Services.AddSingleton(clock);
        ProgrammeDatabase database = ProgrammeDatabase.Open(StoreLocation.AtFile(Path.Combine(folder, "programme.db")));
        AccountHost.Add(builder.Services, new(database, folder) { HasDemoRoles = hasDemoRoles, PagesPerMinute = pagesPerMinute });
        RegisterRoutes.Add(builder.Services, database);
        LogServices.Add(builder.Services, database, "cloud-test");

        // Nobody answers there: bundles are asked a time stamp for, and get none.
        EvidenceRoutes.Add(builder.Services, new(() => ECDsa.Create(ECCurve.NamedCurves.nistP256), folder) { TimeStampAuthority = new("http://127.0.0.1:1/") });
    }

    /// <summary>A client of a new account with one role.</summary>
    public static async Task<HttpClient> SignedInAsync(WebApplication app, AccountRole role, string? plant = null, string? project = null)
    {
        HttpClient client = Anonymous(app);
        client.DefaultRequestHeaders.Add("Cookie", "metering=" + await CookieAsync(app, role, plant, project));
        return client;
    }

    /// <summary>A client that neither follows redirects nor keeps cookies.</summary>
    public static HttpClient Anonymous(WebApplication app) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new(app.Urls.First()) };

    /// <summary>The cookie of a new session, as the host itself makes it.</summary>
    public static async Task<string> CookieAsync(WebApplication app, AccountRole role, string? plant, string? project)
    {
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        string user = $"{role}-{Guid.NewGuid():N}";
        Account account = await scope.ServiceProvider.GetRequiredService<AccountDesk>().MakeSimulatedAsync(new(user, "Persona de prueba", Language.English), role, plant, project);
        Session session = scope.ServiceProvider.GetRequiredService<GrantDesk>().Begin(account, "test");
        ClaimsPrincipal principal = new(AccountHost.Identity(ViewerKind.Account, account.Id, account.DisplayName, session.Id));
        CookieAuthenticationOptions options = app.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme);
        DateTimeOffset now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        AuthenticationProperties properties = new() { IssuedUtc = now, ExpiresUtc = now + options.ExpireTimeSpan };
        return options.TicketDataFormat.Protect(new(principal, properties, CookieAuthenticationDefaults.AuthenticationScheme));
    }
}
