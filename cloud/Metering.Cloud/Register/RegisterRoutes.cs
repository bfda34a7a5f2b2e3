using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Microsoft.AspNetCore.Components;

namespace Metering.Cloud.Register;

/// <summary>The addresses of the register: for every kind a list, a CSV, a form and a page with history; and two overviews of projects.</summary>
internal static class RegisterRoutes
{
    /// <summary>The register after the language.</summary>
    public const string Address = "/register";

    /// <summary>Projects by state; an identifier never begins with a hyphen.</summary>
    public const string Pipeline = Address + "/-pipeline";

    /// <summary>Targets and progress by year.</summary>
    public const string Targets = Address + "/-targets";

    /// <summary>Begins with the Bajío programme.</summary>
    public const string Preset = Address + "/-preset";

    private const int LongestSearch = 100;

    /// <summary>Adds what the register's pages need.</summary>
    public static void Add(IServiceCollection services, ProgrammeDatabase database) =>
        services.AddSingleton(provider => new RecordStore(database, provider.GetRequiredService<TimeProvider>())).AddScoped<RegisterView>()
            .AddSingleton(provider => new ProgrammePages.ProgrammeDesk(provider.GetRequiredService<RecordStore>(), new ProgrammePages.PortfolioDesk()));

    /// <summary>Address of a kind's list.</summary>
    public static string Of(RecordKind kind) => Address + "/" + kind.Name;

    /// <summary>Address of a kind's empty form.</summary>
    public static string NewOf(RecordKind kind) => Of(kind) + "/-new";

    /// <summary>Adds the addresses where there is a register.</summary>
    public static void Map(WebApplication app)
    {
        if (app.Services.GetService<RecordStore>() is not RecordStore store)
        {
            return;
        }

        foreach (Language language in Languages.All)
        {
            // Names, contacts and contracts of every company: for the programme's staff.
            RouteGroupBuilder pages = app.MapGroup("/" + language.Code()).Needs(Permission.EditRegister, Target.Programme);
            RecordForms forms = new(store, language, RecordPlace.Register);
            OwnRecordRoutes.Map(app.MapGroup("/" + language.Code()), store, language);
            pages.MapGet(Address, (HttpContext http) => Show<RegisterPage>(http, language, Address, RegisterWords.Register, view => view.Snapshot = store.Snapshot));
            pages.MapGet(Pipeline, (HttpContext http) => Show<PipelinePage>(
                http, language, Pipeline, RegisterWords.Pipeline, view => (view.Snapshot, view.Standings) = (store.Snapshot, ProjectLifecycle.Standings(store.Snapshot, store.Today))));
            pages.MapGet(Targets, (HttpContext http) => PresetForm.Show(http, store, language, null, StatusCodes.Status200OK));
            pages.Answer(HttpMethods.Post, Preset, http => PresetForm.SaveAsync(http, store, language));
            pages.Answer(HttpMethods.Post, AttachmentForm.Address, http => AttachmentForm.SaveAsync(http, store, language));
            pages.MapGet(Address + "/attachment/{id}/content", (string id, HttpContext http) => AttachmentForm.Content(http, store, id)).Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");
            pages.MapGet(Address + "/{kind}.csv", (string kind, HttpContext http) => OfKind(http, kind, found => Csv(http, store.Snapshot, found)));
            pages.MapGet(Address + "/{kind}", (string kind, HttpContext http) => OfKind(http, kind, found => List(http, store.Snapshot, found, language)));
            pages.MapGet(Address + "/{kind}/-new", (string kind, HttpContext http) => OfKind(http, kind, found => forms.New(http, found)));
            pages.MapPost(Address + "/{kind}/-new", (string kind, HttpContext http) => OfKindAsync(http, kind, found => forms.SaveAsync(http, found, null)));
            pages.MapGet(Address + "/{kind}/{id}", (string kind, string id, HttpContext http) => OfKind(http, kind, found => forms.Show(http, found, id, null, StatusCodes.Status200OK)));
            pages.MapGet(Address + "/{kind}/{id}/edit", (string kind, string id, HttpContext http) => OfKind(http, kind, found => forms.Edit(http, found, id)));
            pages.MapPost(Address + "/{kind}/{id}/edit", (string kind, string id, HttpContext http) => OfKindAsync(http, kind, found => forms.SaveAsync(http, found, id)));
            pages.MapPost(Address + "/{kind}/{id}/withdraw", (string kind, string id, HttpContext http) => OfKindAsync(http, kind, found => forms.WithdrawAsync(http, found, id)));
            pages.MapPost(Address + "/{kind}/{id}/undo", (string kind, string id, HttpContext http) => OfKindAsync(http, kind, found => forms.UndoAsync(http, found, id)));
        }
    }

    /// <summary>A page of the register.</summary>
    internal static PageResult Show<TPage>(HttpContext http, Language language, string path, Text title, Action<RegisterView> fill)
        where TPage : IComponent => Show<TPage>(http, language, path, title.In(language), StatusCodes.Status200OK, fill);

    /// <summary>A page of the register with a title of its own and another status.</summary>
    internal static PageResult Show<TPage>(HttpContext http, Language language, string path, string title, int status, Action<RegisterView> fill)
        where TPage : IComponent
    {
        PageContext page = http.RequestServices.GetRequiredService<PageContext>();
        page.Begin(language, path, TimeProvider.System.GetUtcNow());
        page.Title = title;
        http.Response.Headers.CacheControl = "no-store"; // names and contacts of people
        fill(http.RequestServices.GetRequiredService<RegisterView>());
        return PageResult.Of<TPage>(status, []);
    }

    private static IResult OfKind(HttpContext http, string kind, Func<RecordKind, IResult> answer) =>
        RecordKinds.Find(kind) is RecordKind found ? answer(found) : Portal.NotFound(http);

    private static Task<IResult> OfKindAsync(HttpContext http, string kind, Func<RecordKind, Task<IResult>> answer) =>
        RecordKinds.Find(kind) is { IsWrittenByHand: true } found ? answer(found) : Task.FromResult(Portal.NotFound(http));

    private static PageResult List(HttpContext http, RegisterSnapshot register, RecordKind kind, Language language)
    {
        string search = http.Request.Query["q"].ToString().Trim();
        RecordList list = RecordList.Of(
            register, kind, new(search.Length > LongestSearch ? search[..LongestSearch] : search, http.Request.Query["sort"].ToString(), http.Request.Query["order"] == "descending", language));
        return ShowList(http, language, register, list, null, StatusCodes.Status200OK);
    }

    /// <summary>The list of a kind, with what was wrong with a file that was sent to it, if anything.</summary>
    internal static PageResult ShowList(HttpContext http, Language language, RegisterSnapshot register, RecordList list, string? notice, int status) => Show<RecordListPage>(
        http, language, Of(list.Kind), list.Kind.Plural.In(language), status, view => (view.List, view.Snapshot, view.Notice) = (list, register, notice));

    private static IResult Csv(HttpContext http, RegisterSnapshot register, RecordKind kind)
    {
        http.Response.Headers.CacheControl = "no-store";
        return PortalApi.Download(RecordList.Csv(register, kind), string.Create(CultureInfo.InvariantCulture, $"{kind.Name}.csv"));
    }
}
