using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Accounts;
using Metering.Programme.Storage;
using Metering.Store;

namespace Metering.Cloud.Gateways;

/// <summary>The page of gateways: which keys the cloud knows, a code for a new one, the end of one. Every change goes to the audit trail.</summary>
internal static class EnrolmentRoutes
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/gateways";

    /// <summary>Address of a plant's part of the page.</summary>
    public static string Of(string plant) => Address + "#" + AnchorOf(plant);

    /// <summary>Anchor of a plant's part.</summary>
    public static string AnchorOf(string plant) => "plant-" + plant;

    /// <summary>Adds the addresses.</summary>
    public static void Map(WebApplication app)
    {
        foreach (Language language in Languages.All)
        {
            RouteGroupBuilder pages = app.MapGroup("/" + language.Code());
            pages.MapGet(Address, (HttpContext http) => Show(http, language, new())).Needs(Permission.ManageMeters);
            pages.MapPost("/plants/{id}/gateways/code", (string id, HttpContext http) => OfferAsync(http, language, id)).Needs(Permission.ManageMeters, Target.Plant);
            pages.MapPost("/plants/{id}/gateways/revoke", (string id, HttpContext http) => RevokeAsync(http, language, id)).Needs(Permission.ManageMeters, Target.Plant);
        }
    }

    private static async Task<IResult> OfferAsync(HttpContext http, Language language, string id)
    {
        Func<string, string> form = await AccountPages.FormAsync(http);
        if (Board(http).Register.FindPlant(id) is null)
        {
            return Portal.NotFound(http);
        }

        string gateway = form("gateway").Trim();
        _ = int.TryParse(form("hours"), NumberStyles.None, CultureInfo.InvariantCulture, out int hours);
        OfferedEnrolment? offered = null;
        string? fault = await AccountPages.TryAsync(language, () =>
        {
            using AccountChange change = new(http.RequestServices.GetRequiredService<ProgrammeContext>(), Board(http).Clock);
            offered = Desk(http).Offer(gateway, id, TimeSpan.FromHours(Math.Min(hours, EnrolmentDesk.LongestHours + 1)), mayMove: false);
            EnrolmentTrail.Tell(change, CurrentActor.Of(http), offered);
            change.Commit();
            return Task.CompletedTask;
        });
        return Show(http, language, new() { Plant = id, Gateway = gateway, Fault = fault, Offered = fault is null ? offered : null });
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, Language language, string id)
    {
        Func<string, string> form = await AccountPages.FormAsync(http);
        string gateway = form("gateway");
        _ = int.TryParse(form("epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out int epoch);
        string? fault = await AccountPages.TryAsync(language, () =>
        {
            IReadingStore store = Board(http).Store;
            if (store.FindEnrolment(gateway, epoch) is not { Origin: ReadingOrigin.Gateway } enrolment || enrolment.Plant != id)
            {
                throw new AccountFault(EnrolmentWords.NoKey);
            }

            if (store.FindEnd(gateway, epoch)?.RevokedFrom is not null)
            {
                throw new AccountFault(EnrolmentWords.RevokedAlready);
            }

            using AccountChange change = new(http.RequestServices.GetRequiredService<ProgrammeContext>(), Board(http).Clock);
            KeyEnd end = Desk(http).Revoke(gateway, epoch, null, form("reason"));
            EnrolmentTrail.Tell(change, CurrentActor.Of(http), end, id);
            change.Commit();
            return Task.CompletedTask;
        });
        return fault is null ? Results.Redirect($"/{language.Code()}{Of(id)}") : Show(http, language, new() { Plant = id, Fault = fault });
    }

    private static PageResult Show(HttpContext http, Language language, GatewayFormAnswer answer)
    {
        AccessScope scope = http.RequestServices.GetRequiredService<AccessScope>();
        EnrolmentView view = http.RequestServices.GetRequiredService<EnrolmentView>();
        view.Plants = [.. Board(http).Register.Plants.Where(plant => scope.May(Permission.ManageMeters, plant.Id, null))];
        view.Gateways = GatewayStanding.All(Board(http).Store);
        view.Answer = answer;
        return AccountPages.Draw<GatewaysPage>(http, language, Address, EnrolmentWords.Title, [], answer.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private static ProjectBoard Board(HttpContext http) => http.RequestServices.GetRequiredService<ProjectBoard>();

    private static EnrolmentDesk Desk(HttpContext http) => new(Board(http).Store, Board(http).Clock);
}

/// <summary>What came of a form of the page.</summary>
internal sealed record GatewayFormAnswer
{
    /// <summary>Plant of the form; null when none was sent.</summary>
    public string? Plant { get; init; }

    /// <summary>Gateway as typed.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>What went wrong, in words; null when nothing did.</summary>
    public string? Fault { get; init; }

    /// <summary>A code just made; null without one.</summary>
    public OfferedEnrolment? Offered { get; init; }
}

/// <summary>What the page shows; one for each request, filled before the page is rendered.</summary>
internal sealed class EnrolmentView
{
    /// <summary>Plants whose gateways the reader manages.</summary>
    public IReadOnlyList<Plant> Plants { get; set; } = [];

    /// <summary>Gateways by plant; of other plants' nothing is drawn.</summary>
    public ILookup<string, GatewayStanding> Gateways { get; set; } = Array.Empty<GatewayStanding>().ToLookup(gateway => gateway.Gateway);

    /// <summary>What came of a form.</summary>
    public GatewayFormAnswer Answer { get; set; } = new();
}
