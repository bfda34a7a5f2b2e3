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

    private static readonly (string User, Text Name, AccountRole Role)[] Roles =
    [
        ("demo-operator", new("Operación de planta (simulada)", "Plant operator (simulated)"), AccountRole.Operator),
        ("demo-installer", new("Instalación de planta (simulada)", "Plant installer (simulated)"), AccountRole.Installer),
        ("demo-consultant", new("Consultoría (simulada)", "Consultant (simulated)"), AccountRole.Consultant),
        (Staff, new("Personal del programa (simulado)", "Programme staff (simulated)"), AccountRole.Reviewer),
        ("demo-staff-2", new("Segunda revisión (simulada)", "Second reviewer (simulated)"), AccountRole.Reviewer),
        ("demo-auditor", new("Auditoría (simulada)", "Auditor (simulated)"), AccountRole.Auditor),
        ("demo-administrator", new("Administración (simulada)", "Administrator (simulated)"), AccountRole.Administrator),
    ];

    /// <summary>What a simulated account is called in both languages; the name itself when it is none of the switch's.</summary>
    /// <param name="name">Name as it is stored, which is the Spanish one.</param>
    public static Text NameOf(string name) => Array.Find(Roles, role => role.Name.In(Language.Spanish) == name).Name ?? new(name, name);

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
        foreach ((string user, Text name, AccountRole role) in Roles)
        {
            string? ofPlant = role is AccountRole.Operator or AccountRole.Installer ? plant?.Id : null;
            string? ofProject = role is AccountRole.Consultant ? project?.Id : null;
            bool isBound = role is AccountRole.Reviewer or AccountRole.Auditor or AccountRole.Administrator || ofPlant is not null || ofProject is not null;
            if (isBound)
            {
                _ = await desk.MakeSimulatedAsync(new(user, name.In(Language.Spanish), Language.Spanish), role, ofPlant, ofProject);
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
