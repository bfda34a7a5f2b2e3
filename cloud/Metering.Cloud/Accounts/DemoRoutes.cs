using System.Net;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Accounts;

namespace Metering.Cloud.Accounts;

/// <summary>
/// The role switch of the demonstration: signs in as one of its simulated accounts, without a password, from this machine only. It is mapped only when the
/// demonstration started the cloud, over a database without accounts of real people.
/// </summary>
internal static class DemoRoutes
{
    /// <summary>User name of the staff account, which the printed address opens as.</summary>
    public const string Staff = "demo-staff";

    private const string Address = "/demo";

    public static void Map(WebApplication app)
    {
        app.MapGet(Address, (HttpContext http) => Results.Redirect($"/{Languages.Preferred(http.Request.Headers.AcceptLanguage).Code()}{Address}")).Open();
        foreach (Language language in Languages.All)
        {
            string address = "/" + language.Code() + Address;
            app.MapGet(address, (HttpContext http, AccountDesk desk) => IsLocal(http)
                ? AccountPages.Draw<DemoPage>(http, language, Address, AccountWords.DemoTitle, new()
                {
                    [nameof(DemoPage.Accounts)] = desk.All().Where(account => account.IsSimulated).ToList(),
                })
                : Portal.NotFound(http)).Open();
            app.MapPost(address, (HttpContext http, AccountDesk desk) => SwitchAsync(http, language, desk)).Open();
        }
    }

    /// <summary>Makes the seven accounts when they are not there.</summary>
    /// <exception cref="Hosting.CloudFault">The database has accounts of real people.</exception>
    public static async Task MakeAccountsAsync(AccountDesk desk, ProjectRegister register)
    {
        if (desk.HasAccounts)
        {
            throw new Hosting.CloudFault(Hosting.ExitCode.Configuration, "--demo-roles deja entrar sin contraseña a cualquiera en esta máquina, y esta base del programa tiene cuentas de personas. Arranque sin --demo-roles.", $"--demo-roles lets anyone at this machine in without a password, and this programme database has accounts of people. Start without --demo-roles.");
        }

        if (desk.All().Count > 0)
        {
            return;
        }

        Plant? plant = register.Plants.Count > 0 ? register.Plants[0] : null;
        Project? project = register.Projects.Count > 0 ? register.Projects[0] : null;
        foreach ((string user, string name, AccountRole role, string? ofPlant, string? ofProject) in ((string, string, AccountRole, string?, string?)[])
        [
            ("demo-operator", "Operación de planta (simulada)", AccountRole.Operator, plant?.Id, null),
            ("demo-installer", "Instalación de planta (simulada)", AccountRole.Installer, plant?.Id, null),
            ("demo-consultant", "Consultoría (simulada)", AccountRole.Consultant, null, project?.Id),
            (Staff, "Personal del programa (simulado)", AccountRole.Reviewer, null, null),
            ("demo-staff-2", "Segunda revisión (simulada)", AccountRole.Reviewer, null, null),
            ("demo-auditor", "Auditoría (simulada)", AccountRole.Auditor, null, null),
            ("demo-administrator", "Administración (simulada)", AccountRole.Administrator, null, null),
        ])
        {
            bool isBound = role is AccountRole.Reviewer or AccountRole.Auditor or AccountRole.Administrator || ofPlant is not null || ofProject is not null;
            if (isBound)
            {
                _ = await desk.MakeSimulatedAsync(new(user, name, Language.Spanish), role, ofPlant, ofProject);
            }
        }
    }

    /// <summary>Signs a reader in as staff who opens the printed address and is nobody yet.</summary>
    public static async Task EnterAsync(HttpContext http)
    {
        bool isDemo = http.RequestServices.GetRequiredService<AccountSettings>().HasDemoRoles;
        if (isDemo && IsLocal(http) && Viewer.Of(http) is null && http.RequestServices.GetRequiredService<AccountDesk>().Find(Staff) is { IsSimulated: true } staff)
        {
            await AccountHost.SignInAsync(http, staff);
        }
    }

    // A page of another site that points its name at this machine still sends its own name.
    private static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && (http.Request.Host.Host == "localhost" || (IPAddress.TryParse(http.Request.Host.Host.Trim('[', ']'), out IPAddress? host) && IPAddress.IsLoopback(host)));

    private static async Task<IResult> SwitchAsync(HttpContext http, Language language, AccountDesk desk)
    {
        Func<string, string> form = await AccountPages.FormAsync(http);
        if (!IsLocal(http) || desk.Find(form("account")) is not { IsSimulated: true, IsClosed: false } account)
        {
            return Portal.NotFound(http);
        }

        await AccountHost.SignInAsync(http, account);
        return Results.Redirect($"/{language.Code()}/");
    }
}
